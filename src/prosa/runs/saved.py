"""A run that is known by its saved answer alone: what a reader who comes back after a restart finds."""

from __future__ import annotations

from prosa.answer import Answer
from prosa.events import Completed, Event, Failed, Outcome
from prosa.identity import Principal
from prosa.question import Context, Question
from prosa.runs.log import Log
from prosa.runs.run import Run

_OUTCOMES: dict[str, Outcome] = {"answered": "answered", "clarify": "clarify", "refused": "refused"}


def saved_run(principal: Principal, answer: Answer) -> Run:
    """An ended run: a snapshot up to its terminal entry, then that entry."""
    context = Context(principal, answer.run_id, answer.conversation)
    return Run(context, Question(answer.question), Log.resumed(answer, terminal(answer)))


def terminal(answer: Answer) -> Event:
    """The event that ended the run, made again from what it left in the answer."""
    if answer.cancelled is not None:
        return answer.cancelled
    if answer.status in _OUTCOMES:
        stages = {state.stage: state.duration_ms for state in answer.stages if state.duration_ms is not None}
        return Completed(_OUTCOMES[answer.status], answer.duration_ms or 0.0, stages, answer.tokens, answer.cost)
    return answer.failure or Failed("internal", "")
