"""A chart's data as XML 1.0: `<chart title type><series name type><point x y/>…`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

import msgspec

from prosa.charts.figures import Series, series
from prosa.charts.reading import read
from prosa.results import Cell, Provenance

MIXED = "mixed"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ATTRIBUTE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def write(figure: Any, provenance: Provenance | None = None) -> bytes:
    """Every point of every series. Missing values are left out; points whose columns have free names (tables, parallel
    coordinates) hold `<value name>`. FigureError as `reading.read`."""
    found = read(figure)
    drawn = series(found)
    type_ = found.kinds[0] if len(found.kinds) == 1 else MIXED
    body = "".join(part for one in drawn for part in _series(one))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<chart title="{_safe(found.title)}" type="{_safe(type_)}">\n{_origin(provenance)}{body}</chart>\n'
    ).encode()


def _origin(provenance: Provenance | None) -> str:
    if provenance is None:
        return ""
    facts = "".join(
        f"<{name}>{_safe(_word(value))}</{name}>" for name, value in msgspec.structs.asdict(provenance).items()
    )
    return f"<provenance>{facts}</provenance>\n"


def _series(one: Series) -> Iterator[str]:
    yield f'<series name="{_safe(one.name)}" type="{_safe(one.kind)}">\n'
    names = list(one.columns)
    point = _point if all(map(_ATTRIBUTE.fullmatch, names)) else _free_point
    for row in zip(*one.columns.values(), strict=True):
        yield point(names, row)
    yield "</series>\n"


def _point(names: list[str], row: tuple[Cell, ...]) -> str:
    given = zip(names, row, strict=True)
    attributes = "".join(f' {name}="{_safe(_word(cell))}"' for name, cell in given if cell is not None)
    return f"<point{attributes}/>\n"


def _free_point(names: list[str], row: tuple[Cell, ...]) -> str:
    given = zip(names, row, strict=True)
    values = (f'<value name="{_safe(name)}">{_safe(_word(cell))}</value>' for name, cell in given if cell is not None)
    return f"<point>{''.join(values)}</point>\n"


def _word(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return msgspec.json.encode(cell).decode("utf-8")


def _safe(text: str) -> str:
    """Text for an attribute or between tags; what XML forbids becomes U+FFFD."""
    clean = escape(_FORBIDDEN.sub("�", text))
    return clean.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")
