"""The page in V8 on which plotly.js draws: no network, no files, no clock. JSON goes in, an SVG comes out."""

from __future__ import annotations

import base64
import gzip
import json
import re
import struct
import zlib
from importlib import resources
from typing import Any, NamedTuple

import msgspec
from py_mini_racer import JSEvalException, JSOOMException, JSTimeoutException, MiniRacer

from prosa.charts import maps

SCRIPTS = ("nodes", "selectors", "paths", "boxes", "text", "canvas", "writing", "window")
HEAP = 1 << 30
"""The most that V8 may take; the picture process ends beyond it."""
MOST_PIXELS = 4_000 * 4_000

_FILES = resources.files(__package__)
_CANVAS = re.compile(r"data:prosa/canvas,(\d+)")


class Drawn(NamedTuple):
    """An SVG, whether a trace left a mark in it, the signs that no shipped font has, and by face those that one has."""

    svg: str
    marks: bool = True
    missing: str = ""
    signs: dict[str, str] = {}  # noqa: RUF012 never changed


class Failed(Exception):
    """The figure could not be drawn; the text is plotly.js' own, for the log."""


class Unknown(Exception):
    """Plotly has no trace of these types, which are the text."""


class Exhausted(Exception):
    """Time or memory ran out; the page is of no more use. The argument is `time` or `memory`."""


class Page:
    """Loading it takes some tenths of a second; afterwards figures are drawn one at a time."""

    def __init__(self) -> None:
        self._engine = MiniRacer()
        self._engine.set_hard_memory_limit(HEAP)
        for script in scripts():
            self._engine.eval(script)
        self._outlines = False

    def load_outlines(self) -> None:
        """What maps are drawn on; 660 KB, so that only those wait for it."""
        if not self._outlines:
            for packed in maps.outlines():
                self._engine.eval(f"Object.assign(PlotlyGeoAssets.topojson, {gzip.decompress(packed).decode('utf-8')})")
        self._outlines = True

    def draw(self, figure: str, width: float, height: float, locale: str, seconds: float) -> Drawn:
        """The figure in CSS pixels. Failed, Exhausted."""
        size = {"width": width, "height": height}
        given = ",".join(map(json.dumps, (figure, size, locale, zlib.crc32(figure.encode()) or 1)))
        try:
            self._engine.eval(f"draw({given})", timeout_sec=seconds)
            answer = json.loads(str(self._engine.eval("finish()", timeout_sec=seconds)))
            if answer and "unknown" in answer:
                raise Unknown(", ".join(map(str, answer["unknown"])))
            if not answer or "error" in answer:
                raise Failed(answer["error"] if answer else "nothing was drawn")
            svg = _CANVAS.sub(lambda found: self._canvas(int(found[1])), answer["svg"])
            return Drawn(svg, answer["marks"], answer["missing"], answer["signs"])
        except JSTimeoutException as error:
            raise Exhausted("time") from error
        except JSOOMException as error:
            raise Exhausted("memory") from error
        except JSEvalException as error:
            raise Failed(str(error)) from error

    def clear(self) -> None:
        """Forgets the last figure, drawn or not."""
        self._engine.eval("clear()", timeout_sec=5)

    def _canvas(self, place: int) -> str:
        width, height = json.loads(str(self._engine.eval(f"JSON.stringify(sizeOf({place}))")))
        pixels: Any = self._engine.eval(f"canvases[{place}].pixels.buffer")
        return "data:image/png;base64," + base64.b64encode(_png(bytes(pixels), width, height)).decode("ascii")


def scripts() -> list[str]:
    """What the page is made of, in the order in which it is run: our part of the DOM, plotly.js, the drawing."""
    page = _FILES.joinpath("page")
    return [
        f"const MOST_PIXELS = {MOST_PIXELS}; const FACES = {_faces()}",
        *(page.joinpath(f"{name}.js").read_text("utf-8") for name in SCRIPTS),
        resources.files("plotly").joinpath("package_data/plotly.min.js").read_text("utf-8"),
        page.joinpath("drawing.js").read_text("utf-8"),
        f"Plotly.register({_portuguese()})",
    ]


def _png(pixels: bytes, width: int, height: int) -> bytes:
    """Pixels of red, green, blue and opacity as a PNG: https://www.w3.org/TR/png-3/"""
    line = width * 4
    rows = b"".join(b"\0" + pixels[start : start + line] for start in range(0, line * height, line))
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _faces() -> str:
    """Ascent, descent and advances by code point, in parts of an em."""
    found = msgspec.json.decode(_FILES.joinpath("fonts", "metrics.json").read_bytes())
    for face in found.values():
        runs = face.pop("runs")
        face["advances"] = {start + place: width / 1000 for start, row in runs for place, width in enumerate(row)}
    return json.dumps(found)


def _portuguese() -> str:
    """plotly's Brazilian dictionary, which is shipped for the interactive pages."""
    return resources.files("prosa.charts").joinpath("bundles", "pt-br.json").read_text("utf-8")
