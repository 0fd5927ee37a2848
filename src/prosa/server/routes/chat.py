"""The chat wire over our own pipeline, and the CSV files that it names."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from prosa.errors import AccessError, ProsaError
from prosa.events import Table
from prosa.exports.names import FileName
from prosa.server import chat_body
from prosa.server.auth import Caller, speaking
from prosa.server.direct import Direct
from prosa.server.openapi import content_of, replies
from prosa.server.problems import CHAT
from prosa.server.routes.results import downloaded
from prosa.server.sse import EventStream
from prosa.server.state import OpenDesk, State
from prosa.server.wires.chat import ChatWire

router = APIRouter(tags=["chat"])

_NAME, _ENDING = "query_results_", ".csv"

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["message"],
                    "properties": {
                        "message": {"type": "string", "pattern": r"\S"},
                        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
                        "conversation_id": {"type": ["string", "null"]},
                        "user_id": {"type": ["string", "null"]},
                        "metadata": {"type": "object"},
                    },
                }
            }
        },
    }
}


async def chat(caller: Caller, desk: OpenDesk, state: State, request: Request) -> Response:
    """Asks a question in a conversation: words and statements as they come."""
    try:
        body = await chat_body.read(request)
        principal = speaking(state.identity, caller, body.user(request))
        named, question = body.conversation(request), desk.question(body.message)
        if named:
            run = await state.threads.say_in(desk, principal, named, question)
        else:
            run = await desk.start(question, principal=principal, new_conversation=True)
    except ProsaError as error:
        state.metrics.errors.add(error.code)
        return chat_body.refusal(error, request)
    wire = ChatWire(conversation=named, csv_of=_address, base=str(request.scope.get("root_path", "")))
    return EventStream(run.log, wire, state.pulse, headers={"prosa-run": run.id})


router.add_api_route(
    CHAT,
    chat,
    methods=["POST"],
    responses=replies(content_of("text/event-stream", "start, chunk, sql, csv, complete or error.")),
    openapi_extra=_BODY,
    route_class_override=Direct,
)


def _address(table: Table) -> str:
    return f"/static/query_results/{_NAME}{table.result_id}{_ENDING}"


@router.get("/static/query_results/{name}", responses=content_of("text/csv", "Every row."))
async def rows(caller: Caller, desk: OpenDesk, state: State, name: str) -> Response:
    """Every row of a result of the caller, written while it is sent."""
    if not (name.startswith(_NAME) and name.endswith(_ENDING)):
        raise AccessError("not_found")
    result_id = name.removeprefix(_NAME).removesuffix(_ENDING)
    return downloaded(caller, desk, state, result_id, "csv", {}, FileName(name))
