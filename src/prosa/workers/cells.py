"""Arrow columns as plain cells, also those whose values Python's own types can't hold."""

from __future__ import annotations

import msgspec
import pyarrow as pa
import pyarrow.types as t

from prosa.exports.texts import values
from prosa.results import Cell, plain

LONGEST_CELL = 10_000
CUT = "…"


def cells(column: pa.Array | pa.ChunkedArray) -> list[Cell]:
    """Every value of a column as a JSON value; text and nested values of more than 10,000 characters are cut."""
    if t.is_timestamp(column.type) and column.type.unit == "ns":
        # Python's own moments end at the microsecond.
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    found = [plain(value) for value in values(column)]
    return found if t.is_integer(column.type) or t.is_boolean(column.type) else [_cut(cell) for cell in found]


def _cut(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return cell if len(cell) <= LONGEST_CELL else cell[:LONGEST_CELL] + CUT
    if isinstance(cell, dict | list):
        text = msgspec.json.encode(cell)
        return cell if len(text) <= LONGEST_CELL else text[:LONGEST_CELL].decode("utf-8", "ignore") + CUT
    return cell
