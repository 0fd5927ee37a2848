"""Arrow columns as the typed cells of a SpreadsheetML worksheet (ECMA-376 part 1, 18.3.1). The package is `xlsx`'s.

Text is always an inline string, so that it never becomes a formula or a link; a number that a worksheet could not hold
exactly is text as well.
"""

from __future__ import annotations

from collections import Counter
from enum import IntEnum
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as t

from prosa.exports.batches import Piece, cell
from prosa.exports.markup import clean, escaped
from prosa.exports.texts import digits_that_count, text

LONGEST_TEXT = 32_767
"""In UTF-16 units; a longer cell makes Excel repair the file."""
MOST_DIGITS = 15
FIRST_DAY, LAST_DAY = 61, 2_958_465
"""1900-03-01 and 9999-12-31 as serial days: before, Excel counts a 29 February 1900 that never was."""

_EPOCH = 25_569
_DAY = 86_400
_LARGEST = 10**MOST_DIGITS - 1
_FORMULA_LIKE = r"^[=+\-@|%\t\r\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}\x{FF5C}\x{FF05}]"
_TEXT = ' t="inlineStr"'
_OPEN, _CLOSE = '><is><t xml:space="preserve">', "</t></is></c>"


class Style(IntEnum):
    """Cell styles, as `xlsx` lists them in the workbook."""

    plain = 0
    header = 1
    day = 2
    moment = 3
    time = 4
    percent = 5
    money = 6
    quoted = 7
    wrapped = 8


_BY_FORMAT = {"percent": Style.percent, "currency": Style.money}


class Place(NamedTuple):
    """Where a column's cells stand: its letters, its rows' numbers as text, and how people read its numbers."""

    letters: str
    rows: pa.Array
    format: str = ""


def cells(column: pa.Array, place: Place, notes: Counter[str]) -> list[Piece]:
    """The pieces of a column's cells, nothing where a value is missing; what could not be kept as it is is counted in
    `notes`."""
    kind = column.type
    if t.is_boolean(kind):
        return _values(text(column.cast(pa.int8())), place, ' t="b"')
    if t.is_integer(kind):
        return _numbers(text(column), place, notes, "digits", _small(column))
    if t.is_decimal(kind):
        digits = text(column)
        return _numbers(digits, place, notes, "digits", None if kind.precision <= MOST_DIGITS else _short(digits))
    if t.is_floating(kind):
        return _numbers(text(column), place, notes, "", pc.is_finite(column))
    if t.is_date(kind) or t.is_timestamp(kind):
        return _moments(column, place, notes)
    if t.is_time(kind):
        return _values(_fraction(column), place, _styled(Style.time))
    return texts(text(column), place, notes)


def texts(column: pa.Array, place: Place, notes: Counter[str], style: Style = Style.plain) -> list[Piece]:
    """The cells of a string column. One that looks like a formula is marked, so that it stays text when edited."""
    column, replaced = clean(_cut(column, notes))
    notes["replaced"] += replaced
    column = _literal(escaped(column))
    head: list[Piece] = [f'<c r="{place.letters}', place.rows]
    likely = pc.match_substring_regex(column, _FORMULA_LIKE)
    if style is Style.plain and pc.any(likely, min_count=0).as_py():
        quoted = pc.if_else(pc.fill_null(likely, False), f'"{_styled(Style.quoted)}', '"')
        return cell([*head, quoted, _TEXT + _OPEN], column, _CLOSE, "")
    return cell([*head, f'"{_styled(style)}{_TEXT}{_OPEN}'], column, _CLOSE, "")


def inline(value: str) -> str:
    """The attributes and inside of one text cell, its start tag already begun."""
    column, _ = clean(_cut(pa.array([value.encode("utf-8", "replace").decode("utf-8")]), Counter()))
    return _TEXT + _OPEN + str(_literal(escaped(column))[0].as_py()) + _CLOSE.removesuffix("</c>")


def _values(digits: pa.Array, place: Place, attributes: str) -> list[Piece]:
    return cell([f'<c r="{place.letters}', place.rows, f'"{attributes}><v>'], digits, "</v></c>", "")


def _numbers(digits: pa.Array, place: Place, notes: Counter[str], note: str, exact: pa.Array | None) -> list[Piece]:
    """Number cells where `exact` says so (None: everywhere), else text."""
    attributes = _styled(_BY_FORMAT.get(place.format, Style.plain))
    return _either(digits, digits, exact, place, notes, note, attributes)


def _either(
    values: pa.Array,
    words: pa.Array,
    exact: pa.Array | None,
    place: Place,
    notes: Counter[str],
    note: str,
    attributes: str,
) -> list[Piece]:
    if exact is None or pc.all(exact, min_count=0).as_py():
        return _values(values, place, attributes)
    if note:
        notes[note] += pc.sum(pc.invert(exact)).as_py()
    number = _whole(_values(values, place, attributes))
    return [pc.if_else(pc.fill_null(exact, True), number, _whole(texts(words, place, notes)))]


def _whole(pieces: list[Piece]) -> pa.Array:
    return pieces[0] if len(pieces) == 1 else pc.binary_join_element_wise(*pieces, "")


def _styled(style: Style) -> str:
    return f' s="{int(style)}"' if style else ""


def _small(column: pa.Array) -> pa.Array | None:
    """Which integers a double keeps digit for digit; None where the type holds no others."""
    if column.type.bit_width <= 32:
        return None
    below = pc.less_equal(column, pa.scalar(_LARGEST, column.type))
    if t.is_unsigned_integer(column.type):
        return below
    return pc.and_(below, pc.greater_equal(column, pa.scalar(-_LARGEST, column.type)))


def _short(digits: pa.Array) -> pa.Array:
    return pc.less_equal(digits_that_count(digits), MOST_DIGITS)


def _moments(column: pa.Array, place: Place, notes: Counter[str]) -> list[Piece]:
    kind = column.type
    if t.is_date(kind):
        style = Style.day
        days = pc.cast(pc.cast(column, pa.date32(), safe=False), pa.int32())
        serial = pc.add(pc.cast(days, pa.int64()), _EPOCH)
    else:
        style = Style.moment
        wall = column if kind.tz is None else pc.local_timestamp(column)
        serial = pc.add(_days(wall), float(_EPOCH))
    known = pc.and_(pc.greater_equal(serial, FIRST_DAY), pc.less(serial, LAST_DAY + 1))
    return _either(text(serial), text(column), known, place, notes, "dates", _styled(style))


def _days(wall: pa.Array) -> pa.Array:
    """Moments as days since 1970 with their fraction, which is exact to the microsecond."""
    steps = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[wall.type.unit] * _DAY
    return pc.divide(pc.cast(pc.cast(wall, pa.int64()), pa.float64(), safe=False), float(steps))


def _fraction(column: pa.Array) -> pa.Array:
    steps = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[column.type.unit] * _DAY
    whole = pc.cast(column, pa.int32() if column.type.bit_width == 32 else pa.int64())
    return text(pc.divide(pc.cast(whole, pa.float64()), float(steps)))


def _cut(column: pa.Array, notes: Counter[str]) -> pa.Array:
    """Cells no longer than a worksheet allows; a sign outside the basic plane counts twice."""
    long = pc.greater(pc.utf8_length(column), LONGEST_TEXT // 2)
    if not pc.any(long, min_count=0).as_py():
        return column
    whole = column.to_pylist()
    cut = [value if value is None else _within(value) for value in whole]
    notes["cut"] += sum(one != other for one, other in zip(whole, cut, strict=True))
    return pa.array(cut, pa.string())


def _within(value: str) -> str:
    units = value.encode("utf-16-le")
    return value if len(units) <= 2 * LONGEST_TEXT else units[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")


def _literal(column: pa.Array) -> pa.Array:
    """Text that only looks like SpreadsheetML's own escape of a character (ST_Xstring), and carriage returns, which an
    XML reader would change."""
    column = pc.replace_substring_regex(column, "_(x[0-9A-Fa-f]{4}_)", r"_x005F_\1")
    return pc.replace_substring(column, "\r", "&#13;")
