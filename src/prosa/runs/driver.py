"""`drive`: puts one question to an answerer, in a task of its own, and always comes back with a terminal event.

Whatever the answerer does (raises, hangs, ends without a word, swallows its cancellation, emits nonsense), no reader is
left waiting. Saving and keeping runs is the manager's.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import Any

import msgspec

from prosa import errors
from prosa.answer import Answer
from prosa.errors import ModelError, ProsaError, TimeLimit
from prosa.events import (
    TERMINAL,
    Cancelled,
    Completed,
    Event,
    Failed,
    Stage,
    StageCompleted,
    StageProgress,
    StageStarted,
)
from prosa.question import Answerer, Emit
from prosa.runs.line import Place
from prosa.runs.pace import Pace
from prosa.runs.run import Run

logger = logging.getLogger(__name__)


async def drive(run: Run, answerer: Answerer, place: Place, pace: Pace, *, seconds: float, grace: float) -> Event:
    """The run's terminal event, not yet in its log. `seconds` limit the work, not the wait for a place; an answerer
    that goes on after being cancelled is left behind after `grace` seconds."""
    if not place.turn.done():
        await _either(place.turn, run.stop)
    if not place.turn.done():
        return _stopped(run, "waiting")
    begun = time.monotonic()
    work = asyncio.create_task(_answer(run, answerer, pace), name=f"prosa-answer-{run.id}")
    await _either(work, run.stop, seconds)
    event = _own_end(run, work) if work.done() else await _cut_off(run, work, seconds, grace)
    if isinstance(event, Completed):
        took = round((time.monotonic() - begun) * 1000, 3)
        spent = run.context.spent
        tokens, cost = event.tokens or spent.tokens or None, event.cost or spent.cost
        return msgspec.structs.replace(event, duration_ms=took, stages=dict(run.stages), tokens=tokens, cost=cost)
    return event


async def _either(one: asyncio.Future[Any], other: asyncio.Future[Any], seconds: float | None = None) -> None:
    await asyncio.wait({one, other}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)


async def _answer(run: Run, answerer: Answerer, pace: Pace) -> None:
    try:
        await answerer.answer(run.question, run.context, _emitter(run, pace))
    except SystemExit as error:  # from an agent's code: it would end the whole server
        raise RuntimeError("the answerer called sys.exit") from error


def _emitter(run: Run, pace: Pace) -> Emit:
    loop, thread = asyncio.get_running_loop(), threading.get_ident()

    def emit(event: Event) -> None:
        if threading.get_ident() == thread:
            _write(run, pace, event)
        else:
            loop.call_soon_threadsafe(_write_late, run, pace, event)

    return emit


def _write(run: Run, pace: Pace, event: Event) -> None:
    if run.verdict is not None or run.ended:
        return
    if isinstance(event, TERMINAL):
        _say_last_word(run, run.log.checked(event))
        return
    checked = run.log.append(event).event
    if isinstance(checked, StageStarted):
        eta = pace.eta(checked.stage)
        if eta is not None:
            run.log.append(StageProgress(checked.stage, eta_ms=eta))
    elif isinstance(checked, StageCompleted):
        run.stages[checked.stage] = run.stages.get(checked.stage, 0.0) + checked.duration_ms
        pace.add(checked.stage, checked.duration_ms)


def _write_late(run: Run, pace: Pace, event: Event) -> None:
    """For events from threads, whose mistakes can't be raised where they were made."""
    try:
        _write(run, pace, event)
    except ProsaError as error:
        _say_last_word(run, failed(run, error))


def _say_last_word(run: Run, event: Event) -> None:
    """An answerer's own terminal event; once somebody wished the run's end, that is what it ends with."""
    if not run.stop.done():
        run.verdict = event
        run.ask_to_stop("verdict")


def _own_end(run: Run, work: asyncio.Task[None]) -> Event:
    """What the run came to when its answerer ended by itself."""
    if run.verdict is not None:
        return run.verdict
    if work.cancelled():
        return Cancelled(run.open_stage or "run", 0.0)
    error = work.exception()
    if error is not None:
        return failed(run, error)
    if _silent(run.answer):
        return failed(run, ModelError("agent_silent"))
    return Completed("clarify" if run.answer.clarification is not None else "answered", 0.0)


async def _cut_off(run: Run, work: asyncio.Task[None], seconds: float, grace: float) -> Event:
    """What the run came to when its answerer had to be stopped, or has said its last word and goes on."""
    wished, stage = run.stop.done(), run.open_stage
    if run.verdict is not None:
        await asyncio.wait({work}, timeout=grace)
    if not work.done():
        work.cancel()
        await asyncio.wait({work}, timeout=grace)
    if not work.done():
        logger.warning("run %s: the answerer goes on after it was stopped; its words are ignored", run.id)
    elif not work.cancelled() and work.exception() is not None:
        logger.info("run %s: the answerer ended with %r when it was stopped", run.id, work.exception())
    if run.verdict is not None:
        return run.verdict
    return _stopped(run, stage or "run") if wished else failed(run, TimeLimit(seconds=f"{seconds:g}"), stage)


def _stopped(run: Run, what: str) -> Event:
    if run.stop.result() == "server":
        return failed(run, ProsaError("server_restarted"))
    waited = time.monotonic() - (run.stopped_at or time.monotonic())
    return Cancelled(what, round(waited * 1000, 3))


def _silent(answer: Answer) -> bool:
    said = answer.blocks or answer.tables or answer.charts or answer.files or answer.passages or answer.notices
    return not said and answer.clarification is None


def failed(run: Run, error: BaseException, stage: Stage | None = None) -> Event:
    """The terminal event for an error, in the run's locale. What is no ProsaError goes to the log alone."""
    if isinstance(error, errors.Cancelled):
        return Cancelled(run.open_stage or "run", 0.0)
    locale, stage = run.answer.locale, stage or run.open_stage
    try:
        if isinstance(error, ProsaError):
            return Failed(error.code, error.sentence(locale), error.hint(locale), stage)
    except (LookupError, ValueError):  # a code of somebody's own, without words of ours
        pass
    logger.error("run %s failed", run.id, exc_info=error)
    ours = ProsaError()
    return Failed(ours.code, ours.sentence(locale), ours.hint(locale), stage)
