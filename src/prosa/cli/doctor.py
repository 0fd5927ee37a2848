"""`prosa doctor`: whether the language model can be asked; `prosa doctor URL`: whether a server is reached, lets one
in, and streams. In words and with what to do.

Each check of a server is a function in `CHECKS`; those of the model stand in `model_checks`.
"""

from __future__ import annotations

import argparse
import http.client
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import SplitResult, urlsplit

from prosa.cli import given, model_checks
from prosa.cli.finding import Finding, tell
from prosa.cli.parser import Parser
from prosa.config import Settings
from prosa.errors import UsageError

SECONDS = 30.0
"""How long a server may stay silent."""

_FAILED = 4


class Server(NamedTuple):
    """The server that is looked at."""

    url: SplitResult
    token: str

    def path(self, place: str) -> str:
        """A place of ours under the prefix of the URL."""
        return f"{self.url.path.rstrip('/')}{place}"


Check: TypeAlias = Callable[[Server], Finding]


def add_arguments(parser: Parser) -> None:
    parser.places.add_argument("url", metavar="URL", nargs="?", help=parser.words("help_url"))
    parser.settings("--lang", "--token", "--model", "--model-url")


def run(arguments: argparse.Namespace) -> int:
    """0 where all is well, else 4. A check that fails ends the row, since the next ones build on it."""
    settings = given.settings(arguments)
    locale = settings.locale or arguments.spoken
    for found in _findings(arguments.url, settings):
        tell(found, locale)
        if not found.well:
            return _FAILED
    return 0


def _findings(url: str | None, settings: Settings) -> Iterable[Finding]:
    if url is not None:
        server = Server(_address(url), settings.token)
        return (_found(check, server) for check in CHECKS)
    if not settings.model:
        return [Finding(True, "model_none")]
    return (check(settings) for check in model_checks.CHECKS)


def _found(check: Check, server: Server) -> Finding:
    try:
        return check(server)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Finding(False, "cut", {"problem": _reason(error)})


def _reason(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__


def _address(text: str) -> SplitResult:
    try:
        url = urlsplit(text if "://" in text else f"http://{text}")
    except ValueError:
        raise UsageError("doctor_url", got=text) from None
    if url.scheme not in ("http", "https") or not url.hostname:
        raise UsageError("doctor_url", got=text)
    return url


def reached(server: Server) -> Finding:
    """Whether a server of ours answers there."""
    shown = server.url.geturl()
    try:
        with _asked(server, "GET", "/healthz") as reply:
            body = reply.read(1000)
    except (OSError, http.client.HTTPException) as error:
        return Finding(False, "unreachable", {"url": shown, "problem": _reason(error)})
    if reply.status != 200 or b'"status"' not in body:
        return Finding(False, "not_ours", {"url": shown, "status": reply.status})
    return Finding(True, "reached", {"url": shown})


def signed_in(server: Server) -> Finding:
    """Whether the token, or none, lets one in."""
    with _asked(server, "GET", "/api/sources") as reply:
        body = reply.read()
    if reply.status == 200:
        count = len(json.loads(body))
        return Finding(True, "signed_in", {"count": count, "n": count})
    if reply.status == 401:
        return Finding(False, "bad_token" if server.token else "no_token", {})
    return Finding(False, "refused", {"status": reply.status, "words": _detail(body)})


def streams(server: Server) -> Finding:
    """Whether frames come when they are sent: each is confirmed before the server sends the next."""
    # As browsers ask, so that whatever compresses shows itself.
    with _asked(server, "GET", "/api/stream-check", {"Accept-Encoding": "gzip, deflate, br"}) as reply:
        if reply.status != 200:
            return Finding(False, "refused", {"status": reply.status, "words": _detail(reply.read())})
        if reply.headers.get("content-encoding", "identity") != "identity":
            return Finding(False, "compressed", {"encoding": reply.headers["content-encoding"]})
        return _verdict(server, reply)


def _verdict(server: Server, reply: http.client.HTTPResponse) -> Finding:
    for frame in _frames(reply):
        if "streams" in frame:
            return Finding(frame["streams"], "streams" if frame["streams"] else "held", {})
        with _asked(server, "POST", f"/api/stream-check/{frame['check']}/{frame['step']}") as told:
            told.read()
    return Finding(False, "ended", {})


def _frames(reply: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    while line := reply.readline():
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


def _detail(body: bytes) -> str:
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body[:200].decode("utf-8", "replace").strip()


@contextmanager
def _asked(
    server: Server, method: str, place: str, headers: Mapping[str, str] = MappingProxyType({})
) -> Iterator[http.client.HTTPResponse]:
    """A request on a connection of its own. OSError, HTTPException."""
    kind = http.client.HTTPSConnection if server.url.scheme == "https" else http.client.HTTPConnection
    connection = kind(server.url.hostname or "", server.url.port, timeout=SECONDS)
    signed = {"Authorization": f"Bearer {server.token}"} if server.token else {}
    try:
        connection.request(method, server.path(place), headers={**headers, **signed})
        yield connection.getresponse()
    finally:
        connection.close()


CHECKS: tuple[Check, ...] = (reached, signed_in, streams)
