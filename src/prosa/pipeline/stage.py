"""One stage's frame: its start, its progress and its end as events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prosa.events import Stage, StageCompleted, StageProgress, StageStarted
from prosa.question import Emit


class Running:
    """A stage that has started. Its `summary` is shown when it ends."""

    def __init__(self, name: Stage, emit: Emit) -> None:
        self.name: Stage = name
        self.summary = ""
        self._emit = emit

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Says how far truly counted work has come."""
        fraction = min(1.0, done / total) if total > 0 else None
        self._emit(StageProgress(self.name, fraction, done, total, message=message))


@contextmanager
def running(name: Stage, emit: Emit) -> Iterator[Running]:
    """Announces a stage and, unless it raises, its end with the time it took. A stage that raises stays open, so that
    the run can tell where it failed."""
    emit(StageStarted(name))
    begun = perf_counter()
    stage = Running(name, emit)
    yield stage
    emit(StageCompleted(name, round((perf_counter() - begun) * 1000, 3), stage.summary))
