"""`prosa.asgi`: the whole server as an ASGI application, alone or mounted in somebody else's."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from fastapi import FastAPI, Request
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from prosa import __version__
from prosa.app import Desk, summaries
from prosa.app.locations import Source, named
from prosa.config import Settings
from prosa.errors import ProsaError
from prosa.question import Answerer
from prosa.server import openapi, problems
from prosa.server.auth import Identity, Resolver, StatedIdentity, identity_of
from prosa.server.edge import Edge, Hosts
from prosa.server.problems import locale_of, respond, route_path
from prosa.server.routes import (
    ag_ui,
    ai_sdk,
    bundles,
    charts,
    chat,
    chat_completions,
    conversations,
    document_chat,
    documents,
    health,
    pages,
    pins,
    pipeline,
    results,
    runs,
    sources,
    stream_check,
)
from prosa.server.state import ServerState
from prosa.server.traceparent import TraceParent

logger = logging.getLogger(__name__)

_ALIVE = "/healthz"
_TOPICS = (
    chat, runs, pipeline, chat_completions, ai_sdk, ag_ui, document_chat,
    conversations, results, charts, sources, documents, health, pages, bundles, pins, stream_check,
)  # fmt: skip
"""In this order routes are tried, so those that take questions come first."""
_MCP_HEADERS = ("Mcp-Session-Id", "Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name")
_EXPOSED = (
    "Content-Disposition",
    "Location",
    "Retry-After",
    "Prosa-Run",
    "Prosa-Rows",
    "Prosa-Complete",
    "Prosa-Snapshot",
    "Prosa-SHA256",
)


def asgi(
    sources: Source = (),
    *,
    principal: Resolver | None = None,
    settings: Settings | None = None,
    answerer: Answerer | None = None,
) -> Application:
    """The server over these sources (as `prosa.ask` takes them), to be served or mounted under any prefix.

    `principal` tells who sends a request (a function of the Starlette request, plain or async, that returns a
    `Principal`, or None for nobody). Without it the settings' users, token or trusted proxies do. `answerer` replaces
    the analyst, and then there need be no sources. UsageError, SourceError, ConfigError.
    """
    chosen = settings or Settings()
    identity = identity_of(chosen, principal, chosen.token)
    guarded = chosen.allowed_hosts or isinstance(identity, StatedIdentity)
    hosts = Hosts(chosen.host, chosen.allowed_hosts) if guarded else None
    frames = Path(tempfile.mkdtemp(prefix="prosa-"))
    remove = partial(shutil.rmtree, frames, ignore_errors=True)
    try:
        pairs = named(sources, frames, needed=answerer is None)
    except ProsaError:
        remove()
        raise
    app = Application(lambda: Desk(chosen, pairs, answerer=answerer, keep=True), chosen, identity, hosts=hosts)
    weakref.finalize(app, remove)
    return app


class Application:
    """The ASGI application. It starts with the lifespan or, where a host application does not pass that on, with the
    first request, in that request's event loop."""

    def __init__(
        self,
        make_desk: Callable[[], Desk],
        settings: Settings,
        identity: Identity,
        *,
        hosts: Hosts | None = None,
        examples: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> None:
        self._make_desk = make_desk
        self._state = ServerState(settings, identity, examples)
        self._app: ASGIApp = Edge(_routes(self._state), settings, hosts)
        if settings.tracing != "off":
            self._app = TraceParent(self._app)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._starting = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] == "http" and route_path(scope) != _ALIVE:
            try:
                await self.start()
            except ProsaError as error:
                logger.error("the server can't start: %s", error.code, exc_info=error)
                await respond(error, locale_of(Request(scope)), route_path(scope))(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def start(self) -> None:
        """Opens everything where it is not open yet in this event loop. StorageError, SourceError."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._starting, self._state.desk = loop, asyncio.Lock(), None
        if self._state.desk is not None:
            return
        async with self._starting:
            if self._state.desk is None:
                desk = await self._make_desk().__aenter__()
                await summaries.find_again(desk, self._state.uploads)
                self._state.opened(desk)

    def warm(self) -> None:
        """Loads in the background what a question to the model needs, once nobody waits for the start any more."""
        if self._state.desk is not None and self._state.desk.model is not None:
            self._state.desk.model.warm()

    async def stop_runs(self) -> None:
        """Ends every run as `server_restarted`, and with them every stream; native ones are to be resumed later."""
        await self._state.mcp.stop()
        if self._state.desk is not None:
            await self._state.desk.runs.aclose()

    async def stop(self) -> None:
        """Closes everything."""
        await self._state.mcp.stop()
        desk, self._state.desk = self._state.desk, None
        if desk is not None:
            await desk.__aexit__(None, None, None)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except ProsaError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        self.warm()
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})


def _routes(state: ServerState) -> FastAPI:
    settings = state.settings
    app = FastAPI(
        title="Prosa",
        version=__version__,
        description="Ask your data a question in plain words; watch it work; get an answer that you can check.",
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False},
        middleware=_cross_origin(settings),
    )
    app.state.prosa = state
    problems.install(app, max_body=settings.max_body, refused=state.metrics.errors.add)
    openapi.install(app)
    for topic in _TOPICS:
        app.include_router(topic.router)
    app.router.routes.append(Route("/mcp", state.mcp))
    app.mount("/static", StaticFiles(packages=[("prosa.server", "static")]), name="static")
    return app


def _cross_origin(settings: Settings) -> list[Middleware]:
    """Pages of allowed origins may call us with a bearer token; our cookie is never sent along with theirs."""
    if not settings.allowed_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", *_MCP_HEADERS],
            expose_headers=[*_EXPOSED, "Mcp-Session-Id"],
        )
    ]
