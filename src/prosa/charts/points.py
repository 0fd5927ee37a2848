"""The data behind each trace type of Plotly, as columns: one row for each point. Layout and looks are left out."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from itertools import zip_longest
from typing import Any

from prosa.charts.reading import Trace, kind, words
from prosa.results import Cell

Columns = dict[str, list[Cell]]

LEVELS = " / "
"""Between the parts of one label of a multi-level axis."""


def points(trace: Trace) -> Columns:
    """A trace's columns, all of one length."""
    columns = _KINDS.get(kind(trace), everything)(trace)
    return _even({name: cells for name, cells in columns.items() if cells})


def cartesian(trace: Trace) -> Columns:
    """Points of x and y, with sizes, texts and error bars where they vary. A missing side counts from x0 by dx."""
    x, y = _axis(trace, "x"), _axis(trace, "y")
    if y and not x:
        x = _counted(trace, "x", len(y))
    if x and not y:
        y = _counted(trace, "y", len(x))
    return {"x": x, "y": y, **_varying(trace)}


def samples(trace: Trace) -> Columns:
    """Values that Plotly counts or summarises itself: the raw ones."""
    return {"x": _axis(trace, "x"), "y": _axis(trace, "y"), **_varying(trace)}


def boxes(trace: Trace) -> Columns:
    """Raw samples, or the figures of boxes that were computed before."""
    if not _list(trace.get("q1")):
        return samples(trace)
    figures = ("lowerfence", "q1", "median", "q3", "upperfence", "mean", "sd", "notchspan")
    return {"x": _axis(trace, "x"), "y": _axis(trace, "y"), **_plucked(trace, *figures)}


def grid(trace: Trace) -> Columns:
    """Every cell of a matrix z with its x and y, or z along x and y where it is flat."""
    z = _list(trace.get("z"))
    if not any(isinstance(row, list) for row in z):
        return {"x": _axis(trace, "x"), "y": _axis(trace, "y"), "z": z}
    rows = [_list(row) for row in z]
    if trace.get("transpose") is True:
        rows = [list(row) for row in zip_longest(*rows)]
    across, down = max(map(len, rows), default=0), len(rows)
    x = _filled(_axis(trace, "x"), _counted(trace, "x", across))
    y = _filled(_axis(trace, "y"), _counted(trace, "y", down))
    cells = [(x[column], y[row], z) for row, line in enumerate(rows) for column, z in enumerate(line)]
    return _transposed(("x", "y", "z"), cells)


def parts(trace: Trace) -> Columns:
    """Labels and values; labels without values are counted once each, as Plotly does."""
    values = _list(trace.get("values"))
    labels = _list(trace.get("labels")) or _counted(trace, "label", len(values))
    return {"label": labels, "value": values or [1] * len(labels)}


def tree(trace: Trace) -> Columns:
    """Nodes with their parents."""
    labels = _list(trace.get("labels")) or _list(trace.get("ids"))
    found = {"id": _list(trace.get("ids")), "label": labels, "parent": _list(trace.get("parents"))}
    return {**found, "value": _list(trace.get("values"))}


def links(trace: Trace) -> Columns:
    """A Sankey's links, with the labels of the nodes that they join."""
    node, link = _dict(trace.get("node")), _dict(trace.get("link"))
    labels = _list(node.get("label"))

    def named(places: list[Cell]) -> list[Cell]:
        return [_labelled(labels, place) for place in places]

    columns = {"source": named(_list(link.get("source"))), "target": named(_list(link.get("target")))}
    return {**columns, "value": _list(link.get("value")), "label": _list(link.get("label"))}


def prices(trace: Trace) -> Columns:
    """Open, high, low and close at each x."""
    columns = _plucked(trace, "open", "high", "low", "close")
    length = max(map(len, columns.values()), default=0)
    return {"x": _axis(trace, "x") or _counted(trace, "x", length), **columns}


def cells(trace: Trace) -> Columns:
    """A table's own columns, under its own headings."""
    headings = [_heading(value) for value in _list(_dict(trace.get("header")).get("values"))]
    columns = [_list(column) for column in _list(_dict(trace.get("cells")).get("values"))]
    found: Columns = {}
    for place, column in enumerate(columns):
        name = headings[place] if place < len(headings) and headings[place] else f"column {place + 1}"
        found[free(name, found)] = column
    return found


def indicator(trace: Trace) -> Columns:
    """One number, with its title and what it is compared with."""
    columns: Columns = {"title": [words(trace.get("title")) or None], "value": [trace.get("value")]}
    if (reference := _dict(trace.get("delta")).get("reference")) is not None:
        columns["reference"] = [reference]
    return columns


def dimensions(trace: Trace) -> Columns:
    """The dimensions of parallel coordinates, parallel categories and scatter matrices."""
    found: Columns = {}
    for place, dimension in enumerate(_list(trace.get("dimensions"))):
        if isinstance(dimension, dict):
            name = words(dimension.get("label")) or f"dimension {place + 1}"
            found[free(name, found)] = _list(dimension.get("values"))
    return found


def along(*names: str) -> Callable[[Trace], Columns]:
    """Points given by arrays of these names."""

    def columns(trace: Trace) -> Columns:
        return {**_plucked(trace, *names), **_varying(trace)}

    return columns


def everything(trace: Trace) -> Columns:
    """What a trace type that is not known here holds: its arrays of plain values as long as the longest."""
    found = {name: _list(value) for name, value in trace.items() if _flat(value)}
    longest = max(map(len, found.values()), default=0)
    return {name: column for name, column in found.items() if len(column) == longest}


_PLACES = along("lat", "lon", "locations", "z")
_SPACE = along("x", "y", "z", "value", "u", "v", "w", "intensity")
_ROUND = along("r", "theta")

_KINDS: dict[str, Callable[[Trace], Columns]] = {
    "bar": cartesian, "scatter": cartesian, "scattergl": cartesian, "funnel": cartesian,
    "waterfall": lambda trace: {**cartesian(trace), **_plucked(trace, "measure")},
    "histogram": samples, "histogram2d": along("x", "y", "z"), "histogram2dcontour": along("x", "y", "z"),
    "box": boxes, "violin": samples,
    "heatmap": grid, "heatmapgl": grid, "contour": grid, "surface": grid, "image": grid, "contourcarpet": grid,
    "pie": parts, "funnelarea": parts, "treemap": tree, "sunburst": tree, "icicle": tree, "sankey": links,
    "candlestick": prices, "ohlc": prices, "table": cells, "indicator": indicator,
    "splom": dimensions, "parcoords": dimensions, "parcats": dimensions,
    "scatterpolar": _ROUND, "scatterpolargl": _ROUND, "barpolar": _ROUND, "scattersmith": along("real", "imag"),
    "scatterternary": along("a", "b", "c"), "scattercarpet": along("a", "b"), "carpet": along("a", "b", "x", "y"),
    "scattergeo": _PLACES, "scattermap": _PLACES, "scattermapbox": _PLACES, "choropleth": _PLACES,
    "choroplethmap": _PLACES, "choroplethmapbox": _PLACES, "densitymap": _PLACES, "densitymapbox": _PLACES,
    "scatter3d": _SPACE, "mesh3d": _SPACE, "cone": _SPACE, "streamtube": _SPACE, "isosurface": _SPACE,
    "volume": _SPACE, "quiver": _SPACE,
}  # fmt: skip


def free(name: str, taken: Container[str]) -> str:
    """The name or, where it is taken, with the first number behind it that is free."""
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def _axis(trace: Trace, name: str) -> list[Cell]:
    """A coordinate; the levels of a multi-level axis become one label."""
    found = _list(trace.get(name))
    if len(found) > 1 and all(isinstance(level, list) for level in found) and len({len(level) for level in found}) == 1:
        return [LEVELS.join("" if part is None else str(part) for part in parts) for parts in zip(*found, strict=True)]
    return found


def _varying(trace: Trace) -> Columns:
    marker = _dict(trace.get("marker"))
    found = {
        "text": _list(trace.get("text")) or _list(trace.get("hovertext")),
        "size": _list(marker.get("size")),
        "base": _list(trace.get("base")),
        "error_x": _list(_dict(trace.get("error_x")).get("array")),
        "error_y": _list(_dict(trace.get("error_y")).get("array")),
    }
    return {name: column for name, column in found.items() if _flat(column)}


def _counted(trace: Trace, name: str, length: int) -> list[Cell]:
    start, step = trace.get(f"{name}0", 0), trace.get(f"d{name}", 1)
    if not isinstance(start, int | float) or not isinstance(step, int | float):
        start, step = 0, 1
    return [start + place * step for place in range(length)]


def _plucked(trace: Trace, *names: str) -> Columns:
    return {name: _list(trace.get(name)) for name in names}


def _labelled(labels: list[Cell], place: Cell) -> Cell:
    known = isinstance(place, int) and 0 <= place < len(labels)
    return labels[place] if known else place


def _heading(value: Any) -> str:
    return LEVELS.join(filter(None, map(words, value))) if isinstance(value, list) else words(value)


def _filled(given: list[Cell], counted: list[Cell]) -> list[Cell]:
    """Given coordinates, and counted ones beyond their end."""
    return given + counted[len(given) :]


def _transposed(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Columns:
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=False)}


def _even(columns: Columns) -> Columns:
    """Columns as long as the longest; what a trace left out is None."""
    longest = max(map(len, columns.values()), default=0)
    return {name: column + [None] * (longest - len(column)) for name, column in columns.items()}


def _flat(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and not any(isinstance(cell, list | dict) for cell in value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
