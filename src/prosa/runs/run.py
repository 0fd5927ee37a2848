"""`Run`: one question on its way to an answer, with its log and the wish to stop it.

It says who may read it and what it has come to. Who drives it is `prosa.runs.driver`, who keeps it `RunManager`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Literal

from prosa.answer import Answer
from prosa.events import STAGES, Entry, Event, Stage
from prosa.identity import Principal
from prosa.question import Context, Question
from prosa.runs.log import Log

Stop = Literal["verdict", "cancel", "server"]


class Run:
    """One question of one principal. `answer` is the fold of the log so far and goes on changing until `ended`."""

    def __init__(self, context: Context, question: Question, log: Log, *, idempotency_key: str | None = None) -> None:
        self.context = context
        self.idempotency_key = idempotency_key
        self.question = question
        self.log = log
        self.verdict: Event | None = None
        self.stages: dict[str, float] = {}
        self.stopped_at: float | None = None
        self.stop: asyncio.Future[Stop] = asyncio.get_running_loop().create_future()

    @property
    def id(self) -> str:
        """Unguessable, the same on every wire."""
        return self.log.run_id

    @property
    def principal(self) -> Principal:
        """Who asked."""
        return self.context.principal

    @property
    def conversation(self) -> str | None:
        """Where it was asked, if in a conversation."""
        return self.context.conversation

    @property
    def answer(self) -> Answer:
        """The fold of the log so far."""
        return self.log.answer

    @property
    def ended(self) -> bool:
        """Whether the terminal entry is written, or the server's end took the run with it."""
        return self.log.ended or self.log.closed

    @property
    def taken(self) -> bool:
        """Whether the server's end stops it."""
        return self.stop.done() and self.stop.result() == "server"

    @property
    def open_stage(self) -> Stage | None:
        """The stage that has begun and not ended."""
        begun = {state.stage for state in self.answer.stages if state.duration_ms is None}
        return next((stage for stage in reversed(STAGES) if stage in begun), None)

    def follow(self, after: int = 0) -> AsyncIterator[Entry]:
        """The entries beyond `after`, as they come, until the run has ended."""
        return self.log.follow(after)

    async def finished(self) -> Answer:
        """The answer when the run has ended."""
        async for _ in self.log.batches(self.log.last):
            pass
        return self.answer

    def ask_to_stop(self, why: Stop) -> None:
        """Wishes the run's end; only the first wish counts."""
        if not self.ended and not self.stop.done():
            self.stopped_at = time.monotonic()
            self.stop.set_result(why)
