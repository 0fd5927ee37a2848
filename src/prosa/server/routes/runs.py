"""Questions and edited statements as runs: start, follow, look at, cancel."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response

from prosa.runs import Run
from prosa.server.auth import Caller
from prosa.server.bodies import Ask, Statement
from prosa.server.openapi import EVENTS, json_of, nothing, replies
from prosa.server.replies import RunStarted, RunStatus, folded, reply
from prosa.server.sse import EventStream
from prosa.server.state import OpenDesk, ServerState, State
from prosa.server.wires.native import NativeWire

router = APIRouter(prefix="/api", tags=["runs"])

Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=255, description="The same key gives the same run."),
]
LastEventId = Annotated[str, Header(alias="Last-Event-ID", max_length=200, description="The last event that was seen.")]
After = Annotated[str, Query(max_length=200, description="The same for those who can't send headers; `seq` is enough.")]


@router.post("/conversations/{conversation_id}/runs", status_code=202, responses=json_of(RunStarted, 202))
async def start(
    caller: Caller,
    desk: OpenDesk,
    state: State,
    request: Request,
    conversation_id: str,
    body: Ask,
    key: Key = None,
) -> Response:
    """Asks a question in a conversation; the run goes on by itself."""
    question = body.to_question(state.settings)
    run = await desk.start(question, principal=caller, conversation=conversation_id, idempotency_key=key)
    return _started(request, run)


@router.post("/ask", responses=replies(EVENTS, json_of("FoldedAnswer")))
async def ask(caller: Caller, desk: OpenDesk, state: State, request: Request, body: Ask, key: Key = None) -> Response:
    """Asks a question outside any conversation: the events at once or, with `Accept: application/json`, the folded
    answer when it is done. The run goes on when the connection is lost; `Prosa-Run` names it."""
    run = await desk.start(body.to_question(state.settings), principal=caller, idempotency_key=key)
    if _wants(request, "application/json"):
        return reply(folded(await run.finished()), headers={"prosa-run": run.id})
    return _events(state, run, 0)


@router.post("/query", status_code=202, responses=replies(EVENTS, json_of(RunStarted, 202)))
async def query(
    caller: Caller, desk: OpenDesk, state: State, request: Request, body: Statement, key: Key = None
) -> Response:
    """Runs SQL that a person wrote or edited, through the guard: as a run or, with `Accept: text/event-stream`, its
    events at once."""
    question = body.to_question(state.settings)
    run = await desk.start(question, principal=caller, conversation=body.conversation, idempotency_key=key)
    return _events(state, run, 0) if _wants(request, "text/event-stream") else _started(request, run)


@router.get("/runs/{run_id}", responses=json_of("FoldedAnswer"))
async def look(caller: Caller, desk: OpenDesk, run_id: str) -> Response:
    """The answer as far as it has come."""
    return reply(folded((await desk.runs.find(caller, run_id)).answer))


@router.get("/runs/{run_id}/events", responses=replies(EVENTS, nothing("That was the last event.")))
async def events(
    caller: Caller, desk: OpenDesk, state: State, run_id: str, last_event_id: LastEventId = "", after: After = ""
) -> Response:
    """The run's events from the beginning, or from the one after the last that was seen, until it has ended."""
    run = await desk.runs.find(caller, run_id)
    seen = _seen(run, last_event_id or after)
    if run.log.ended and seen == run.log.last:
        return Response(status_code=204)
    return _events(state, run, seen)


@router.post("/runs/{run_id}/cancel", status_code=202, responses=json_of(RunStatus, 202))
async def cancel(caller: Caller, desk: OpenDesk, run_id: str) -> Response:
    """Asks the run to stop: its model, its statement, its export. The `cancelled` event says when it has."""
    run = await desk.runs.cancel(caller, run_id)
    return reply(RunStatus(run.id, run.answer.status), 202)


def _started(request: Request, run: Run) -> Response:
    place = f"{request.scope.get('root_path', '')}/api/runs/{run.id}"
    return reply(RunStarted(run.id, f"{place}/events"), 202, {"location": place})


def _events(state: ServerState, run: Run, after: int) -> Response:
    return EventStream(run.log, NativeWire(), state.pulse, after=after, headers={"prosa-run": run.id})


def _seen(run: Run, event_id: str) -> int:
    """The `seq` in `<run_id>-<seq>` or alone; 0, which is everything, for what is no id of this run."""
    run_id, _, seq = event_id.rpartition("-")
    known = run_id in ("", run.id) and seq.isascii() and seq.isdecimal() and len(seq) < 16
    return int(seq) if known else 0


def _wants(request: Request, media_type: str) -> bool:
    """Whether the first type of `Accept` is this one."""
    first = request.headers.get("accept", "").partition(",")[0]
    return first.partition(";")[0].strip().lower() == media_type
