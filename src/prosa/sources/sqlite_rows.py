"""SQLite's rows as Arrow. SQLite types each cell, Arrow each column: the type comes from all values of the result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

import pyarrow as pa

from prosa.errors import QueryError

EXACT_IN_FLOAT = 2**53


class Cursor(Protocol):
    """A running statement: its columns' names, and its rows batch by batch until an empty one."""

    names: list[str]

    def fetch(self) -> list[tuple[Any, ...]]: ...

    def close(self) -> None: ...


Run = Callable[[str], Cursor]

# "+0 days" makes SQLite look at the calendar: without it the 30th of February is a date.
MOMENTS = (
    "MIN(CASE WHEN typeof({c}) = 'text' THEN {c} IS date({c}, '+0 days') END)",
    "MIN(CASE WHEN typeof({c}) = 'text' THEN length({c}) BETWEEN 10 AND 26 AND NOT {c} GLOB '*[^-0-9T:. ]*'"
    " AND datetime({c}, '+0 days')"
    " IS substr(replace({c}, 'T', ' ') || CASE length({c}) WHEN 16 THEN ':00' ELSE ' 00:00:00' END, 1, 19) END)",
)
KINDS = (
    "MAX(typeof({c}) = 'integer')",
    "MAX(typeof({c}) = 'real')",
    "MAX(typeof({c}) = 'blob')",
    "MAX(typeof({c}) = 'text')",
    "MAX(CASE WHEN typeof({c}) = 'integer' THEN {c} NOT BETWEEN -9007199254740992 AND 9007199254740992 END)",
)


def reader(run: Run, sql: str) -> pa.RecordBatchReader:
    """The statement's rows. A result of one batch is typed from its values; a longer one from a survey of the whole
    result, which runs the statement a second time, so that no row need be kept."""
    cursor = run(sql)
    first = cursor.fetch()
    second = cursor.fetch() if first else []
    kinds = [_kind(values) for values in list(zip(*first, strict=True)) or [()] * len(cursor.names)]
    if second:
        kinds = _surveyed(run, sql, kinds)
    schema = pa.schema(list(zip(cursor.names, kinds, strict=True)))
    return pa.RecordBatchReader.from_batches(schema, _batches(cursor, [first, second], schema))


def _batches(cursor: Cursor, rows: list[list[tuple[Any, ...]]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    try:
        while rows and rows[0]:
            batch = rows.pop(0)
            columns = zip(*batch, strict=True)
            arrays = [_array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)
            rows = rows or [cursor.fetch()]
    except pa.ArrowInvalid as error:
        raise QueryError("query_failed", what="the result changed while it was read") from error
    finally:
        cursor.close()


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_temporal(kind):
        return pa.array(values, pa.string()).cast(kind)
    try:
        return pa.array(values, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        if kind != pa.string():
            raise
        return pa.array(map(_text, values), kind, size=len(values))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _kind(values: Sequence[Any]) -> pa.DataType:
    """The type that holds every value of a column without loss; text where they are too different."""
    found = set(map(type, values)) - {type(None)}
    if found == {str}:
        return _temporal(values)
    large = found == {int, float} and any(abs(v) > EXACT_IN_FLOAT for v in values if isinstance(v, int))
    return _holding(found, large)


def _holding(found: set[type], large: bool) -> pa.DataType:
    if not found:
        return pa.null()
    if found == {int}:
        return pa.int64()
    if found == {bytes}:
        return pa.binary()
    return pa.float64() if found <= {int, float} and not large else pa.string()


def _temporal(values: Iterable[str | None]) -> pa.DataType:
    """A date or timestamp where every text is an ISO one, since SQLite has no type for them."""
    lengths = {len(value) for value in values if value is not None}
    if not lengths <= set(range(10, 27)):
        return pa.string()
    kind = pa.date32() if lengths == {10} else pa.timestamp("us")
    try:
        pa.array(values, pa.string()).cast(kind)
    except pa.ArrowInvalid:
        return pa.string()
    return kind


def _surveyed(run: Run, sql: str, first: list[pa.DataType]) -> list[pa.DataType]:
    """The types over all rows, where the first rows leave them open."""
    names = [f"c{place}" for place in range(len(first))]
    questions = [_questions(kind) for kind in first]
    asked = [text.format(c=column) for column, texts in zip(names, questions, strict=True) for text in texts]
    if not asked:
        return first
    cursor = run(f"WITH q({', '.join(names)}) AS ({sql}\n) SELECT {', '.join(asked)} FROM q")  # noqa: S608 - guarded
    facts = iter(cursor.fetch()[0])
    cursor.close()
    return [
        _from_survey([next(facts) for _ in texts]) if texts else kind
        for kind, texts in zip(first, questions, strict=True)
    ]


def _questions(kind: pa.DataType) -> tuple[str, ...]:
    """Text stays text whatever follows, and only texts that all are moments, or none at all yet, can be moments."""
    if kind == pa.string():
        return ()
    return KINDS + MOMENTS if pa.types.is_temporal(kind) or pa.types.is_null(kind) else KINDS


def _from_survey(facts: Sequence[Any]) -> pa.DataType:
    integer, real, blob, text, large, *moments = facts
    present = zip((int, float, bytes, str), (integer, real, blob, text), strict=True)
    found = {kind for kind, there in present if there}
    if found == {str} and moments:
        date, timestamp = moments
        return pa.date32() if date else pa.timestamp("us") if timestamp else pa.string()
    return _holding(found, bool(large))
