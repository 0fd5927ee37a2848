"""Pinned questions, and questions that the data itself suggests."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from prosa.app.examples import suggested
from prosa.conversations.pins import Pin
from prosa.conversations.store import ConversationStore
from prosa.locales import normalise
from prosa.server.auth import Caller
from prosa.server.bodies import NewPin
from prosa.server.openapi import json_of, nothing
from prosa.server.replies import Example, reply
from prosa.server.state import OpenDesk, State

router = APIRouter(prefix="/api", tags=["pins"])


@router.get("/examples", responses=json_of(Example, many=True))
async def examples(
    caller: Caller,
    desk: OpenDesk,
    state: State,
    locale: Annotated[str, Query(max_length=35)] = "en",
    source: Annotated[tuple[str, ...], Query(description="Ids of the sources to ask; none: all of them.")] = (),
) -> Response:
    """Questions that the data can answer, in a language."""
    spoken = normalise(locale)
    own = {info.id for info in await desk.databases.list(caller) if info.owner == caller.user}
    ready = state.examples.get(spoken, ()) if not own.intersection(source) else ()
    return reply([Example(question) for question in ready or await suggested(desk, caller, source, spoken)])


@router.get("/pins", responses=json_of(Pin, many=True))
async def pinned(caller: Caller, desk: OpenDesk) -> Response:
    """The caller's pinned questions, the oldest first."""
    return reply(await _store(desk).pinned(caller))


@router.post("/pins", status_code=201, responses=json_of(Pin, 201))
async def pin(caller: Caller, desk: OpenDesk, body: NewPin) -> Response:
    """Pins a question; one that is pinned already stays as it is."""
    return reply(await _store(desk).pin(caller, body.question), 201)


@router.delete("/pins/{pin_id}", status_code=204, responses=nothing("It is gone."))
async def unpin(caller: Caller, desk: OpenDesk, pin_id: str) -> Response:
    """Takes a pin away."""
    await _store(desk).unpin(caller, pin_id)
    return Response(status_code=204)


def _store(desk: OpenDesk) -> ConversationStore:
    assert desk.conversations is not None, "a server keeps conversations"
    return desk.conversations
