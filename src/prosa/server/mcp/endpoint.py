"""`McpEndpoint`: the protocol over streamable HTTP, in the same server and for the same people as everything else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from prosa.errors import ProsaError, RequestError
from prosa.identity import Principal
from prosa.server.problems import locale_of, respond

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from prosa.server.state import ServerState

_PRINCIPAL = "prosa.principal"


class McpEndpoint:
    """An ASGI application. The SDK is imported, and its sessions begin, with the first request; `stop` ends them."""

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self._starting = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._manager: StreamableHTTPSessionManager | None = None
        self._sessions: asyncio.Task[None] | None = None
        self._over = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            principal = await self._state.identity.principal(request)
            manager = await self._running()
        except ProsaError as error:
            self._state.metrics.errors.add(error.code)
            await respond(error, locale_of(request), "/mcp")(scope, receive, send)
            return
        scope[_PRINCIPAL] = principal
        scope["user"] = _user(principal)
        await manager.handle_request(scope, receive, send)

    async def stop(self) -> None:
        """Ends all sessions, and with them their streams."""
        sessions, self._sessions, self._manager = self._sessions, None, None
        self._over.set()
        if sessions is not None and self._loop is asyncio.get_running_loop():
            await sessions

    async def _running(self) -> StreamableHTTPSessionManager:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._starting, self._manager, self._sessions = loop, asyncio.Lock(), None, None
        async with self._starting:
            if self._manager is None:
                manager: StreamableHTTPSessionManager = await asyncio.to_thread(self._made)
                self._over, begun = asyncio.Event(), asyncio.Event()
                # A task of our own: the SDK's task group must end in the task in which it began.
                self._sessions = asyncio.create_task(_serve(manager, begun, self._over), name="prosa-mcp")
                await begun.wait()
                self._manager = manager
            return self._manager

    def _made(self) -> Any:
        try:
            from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

            from prosa.server.mcp.service import Service
        except ModuleNotFoundError as error:
            raise RequestError("extra_missing", extra="mcp") from error
        state = self._state

        def desk() -> Any:
            assert state.desk is not None, "the application starts the desk before any route"
            return state.desk

        service = Service(desk, lambda ctx: ctx.request.scope[_PRINCIPAL])
        # Hosts, origins and the size of bodies are checked at the edge, for every address alike.
        return StreamableHTTPSessionManager(service.server, max_request_body_size=state.settings.max_body + 1)


async def _serve(manager: StreamableHTTPSessionManager, begun: asyncio.Event, over: asyncio.Event) -> None:
    async with manager.run():
        begun.set()
        await over.wait()


def _user(principal: Principal) -> Any:
    """The person as the SDK knows people, so that a session is only ever used by whoever began it."""
    from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
    from mcp.server.auth.provider import AccessToken

    return AuthenticatedUser(AccessToken(token="", client_id=principal.user, scopes=[]))
