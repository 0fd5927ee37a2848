"""The document wire: one question to one document."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from prosa.question import Question
from prosa.server.auth import Caller
from prosa.server.foreign import ForeignBody
from prosa.server.openapi import STREAM, content_of, replies
from prosa.server.sse import EventStream
from prosa.server.state import OpenDesk, State
from prosa.server.wires import EVENT_STREAM
from prosa.server.wires.document import DocumentEvents, DocumentWire

router = APIRouter(prefix="/api/v1", tags=["document chat"])

_LINES = content_of("application/x-ndjson", "JSON lines: metadata, text, complete; an error comes before complete.")


class DocumentQuestion(ForeignBody):
    """A question to one document, by its id or name."""

    document_id: str = Field(min_length=1, max_length=300)
    question: str


@router.post("/chat/stream", responses=replies(_LINES, STREAM))
async def stream(caller: Caller, desk: OpenDesk, state: State, request: Request, body: DocumentQuestion) -> Response:
    """Asks one document; JSON lines or, with `Accept: text/event-stream`, events. The run goes on when the connection
    is lost."""
    file = await desk.documents.find(caller, body.document_id)
    question = Question(
        body.question, locale=state.settings.locale or None, analyst=state.settings.analyst, documents=(file.id,)
    )
    run = await desk.start(question, principal=caller)
    wire = DocumentEvents() if EVENT_STREAM in request.headers.get("accept", "") else DocumentWire()
    return EventStream(run.log, wire, state.pulse, headers={"prosa-run": run.id})
