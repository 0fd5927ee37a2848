"""The bytes of some SVGs: they change with plotly.js, the fonts or the page, and then somebody looks at them."""

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
async def test_the_bytes_are_the_golden_ones(pictures, name):
    picture = await pictures.draw(FIGURES[name], "svg", 400, 300, locale="pt-BR", about={"run": "r"})
    assert picture.data == (GOLDEN / f"{name}.svg").read_bytes()
