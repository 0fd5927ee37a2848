"""Who is asking: bearer tokens, session cookies, a trusted proxy, or the host application's own resolver.

Secrets are kept and compared as digests, in constant time, and never logged.
"""

from __future__ import annotations

import hmac
import inspect
import ipaddress
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Protocol

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.responses import Response

from prosa.config import Settings, User
from prosa.errors import AccessError, ConfigError
from prosa.identity import LOCAL, Principal
from prosa.server.sessions import OneTimeLink, Sessions, digest

Resolver = Callable[[Request], Principal | Awaitable[Principal | None] | None]

_NAME_LENGTH = 200


class Identity(Protocol):
    """Tells who sends a request."""

    async def principal(self, request: Request) -> Principal:
        """AccessError `not_signed_in`."""


class HostIdentity:
    """The application that mounts us knows its users."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    async def principal(self, request: Request) -> Principal:
        found = self._resolver(request)
        principal = await found if inspect.isawaitable(found) else found
        if principal is None:
            raise AccessError("not_signed_in")
        return principal


class StatedIdentity:
    """Without sign-in (`--no-auth`): whoever reaches the server is whom they say they are."""

    async def principal(self, request: Request) -> Principal:
        stated = request.headers.get("x-user-id") or request.query_params.get("user_id")
        return Principal(stated[:_NAME_LENGTH]) if stated else LOCAL


def speaking(identity: Identity, caller: Principal, *stated: str | None) -> Principal:
    """Who speaks in a body that may state a user. Only where nobody signs in does a body make somebody another; the
    first name counts."""
    named = next((name for name in stated if name), None)
    return Principal(named[:_NAME_LENGTH]) if named and isinstance(identity, StatedIdentity) else caller


class OwnIdentity:
    """Tokens, sessions and trusted proxies, as the settings say."""

    def __init__(self, users: Sequence[User], token: str, proxies: Sequence[str]) -> None:
        self._users = [(user.token_sha256, Principal(user.name, frozenset(user.groups))) for user in users]
        self._proxies = [ipaddress.ip_network(network, strict=False) for network in proxies]
        self.sessions = Sessions()
        self.link = OneTimeLink(token) if token else None
        if token:
            self._users.append((digest(token), LOCAL))

    async def principal(self, request: Request) -> Principal:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.by_token(token.strip())
        cookie = request.cookies.get(cookie_name(request))
        found = self.sessions.find(cookie) if cookie else None
        found = found or self._by_proxy(request)
        if found is None:
            raise AccessError("not_signed_in")
        return found

    def by_token(self, token: str) -> Principal:
        """AccessError `not_signed_in`. Every digest is compared, whichever matches."""
        given = digest(token)
        # No early end: how long this takes must not tell which token is nearly right.
        found = [principal for known, principal in self._users if hmac.compare_digest(known, given)]
        if not found:
            raise AccessError("not_signed_in")
        return found[0]

    def _by_proxy(self, request: Request) -> Principal | None:
        user = request.headers.get("x-user-id", "").strip()
        if not user or not self._proxies or not self._trusted(request):
            return None
        groups = request.headers.get("x-groups", "").split(",")
        return Principal(user[:_NAME_LENGTH], frozenset(group.strip() for group in groups if group.strip()))

    def _trusted(self, request: Request) -> bool:
        """Looks at the socket's peer alone: forwarding headers prove nothing."""
        try:
            peer = ipaddress.ip_address(request.client.host if request.client else "")
        except ValueError:
            return False
        return any(peer in network for network in self._proxies)


def cookie_name(request: Request) -> str:
    """With the port, since browsers share cookies among the ports of one host."""
    server = request.scope.get("server") or ("", 0)
    return f"prosa_session_{server[1] or 0}"


def sign_in(request: Request, response: Response, identity: OwnIdentity, principal: Principal) -> None:
    """Starts a session and puts its cookie on the response."""
    response.set_cookie(
        cookie_name(request),
        identity.sessions.start(principal),
        path=request.scope.get("root_path") or "/",  # under a prefix, other applications don't get it
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def start_token(settings: Settings) -> str:
    """The settings' token; a new one where they name nobody who may sign in."""
    known = settings.token or settings.users or settings.trusted_proxy
    return settings.token if known or not settings.auth else secrets.token_urlsafe(32)


def identity_of(settings: Settings, resolver: Resolver | None, token: str) -> Identity:
    """ConfigError `identity` where nobody could ever sign in."""
    if resolver is not None:
        return HostIdentity(resolver)
    if not settings.auth:
        return StatedIdentity()
    if not (token or settings.users or settings.trusted_proxy):
        raise ConfigError("identity")
    return OwnIdentity(settings.users, token, settings.trusted_proxy)


_bearer = HTTPBearer(auto_error=False, description="A token of the settings, or the one of the start-up link.")
"""For the OpenAPI document; who is asking, `Identity` decides."""


async def _caller(request: Request, _: Annotated[object, Security(_bearer)]) -> Principal:
    identity: Identity = request.app.state.prosa.identity
    return await identity.principal(request)


Caller = Annotated[Principal, Depends(_caller)]
"""A route's first argument: whoever sent the request. Without one the route is not reached."""
