"""What only a browser draws (3-D, WebGL without a twin), by kaleido where it and a Chromium are there."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from importlib.util import find_spec

from prosa.charts import maps
from prosa.charts.images.protocol import Request
from prosa.charts.reading import Figure
from prosa.errors import FigureError

log = logging.getLogger(__name__)

POLICY = (
    "default-src 'none'; script-src file: 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; worker-src blob:"
)
_PIXELS = b"<image"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def svg(figure: Figure, request: Request, unable: tuple[str, ...]) -> bytes:
    """The figure as a browser draws it. FigureError `picture_trace` with the trace types where there is none,
    `chart_tiles` where a map's ground is the network's."""
    if tiled := maps.tiled(figure):
        raise FigureError("chart_tiles", types=", ".join(tiled))
    found = path()
    if found is None or find_spec("kaleido") is None:
        raise FigureError("picture_trace", types=", ".join(unable))
    try:
        made = asyncio.run(_drawn(figure, request, found))
        if _PIXELS not in made:
            raise ValueError("WebGL left no pixels")
    except Exception as error:  # kaleido and its browser fail in many ways; for a person all of them are one
        log.warning("kaleido could not draw: %s", error)
        raise FigureError("picture_trace", types=", ".join(unable)) from error
    return made


def path() -> str | None:
    """A Chromium: BROWSER_PATH, as kaleido's users set it, or one on the PATH."""
    named = os.environ.get("BROWSER_PATH")
    return named if named and os.path.exists(named) else next(filter(None, map(shutil.which, NAMES)), None)


class _Page:
    """kaleido's page, which may load nothing but its own scripts: neither an address nor a file that a figure names."""

    def __init__(self) -> None:
        from kaleido import PageGenerator

        self._page = PageGenerator(mathjax=False)

    def generate_index(self) -> str:
        """The page's HTML."""
        whole: str = self._page.generate_index()
        return whole.replace("<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">', 1)


async def _drawn(figure: Figure, request: Request, browser: str) -> bytes:
    import kaleido

    options = {"format": "svg", "width": request.width, "height": request.height, "scale": 1}
    content = {"data": list(figure.data), "layout": figure.layout}
    async with asyncio.timeout(request.seconds):
        async with kaleido.Kaleido(n=1, path=browser, page_generator=_Page()) as drawing:
            made = await drawing.calc_fig(content, opts=options)
    return bytes(made)
