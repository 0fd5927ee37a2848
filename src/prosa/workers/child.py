"""The child process: `python -m prosa.workers.child`. One job at a time, spoken to over its standard pipes."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import sys
import threading
import time
import traceback
from typing import BinaryIO

from prosa.errors import MemoryLimit, ProsaError
from prosa.sources.engine import Engine, Interrupted
from prosa.workers import protocol
from prosa.workers.jobs import Jobs
from prosa.workers.limits import bound_memory

PROGRESS_INTERVAL = 0.1
INTERRUPT_INTERVAL = 0.02

sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
"""pyarrow and duckdb load it where it is installed and never need it here: it costs 0.1 s and 10 MB a child."""


class Channel:
    """The pipes. Standard input and output are moved away first, so that a stray print can't break a frame."""

    def __init__(self) -> None:
        self._in: BinaryIO = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
        self._out: BinaryIO = os.fdopen(os.dup(1), "wb", buffering=0)
        self._lock = threading.Lock()
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(2, 1)

    def read(self) -> tuple[protocol.ToChild, bytes] | None:
        return protocol.read(self._in)

    def send(self, message: protocol.ToParent, payload: bytes | memoryview = b"") -> None:
        with self._lock:
            for part in protocol.frame(message, payload):
                self._write(memoryview(part))

    def _write(self, data: memoryview) -> None:
        while data:
            data = data[self._out.write(data) :]


class CurrentJob:
    """The `Desk` of the job that runs now."""

    def __init__(self, job: protocol.Job, payload: bytes, channel: Channel) -> None:
        self.id = job.id
        self.operation = job.operation
        self.payload = payload
        self.stopped = threading.Event()
        self._done = threading.Event()
        self._channel = channel
        self._engine: Engine | None = None
        self._reported = 0.0

    def check(self) -> None:
        if self.stopped.is_set():
            raise Interrupted

    def watch(self, engine: Engine | None) -> None:
        self._engine = engine

    def progress(self, done: int, total: int) -> None:
        self.check()
        now = time.monotonic()
        if now - self._reported >= PROGRESS_INTERVAL or done >= total:
            self._reported = now
            self._channel.send(protocol.Progress(self.id, done, total))

    def chunk(self, data: bytes | memoryview) -> None:
        self.check()
        self._channel.send(protocol.Chunk(self.id), data)

    def interrupt(self) -> None:
        """Stops it. An interrupt that comes just before a statement starts is lost in the engine: so it is repeated."""
        if not self.stopped.is_set():
            self.stopped.set()
            threading.Thread(target=self._insist, daemon=True).start()

    def end(self) -> None:
        self._done.set()

    def _insist(self) -> None:
        while not self._done.is_set():
            if (engine := self._engine) is not None:
                engine.interrupt()
            self._done.wait(INTERRUPT_INTERVAL)


class Child:
    """Reads messages in a thread of its own, so that an interrupt or the parent's end is noticed while a job runs."""

    def __init__(self, channel: Channel, setup: protocol.Setup) -> None:
        self._channel = channel
        self._scratch = setup.resources.scratch
        self._jobs = Jobs(setup.resources)
        self._waiting: queue.SimpleQueue[CurrentJob] = queue.SimpleQueue()
        self._current: CurrentJob | None = None

    def run(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        self._channel.send(protocol.Ready(os.getpid()))
        while True:
            self._work(self._waiting.get())

    def _listen(self) -> None:
        while (received := self._channel.read()) is not None:
            message, payload = received
            if isinstance(message, protocol.Job):
                self._current = CurrentJob(message, payload, self._channel)
                self._waiting.put(self._current)
            elif isinstance(message, protocol.Interrupt) and self._current and self._current.id == message.id:
                self._current.interrupt()
        self._leave()

    def _leave(self) -> None:
        """The parent is gone or wants no more: no waiting for a statement, no cleaning up by the interpreter."""
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)
        os._exit(0)

    def _work(self, job: CurrentJob) -> None:
        try:
            answer, data = self._jobs.run(job.operation, job.payload, job)
        except Exception as error:  # whatever an engine or a reader raises must reach the parent as an answer
            answer, data = _failed(job, error), b""
        finally:
            job.end()
        self._channel.send(answer, data)


def _failed(job: CurrentJob, error: Exception) -> protocol.Failed:
    if job.stopped.is_set():
        return protocol.Failed(job.id, "Cancelled", "cancelled", stopped=True)
    if isinstance(error, MemoryError):
        error = MemoryLimit()
    if isinstance(error, ProsaError):
        return protocol.Failed(job.id, type(error).__name__, error.code, error.values)
    places = "".join(f" {frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__))
    return protocol.Failed(job.id, trace=type(error).__name__ + places)


def main() -> None:
    """Serves until the parent closes the pipe. Ctrl-C in a terminal reaches the parent alone: it decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = Channel()
    setup = channel.read()
    if setup is None or not isinstance(setup[0], protocol.Setup):
        return
    bound_memory(setup[0].resources.memory)
    import duckdb  # noqa: F401 - loaded before the first question comes
    import pyarrow.compute
    import pyarrow.ipc  # noqa: F401

    Child(channel, setup[0]).run()


if __name__ == "__main__":
    main()
