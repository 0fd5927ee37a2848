"""The bytes of some pictures: they change with plotly.js, the fonts or the page, and then somebody looks at them.

The fonts inside an SVG are compressed by zlib, whose bytes may differ from machine to machine: only their rules are
compared. PNG and PDF are made by typst, and are compared where that has the version that made the golden files.
"""

import re
from importlib.metadata import version
from pathlib import Path

import pytest

pytestmark = pytest.mark.anyio

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "pictures"
TITLE = {"title": {"text": "Vendas por região <b>2026</b>"}}
FIGURES = {
    "bar": {"data": [{"type": "bar", "x": ["São Paulo", "Belém"], "y": [3, -1]}], "layout": TITLE},
    "line": {"data": [{"type": "scatter", "x": ["2026-01-01", "2026-02-01"], "y": [1, 2]}], "layout": TITLE},
    "pie": {"data": [{"type": "pie", "labels": ["a", "b"], "values": [3, 1]}], "layout": TITLE},
    "heatmap": {"data": [{"type": "heatmap", "z": [[1, 2], [3, 4]], "showscale": False}], "layout": TITLE},
    "table": {"data": [{"type": "table", "header": {"values": ["a"]}, "cells": {"values": [[1, 2]]}}], "layout": {}},
}


@pytest.mark.parametrize("name", FIGURES)
async def test_the_bytes_of_an_svg(pictures, name):
    picture = await pictures.draw(FIGURES[name], "svg", 400, 300, locale="pt-BR", about={"run": "r"})
    found = re.sub(rb"base64,[A-Za-z0-9+/=]+\)format", b"base64,)format", picture.data)
    assert found == (GOLDEN / f"{name}.svg").read_bytes()


@pytest.mark.parametrize("format", ["png", "pdf"])
async def test_the_bytes_of_what_typst_makes(pictures, format):
    if (GOLDEN / "typst.version").read_text().strip() != version("typst"):
        pytest.skip("the golden files are of another version of typst")
    picture = await pictures.draw(FIGURES["bar"], format, 400, 300, 1, locale="pt-BR", about={"run": "r"})
    assert picture.data == (GOLDEN / f"bar.{format}").read_bytes()
