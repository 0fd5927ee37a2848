"""From raw cells to a finished table: columns named, values cast, and what is to be told of it."""

from __future__ import annotations

from collections.abc import Sequence

from prosa.sources.naming import quoted, unique
from prosa.sources.reading import column_types
from prosa.sources.reading.column_types import CHUNK, Column, Raw
from prosa.sources.reading.measuring import Measured, measure
from prosa.sources.reading.notices import Notices
from prosa.sources.reading.tables import ReadColumn, ReadTable
from prosa.sources.reading.types import of_duckdb
from prosa.sources.reading.workspace import Fraction, Workspace, part

_NAMED_IN_NOTICE = 5


def finish(work: Workspace, raw: Raw, table: str, notices: Notices, tell: Fraction) -> ReadTable:
    """Makes the table `data.main.<table>` of raw cells. Columns without a name and a value are left out, and so are
    rows without a value."""
    columns = [column for column in column_types.decide(work, raw) if column.name or column.sample]
    tell(0.3)
    _name(columns, table, notices)
    measured = measure(work, raw, columns)
    values = ", ".join(f"{found.value} AS {quoted(found.column.name)}" for found in measured)
    filled = " OR ".join(
        f"c{column.place} IS NOT NULL" if column.native else f"c{column.place} <> ''" for column in columns
    )
    target = f"data.main.{quoted(table)}"
    rows = f"FROM {raw.relation} WHERE {filled or 'false'}"
    work.run(f"CREATE TABLE {target} AS SELECT {values or 'NULL AS empty'} {rows}", part(tell, 0.3, 1.0))
    _tell(work, raw, measured, table, notices)
    _tell_missing(work, raw, [column for column in columns if not column.native], table, notices)
    if not work.count(target):
        notices.add("no_rows", table)
    return ReadTable(table, target, tuple(map(_read, measured)), inner=f"main.{table}")


def _name(columns: Sequence[Column], table: str, notices: Notices) -> None:
    """Gives every column a name of its own."""
    names = unique((column.name for column in columns), lambda place: f"column_{columns[place - 1].place + 1}")
    for column, name in zip(columns, names, strict=True):
        if column.name and column.name != name:
            notices.add("column_renamed", table, column=column.name, name=name)
        column.name = name


def _read(found: Measured) -> ReadColumn:
    form = found.column.format
    return ReadColumn(found.column.name, of_duckdb(found.native), found.native, format=form.hint if form else "")


def _tell(work: Workspace, raw: Raw, measured: Sequence[Measured], table: str, notices: Notices) -> None:
    """Notices of what a person might have expected otherwise."""
    for found in measured:
        column = found.column
        if column.nearly:
            _tell_mixed(work, raw, column, table, notices)
        if column.format and column.open_to:
            _tell_ambiguous(column, table, notices)
        if found.zones > 1:
            notices.add("times_in_utc", table, column=column.name, count=found.zones)


def _tell_mixed(work: Workspace, raw: Raw, column: Column, table: str, notices: Notices) -> None:
    """Digits that are no numbers are codes: nothing is wrong with them."""
    assert column.nearly is not None
    count, example = column_types.misses(work, raw, column)
    kind = {"timestamp": "date", "zoned": "date", "half_days": "date"}.get(column.nearly.kind, column.nearly.kind)
    if count and not (kind == "number" and example.lstrip("+-").isdigit()):
        notices.add(f"mixed_{kind}", table, column=column.name, count=count, example=example[:80])


def _tell_ambiguous(column: Column, table: str, notices: Notices) -> None:
    assert column.format is not None
    values = {"column": column.name, "example": column.example}
    if column.format.kind == "number":
        notices.add("decimal_comma" if column.format.decimal == "," else "decimal_dot", table, **values)
    else:
        notices.add("day_first" if column.format.key.startswith("dmy") else "month_first", table, **values)


def _tell_missing(work: Workspace, raw: Raw, columns: Sequence[Column], table: str, notices: Notices) -> None:
    """Tells how many cells that are not blank were read as missing."""
    missing: list[tuple[str, int]] = []
    for start in range(0, len(columns), CHUNK):
        chunk = columns[start : start + CHUNK]
        given = ", ".join(f"count(nullif({column.text}, ''))" for column in chunk)
        kept = ", ".join(f"count({quoted(column.name)})" for column in chunk)
        before = work.row(f"SELECT {given} FROM {raw.relation}")
        after = work.row(f"SELECT {kept} FROM data.main.{quoted(table)}")
        missing += [(c.name, b - a) for c, b, a in zip(chunk, before, after, strict=True) if b > a]
    if missing:
        named = ", ".join(name for name, _ in missing[:_NAMED_IN_NOTICE])
        more = " …" if len(missing) > _NAMED_IN_NOTICE else ""
        notices.add("null_words", table, count=sum(count for _, count in missing), columns=named + more)
