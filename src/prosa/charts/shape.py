"""What a result's columns are for a chart: time, category or measure. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from prosa.results import NUMERIC, Cell, Column, Result

Part = Literal["time", "category", "measure", "other"]

PERIODS: frozenset[str] = frozenset({"year", "quarter", "month", "week", "day"})
MOST_POINTS = 5000


class Shape(msgspec.Struct, frozen=True):
    """The places of a result's columns by what they are, and its rows (all of them, or the first where it is long)."""

    time: tuple[int, ...]
    categories: tuple[int, ...]
    measures: tuple[int, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    complete: bool

    def values(self, place: int) -> list[Cell]:
        """One column's cells."""
        return [row[place] for row in self.rows]

    def distinct(self, place: int) -> list[Cell]:
        """One column's different cells, in the order they come."""
        return list(dict.fromkeys(_hashable(cell) for cell in self.values(place)))


def shape(result: Result) -> Shape:
    """The shape of a result; up to 5,000 rows are decoded from its snapshot where the head is shorter."""
    places: dict[Part, list[int]] = {"time": [], "category": [], "measure": [], "other": []}
    for place, column in enumerate(result.columns):
        places[part(column)].append(place)
    rows: Sequence[Sequence[Cell]] = result.head
    if len(rows) < result.total <= MOST_POINTS and result.snapshot is not None:
        rows = _decoded(result.snapshot)
    return Shape(
        tuple(places["time"]),
        tuple(places["category"]),
        tuple(places["measure"]),
        result.columns,
        rows,
        len(rows) >= result.total and not result.truncated,
    )


def part(column: Column) -> Part:
    """What a column is: periods and dates are time, numbers are measures (identifiers are not), words categories."""
    if column.format in PERIODS or column.type in ("date", "timestamp"):
        return "time"
    if column.type in NUMERIC:
        return "other" if _is_key(column.name) else "measure"
    return "category" if column.type in ("text", "boolean") else "other"


def _is_key(name: str) -> bool:
    words = name.casefold().replace("_", " ").split()
    return bool(words) and words[-1] in ("id", "key", "code", "código", "codigo", "number", "nr", "no")


def _decoded(snapshot: bytes) -> Sequence[Sequence[Cell]]:
    import pyarrow as pa

    from prosa.results import plain

    table: Any = pa.ipc.open_stream(pa.py_buffer(snapshot)).read_all()
    return list(zip(*([plain(cell) for cell in column.to_pylist()] for column in table.columns), strict=True))


def _hashable(cell: Cell) -> Cell:
    return str(cell) if isinstance(cell, list | dict) else cell
