"""The child process, `python -m prosa.workers.child`: takes over its standard pipes, bounds its memory, and serves."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from typing import BinaryIO

from prosa.workers import protocol
from prosa.workers.limits import bound_memory

PIPE_BYTES = 1 << 20
_F_SETPIPE_SZ = 1031


class Channel:
    """The pipes. Standard input and output are moved away first, so that a stray print can't break a frame."""

    def __init__(self) -> None:
        self._in: BinaryIO = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
        self._out: BinaryIO = os.fdopen(os.dup(1), "wb", buffering=0)
        self._lock = threading.Lock()
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(2, 1)
        _widen(self._out)

    def read(self) -> tuple[protocol.ToChild, bytes] | None:
        """The next message, or None where the parent has closed the pipe."""
        return protocol.read(self._in)

    def send(self, message: protocol.ToParent, payload: bytes | memoryview = b"") -> None:
        """Waits while the parent is slow to read."""
        with self._lock:
            for part in protocol.frame(message, payload):
                self._write(memoryview(part))

    def _write(self, data: memoryview) -> None:
        while data:
            data = data[self._out.write(data) :]


def _widen(pipe: BinaryIO) -> None:
    """Fewer switches between the processes for large results; no effect where the system has no such pipes."""
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.fcntl(pipe.fileno(), _F_SETPIPE_SZ, PIPE_BYTES)


def main() -> None:
    """Serves until the parent closes the pipe. Ctrl-C in a terminal is the parent's alone: it decides what stops."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = Channel()
    first = channel.read()
    if first is None or not isinstance(first[0], protocol.Setup):
        return
    setup = first[0]
    bound_memory(setup.resources.memory)
    # pyarrow and duckdb load numpy where it is installed, which costs 0.1 s and 10 MB and is never needed here.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    from prosa.workers.serving import Server

    Server(channel, setup).run()


if __name__ == "__main__":
    main()
