"""`Pace`: running medians of how long stages take, for honest estimates."""

from __future__ import annotations

from collections import deque
from statistics import median

_SEEN = 50
_ENOUGH = 3
_WORTH_SAYING = 50.0


class Pace:
    """The last durations of every stage, in milliseconds."""

    def __init__(self) -> None:
        self._durations: dict[str, deque[float]] = {}

    def add(self, name: str, milliseconds: float) -> None:
        """Takes one duration in."""
        self._durations.setdefault(name, deque(maxlen=_SEEN)).append(milliseconds)

    def usual(self, name: str) -> float | None:
        """The median, in milliseconds; None before enough were seen."""
        seen = self._durations.get(name, ())
        return median(seen) if len(seen) >= _ENOUGH else None

    def eta(self, name: str) -> int | None:
        """The estimate for somebody who waits; None where unknown, or too short to be worth an event."""
        usual = self.usual(name)
        return round(usual) if usual is not None and usual >= _WORTH_SAYING else None
