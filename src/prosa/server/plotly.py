"""plotly.js from the installed Plotly package, so that its version always fits the figures; compressed once."""

from __future__ import annotations

import asyncio
import gzip
from importlib import metadata, resources

from starlette.responses import RedirectResponse, Response

NAME = "plotly.min.js"
_FOREVER = "public, max-age=31536000, immutable"


class PlotlyScript:
    """The script under an address with its version, which never changes and is kept by browsers for good."""

    def __init__(self) -> None:
        self._packed: asyncio.Task[bytes] | None = None

    async def respond(self, version: str, *, packed: bool) -> Response:
        """The script, or the way to its present address; `packed`: the reader takes gzip."""
        current = metadata.version("plotly")
        if version != current:
            return RedirectResponse(f"{NAME}?v={current}", 302, {"cache-control": "no-cache"})
        headers = {"cache-control": _FOREVER, "vary": "accept-encoding"}
        if not packed:
            return Response(await asyncio.to_thread(_read), headers=headers, media_type="text/javascript")
        if self._packed is None or self._packed.get_loop() is not asyncio.get_running_loop():
            self._packed = asyncio.create_task(asyncio.to_thread(lambda: gzip.compress(_read(), 6, mtime=0)))
        data = await asyncio.shield(self._packed)
        return Response(data, headers={**headers, "content-encoding": "gzip"}, media_type="text/javascript")


def _read() -> bytes:
    return resources.files("plotly").joinpath("package_data", NAME).read_bytes()
