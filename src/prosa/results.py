"""A query's result as a value: columns, counts, the whole data or the recipe for it, and where it came from.

Nothing here runs a query. A result up to the snapshot cap holds its data as a compressed Arrow IPC stream; a larger
one is a recipe that a worker runs again.
"""

from __future__ import annotations

import base64
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

if TYPE_CHECKING:
    import pyarrow as pa

ColumnType = Literal[
    "integer", "decimal", "float", "text", "boolean", "date", "timestamp", "time", "interval", "blob", "list",
    "struct", "null",
]  # fmt: skip

NUMERIC: frozenset[str] = frozenset({"integer", "decimal", "float"})
TEMPORAL: frozenset[str] = frozenset({"date", "timestamp", "time"})

Cell: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, or a list or object of them. `plain` makes one from an engine's value."""


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """A result's column. `format` is a hint for people: `percent` means that 0.25 reads as 25 %; `year` and `id` are
    numbers that are never grouped; `month`, `quarter`, `week` and `day` are the grain of a period; `currency` a sum of
    money."""

    name: str
    type: ColumnType
    format: str = ""


class Stats(msgspec.Struct, frozen=True, omit_defaults=True):
    """Exact figures over all rows of one column; `nulls` counts its missing cells. For numbers also min, max, sum and
    mean, for dates and text only min and max, all as plain cells."""

    nulls: int = 0
    min: Cell = None
    max: Cell = None
    sum: Cell = None
    mean: float | None = None


class Recipe(msgspec.Struct, frozen=True):
    """How to get the rows again: the guarded text, its dialect, the sources it read and their fingerprint then, the
    tables it was granted, and how many of its rows the result has at most."""

    sql: str
    dialect: str
    sources: tuple[str, ...]
    fingerprint: str
    tables: tuple[str, ...] = ()
    row_limit: int | None = None


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is known of a result.

    `head` holds the first rows (1,000 at most) as plain cells; `total` counts every row of the query; `truncated` says
    that a limit cut the query itself (known exactly, by asking for one row more). `snapshot` is the whole result as an
    Arrow IPC stream (zstd), or None above the cap: then only the recipe can bring the rows.
    """

    id: str
    columns: tuple[Column, ...]
    head: tuple[tuple[Cell, ...], ...]
    total: int
    stats: tuple[Stats, ...]
    recipe: Recipe
    truncated: bool = False
    snapshot: bytes | None = None

    @property
    def held(self) -> bool:
        """Whether every row is here, so that nothing needs to run again."""
        return self.snapshot is not None


class Provenance(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a file or an answer comes from; written into every export. `at` is an ISO 8601 time with zone."""

    question: str
    sql: str
    source: str
    run_id: str
    at: str
    rows: int
    complete: bool = True
    held: bool = True
    version: str = ""


MAX_SAFE_INTEGER = 2**53 - 1
"""The largest integer a JSON reader in a browser keeps exact (ECMA-262, Number.MAX_SAFE_INTEGER)."""


def plain(value: Any) -> Cell:
    """An engine's value as JSON: numbers stay numbers while a browser keeps them exact, else they become their digits;
    dates are ISO 8601, bytes base64, NaN and infinities None, lone surrogates replaced."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= MAX_SAFE_INTEGER else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return _plain_other(value)


def _plain_other(value: Any) -> Cell:
    if isinstance(value, Decimal):
        return _plain_decimal(value)
    if isinstance(value, datetime):
        return value.isoformat(sep="T")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, dict):
        return {str(plain(str(key))): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return plain(str(value))


def _plain_decimal(value: Decimal) -> Cell:
    if not value.is_finite():
        return None
    if value == value.to_integral_value() and abs(value) <= MAX_SAFE_INTEGER:
        return int(value)
    return float(value) if len(value.as_tuple().digits) <= 15 else str(value)


def column_type(kind: pa.DataType) -> ColumnType:
    """The `ColumnType` of an Arrow type."""
    import pyarrow.types as t

    for check, name in (
        (t.is_boolean, "boolean"), (t.is_integer, "integer"), (t.is_floating, "float"), (t.is_decimal, "decimal"),
        (t.is_date, "date"), (t.is_timestamp, "timestamp"), (t.is_time, "time"),
        (t.is_interval, "interval"), (t.is_duration, "interval"), (t.is_null, "null"),
        (is_binary, "blob"), (_is_list, "list"), (t.is_nested, "struct"),
    ):  # fmt: skip
        if check(kind):
            return name  # type: ignore[return-value]
    return "text"


def is_binary(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds bytes."""
    import pyarrow.types as t

    return bool(t.is_binary(kind) or t.is_large_binary(kind) or t.is_fixed_size_binary(kind) or t.is_binary_view(kind))


def _is_list(kind: pa.DataType) -> bool:
    import pyarrow.types as t

    return bool(t.is_list(kind) or t.is_large_list(kind) or t.is_fixed_size_list(kind))
