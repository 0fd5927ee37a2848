"""A lane: so many children at most, handed out in the order of asking, replaced when they die."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from prosa.errors import WorkerDied
from prosa.workers.process import ChildProcess

log = logging.getLogger(__name__)

Start = Callable[[], Awaitable[ChildProcess]]


class Lane:
    """`size` children at most, of which `warm` wait ready."""

    def __init__(self, size: int, warm: int, start: Start) -> None:
        self._turns = asyncio.Semaphore(size)
        self._warm = min(warm, size)
        self._start = start
        self._idle: list[ChildProcess] = []
        self._busy: set[ChildProcess] = set()
        self._starting: list[asyncio.Future[ChildProcess]] = []
        self._closed = False

    @property
    def alive(self) -> int:
        return sum(child.alive for child in [*self._idle, *self._busy])

    def refill(self) -> None:
        """Starts children in the background until `warm` are there or on their way."""
        while not self._closed and len(self._idle) + len(self._busy) + len(self._starting) < self._warm:
            task = asyncio.ensure_future(self._start())
            self._starting.append(task)
            task.add_done_callback(self._came)

    async def acquire(self, wanted: str = "") -> ChildProcess:
        """A child, as soon as it is this caller's turn; one that already has `wanted` open if it is free.
        WorkerDied or StorageError where none can be started."""
        await self._turns.acquire()
        try:
            if self._closed:
                raise WorkerDied
            child = self._free(wanted) or await self._started()
        except BaseException:  # cancellation too: the turn must not be lost
            self._turns.release()
            raise
        self._busy.add(child)
        return child

    def release(self, child: ChildProcess) -> None:
        """Gives a child back, dead or alive."""
        self._busy.discard(child)
        self._idle = [idle for idle in self._idle if idle.alive]
        if child.alive and not self._closed:
            self._idle.append(child)
        self._turns.release()
        self.refill()

    async def aclose(self) -> None:
        """Ends all children, also those at work."""
        self._closed = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(child.kill() for child in [*self._idle, *self._busy]))
        self._idle.clear()

    def _free(self, wanted: str) -> ChildProcess | None:
        self._idle = [child for child in self._idle if child.alive]
        for child in self._idle:
            if wanted in child.opened or wanted == child.paged:
                self._idle.remove(child)
                return child
        return self._idle.pop() if self._idle else None

    async def _started(self) -> ChildProcess:
        if not self._starting:
            return await self._start()
        task = self._starting.pop(0)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self._starting.append(task)
            if task.done():
                self._came(task)
            raise

    def _came(self, task: asyncio.Future[ChildProcess]) -> None:
        """A child started in the background is there, and nobody waited for it."""
        if task.cancelled():
            return
        if error := task.exception():
            log.warning("a worker could not be started: %s", error)
        elif task in self._starting:
            self._idle.append(task.result())
        if task in self._starting:
            self._starting.remove(task)
