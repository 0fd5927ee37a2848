"""`serve`: the application on a port of its own, by uvicorn, until somebody ends it. One process, on purpose."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import HANDLED_SIGNALS

from prosa.app import Desk
from prosa.config import Settings
from prosa.errors import ConfigError, UsageError
from prosa.server.asgi import Application
from prosa.server.auth import identity_of, start_token
from prosa.server.connection import ABORT
from prosa.server.edge import Hosts
from prosa.server.trailers import TRAILERS, WithTrailers

_BACKLOG = 2048
_LAST_WORDS_SECONDS = 5
_KEEP_ALIVE_SECONDS = 30

_SWITCH_SECONDS = 0.001
"""How long a thread that plans a question may keep the interpreter while the event loop waits for it."""

_YOUNG = 20_000
"""How many new objects the garbage collector waits for. Streams that wait hold some each, which are no garbage: at its
own 700 it would look at them again and again."""


def run(
    desk: Desk,
    *,
    on_ready: Callable[[str], None],
    examples: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> None:
    """`serve` in an event loop of its own: uvloop's, where the system has it."""

    def ready(link: str) -> None:
        tune()
        on_ready(link)

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(serve(desk, on_ready=ready, examples=examples))


def tune() -> None:
    """Sets the interpreter up for a process that does nothing but serve. What there is by now (modules, mostly) stays
    to the end, so the garbage collector need not stop everybody to look through it."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    gc.collect()
    gc.freeze()


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes the event loop of a server: uvloop; None, asyncio's own, on Windows."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


async def serve(
    desk: Desk,
    *,
    on_ready: Callable[[str], None],
    examples: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> None:
    """Serves a desk that is not open yet, as its settings say, until a signal to end. `on_ready` gets the link to open,
    when the port answers. ConfigError, UsageError `port_taken`, StorageError."""
    settings = desk.settings
    check_exposure(settings)
    token = start_token(settings)
    listener = bound(settings.host, settings.port)
    try:
        hosts = Hosts(settings.host, settings.allowed_hosts)
        app = Application(lambda: desk, settings, identity_of(settings, None, token), hosts=hosts, examples=examples)
        await app.start()
        try:
            await Server(app, lambda: on_ready(link(settings.host, listener, token))).serve([listener])
        finally:
            await app.stop()
    finally:
        listener.close()


class Server(uvicorn.Server):
    """uvicorn, with our way to begin and to end: streams are let go before the connections are waited for, and a
    signal ends the server alone, so that whoever called us can close the rest."""

    def __init__(self, app: Application, on_ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,  # a link's token stands in the address
            proxy_headers=False,  # who may speak for others is ours to check
            server_header=False,
            backlog=_BACKLOG,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_LAST_WORDS_SECONDS,
        )
        super().__init__(config)
        self._prosa, self._on_ready = app, on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()
        self._prosa.warm()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._prosa.stop_runs()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 that lets a response cut its connection: a reader who takes nothing would otherwise hold the last bytes
    and their socket for ever. A response may end with trailers."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: {"cut": self.transport.abort}, TRAILERS: {}}

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        with_trailers: Any = WithTrailers(app, cycle)
        super()._start_asgi_task(cycle, with_trailers)


def check_exposure(settings: Settings) -> None:
    """Beyond loopback only with a sign-in that somebody has chosen. ConfigError `exposed`."""
    known = settings.auth and (settings.token or settings.users or settings.trusted_proxy)
    if not known and not is_loopback(settings.host):
        raise ConfigError("exposed" if settings.auth else "exposed_open", host=settings.host)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that is bound to this host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bound(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any that is free. UsageError `port_taken` or `host_unknown`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise UsageError("host_unknown", host=host) from error
    listener = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_REUSEADDR") and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise UsageError("port_taken", host=host, port=port) from error
    return listener


def link(host: str, listener: socket.socket, token: str) -> str:
    """The address to open in a browser of this machine."""
    name = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    name = f"[{name}]" if ":" in name else name
    port = listener.getsockname()[1]
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")
