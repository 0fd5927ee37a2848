"""Arrow columns as plain cells, also those whose values Python's own types can't hold."""

from __future__ import annotations

from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.types as t

from prosa.results import Cell, plain

LONGEST_CELL = 10_000
CUT = "…"

_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


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
        return [_interval(value.as_py()) for value in column]
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
    return str(scalar.cast(pa.string()).as_py())


def _interval(value: Any) -> str | None:
    """Months, days and time apart, as DuckDB writes them: they don't convert into each other."""
    if value is None:
        return None
    years, months = divmod(abs(value.months), 12)
    sign = -1 if value.months < 0 else 1
    parts = [
        f"{sign * amount} {word}{'' if amount == 1 else 's'}"
        for amount, word in ((years, "year"), (months, "month"))
        if amount
    ]
    if value.days:
        parts.append(f"{value.days} day{'' if abs(value.days) == 1 else 's'}")
    if value.nanoseconds or not parts:
        parts.append(_clock(value.nanoseconds))
    return " ".join(parts)


def _clock(nanoseconds: int) -> str:
    seconds, rest = divmod(abs(nanoseconds), _UNITS["ns"])
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{'-' if nanoseconds < 0 else ''}{hours:02d}:{minute:02d}:{second:02d}{fraction}"


def _cut(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return cell if len(cell) <= LONGEST_CELL else cell[:LONGEST_CELL] + CUT
    if isinstance(cell, dict | list):
        text = msgspec.json.encode(cell)
        return cell if len(text) <= LONGEST_CELL else text[:LONGEST_CELL].decode("utf-8", "ignore") + CUT
    return cell
