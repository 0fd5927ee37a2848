"""From SVG to PNG and PDF by Typst, with the shipped fonts alone; where a picture comes from is kept inside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import resources
from typing import Any

import typst

from prosa.charts.images.page import Drawn, chunk
from prosa.charts.images.protocol import Request

_FONTS = resources.files(__package__).joinpath("fonts")
_DOCUMENT = b"""
#let of(name) = sys.inputs.at(name)
#set page(width: eval(of("width")), height: eval(of("height")), margin: 0pt, fill: none)
#set document(title: of("title"), description: of("about"), date: none)
#image(bytes(of("svg")), format: "svg", width: 100%, height: 100%)
"""
_POINTS_PER_PIXEL = 0.75
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BOX = "□"
_HEADER_END = 33
"""A PNG's signature and its first chunk, IHDR."""


def printed(drawn: Drawn, request: Request) -> bytes:
    """The picture in the format that was asked for. RuntimeError where the SVG can't be drawn."""
    if request.format == "svg":
        return _described(drawn.svg, request, drawn.signs).encode()
    # Behind a sign that no font has Typst would find no other font for the rest of the line either.
    svg = drawn.svg.translate(dict.fromkeys(map(ord, drawn.missing), _BOX))
    if request.format == "pdf":
        return _compiled(svg, request, _POINTS_PER_PIXEL, format="pdf")
    return _labelled(_compiled(svg, request, 1, format="png", ppi=72 * request.scale), request)


def _compiled(svg: str, request: Request, points: float, **options: Any) -> bytes:
    inputs = {
        "svg": svg,
        "width": f"{request.width * points}pt",
        "height": f"{request.height * points}pt",
        "title": request.title,
        "about": request.about,
    }
    places: dict[str, Any] = {"root": str(_FONTS), "font_paths": _fonts(), "ignore_system_fonts": True}
    made: bytes = typst.compile(_DOCUMENT, sys_inputs=inputs, timestamp=0, **places, **options)
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)])


def _described(svg: str, request: Request, signs: Mapping[str, str]) -> str:
    """Title, metadata (https://www.w3.org/TR/SVG2/struct.html#MetadataElement) and fonts as the first children."""
    from prosa.charts.images.embedding import style

    texts = (("title", request.title), ("metadata", request.about))
    inside = "".join(f"<{name}>{escape(_FORBIDDEN.sub('�', text))}</{name}>" for name, text in texts if text)
    start = svg.index(">") + 1
    return svg[:start] + inside + style(signs) + svg[start:]


def _labelled(png: bytes, request: Request) -> bytes:
    """With text chunks behind the header: https://www.w3.org/TR/png-3/#11textinfo"""
    labels = (("Title", request.title), ("Description", request.about))
    chunks = b"".join(_text(name, text) for name, text in labels if text)
    return png[:_HEADER_END] + chunks + png[_HEADER_END:]


def _text(name: str, text: str) -> bytes:
    """tEXt is Latin-1; what is not goes into iTXt, which is UTF-8."""
    clean = text.replace("\0", "�")
    try:
        return chunk(b"tEXt", name.encode("ascii") + b"\0" + clean.encode("latin-1"))
    except UnicodeEncodeError:
        return chunk(b"iTXt", name.encode("ascii") + b"\0\0\0\0\0" + clean.encode("utf-8", "replace"))
