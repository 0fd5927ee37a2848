"""`EventStream`, the ASGI response that sends a run's log over a wire, and `Pulse`, one timer for all of them.

Ready bytes go out; entries that wait together go in one send, as far as they fit into a piece. A reader who stops
reading is dropped; the run and all other readers never notice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from prosa.errors import ProsaError
from prosa.events import Entry, Failed
from prosa.runs.log import Log
from prosa.server.connection import BODIES, WhileConnected, cut
from prosa.server.wires import Wire

HEADERS = {
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    "connection": "keep-alive",
}

PIECE = 64 << 10
"""At most so many bytes go in one send, and the next when these are taken: else each of many readers who come late
would hold the whole log once more."""


class Pulse:
    """One timer for all streams: it pings those that were silent for `heartbeat` seconds and drops those whose reader
    took nothing for `send_timeout` seconds. It runs only while there are streams."""

    def __init__(self, heartbeat: float, send_timeout: float) -> None:
        self.heartbeat, self.send_timeout = heartbeat, send_timeout
        self._every = min(1.0, heartbeat / 4, send_timeout / 4)
        self._streams: set[EventStream] = set()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._streams)

    def add(self, stream: EventStream) -> None:
        """Looks after a stream from now on."""
        self._streams.add(stream)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._every, self._beat)

    def remove(self, stream: EventStream) -> None:
        """Looks after it no longer."""
        self._streams.discard(stream)
        if not self._streams and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._every, self._beat)
        for stream in [*self._streams]:
            stream.beat(loop.time())


class EventStream(Response):
    """Sends `log` from `after` on, until its terminal entry. When the server ends, a reader who may resume is let go
    without one; all others are told."""

    def __init__(
        self, log: Log, wire: Wire, pulse: Pulse, *, after: int = 0, headers: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        super().__init__(headers={**HEADERS, **headers}, media_type=wire.media_type)
        del self.headers["content-length"]  # how long it will be, nobody knows
        self._log, self._wire, self._pulse, self._after = log, wire, pulse, after
        self._waiting: asyncio.Future[bool] | None = None
        self._connection: WhileConnected | None = None
        self._since = 0.0
        self._sending = False
        self._dropped = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        except OSError:  # the client has gone
            return
        # The head goes out through all layers, which have nothing to do with the body. Behind the edge, a stream that
        # waits holds neither their frames nor the request's.
        if BODIES in scope:
            scope[BODIES].append(self._body)
        else:
            await self._body(scope, receive, send)

    async def _body(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._since = asyncio.get_running_loop().time()
        self._connection = WhileConnected(receive)
        self._pulse.add(self)
        self._log.watch(self._grown)
        try:
            async with self._connection:
                await self._stream(send)
        finally:
            self._log.unwatch(self._grown)
            self._pulse.remove(self)
        if self._dropped:
            await cut(scope)

    def beat(self, now: float) -> None:
        """Called by the pulse: pings a silent stream, drops one whose send hangs."""
        if self._sending and now - self._since >= self._pulse.send_timeout:
            self._dropped = True
            assert self._connection is not None
            self._connection.leave()
        # A ping goes the way of the entries, since two sends at once would mix their bytes.
        elif self._waiting is not None and not self._waiting.done() and now - self._since >= self._pulse.heartbeat:
            self._waiting.set_result(False)

    def _grown(self) -> None:
        waiting = self._waiting
        if waiting is not None and not waiting.done():
            waiting.set_result(True)

    async def _stream(self, send: Send) -> None:
        log, loop = self._log, asyncio.get_running_loop()
        while True:
            entries = log.read(self._after)
            if entries:
                data = self._encoded(entries)
                del entries  # what the log drops meanwhile is not to be kept by a reader who is slow
            elif log.ended or log.closed:
                break
            else:
                self._waiting = loop.create_future()
                data = b"" if await self._waiting else self._wire.ping
            for start in range(0, len(data), PIECE):
                self._since, self._sending = loop.time(), True
                await send({"type": "http.response.body", "body": data[start : start + PIECE], "more_body": True})
                self._sending = False
        last = b"" if log.ended or self._wire.resumes else b"".join(self._wire.encode(_cut_off(log)))
        self._since, self._sending = loop.time(), True
        await send({"type": "http.response.body", "body": last, "more_body": False})

    def _encoded(self, entries: list[Entry]) -> bytes:
        """The first of the entries, until they fill a piece."""
        parts, size = [], 0
        for entry in entries:
            part = b"".join(self._wire.encode(entry))
            parts.append(part)
            size += len(part)
            self._after = entry.seq
            if size >= PIECE:
                break
        return b"".join(parts)


def _cut_off(log: Log) -> Entry:
    """What the saved run will say: the server's end took it."""
    error, locale = ProsaError("server_restarted"), log.answer.locale
    failed = Failed(error.code, error.sentence(locale), error.hint(locale))
    return Entry(log.run_id, log.last + 1, log.answer.started_at, failed)
