"""What the page can draw: WebGL traces become their SVG twins; 3-D and maps are named, for they need a browser."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

import msgspec

from prosa import locales
from prosa.charts import figures, maps
from prosa.charts.reading import Figure, kind

TWINS = {"scattergl": "scatter", "scatterpolargl": "scatterpolar"}
"""The same picture without WebGL."""

NEEDS_BROWSER = frozenset(
    {
        "scatter3d", "surface", "mesh3d", "cone", "streamtube", "isosurface", "volume",
        "scattermap", "choroplethmap", "densitymap", "parcoords", "splom",
    }
)  # fmt: skip
"""WebGL with no twin."""


def undrawable(figure: Figure) -> tuple[str, ...]:
    """The trace types that only a browser can draw, in their order."""
    return tuple(name for name in figure.kinds if name in NEEDS_BROWSER)


def prepared(figure: Figure, locale: str) -> tuple[Figure, bool]:
    """The figure as the page draws it, and whether a mark must be seen. A figure without a point says so in words."""
    data = tuple({**trace, "type": TWINS[kind(trace)]} if kind(trace) in TWINS else trace for trace in figure.data)
    layout = {**maps.coarse(figure), "template": _template(figure.layout.get("template"))}
    seen = [trace for trace in data if trace.get("visible", True) is True]
    points = any(series.length for series in figures.series(Figure(tuple(seen), {}))) if seen else False
    if not points:
        layout["annotations"] = [*_listed(layout.get("annotations")), _nothing(locale)]
    return msgspec.structs.replace(figure, data=data, layout=layout), points


def _template(given: Any) -> Any:
    """A template by its name, as plotly's Python package ships it; plotly.js knows them only by their content."""
    if not isinstance(given, str):
        return given if isinstance(given, dict) else {}
    if not re.fullmatch(r"[a-z0-9_]+", given):
        return {}
    file = resources.files("plotly").joinpath("package_data", "templates", f"{given}.json")
    return msgspec.json.decode(file.read_bytes()) if file.is_file() else {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _nothing(locale: str) -> dict[str, Any]:
    return {
        "text": locales.text("charts.no_points", locale),
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "showarrow": False,
        "font": {"size": 16, "color": "#777777"},
    }
