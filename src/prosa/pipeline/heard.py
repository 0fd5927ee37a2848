"""What a run says, folded while it is said: the material of a bundle that is made later."""

from __future__ import annotations

import time

from prosa.answer import Answer
from prosa.events import Entry, Event
from prosa.question import Emit


class Heard:
    """An `Emit` that passes every event on and keeps the answer that they add up to."""

    def __init__(self, run_id: str, question: str, emit: Emit) -> None:
        self.answer = Answer(run_id=run_id, question=question, started_at=time.time())
        self._emit = emit

    def __call__(self, event: Event) -> None:
        self._emit(event)
        self.answer.add(Entry(self.answer.run_id, self.answer.seq + 1, time.time(), event))
