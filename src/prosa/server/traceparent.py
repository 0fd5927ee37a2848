"""`TraceParent`: what a request starts belongs to the trace that the request comes from."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


class TraceParent:
    """An ASGI layer that is only there while the setting `tracing` is on. A run's task takes a copy of the context in
    which it is started, and with it the caller's span."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        from prosa.app.tracing import caller

        with caller(Headers(scope=scope)):
            await self._app(scope, receive, send)
