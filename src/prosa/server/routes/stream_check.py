"""The address by which a client finds out whether streams reach it as they are sent; `prosa doctor` uses it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from prosa.server.auth import Caller
from prosa.server.openapi import content_of, nothing
from prosa.server.state import State
from prosa.server.stream_check import STEPS

router = APIRouter(prefix="/api/stream-check", tags=["health"])

_FRAMES = content_of("text/event-stream", "Frames `{check, step, of}`, and at last `{streams: true or false}`.")


@router.get("", responses=_FRAMES)
async def check(
    caller: Caller,
    state: State,
    patience: Annotated[float, Query(ge=0.1, le=30, description="Seconds to wait for a frame to be seen.")] = 5.0,
) -> Response:
    """A stream whose next frame comes when the client has said that it has seen the one before. Where that word does
    not come in time, something between holds the stream back."""
    return state.stream_checks.stream(caller, patience)


@router.post("/{check}/{step}", status_code=204, responses=nothing("So it is noted."))
async def seen(
    caller: Caller,
    state: State,
    check: Annotated[str, Path(max_length=100)],
    step: Annotated[int, Path(ge=1, le=STEPS)],
) -> Response:
    """The client has seen this frame."""
    state.stream_checks.seen(caller, check, step)
    return Response(status_code=204)
