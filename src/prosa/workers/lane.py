"""A lane: so many children at most, handed out in the order of asking, replaced when they die."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from prosa.errors import WorkerDied
from prosa.workers.process import ChildProcess

log = logging.getLogger(__name__)

IDLE_SECONDS = 120.0
"""After so long without work a used child is let go: an engine keeps what it has read in memory."""

Start = Callable[[], Awaitable[ChildProcess]]


class Lane:
    """`size` children at most, of which `warm` wait ready; others go after `idle_seconds` without work."""

    def __init__(self, size: int, warm: int, start: Start, idle_seconds: float = IDLE_SECONDS) -> None:
        self._turns = asyncio.Semaphore(size)
        self._warm = min(warm, size)
        self._start = start
        self._children: set[ChildProcess] = set()
        self._idle: list[ChildProcess] = []
        self._begun: set[asyncio.Task[ChildProcess]] = set()
        self._unclaimed: list[asyncio.Task[ChildProcess]] = []
        self._idle_seconds = idle_seconds
        self._timers: dict[ChildProcess, asyncio.TimerHandle] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def alive(self) -> int:
        """How many children live, idle or at work."""
        return sum(child.alive for child in self._children)

    def refill(self) -> None:
        """Starts children in the background until `warm` are there or on their way."""
        while not self._closed and self.alive + len(self._begun) < self._warm:
            self._leave_unclaimed(self._begin())

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
        if timer := self._timers.pop(child, None):
            timer.cancel()
        return child

    def release(self, child: ChildProcess) -> None:
        """Gives a child back, dead or alive."""
        if child.alive and not self._closed:
            self._idle.append(child)
            loop = asyncio.get_running_loop()
            self._timers[child] = loop.call_later(self._idle_seconds, self._let_go, child)
        self._turns.release()

    async def aclose(self) -> None:
        """Ends all children, also those at work."""
        self._closed = True
        for task in self._begun:
            task.cancel()
        await asyncio.gather(*self._begun, return_exceptions=True)
        await asyncio.gather(*(child.kill() for child in self._children), *self._leaving)
        self._idle.clear()

    def _free(self, wanted: str) -> ChildProcess | None:
        self._idle = [child for child in self._idle if child.alive]
        for child in self._idle:
            if wanted and (wanted in child.opened or wanted == child.paged):
                self._idle.remove(child)
                return child
        # The one that worked last is the warmest, and lets the others grow idle.
        return self._idle.pop() if self._idle else None

    async def _started(self) -> ChildProcess:
        """One that is on its way, or a new one."""
        task = self._unclaimed.pop(0) if self._unclaimed else self._begin()
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # the lane was closed meanwhile; nobody cancelled this caller
                raise WorkerDied from None
            self._leave_unclaimed(task)
            raise

    def _begin(self) -> asyncio.Task[ChildProcess]:
        task = asyncio.create_task(self._launch())
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
        return task

    async def _launch(self) -> ChildProcess:
        child = await self._start()
        self._children.add(child)
        child.gone.add_done_callback(lambda _: self._lost(child))
        return child

    def _leave_unclaimed(self, task: asyncio.Task[ChildProcess]) -> None:
        """The child goes to whoever comes next, or is idle when it is there."""
        self._unclaimed.append(task)
        task.add_done_callback(self._came)

    def _came(self, task: asyncio.Task[ChildProcess]) -> None:
        if task not in self._unclaimed:
            return
        self._unclaimed.remove(task)
        if task.cancelled():
            return
        if error := task.exception():
            log.warning("a worker could not be started: %s", error)
        else:
            self._idle.append(task.result())

    def _let_go(self, child: ChildProcess) -> None:
        if child in self._idle:
            self._idle.remove(child)
            task = asyncio.create_task(child.kill())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _lost(self, child: ChildProcess) -> None:
        self._children.discard(child)
        if timer := self._timers.pop(child, None):
            timer.cancel()
        self.refill()
