"""`Edge`, around every route: host and origin checks, the limit on bodies, the headers that keep browsers safe."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prosa.config import Settings
from prosa.errors import ProsaError, RequestError
from prosa.locales import negotiate
from prosa.server.connection import BODIES, Body
from prosa.server.problems import respond, route_path

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
UPLOADS = "/api/uploads"

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_ANY = ("0.0.0.0", "::", "")  # noqa: S104


class Hosts:
    """The names that the server answers to, against DNS rebinding: a foreign name that points here is refused. An
    address typed as digits can't be rebound, so a server that is open to the network takes those as they are."""

    def __init__(self, host: str, allowed: Iterable[str]) -> None:
        self._names = {name.lower() for name in (*_LOOPBACK, *allowed)}
        self._addresses = host in _ANY
        if self._addresses:
            self._names.add(socket.gethostname().lower())
        elif host:
            self._names.add(f"[{host}]" if ":" in host else host.lower())

    def allow(self, authority: str) -> bool:
        """Whether a `Host` header (name and maybe port) names this server."""
        name = _name(authority)
        if name in self._names or "*" in self._names:
            return True
        if any(known.startswith("*.") and name.endswith(known[1:]) for known in self._names):
            return True
        return self._addresses and _is_address(name)


def _name(authority: str) -> str:
    end = authority.find("]") + 1 if authority.startswith("[") else authority.rfind(":")
    return (authority[:end] if end > 0 else authority).lower().rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


class Edge:
    """The outermost ASGI layer. `hosts` is None where the application that mounts us answers for its names."""

    def __init__(self, app: ASGIApp, settings: Settings, hosts: Hosts | None) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = frozenset(origin.lower().rstrip("/") for origin in settings.allowed_origins)
        self._max_body, self._max_upload = settings.max_body, settings.max_upload
        self._policy = _policy(settings.allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._max_upload if route_path(scope) == UPLOADS else self._max_body

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._secure(MutableHeaders(raw=message["headers"]))
            await send(message)

        try:
            self._check(scope, headers, limit)
        except ProsaError as error:
            response = respond(error, negotiate(headers.get("accept-language")), route_path(scope))
            await response(scope, receive, secured)
            return
        bodies: list[Body] = []
        scope[BODIES] = bodies
        receive = _limited(receive, limit)
        await self._app(scope, receive, secured)
        for body in bodies:
            await body(scope, receive, send)

    def _check(self, scope: Scope, headers: Headers, limit: int) -> None:
        host = headers.get("host", "")
        if self._hosts is not None and not self._hosts.allow(host):
            raise RequestError("host_not_allowed", host=host[:100])
        if scope["method"] not in SAFE_METHODS:
            self._check_origin(headers, host)
        # Refused by its own word before a byte is read; who lies or says nothing is counted on the way.
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > limit:
            raise RequestError("body_too_large", limit=f"{limit / (1 << 20):g}")

    def _check_origin(self, headers: Headers, host: str) -> None:
        """A change of state comes from our own page, an allowed one, or from no page at all. What the browser itself
        says of the page's site counts more than a comparison of names, which a proxy may change."""
        origin, site = headers.get("origin", "").lower().rstrip("/"), headers.get("sec-fetch-site", "")
        if origin in self._origins:
            return
        own = site in ("same-origin", "none") if site else not origin or urlsplit(origin).netloc == host.lower()
        if not own:
            raise RequestError("origin_not_allowed", origin=origin[:100] or site)

    def _secure(self, headers: MutableHeaders) -> None:
        headers.setdefault("content-security-policy", self._policy)
        headers.setdefault("x-content-type-options", "nosniff")
        headers.setdefault("referrer-policy", "no-referrer")
        headers.setdefault("cross-origin-opener-policy", "same-origin")


def _policy(frames: Iterable[str]) -> str:
    """Plotly and its mode bar set styles in place, so styles may stand inline; scripts may not, nor come from afar."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            " ".join(("frame-ancestors 'self'", *frames)),
        )
    )


def _limited(receive: Receive, limit: int) -> Receive:
    """Counts a body that does not state its length, or lies about it."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise HTTPException(413)
        return message

    return counted
