"""Documents: which there are, the passages that answers cite, sharing and removing what people have brought."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from prosa.app import summaries
from prosa.app.summaries import DocumentSummary
from prosa.documents.index import Found
from prosa.documents.schema import PLACES
from prosa.errors import AccessError
from prosa.identity import Principal
from prosa.server.auth import Caller
from prosa.server.bodies import Share
from prosa.server.openapi import json_of, nothing
from prosa.server.problems import locale_of
from prosa.server.replies import PassageView, reply
from prosa.server.state import OpenDesk, State

PlaceOf = Annotated[int, Path(ge=0, lt=1 << PLACES)]

router = APIRouter(prefix="/api", tags=["documents"])


@router.get("/documents", responses=json_of(DocumentSummary, many=True))
async def list_all(caller: Caller, desk: OpenDesk, request: Request) -> Response:
    """Every document that the caller may ask; one that can't be read says why."""
    return reply(await summaries.documents(desk, caller, locale_of(request)))


@router.get("/documents/{document_id}", responses=json_of(DocumentSummary))
async def one(caller: Caller, desk: OpenDesk, request: Request, document_id: str) -> Response:
    """One document."""
    return reply(await summaries.document(desk, caller, document_id, locale_of(request)))


@router.get("/documents/{document_id}/passages/{place}", responses=json_of(PassageView))
async def passage(caller: Caller, desk: OpenDesk, document_id: str, place: PlaceOf) -> Response:
    """A passage by its place, as `sources` events cite it, with the passages before and after it."""
    file = await desk.documents.find(caller, document_id)
    found = await desk.documents.passage(caller, file.id, place)
    before, after = await _text(desk, caller, file.id, place - 1), await _text(desk, caller, file.id, place + 1)
    return reply(
        PassageView(file.id, file.name, found.place, found.text, found.page, " › ".join(found.headings), before, after)
    )


async def _text(desk: OpenDesk, caller: Principal, document_id: str, place: int) -> str:
    """The neighbour's words; empty at either end of the document."""
    try:
        found: Found = await desk.documents.passage(caller, document_id, place)
    except AccessError:
        return ""
    return found.text


@router.patch("/documents/{document_id}", responses=json_of(DocumentSummary))
async def share(
    caller: Caller, desk: OpenDesk, state: State, request: Request, document_id: str, body: Share
) -> Response:
    """Shares a document that the caller has brought with a group of theirs; an empty group ends that."""
    await summaries.share_document(desk, state.uploads, caller, document_id, body.group)
    return reply(await summaries.document(desk, caller, document_id, locale_of(request)))


@router.delete("/documents/{document_id}", status_code=204, responses=nothing("It is gone."))
async def remove(caller: Caller, desk: OpenDesk, state: State, document_id: str) -> Response:
    """Removes a document that the caller has brought, with all that was read of it."""
    await summaries.take_document_away(desk, state.uploads, caller, document_id)
    return Response(status_code=204)
