"""The scripts of the page: our own bundle, and plotly.js from the installed Plotly package, so that its version always
fits the figures. Each is packed once."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Callable
from importlib import metadata, resources

from starlette.responses import RedirectResponse, Response

BUNDLE = "prosa-chat.js"
PLOTLY = "plotly.min.js"
_FOREVER = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
"""Kept by browsers, but asked for again: the bundle's address stays the same when Prosa is upgraded."""


class Script:
    """A script and its packed form; neither is read before somebody asks for it."""

    def __init__(self, read: Callable[[], bytes], level: int) -> None:
        self._read, self._level = read, level
        self._packed: asyncio.Task[tuple[bytes, str]] | None = None

    async def respond(self, cache: str, *, accepted: str, known: str = "") -> Response:
        """The script, packed where the reader's `Accept-Encoding` takes gzip; 304 where `If-None-Match` knows it."""
        packed = "gzip" in accepted
        data, digest = await asyncio.shield(self.packing())
        tag = f'"{digest}{"-gzip" if packed else ""}"'
        headers = {"cache-control": cache, "vary": "accept-encoding", "etag": tag}
        if tag in (one.strip().removeprefix("W/") for one in known.split(",")):
            return Response(status_code=304, headers=headers)
        if packed:
            return Response(data, headers={**headers, "content-encoding": "gzip"}, media_type="text/javascript")
        return Response(await asyncio.to_thread(self._read), headers=headers, media_type="text/javascript")

    def packing(self) -> asyncio.Task[tuple[bytes, str]]:
        """The packed form and the digest of the plain one, as soon as they are there; this begins it."""
        if self._packed is None or self._packed.get_loop() is not asyncio.get_running_loop():
            self._packed = asyncio.create_task(asyncio.to_thread(self._pack))
        return self._packed

    def _pack(self) -> tuple[bytes, str]:
        plain = self._read()
        return gzip.compress(plain, self._level, mtime=0), hashlib.sha256(plain).hexdigest()[:32]


class Scripts:
    """Both of them."""

    def __init__(self) -> None:
        self._bundle = Script(lambda: resources.files("prosa.server").joinpath("static", BUNDLE).read_bytes(), 9)
        self._plotly = Script(lambda: resources.files("plotly").joinpath("package_data", PLOTLY).read_bytes(), 6)

    def make_ready(self) -> None:
        """Packs what the first page will ask for, so that it does not wait for it."""
        self._bundle.packing()

    async def bundle(self, *, accepted: str, known: str) -> Response:
        """The page's own script."""
        return await self._bundle.respond(_ASK_FIRST, accepted=accepted, known=known)

    async def plotly(self, version: str, *, accepted: str) -> Response:
        """plotly.js under an address with its version, which never changes; or the way to its present address."""
        current = metadata.version("plotly")
        if version != current:
            return RedirectResponse(f"{PLOTLY}?v={current}", 302, {"cache-control": _ASK_FIRST})
        return await self._plotly.respond(_FOREVER, accepted=accepted)
