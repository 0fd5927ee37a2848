"""What a run may spend on its model, over all its stages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from prosa.question import Spent


class Budget(msgspec.Struct, frozen=True):
    """Limits of one run: requests to the model, calls of tools, repairs of one statement or answer, tokens in and out
    together, seconds of waiting for the model."""

    requests: int = 8
    tool_calls: int = 12
    repairs: int = 3
    tokens: int = 60_000
    seconds: float = 60.0

    def left(self, spent: Spent) -> float:
        """Seconds that the model may still take; never less than a moment, so that a limit is met where it is told."""
        return max(self.seconds - spent.seconds, 0.001)


@contextmanager
def timed(spent: Spent) -> Iterator[None]:
    """Adds what passes inside to the seconds of the run's model."""
    begun = time.monotonic()
    try:
        yield
    finally:
        spent.seconds += time.monotonic() - begun
