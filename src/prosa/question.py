"""What is asked, what is known when it is asked, and the one shape of whatever answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Protocol, TypeAlias

import msgspec

from prosa.answer import Answer
from prosa.events import Event
from prosa.identity import Principal
from prosa.results import Result


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question. `sources` narrows the search (empty: everything the person may read); `sql` is set when a person
    edited the statement; `as_of` is the day that "today" means; `limit` caps the rows of the answer's table."""

    text: str
    locale: str | None = None
    analyst: str = "auto"
    sources: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    as_of: date | None = None
    replies_to: str | None = None
    sql: str | None = None
    limit: int | None = None


class Turn(msgspec.Struct, frozen=True):
    """An earlier question of the conversation with its answer; `state` is what its analyst kept for follow-ups."""

    question: str
    answer: Answer
    state: dict[str, Any] = {}


class Spent(msgspec.Struct):
    """What a run has used of a language model so far: requests, calls of tools, tokens in and out, US dollars (None
    where no price is known) and seconds. Whoever calls a model adds to it; `Completed` tells it."""

    requests: int = 0
    tool_calls: int = 0
    tokens: int = 0
    cost: float | None = None
    seconds: float = 0.0


Emit: TypeAlias = Callable[[Event], None]
"""Appends one event to the run's log, at once and without waiting."""

Keep: TypeAlias = Callable[[Any, str], Awaitable[Result]]
"""Keeps rows (a data frame, an Arrow table, a list of dicts) and the statement that gave them as a result of whoever
asks, for pages, charts and exports. TypeError for what is no table."""


class Context(msgspec.Struct, frozen=True):
    """What surrounds a question: who asks, in which run and conversation, and what was said before (oldest first).

    `remember` keeps plain JSON values for the next turn's `Turn.state`. `emit` is the run's log for an analyst that
    shows steps of its own, such as the tools that a model calls; the pipeline sets it. `keep` is there for answerers
    that bring rows of their own; a desk sets it.
    """

    principal: Principal
    run_id: str
    conversation: str | None = None
    history: tuple[Turn, ...] = ()
    remember: dict[str, Any] = {}
    spent: Spent = msgspec.field(default_factory=Spent)
    emit: Emit | None = None
    keep: Keep | None = None


class Answerer(Protocol):
    """Anything that answers: the staged pipeline, or somebody's own agent.

    It emits events from `Interpreted` on and returns. `Started` and the terminal event are the run's; an answerer that
    wants an outcome other than `answered` emits a `Clarification`, or a `Completed` of its own as its last event.
    """

    async def answer(self, question: Question, context: Context, emit: Emit) -> None: ...
