"""`Download`, the ASGI response that sends an export while it is written.

The first bytes are waited for before the headers go out, so that what fails at once is still a problem document; what
fails later breaks the transfer off without its last chunk. The file's SHA-256 is a header where it is known by then,
else a trailer where the server can send any.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from typing import Protocol

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from prosa.server.connection import WhileConnected, cut
from prosa.server.trailers import TRAILERS

_HEAD = 256 << 10
"""Bytes to wait for before the headers: a file that ends within them is sent with its length and digest."""


class Writing(Protocol):
    """An export on its way, as the workers give it."""

    rows: int | None
    sha256: str | None

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None: ...


class Whole:
    """A finished file, sent as an export is, so that it is known when all of it went out."""

    def __init__(self, data: bytes) -> None:
        self.rows: int | None = None
        self.sha256: str | None = None
        self._data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        digest = sha256()
        for start in range(0, len(self._data), _HEAD):
            piece = self._data[start : start + _HEAD]
            digest.update(piece)
            yield piece
            await asyncio.sleep(0)  # a server's send() waits for nobody who has gone; who watches for that must run
        self.sha256 = digest.hexdigest()

    async def aclose(self) -> None:
        pass


class Download(Response):
    """Sends what `export` writes; `delivered` is called when all of it went out. A reader who takes nothing for
    `send_timeout` seconds is cut off: a worker is waiting for them."""

    def __init__(
        self, export: Writing, headers: dict[str, str], delivered: Callable[[], None], *, send_timeout: float
    ) -> None:
        super().__init__(headers=headers)
        del self.headers["content-length"]
        self._export, self._delivered, self._send_timeout = export, delivered, send_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def patiently(message: Message) -> None:
            try:
                async with asyncio.timeout(self._send_timeout):
                    await send(message)
            except TimeoutError:
                await cut(scope)
                raise

        try:
            trailers = TRAILERS in scope.get("extensions", {})
            async with WhileConnected(receive):
                await self._send(patiently, trailers)
        finally:
            await self._export.aclose()

    async def _send(self, send: Send, trailers: bool) -> None:
        chunks = aiter(self._export)
        head = bytearray()
        ended = False
        while not ended and len(head) < _HEAD:
            chunk = await anext(chunks, None)
            ended = chunk is None
            head += chunk or b""
        if ended:
            self._complete(len(head))
        trailers = trailers and not ended
        if trailers:
            self.headers["trailer"] = "Prosa-SHA256"
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
                **({"trailers": True} if trailers else {}),
            }
        )
        await send({"type": "http.response.body", "body": bytes(head), "more_body": not ended})
        if not ended:
            async for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        if trailers:
            digest = (self._export.sha256 or "").encode()
            await send({"type": TRAILERS, "headers": [(b"prosa-sha256", digest)], "more_trailers": False})
        self._delivered()

    def _complete(self, size: int) -> None:
        self.headers["content-length"] = str(size)
        if self._export.sha256 is not None:
            self.headers["prosa-sha256"] = self._export.sha256
