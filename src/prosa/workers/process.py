"""One child process as the parent sees it: start, send, receive, kill. Which job it gets is the lane's business."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import cast

import msgspec

from prosa.errors import WorkerDied
from prosa.sources.engine import Resources
from prosa.workers import protocol
from prosa.workers.scratch import make, remove

log = logging.getLogger(__name__)

START_LIMIT = 60.0
READ_AHEAD = 1 << 20
"""Bytes that may wait in the parent before it stops reading the pipe, so that a slow reader slows the child down."""

# Windows has no SIGKILL.
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)

# -P: no module is looked for in the working folder, where files of anybody may lie.
COMMAND = (sys.executable, "-P", "-m", "prosa.workers.child")

PASSED_ON = (
    "PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TMP", "TEMP",
    "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip
"""All of the environment that a child gets: enough to start and to fetch a file behind a URL, no key and no token."""

OWN = {"PYTHONUTF8": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""Arrow's usual allocator takes a gigabyte of address space at once, which the bound of memory counts as used."""


class ChildProcess(asyncio.SubprocessProtocol):
    """Messages come out of `receive` in order. Whatever ends the process makes `receive` raise WorkerDied.

    `gone` is done when the process has ended and its folder is removed. `opened` are the fingerprints of databases that
    it has open, and `paged` the result that it keeps for paging.
    """

    def __init__(self, scratch: Path) -> None:
        self.ready = False
        self.paged = ""
        self.opened: deque[str] = deque(maxlen=protocol.OPEN_ENGINES)
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._scratch = scratch
        self._transport: asyncio.SubprocessTransport | None = None
        self._unframer = protocol.Unframer()
        self._received: deque[tuple[protocol.ToParent, bytes]] = deque()
        self._waiting_bytes = 0
        self._arrival: asyncio.Future[None] | None = None
        self._closed = False
        self._paused = False

    @classmethod
    async def start(cls, scratch_root: Path, resources: Resources) -> ChildProcess:
        """Starts a child and waits until it has loaded its engines. WorkerDied where it can't."""
        loop = asyncio.get_running_loop()
        scratch = await asyncio.to_thread(make, scratch_root)
        child = cls(scratch)
        try:
            await loop.subprocess_exec(lambda: child, *COMMAND, env=_environment(scratch), start_new_session=True)
            child.send(protocol.Setup(msgspec.structs.replace(resources, scratch=str(scratch)), os.getpid()))
            async with asyncio.timeout(START_LIMIT):
                await child.receive()
        except BaseException as error:  # whatever happens, cancellation too, no process and no folder may stay behind
            await child.kill()
            if isinstance(error, OSError):
                raise WorkerDied from error
            raise
        child.ready = True
        return child

    @property
    def alive(self) -> bool:
        """Whether it can take a job, as far as is known."""
        return not self._closed

    @property
    def pid(self) -> int | None:
        """The system's number of the process, once it was started."""
        return self._transport.get_pid() if self._transport is not None else None

    def note(self, database: str) -> None:
        """Remembers that the child has a database open, as long as it keeps it."""
        if database and database not in self.opened:
            self.opened.append(database)

    def send(self, message: protocol.ToChild, payload: bytes = b"") -> None:
        """Hands a message to the pipe without waiting. A dead child is noticed by `receive`."""
        if not self.alive or self._transport is None:
            return
        pipe = cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0))
        for part in protocol.frame(message, payload):
            if part:
                pipe.write(part)

    async def receive(self) -> tuple[protocol.ToParent, bytes]:
        """The next message. WorkerDied once there is none and there will be none."""
        while not self._received:
            if not self.alive:
                raise WorkerDied
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        message, payload = self._received.popleft()
        self._waiting_bytes -= len(payload)
        self._flow()
        return message, payload

    async def kill(self) -> None:
        """Ends the process for good, whatever it is doing, and waits until nothing of it is left."""
        self._closed = True
        if self._transport is None:
            self._clean_up()
        else:
            # A pipe that is not read hides its end, and with it the end of the process.
            self._flow()
            # Not the transport's own kill: it may collect the ended process before asyncio's watcher does.
            with suppress(ProcessLookupError):
                os.kill(self._transport.get_pid(), _KILL)
        await asyncio.shield(self.gone)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self._log(data)
        if fd == 2 or self._closed:
            return
        for message, payload in self._unframer.feed(data):
            self._received.append((message, payload))
            self._waiting_bytes += len(payload)
        self._flow()
        self._wake()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        # The end of its output is known before the end of the process: nobody need wait for that.
        if fd == 1:
            self._closed = True
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._closed = True
        if self._transport is not None:
            self._transport.close()
        self._wake()
        self._clean_up()

    def _clean_up(self) -> None:
        removed = asyncio.get_running_loop().run_in_executor(None, remove, self._scratch)
        removed.add_done_callback(self._cleaned)

    def _cleaned(self, _: object) -> None:
        if not self.gone.done():
            self.gone.set_result(None)

    def _wake(self) -> None:
        if self._arrival and not self._arrival.done():
            self._arrival.set_result(None)

    def _flow(self) -> None:
        pipe = self._transport.get_pipe_transport(1) if self._transport else None
        full = self._waiting_bytes > READ_AHEAD and not self._closed
        if full is self._paused or pipe is None or pipe.is_closing():
            return
        self._paused = full
        if full:
            pipe.pause_reading()  # type: ignore[attr-defined]
        else:
            pipe.resume_reading()  # type: ignore[attr-defined]

    def _log(self, data: bytes) -> None:
        """Before the child has seen data its words are safe to keep; afterwards only that there were some."""
        if self.ready:
            log.debug("a worker wrote %d bytes to standard error", len(data))
        else:
            log.warning("a worker said while it started: %s", data.decode("utf-8", "replace").rstrip())


def _environment(scratch: Path) -> dict[str, str]:
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return passed | OWN | {"SQLITE_TMPDIR": str(scratch)}
