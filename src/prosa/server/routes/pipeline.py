"""The pipeline wire: one question, told stage by stage; and the counts of those who look after it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from prosa import __version__
from prosa.identity import Principal
from prosa.runs import Run
from prosa.server.auth import Caller, speaking
from prosa.server.foreign import PipelineRequest
from prosa.server.openapi import content_of, json_of
from prosa.server.replies import PipelineHealth, PipelineMetrics, reply
from prosa.server.sse import EventStream
from prosa.server.state import OpenDesk, ServerState, State
from prosa.server.wires.pipeline import PipelineWire, last_frame

router = APIRouter(prefix="/pipeline", tags=["pipeline"])

_FRAMES = content_of("text/event-stream", "Frames `data: {json}`; `type` names each, the last is complete or error.")


@router.post("/stream", responses=_FRAMES)
async def stream(caller: Caller, desk: OpenDesk, state: State, request: Request, body: PipelineRequest) -> Response:
    """Asks a question; each stage is told when it happens. The run goes on when the connection is lost."""
    run = await _start(caller, desk, state, request, body)
    return EventStream(run.log, PipelineWire(_base(request)), state.pulse, headers={"prosa-run": run.id})


@router.post("", responses=json_of("PipelineFrame"))
async def at_once(caller: Caller, desk: OpenDesk, state: State, request: Request, body: PipelineRequest) -> Response:
    """The same, without a stream: the last frame when it is done."""
    run = await _start(caller, desk, state, request, body)
    return reply(last_frame(await run.finished(), _base(request)), headers={"prosa-run": run.id})


@router.get("/health", responses=json_of(PipelineHealth))
async def health(state: State, desk: OpenDesk) -> Response:
    """The pipeline takes questions; how many it is at."""
    return reply(PipelineHealth("healthy", __version__, desk.runs.working, desk.runs.waiting))


@router.get("/metrics", responses=json_of(PipelineMetrics))
async def metrics(state: State) -> Response:
    """How runs have ended since the server's start, and how long the last ones and their stages took."""
    return reply(state.tempo.told())


async def _start(caller: Principal, desk: OpenDesk, state: ServerState, request: Request, body: PipelineRequest) -> Run:
    principal, question = speaking(state.identity, caller, body.user_id), body.to_question(state.settings)
    if body.session_id:
        return await state.threads.say_in(desk, principal, body.session_id, question)
    return await desk.start(question, principal=principal)


def _base(request: Request) -> str:
    return str(request.scope.get("root_path", ""))
