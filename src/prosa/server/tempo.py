"""`Tempo`: how many runs ended how, and how long the last thousand and their stages took."""

from __future__ import annotations

from collections import Counter, deque
from statistics import quantiles

from prosa.answer import Answer
from prosa.app import staged
from prosa.server.replies import Durations, PipelineMetrics

_LAST = 1000


class Tempo:
    """Fed with every run that has ended."""

    def __init__(self) -> None:
        self._ended: Counter[str] = Counter()
        self._runs: deque[float] = deque(maxlen=_LAST)
        self._stages: dict[str, deque[float]] = {staged.key(stage): deque(maxlen=_LAST) for stage in staged.LETTERS}

    def add(self, answer: Answer) -> None:
        """Takes in what a run has come to."""
        self._ended[answer.status] += 1
        if answer.duration_ms is not None:
            self._runs.append(answer.duration_ms)
        for state in answer.stages:
            if state.duration_ms is not None:
                self._stages[staged.key(state.stage)].append(state.duration_ms)  # type: ignore[arg-type]

    def told(self) -> PipelineMetrics:
        """Counts since the start; medians and 95th percentiles over the last thousand."""
        ended = {status: self._ended[status] for status in ("answered", "clarify", "refused", "failed", "cancelled")}
        stages = {name: _durations(taken) for name, taken in self._stages.items()}
        return PipelineMetrics(sum(ended.values()), ended, _durations(self._runs), stages)


def _durations(taken: deque[float]) -> Durations:
    if len(taken) < 2:
        only = taken[0] if taken else None
        return Durations(len(taken), only, only)
    cuts = quantiles(taken, n=20, method="inclusive")
    return Durations(len(taken), round(cuts[9], 3), round(cuts[18], 3))
