"""Trailers (RFC 9112 7.1.2) for uvicorn's HTTP/1.1, by the ASGI extension `http.response.trailers`: what is only known
when the last byte was sent, like a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

TRAILERS = "http.response.trailers"


class WithTrailers:
    """The application of one request and response; a response that promised trailers ends with them, not before."""

    def __init__(self, app: ASGIApp, cycle: RequestResponseCycle) -> None:
        self._app, self._cycle = app, cycle
        self._promised = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def passing(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._promised = message.pop("trailers", False)
            if message["type"] == TRAILERS:
                await self._finish(message, send)
            elif self._promised and message["type"] == "http.response.body":
                await send({**message, "more_body": True})
            else:
                await send(message)

        await self._app(scope, receive, passing)

    async def _finish(self, message: Message, send: Send) -> None:
        cycle: Any = self._cycle
        if not cycle.disconnected and cycle.chunked_encoding and cycle.scope["method"] != "HEAD":
            fields = b"".join(b"%s: %s\r\n" % (name, value) for name, value in message["headers"])
            cycle.transport.write(b"0\r\n" + fields + b"\r\n")
            cycle.chunked_encoding, cycle.expected_content_length = False, 0  # the last chunk is written
        await send({"type": "http.response.body", "body": b"", "more_body": False})
