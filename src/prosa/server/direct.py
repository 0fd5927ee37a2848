"""`Direct`, the class of routes that many ask at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from prosa.server.state import ServerState


class Direct(APIRoute):
    """A route of a function that takes the caller, the desk, the state and the request, and reads the body itself.
    FastAPI documents it by its signature, but does not resolve that anew for each request, which would cost as much as
    all else until the first frame."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Any]]:  # type: ignore[override]
        endpoint: Callable[..., Awaitable[Response]] = self.endpoint

        async def handle(request: Request) -> Response:
            state: ServerState = request.app.state.prosa
            caller = await state.identity.principal(request)
            return await endpoint(caller=caller, desk=state.open_desk, state=state, request=request)

        return handle
