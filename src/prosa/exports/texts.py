"""Arrow columns as columns of text: one form of every value, shared by all formats that write text.

ISO 8601 dates, every digit of a number, JSON for nested values, base64 for bytes. Escaping is each format's own.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as t

from prosa.results import is_binary, plain

TICKS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
"""How many of each of Arrow's units make a second."""
NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_FAR = "<value out of range"
_FAR_SECONDS = 970_000_000_000
"""To the year 32,707."""
_PLAIN_SCALE = 6
_NARROW = 32


def text(column: pa.Array, stamp: str = " ", date_format: str = "") -> pa.Array:
    """A column of strings as long as `column`, null where it is null. `stamp` stands between date and time;
    `date_format` is a strftime pattern for dates, and for the day of timestamps."""
    kind = column.type
    if t.is_dictionary(kind):
        return text(column.dictionary_decode(), stamp, date_format)
    if isinstance(kind, pa.BaseExtensionType):
        return text(column.storage, stamp, date_format)
    if t.is_date(kind) or t.is_timestamp(kind):
        return _moments(column, stamp, date_format)
    for fits, write in _WRITERS:
        if fits(kind):
            return write(column)
    # Nested types have no kernel: these alone go value by value.
    return pa.array([_json(found) for found in values(column)], pa.string())


def is_plain(kind: pa.DataType) -> bool:
    """Whether the text of every value is digits, signs and letters alone, so that no format has to escape it."""
    return bool(
        t.is_integer(kind) or t.is_floating(kind) or t.is_decimal(kind) or t.is_boolean(kind) or t.is_null(kind)
    )


def holds(kind: pa.DataType, fits: Callable[[pa.DataType], bool]) -> bool:
    """Whether a type fits, or one that is nested in it."""
    return fits(kind) or any(holds(kind.field(place).type, fits) for place in range(kind.num_fields))


def values(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """A column's values as Python's own, nested ones too; intervals, and the moments that Python's types can't hold, as
    their text."""
    if not holds(column.type, _is_in_parts):
        with suppress(OverflowError, ValueError, pa.ArrowException):
            found: list[Any] = column.to_pylist()
            return found
    return [_value(scalar) for scalar in column]


def _is_in_parts(kind: pa.DataType) -> bool:
    return bool(t.is_interval(kind) or t.is_map(kind) or t.is_union(kind))


def _value(scalar: pa.Scalar) -> Any:
    kind = scalar.type
    if not scalar.is_valid:
        return None
    if t.is_union(kind):
        return _value(scalar.value)
    if t.is_map(kind):
        # By the text of their keys: DuckDB allows lists as such, Python does not.
        entries = zip(*scalar.values.flatten(), strict=True)
        return {str(plain(_value(key))): _value(inner) for key, inner in entries}
    if t.is_struct(kind):
        return {kind.field(place).name: _value(scalar[place]) for place in range(kind.num_fields)}
    if _is_list(kind):
        return [_value(inner) for inner in scalar.values]
    if t.is_interval(kind):
        return interval(scalar.as_py())
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return text(pa.array([scalar], kind), stamp="T")[0].as_py()


def _is_list(kind: pa.DataType) -> bool:
    tests = (t.is_list, t.is_large_list, t.is_fixed_size_list, t.is_list_view, t.is_large_list_view)
    return any(fits(kind) for fits in tests)


def in_known_zone(column: pa.Array) -> pa.Array:
    """Moments in their own zone; in UTC where its name is not in this machine's database, which Windows lacks."""
    if not len(column) or column.type.tz is None:
        return column
    try:
        pc.local_timestamp(column.slice(0, 1))
    except pa.ArrowInvalid:
        return column.cast(pa.timestamp(column.type.unit, "UTC"))
    return column


def digits_that_count(digits: pa.Array) -> pa.Array:
    """How many significant digits numbers have, given as plain text."""
    counted = pc.replace_substring_regex(pc.replace_substring(digits, "-", ""), r"(\..*?)0+$|\.$", r"\1")
    return pc.binary_length(pc.utf8_ltrim(pc.replace_substring(counted, ".", ""), "0"))


def within(column: pa.Array, limit: int) -> pa.Array | None:
    """Which integers lie between `-limit` and `limit`, which fits 64 bits and not 32; None where the type holds no
    others."""
    if column.type.bit_width <= _NARROW:
        return None
    below = pc.less_equal(column, pa.scalar(limit, column.type))
    if t.is_unsigned_integer(column.type):
        return below
    return pc.and_(below, pc.greater_equal(column, pa.scalar(-limit, column.type)))


def _simple(column: pa.Array) -> pa.Array:
    return pc.cast(column, pa.string())


def _floats(column: pa.Array) -> pa.Array:
    digits = pc.cast(column if column.type != pa.float16() else column.cast(pa.float32()), pa.string())
    finite = pc.fill_null(pc.is_finite(column), True)
    if pc.all(finite, min_count=0).as_py():
        return digits
    named = pa.array([NOT_FINITE.get(value, value) for value in digits.to_pylist()], pa.string())
    return pc.if_else(finite, digits, named)


def _decimals(column: pa.Array) -> pa.Array:
    """Plain digits: Arrow writes those below a millionth in powers of ten."""
    digits = pc.cast(column, pa.string())
    if 0 <= column.type.scale <= _PLAIN_SCALE:
        return digits
    powers = pc.match_substring(digits, "E")
    if not pc.any(powers, min_count=0).as_py():
        return digits
    spelled = [None if value is None else format(value, "f") for value in column.to_pylist()]
    return pa.array(spelled, pa.string())


def _times(column: pa.Array) -> pa.Array:
    return _trimmed(pc.cast(column, pa.string()))


def _moments(column: pa.Array, stamp: str, date_format: str) -> pa.Array:
    given = in_known_zone(column) if t.is_timestamp(column.type) else column
    column = _whole_seconds(given)
    written = pc.cast(column, pa.string())
    far = pc.starts_with(written, _FAR)
    if t.is_timestamp(column.type):
        if column.type.tz:
            written, far = _zoned(written), _beyond(column)
        written = written if column.type.unit == "s" else _trimmed(written)
        written = _stamped(written, stamp, date_format and pc.strftime(column, date_format))
    elif date_format:
        written = pc.strftime(column.cast(pa.date32(), safe=False), date_format)
    return _with_far_ones(given, written, far) if pc.any(far, min_count=0).as_py() else written


def _whole_seconds(column: pa.Array) -> pa.Array:
    """Timestamps as seconds where none has a fraction: far cheaper than cutting zeros off each text."""
    if not t.is_timestamp(column.type):
        return column
    try:
        return column.cast(pa.timestamp("s", column.type.tz))
    except pa.ArrowInvalid:  # a safe cast refuses to lose a fraction
        return column


def _beyond(column: pa.Array) -> pa.Array:
    """Which zoned moments are too far for Arrow (26.0), which writes those in a year of 16 bits without a word."""
    most = min(_FAR_SECONDS * TICKS[column.type.unit], 2**63 - 1)
    steps = column.cast(pa.int64())
    return pc.or_(pc.greater(steps, most), pc.less(steps, -most))


def _zoned(written: pa.Array) -> pa.Array:
    written = pc.replace_substring_regex(written, "Z$", "+00:00")
    return pc.replace_substring_regex(written, r"([+-]\d\d)(\d\d)$", r"\1:\2")


def _stamped(written: pa.Array, stamp: str, days: pa.Array | str) -> pa.Array:
    if days:
        return pc.binary_join_element_wise(days, pc.replace_substring_regex(written, "^[^ ]+ ", ""), stamp)
    return written if stamp == " " else pc.replace_substring(written, " ", stamp, max_replacements=1)


def _trimmed(written: pa.Array) -> pa.Array:
    """Without a fraction of zeros."""
    if not pc.any(pc.match_substring(written, "."), min_count=0).as_py():
        return written
    # RE2 takes the longest match from the left, so whole zeros go first and trailing ones after.
    written = pc.replace_substring_regex(written, r"\.0+([+-]|$)", r"\1")
    return pc.replace_substring_regex(written, r"(\.\d*[1-9])0+([+-]|$)", r"\1\2")


def _with_far_ones(column: pa.Array, written: pa.Array, far: pa.Array) -> pa.Array:
    """Infinite dates by name: Arrow only says that they are out of range."""
    bits = 31 if t.is_date32(column.type) else 63
    steps = column.cast(pa.int32() if bits == 31 else pa.int64()).to_pylist()
    return pc.if_else(far, pa.array([_far(step, bits) for step in steps], pa.string()), written)


def _far(steps: int | None, bits: int) -> str:
    if steps is not None and abs(steps) == 2**bits - 1:
        return "infinity" if steps > 0 else "-infinity"
    return f"out of range: {steps}"


def _bytes(column: pa.Array) -> pa.Array:
    coded = [None if value is None else base64.b64encode(value).decode("ascii") for value in column.to_pylist()]
    return pa.array(coded, pa.string())


def _intervals(column: pa.Array) -> pa.Array:
    return pa.array([interval(value.as_py()) for value in column], pa.string())


def interval(value: Any) -> str | None:
    """A `pyarrow.MonthDayNano` in words, as DuckDB writes it: months, days and time don't convert into each other."""
    if value is None:
        return None
    years, months = divmod(abs(value.months), 12)
    sign = -1 if value.months < 0 else 1
    counted = ((sign * years, "year"), (sign * months, "month"), (value.days, "day"))
    parts = [f"{amount} {word}{'' if amount == 1 else 's'}" for amount, word in counted if amount]
    if value.nanoseconds or not parts:
        parts.append(_clock(value.nanoseconds))
    return " ".join(parts)


def _clock(nanoseconds: int) -> str:
    seconds, rest = divmod(abs(nanoseconds), TICKS["ns"])
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{'-' if nanoseconds < 0 else ''}{hours:02d}:{minute:02d}:{second:02d}{fraction}"


def _durations(column: pa.Array) -> pa.Array:
    nanoseconds = TICKS["ns"] // TICKS[column.type.unit]
    steps = column.cast(pa.int64()).to_pylist()
    return pa.array([None if value is None else _clock(value * nanoseconds) for value in steps], pa.string())


def _json(found: Any) -> str | None:
    """A nested value, or one of a type that Arrow can't write."""
    return found if found is None or isinstance(found, str) else msgspec.json.encode(plain(found)).decode("utf-8")


def _is_text(kind: pa.DataType) -> bool:
    return bool(t.is_string(kind) or t.is_large_string(kind) or t.is_string_view(kind))


_WRITERS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], pa.Array]], ...] = (
    (_is_text, _simple),
    (t.is_integer, _simple),
    (t.is_floating, _floats),
    (t.is_decimal, _decimals),
    (t.is_boolean, _simple),
    (t.is_time, _times),
    (t.is_null, _simple),
    (is_binary, _bytes),
    (t.is_interval, _intervals),
    (t.is_duration, _durations),
)
