"""`Sessions`: browsers that have signed in, and the one-time link by which the first one does. In memory only."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from hashlib import sha256

import msgspec

from prosa.identity import Principal

SECONDS = 7 * 86_400.0
_MOST = 10_000


def digest(secret: str) -> str:
    """SHA-256 in hexadecimal: the only form in which a secret is compared or kept."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


class Sessions:
    """Cookie values and whom they stand for; a session ends a week after its last use, or with the server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[str, tuple[Principal, float]] = {}

    def start(self, principal: Principal) -> str:
        """A new session; the value for its cookie."""
        value = secrets.token_urlsafe(32)
        key = digest(value)
        if len(self._open) >= _MOST:
            del self._open[next(iter(self._open))]
        self._open[key] = (msgspec.structs.replace(principal, session=key[:16]), self._clock() + SECONDS)
        return value

    def find(self, value: str) -> Principal | None:
        """Whom a cookie stands for."""
        key = digest(value)
        principal, until = self._open.pop(key, (None, 0.0))
        if principal is None or until <= self._clock():
            return None
        self._open[key] = (principal, self._clock() + SECONDS)  # the last used stands last
        return principal

    def end(self, value: str) -> None:
        """Ends the session of a cookie, where there is one."""
        self._open.pop(digest(value), None)


class OneTimeLink:
    """The token of the link that the server prints at its start: good for one browser."""

    def __init__(self, token: str) -> None:
        self._digest = digest(token)
        self._used = False

    def use(self, token: str) -> bool:
        """Whether the token is right and new; it is used up then."""
        right = hmac.compare_digest(digest(token), self._digest)
        fresh, self._used = right and not self._used, self._used or right
        return fresh
