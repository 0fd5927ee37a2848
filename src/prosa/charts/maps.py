"""What maps lie on. Outlines of countries are shipped, since plotly.js would fetch them from the network; tiles are a
server's, and maps on them are told of.

The outlines are plotly's own, at 1:110 million, made by `scripts/plotly_bundles.py`.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from prosa.charts.reading import Figure, kind

ON_OUTLINES = frozenset({"choropleth", "scattergeo"})
ON_TILES = frozenset({"choroplethmap", "densitymap", "scattermap"})

_FILES = resources.files(__package__).joinpath("bundles", "outlines")
_DETAIL = 110
_NO_TILES = "white-bg"


def outlines() -> list[bytes]:
    """Those of the world and of each part of it: the gzip of a JSON object of topologies by their names."""
    return [file.read_bytes() for file in sorted(_FILES.iterdir(), key=lambda file: file.name)]


def outlines_of(figure: Figure) -> list[bytes]:
    """Those that the figure's maps lie on."""
    files = {_file(_settings(figure, place)) for place in _places(figure, ON_OUTLINES, "geo", "geo")}
    return [_FILES.joinpath(name).read_bytes() for name in sorted(files)]


def coarse(figure: Figure) -> dict[str, Any]:
    """The figure's layout, in which no map asks for finer outlines than there are."""
    places = _places(figure, ON_OUTLINES, "geo", "geo")
    return {**figure.layout, **{place: {**_settings(figure, place), "resolution": _DETAIL} for place in places}}


def tiled(figure: Figure) -> tuple[str, ...]:
    """The types of the traces that lie on tiles, which only a server has."""
    return tuple(name for name in figure.kinds if name in ON_TILES and _needs_tiles(figure, name))


def _needs_tiles(figure: Figure, name: str) -> bool:
    styles = (_settings(figure, place).get("style") for place in _places(figure, frozenset({name}), "subplot", "map"))
    return any(style != _NO_TILES and not isinstance(style, dict) for style in styles)


def _places(figure: Figure, kinds: frozenset[str], named_by: str, usual: str) -> list[str]:
    """Where the layout describes the maps of such traces: `geo`, `geo2` …"""
    return sorted({str(trace.get(named_by) or usual) for trace in figure.data if kind(trace) in kinds})


def _settings(figure: Figure, place: str) -> dict[str, Any]:
    given = figure.layout.get(place)
    return given if isinstance(given, dict) else {}


def _file(settings: dict[str, Any]) -> str:
    projection = settings.get("projection")
    american = isinstance(projection, dict) and projection.get("type") == "albers usa"
    scope = "usa" if american else str(settings.get("scope")).replace(" ", "-")
    name = f"{scope}_{_DETAIL}m.json.gz"
    return name if name in {file.name for file in _FILES.iterdir()} else f"world_{_DETAIL}m.json.gz"
