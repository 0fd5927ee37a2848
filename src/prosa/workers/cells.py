"""Arrow columns as plain cells, also those whose values Python's own types can't hold."""

from __future__ import annotations

from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.types as t

from prosa.exports.texts import interval
from prosa.results import Cell, plain

LONGEST_CELL = 10_000
CUT = "…"


def cells(column: pa.Array | pa.ChunkedArray) -> list[Cell]:
    """Every value of a column as a JSON value; text and nested values of more than 10,000 characters are cut."""
    try:
        values = _python(column)
    except (OverflowError, ValueError, pa.ArrowException):
        values = [_single(value) for value in column]
    if t.is_integer(column.type) or t.is_boolean(column.type):
        return [plain(value) for value in values]
    return [_cut(plain(value)) for value in values]


def _python(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    if t.is_interval(column.type):
        return [interval(value.as_py()) for value in column]
    if t.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    found: list[Any] = column.to_pylist(maps_as_pydicts="lossy") if t.is_map(column.type) else column.to_pylist()
    return found


def _single(scalar: pa.Scalar) -> Any:
    """One value of a column in which some are out of Python's range: the infinite dates, and far years."""
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return _far(scalar)


def _far(scalar: pa.Scalar) -> Any:
    if not t.is_temporal(scalar.type):
        return str(scalar)
    steps = scalar.value
    bits = 31 if t.is_date32(scalar.type) else 63
    if abs(steps) == 2**bits - 1:
        return "infinity" if steps > 0 else "-infinity"
    return str(scalar.cast(pa.string()).as_py()).strip("<>").removeprefix("value ")


def _cut(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return cell if len(cell) <= LONGEST_CELL else cell[:LONGEST_CELL] + CUT
    if isinstance(cell, dict | list):
        text = msgspec.json.encode(cell)
        return cell if len(text) <= LONGEST_CELL else text[:LONGEST_CELL].decode("utf-8", "ignore") + CUT
    return cell
