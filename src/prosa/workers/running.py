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
        self.worn = False

    def start(self, operation: protocol.Operation, payload: bytes | None = None) -> None:
        """Hands the job over; the payload belongs to it."""
        self.over = False
        self.child.send(protocol.Job(self.job, operation), payload or b"")

    async def receive(self, on_progress: Progress | None = None) -> tuple[protocol.Chunk | protocol.Answer, bytes]:
        """The next chunk or, once, the answer; progress is handed on. ProsaError for a `Failed`; WorkerDied."""
        while True:
            message, data = await self.child.receive()
            # Progress of the job before may still have been on its way when that one was answered.
            if isinstance(message, protocol.Ready) or message.id != self.job:
                continue
            if isinstance(message, protocol.Chunk):
                return message, data
            if isinstance(message, protocol.Answer):
                return self._ended(message), data
            self._note(message, on_progress)

    def _note(self, message: protocol.Progress | protocol.Worn, on_progress: Progress | None) -> None:
        if isinstance(message, protocol.Worn):
            self.worn = True
        elif on_progress is not None:
            on_progress(message.done, message.total)

    def _ended(self, answer: protocol.Answer) -> protocol.Answer:
        self.over = True
        if isinstance(answer, protocol.Failed):
            if answer.trace:
                log.error("a worker failed: %s", answer.trace)
            raise answer.error()
        return answer

    async def stop(self, kill_after: float) -> None:
        """Interrupts the job where it runs, and kills the child where that has not helped `kill_after` seconds later or
        where the child is worn."""
        if not self.over:
            self.child.send(protocol.Interrupt(self.job))
            try:
                async with asyncio.timeout(kill_after):
                    await self._end()
            except (TimeoutError, WorkerDied):
                self.worn = True
        if self.worn:
            await self.child.kill()

    async def _end(self) -> None:
        while not self.over:
            message, _ = await self.child.receive()
            self.worn = self.worn or isinstance(message, protocol.Worn)
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
            if child.alive and (running.worn or not running.over):
                await self._stopped(lane, running)
            else:
                lane.release(child)

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
