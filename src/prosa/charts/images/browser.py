"""What only a browser draws (3-D, maps, WebGL without a twin), by kaleido where it and a Chromium are there."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from importlib.util import find_spec

from prosa.charts.images.protocol import Request
from prosa.charts.reading import Figure
from prosa.errors import FigureError

log = logging.getLogger(__name__)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def svg(figure: Figure, request: Request, unable: tuple[str, ...]) -> bytes:
    """The figure as a browser draws it. FigureError `picture_trace` with the trace types where there is none."""
    found = path()
    if found is None or find_spec("kaleido") is None:
        raise FigureError("picture_trace", types=", ".join(unable))
    try:
        return asyncio.run(_drawn(figure, request, found))
    except Exception as error:  # kaleido and its browser fail in many ways; for a person all of them are one
        log.warning("kaleido could not draw: %s", error)
        raise FigureError("picture_trace", types=", ".join(unable)) from error


def path() -> str | None:
    """A Chromium: BROWSER_PATH, as kaleido's users set it, or one on the PATH."""
    named = os.environ.get("BROWSER_PATH")
    return named if named and os.path.exists(named) else next(filter(None, map(shutil.which, NAMES)), None)


async def _drawn(figure: Figure, request: Request, browser: str) -> bytes:
    import kaleido

    options = {"format": "svg", "width": request.width, "height": request.height, "scale": 1}
    content = {"data": list(figure.data), "layout": figure.layout}
    async with asyncio.timeout(request.seconds):
        async with kaleido.Kaleido(n=1, path=browser) as drawing:
            made = await drawing.calc_fig(content, opts=options)
    return bytes(made)
