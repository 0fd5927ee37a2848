"""Where a table begins among the first rows of a file or sheet: title lines, the header in one row or two, or none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from prosa.sources.naming import unique
from prosa.sources.reading.cells import BLANKS
from prosa.sources.reading.dates import DATES
from prosa.sources.reading.numbers import NUMBERS

LOOKED_AT = 60
LONGEST_NAME = 200
_FILLED = 0.6
_YEAR = re.compile(r"(?:19|20)\d\d")
_MIDNIGHT = " 00:00:00"
"""What a day in a workbook's header comes with."""
_SPACES = re.compile(r"\s+")

Row = Sequence[str]


class Header(msgspec.Struct, frozen=True):
    """`names` are the columns', empty where none is given; `first` is the number of the first row of data; `titles` are
    the rows before the header that say something; `given` is false where the file has no header."""

    names: tuple[str, ...]
    first: int
    titles: tuple[str, ...] = ()
    given: bool = True


def find(rows: Sequence[Row]) -> Header:
    """The header among the first rows; blank cells are empty texts."""
    rows = [[cell.strip(BLANKS) for cell in row] for row in rows[:LOOKED_AT]]
    width = _width(rows)
    place = next((n for n, row in enumerate(rows) if _filled(row) >= max(1, width * _FILLED)), None)
    if place is None:
        return Header((), 0, given=False)
    if not _is_header(rows[place], rows[place + 1 :]):
        return Header(("",) * len(rows[place]), place, _titles(rows[:place]), given=False)
    names, titles = rows[place], rows[:place]
    if titles and _is_group(titles[-1], names, rows[place + 1 :]):
        names, titles = _joined(titles[-1], names), titles[:-1]
    elif place + 1 < len(rows) and _is_group(names, rows[place + 1], rows[place + 2 :]):
        names, place = _joined(names, rows[place + 1]), place + 1
    return Header(tuple(_clean(name) for name in names), place + 1, _titles(titles))


def named(names: Sequence[str]) -> list[str]:
    """Column names with the missing ones filled and the doubled ones numbered."""
    return unique(names)


def typed(cell: str) -> bool:
    """Whether a cell is a number, a date or a time rather than a name."""
    return _is_date(cell) or any(form.fits(cell) for form in NUMBERS)


def _is_date(cell: str) -> bool:
    return any(form.fits(cell) for form in DATES)


def _width(rows: Sequence[Row]) -> int:
    """How many columns the table has: the commonest width of rows that are more than a title."""
    widths = Counter(length for row in rows if (length := _length(row)) > 1)
    if not widths:
        return 1
    return max(widths, key=lambda width: (widths[width], width))


def _length(row: Row) -> int:
    return max((place for place, cell in enumerate(row, 1) if cell), default=0)


def _filled(row: Row) -> int:
    return sum(bool(cell) for cell in row)


def _is_header(row: Row, body: Sequence[Row]) -> bool:
    """Names are texts that don't come again below; years may be names where what is below them is not all years."""
    columns = [(cell, _below(body, place)) for place, cell in enumerate(row) if cell]
    if any(_is_value(cell, below) for cell, below in columns):
        return False
    return _over_values(row, [line for line in body if line != row]) or not any(
        cell in below for cell, below in columns
    )


def _is_value(cell: str, below: Row) -> bool:
    """Years and dates may head columns of something else."""
    if _YEAR.fullmatch(cell):
        return bool(below) and all(_YEAR.fullmatch(other) for other in below)
    if _is_date(cell):
        return not below or any(map(_is_date, below))
    return typed(cell)


def _over_values(row: Row, body: Sequence[Row]) -> bool:
    """Whether some text of the row stands over a column of nothing but values."""
    columns = (_below(body, place) for place, cell in enumerate(row) if cell)
    return any(below and all(map(typed, below)) for below in columns)


def _below(body: Sequence[Row], place: int) -> list[str]:
    return [line[place] for line in body if place < len(line) and line[place]]


def _is_group(upper: Row, lower: Row, body: Sequence[Row]) -> bool:
    """Whether the upper row names groups of the lower row's columns, as merged cells do."""
    if _filled(upper) < 2 or _filled(lower) <= _filled(upper) or any(cell.endswith(":") for cell in upper):
        return False
    if any(cell and typed(cell) and not _YEAR.fullmatch(cell) for cell in (*upper, *lower)):
        return False
    inside = zip(upper[1:], lower[1:], strict=False)
    return any(below and not above for above, below in inside) and _over_values(lower, body)


def _joined(upper: Row, lower: Row) -> list[str]:
    names: list[str] = []
    group = ""
    for place, name in enumerate(lower):
        group = (upper[place] if place < len(upper) else "") or group
        names.append(f"{group} {name}".strip() if name != group else name)
    return names


def _titles(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(" ".join(cell for cell in row if cell) for row in rows if _filled(row))


def _clean(name: str) -> str:
    return _SPACES.sub(" ", name).removesuffix(_MIDNIGHT)[:LONGEST_NAME]
