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

from prosa.exports import formulas
from prosa.exports.batches import Piece, cell
from prosa.exports.markup import clean, escaped
from prosa.exports.texts import TICKS, digits_that_count, in_known_zone, text, within

LONGEST_TEXT = 32_767
"""In UTF-16 units; a longer cell makes Excel repair the file."""
MOST_DIGITS = 15
FIRST_DAY, LAST_DAY = 61, 2_958_465
"""1900-03-01 and 9999-12-31 as serial days: before, Excel counts a 29 February 1900 that never was."""

_EPOCH = 25_569
_DAY = 86_400
_LARGEST = 10**MOST_DIGITS - 1
_TEXT = ' t="inlineStr"'
_OPEN, _CLOSE = '><is><t xml:space="preserve">', "</t></is></c>"


class Style(IntEnum):
    """Cell styles, in the order in which `workbook` lists them."""

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
    """Where a column's cells stand: its letters, its rows' numbers as text, and how people read its numbers. `notes`
    counts what can't be kept as it is: `cut`, `replaced`, `digits`, `dates`."""

    letters: str
    rows: pa.Array
    format: str
    notes: Counter[str]


class Cells(NamedTuple):
    """The values of cells as XML has them, and the attributes that tell their type and style."""

    values: pa.Array
    attributes: str = ""


def cells(column: pa.Array, place: Place) -> list[Piece]:
    """The pieces of a column's cells; nothing where a value is missing."""
    kind = column.type
    if t.is_boolean(kind):
        return _typed(Cells(text(column.cast(pa.int8())), ' t="b"'), place)
    if t.is_integer(kind) or t.is_decimal(kind) or t.is_floating(kind):
        return _numbers(column, place)
    if t.is_date(kind) or t.is_timestamp(kind):
        return _moments(column, place)
    if t.is_time(kind):
        return _typed(Cells(_fractions(column), _styled(Style.time)), place)
    return texts(text(column), place)


def texts(column: pa.Array, place: Place) -> list[Piece]:
    """The cells of a string column. One that looks like a formula is marked, so that it stays text when edited."""
    column, replaced = clean(_cut(column, place.notes))
    place.notes["replaced"] += replaced
    column = _literal(escaped(column))
    likely = pc.match_substring_regex(column, formulas.LIKE)
    style: pa.Array | str = ""
    if pc.any(likely, min_count=0).as_py():
        style = pc.if_else(pc.fill_null(likely, False), _styled(Style.quoted), "")
    return cell([f'<c r="{place.letters}', place.rows, '"', style, _TEXT + _OPEN], column, _CLOSE, "")


def inline(value: str) -> str:
    """The attributes and inside of one text cell, its start tag already begun."""
    column, _ = clean(_cut(pa.array([value.encode("utf-8", "replace").decode("utf-8")]), Counter()))
    return _TEXT + _OPEN + str(_literal(escaped(column))[0].as_py()) + _CLOSE.removesuffix("</c>")


def _typed(made: Cells, place: Place) -> list[Piece]:
    # The reference could be left out by the standard, but some readers take it for granted.
    head = [f'<c r="{place.letters}', place.rows, f'"{made.attributes}><v>']
    return cell(head, made.values, "</v></c>", "")


def _exact(made: Cells, exact: pa.Array | None, note: str, column: pa.Array, place: Place) -> list[Piece]:
    """Typed cells where `exact` says so (None: everywhere), else the column's text, counted under `note`."""
    if exact is None or pc.all(exact, min_count=0).as_py():
        return _typed(made, place)
    if note:
        place.notes[note] += pc.sum(pc.invert(exact)).as_py()
    number, word = _whole(_typed(made, place)), _whole(texts(text(column), place))
    return [pc.if_else(pc.fill_null(exact, True), number, word)]


def _whole(pieces: list[Piece]) -> pa.Array:
    return pieces[0] if len(pieces) == 1 else pc.binary_join_element_wise(*pieces, "")


def _styled(style: Style) -> str:
    return f' s="{int(style)}"' if style else ""


def _numbers(column: pa.Array, place: Place) -> list[Piece]:
    made = Cells(text(column), _styled(_BY_FORMAT.get(place.format, Style.plain)))
    if t.is_floating(column.type):
        return _exact(made, pc.is_finite(column), "", column, place)
    kept = within(column, _LARGEST) if t.is_integer(column.type) else _short(made.values, column.type.precision)
    return _exact(made, kept, "digits", column, place)


def _short(digits: pa.Array, precision: int) -> pa.Array | None:
    """Which decimals a double keeps digit for digit; None where the type holds no others."""
    return None if precision <= MOST_DIGITS else pc.less_equal(digits_that_count(digits), MOST_DIGITS)


def _moments(column: pa.Array, place: Place) -> list[Piece]:
    serial, style = _serial(column)
    known = pc.and_(pc.greater_equal(serial, FIRST_DAY), pc.less(serial, LAST_DAY + 1))
    return _exact(Cells(text(serial), _styled(style)), known, "dates", column, place)


def _serial(column: pa.Array) -> tuple[pa.Array, Style]:
    """Dates and moments as days since 1899-12-30, with the fraction of the day; a double is exact to the microsecond.
    A zoned moment is its zone's clock, since a worksheet knows no zones."""
    if t.is_date(column.type):
        days = pc.cast(pc.cast(column, pa.date32(), safe=False), pa.int32())
        return pc.add(pc.cast(days, pa.int64()), _EPOCH), Style.day
    wall = column if column.type.tz is None else pc.local_timestamp(in_known_zone(column))
    steps = pc.cast(pc.cast(wall, pa.int64()), pa.float64(), safe=False)
    return pc.add(pc.divide(steps, float(TICKS[wall.type.unit] * _DAY)), float(_EPOCH)), Style.moment


def _fractions(column: pa.Array) -> pa.Array:
    """Times as parts of a day."""
    steps = pc.cast(column, pa.int32() if column.type.bit_width == 32 else pa.int64())
    return text(pc.divide(pc.cast(steps, pa.float64()), float(TICKS[column.type.unit] * _DAY)))


def _cut(column: pa.Array, notes: Counter[str]) -> pa.Array:
    """Cells no longer than a worksheet allows; a sign outside the basic plane counts twice."""
    # Arrow counts characters, of which each may be two units: only what could be too long is looked at closely.
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
