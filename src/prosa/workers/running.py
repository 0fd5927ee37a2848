"""A job in a child, from waiting for the child to giving it back: whoever leaves early stops the statement."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from prosa.errors import WorkerDied
from prosa.workers import protocol
from prosa.workers.lane import Lane
from prosa.workers.process import ChildProcess

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called in the event loop with work done and work in all, in the worker's own unit (bytes, rows, tables)."""

_ids = itertools.count(1)


class Running:
    """A child that is this caller's for one job, and the messages of that job."""

    def __init__(self, child: ChildProcess) -> None:
        self.child = child
        self.job = next(_ids)
        self.over = True

    def start(self, operation: protocol.Operation, payload: bytes | None = None) -> None:
        """Hands the job over."""
        self.over = False
        self.child.send(protocol.Job(self.job, operation), payload or b"")

    async def receive(self, on_progress: Progress | None = None) -> tuple[protocol.Chunk | protocol.Answer, bytes]:
        """The next chunk or, once, the answer; progress is handed on. ProsaError for a `Failed`; WorkerDied."""
        while True:
            message, data = await self.child.receive()
            if isinstance(message, protocol.Ready) or message.id != self.job:
                continue
            if isinstance(message, protocol.Progress):
                if on_progress is not None:
                    on_progress(message.done, message.total)
                continue
            self.over = not isinstance(message, protocol.Chunk)
            if isinstance(message, protocol.Failed):
                if message.trace:
                    log.error("a worker failed: %s", message.trace)
                raise message.error()
            return message, data

    async def stop(self, kill_after: float) -> None:
        """Interrupts the job, and kills the child where it has not ended `kill_after` seconds later."""
        self.child.send(protocol.Interrupt(self.job))
        try:
            async with asyncio.timeout(kill_after):
                await self._end()
        except (TimeoutError, WorkerDied):
            await self.child.kill()

    async def _end(self) -> None:
        while not self.over:
            message, _ = await self.child.receive()
            self.over = isinstance(message, protocol.Answer) and message.id == self.job


class Runner:
    """Runs jobs on lanes."""

    def __init__(self, kill_after: float) -> None:
        self._kill_after = kill_after
        self._stopping: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def child(self, lane: Lane, wanted: str = "") -> AsyncIterator[Running]:
        """A child for one job, if possible one that has the database or result `wanted` open. Leaving before the job's
        answer stops it, and waits until it has stopped."""
        child = await lane.acquire(wanted)
        running = Running(child)
        try:
            yield running
        finally:
            if running.over or not child.alive:
                lane.release(child)
            else:
                await self._stopped(lane, running)

    async def aclose(self) -> None:
        """Waits until everything that is being stopped has stopped."""
        await asyncio.gather(*self._stopping)

    async def _stopped(self, lane: Lane, running: Running) -> None:
        """In a task of its own: who waits here may be cancelled once more, and the child must still be given back."""
        task = asyncio.create_task(self._stop(lane, running))
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)
        await asyncio.shield(task)

    async def _stop(self, lane: Lane, running: Running) -> None:
        try:
            await running.stop(self._kill_after)
        finally:
            lane.release(running.child)
