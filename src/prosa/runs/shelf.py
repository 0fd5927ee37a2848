"""`Shelf`: the runs of this process by id; ended ones stay for a while, within a number of bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from prosa.errors import AccessError, BusyError
from prosa.identity import Principal
from prosa.runs.run import Run


class Shelf:
    """Holds runs; an ended one for `seconds`, all their logs together within `max_bytes`."""

    def __init__(self, *, seconds: float, max_bytes: int, on_forget: Callable[[Run], None]) -> None:
        self._seconds, self._max_bytes, self._on_forget = seconds, max_bytes, on_forget
        self._live: dict[str, Run] = {}
        self._ended: dict[str, tuple[Run, asyncio.TimerHandle]] = {}
        self._ended_bytes = 0

    def live(self) -> Iterator[Run]:
        """The runs that have not ended."""
        return iter([*self._live.values()])

    def add(self, run: Run) -> None:
        """Holds a run that has begun."""
        self._live[run.id] = run

    def get(self, principal: Principal, run_id: str) -> Run:
        """The principal's run. AccessError `not_found` where there is none, or it is somebody else's."""
        run = self._live.get(run_id) or self._ended.get(run_id, (None,))[0]
        if run is None or run.principal.user != principal.user:
            raise AccessError("not_found")
        return run

    def make_room(self) -> None:
        """Forgets the oldest ended runs until the logs fit. BusyError when the live ones alone do not."""
        live = sum(run.log.written for run in self._live.values())
        while self._ended and live + self._ended_bytes > self._max_bytes:
            self._forget(next(iter(self._ended)))
        if live > self._max_bytes:
            raise BusyError(retry_after=10)

    def end(self, run: Run) -> None:
        """From now on the run's time to be forgotten runs."""
        del self._live[run.id]
        timer = asyncio.get_running_loop().call_later(self._seconds, self._forget, run.id)
        self._ended[run.id] = (run, timer)
        self._ended_bytes += run.log.written

    def clear(self) -> None:
        """Forgets every ended run."""
        for run_id in [*self._ended]:
            self._forget(run_id)

    def _forget(self, run_id: str) -> None:
        run, timer = self._ended.pop(run_id)
        timer.cancel()
        self._ended_bytes -= run.log.written
        self._on_forget(run)
