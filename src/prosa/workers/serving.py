"""The child's loop: one job at a time, while other threads listen for interrupts, tell of progress, and see to it that
the child ends with its parent."""

from __future__ import annotations

import os
import queue
import shutil
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn, Protocol

from prosa.errors import MemoryLimit, ProsaError
from prosa.results import plain
from prosa.sources.engine import Interrupted
from prosa.workers import protocol
from prosa.workers.jobs import Jobs, Stoppable
from prosa.workers.limits import worn

PROGRESS_INTERVAL = 0.1
INTERRUPT_INTERVAL = 0.02
PROGRESS_STEPS = 1_000
PARENT_INTERVAL = 1.0


class Channel(Protocol):
    """The way to the parent."""

    def read(self) -> tuple[protocol.ToChild, bytes] | None:
        """The next message, or None where the parent has closed the pipe."""

    def send(self, message: protocol.ToParent, payload: bytes | memoryview = b"") -> None:
        """Waits while the parent is slow to read. OSError where it is gone; TypeError or ValueError for a message that
        can't be written, of which then no byte is sent."""


class CurrentJob:
    """The `Control` of the job that runs now."""

    def __init__(self, job: protocol.Job, payload: bytes, channel: Channel) -> None:
        self.id = job.id
        self.operation = job.operation
        self.payload = payload
        self.stopped = threading.Event()
        self.done = threading.Event()
        self._ending = threading.Lock()
        self._channel = channel
        self._running: tuple[Stoppable, ...] = ()
        self._reported = 0.0

    def check(self) -> None:
        if self.stopped.is_set():
            raise Interrupted

    def progress(self, done: int, total: int) -> None:
        self.check()
        now = time.monotonic()
        if now - self._reported >= PROGRESS_INTERVAL or done >= total:
            self._reported = now
            self._channel.send(protocol.Progress(self.id, done, total))

    def chunk(self, data: bytes | memoryview, rows: int = 0) -> None:
        self.check()
        self._channel.send(protocol.Chunk(self.id, rows), data)

    @contextmanager
    def watching(self, running: Stoppable) -> Iterator[None]:
        before = self._running
        self._running = (*before, running)
        try:
            yield
        finally:
            self._running = before

    def interrupt(self) -> None:
        """Stops the job. An interrupt that comes just before a statement starts is lost: so it is repeated."""
        if not self.stopped.is_set():
            self.stopped.set()
            threading.Thread(target=self._insist, daemon=True).start()

    def end(self) -> None:
        """From here on no interrupt reaches an engine, which may soon be running the next job's statement."""
        with self._ending:
            self.done.set()

    def tell_progress(self) -> None:
        """Tells the parent how far the engine has come, until the job is done."""
        while not self.done.wait(PROGRESS_INTERVAL):
            for running in self._running:
                if share := running.progress():
                    self._channel.send(protocol.Progress(self.id, int(share * PROGRESS_STEPS), PROGRESS_STEPS))

    def _insist(self) -> None:
        while not self.done.is_set():
            with self._ending:
                if not self.done.is_set():
                    for running in self._running:
                        running.interrupt()
            self.done.wait(INTERRUPT_INTERVAL)


class Server:
    """Reads in a thread of its own, so that an interrupt or the parent's end is noticed while a job runs."""

    def __init__(self, channel: Channel, setup: protocol.Setup) -> None:
        self._channel = channel
        self._parent = setup.parent
        self._resources = setup.resources
        self._jobs = Jobs(setup.resources)
        self._current: CurrentJob | None = None
        self._waiting: queue.SimpleQueue[CurrentJob] = queue.SimpleQueue()
        self._told: queue.SimpleQueue[CurrentJob] = queue.SimpleQueue()

    def run(self) -> NoReturn:
        """Works until the parent is gone."""
        for task in (self._listen, self._tell, self._watch_parent):
            threading.Thread(target=task, daemon=True).start()
        self._channel.send(protocol.Ready())
        while True:
            self._work(self._waiting.get())

    def _listen(self) -> None:
        try:
            while (received := self._channel.read()) is not None:
                self._take(*received)
        finally:  # a message that makes no sense ends the child, too: nobody would hear the parent's end any more
            self._leave()

    def _take(self, message: protocol.ToChild, payload: bytes) -> None:
        if isinstance(message, protocol.Job):
            self._current = CurrentJob(message, payload, self._channel)
            self._waiting.put(self._current)
            self._told.put(self._current)
        elif isinstance(message, protocol.Interrupt) and self._current and self._current.id == message.id:
            self._current.interrupt()

    def _tell(self) -> None:
        while True:
            self._told.get().tell_progress()

    def _watch_parent(self) -> None:
        """A process that the parent forked holds the pipe open as well: its end is not always the parent's."""
        while os.getppid() == self._parent:
            time.sleep(PARENT_INTERVAL)
        self._leave()

    def _leave(self) -> None:
        """The parent is gone or wants no more: no waiting for a statement, no cleaning up by the interpreter."""
        # The main thread may sit in an engine that holds locks: an orderly exit would wait for it.
        if self._resources.scratch:
            shutil.rmtree(self._resources.scratch, ignore_errors=True)
        os._exit(0)

    def _work(self, job: CurrentJob) -> None:
        try:
            answer, data = self._jobs.run(job.operation, job.payload, job)
            self._finish(job, answer, data)
        except Exception as error:  # whatever an engine, a reader or a writer raises must reach the parent as an answer
            self._finish(job, _failed(job, error))

    def _finish(self, job: CurrentJob, answer: protocol.Answer, data: bytes | memoryview = b"") -> None:
        job.end()
        no_memory = isinstance(answer, protocol.Failed) and answer.kind == MemoryLimit.__name__
        if no_memory or worn(self._resources.memory):
            self._channel.send(protocol.Worn(job.id))
        self._channel.send(answer, data)


def _failed(job: CurrentJob, error: Exception) -> protocol.Failed:
    if job.stopped.is_set():
        return protocol.Failed(job.id, "Cancelled", "cancelled")
    if isinstance(error, MemoryError):
        error = MemoryLimit()
    if isinstance(error, ProsaError):
        values = {name: plain(value) for name, value in error.values.items()}
        return protocol.Failed(job.id, type(error).__name__, error.code, values)
    places = "".join(f" {frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__))
    return protocol.Failed(job.id, trace=type(error).__name__ + places)
