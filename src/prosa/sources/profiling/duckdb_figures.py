"""Figures of tables that DuckDB reads: a few statements a table, whatever its number of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from prosa.results import plain
from prosa.sources.naming import quoted
from prosa.sources.profiling.figures import (
    EXACT_ROWS,
    LONGEST_VALUE,
    LOOKED_AT,
    ORDERED,
    VALUES,
    Figures,
    cell,
    samples,
)
from prosa.sources.profiling.keys import may_be_key
from prosa.sources.reading.tables import ReadColumn, ReadTable

_CHUNK = 30
"""Columns in one statement, since each that counts different values takes a few megabytes; wider tables take more."""
_PARTS = 5


def measure(con: duckdb.DuckDBPyConnection, table: ReadTable, budget: int) -> list[Figures]:
    """The figures of a table's columns; `budget` bounds the texts kept. duckdb.Error."""
    rows = int(_row(con, f"SELECT count(*) FROM {table.relation}")[0])
    figures: list[Figures] = []
    for start in range(0, len(table.columns), _CHUNK):
        figures += _counts(con, table.relation, table.columns[start : start + _CHUNK], rows)
    _confirm_unique(con, table, figures)
    _samples(con, table, figures)
    _values(con, table, figures, budget)
    return figures


def _counts(con: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[ReadColumn], rows: int) -> list[Figures]:
    exact = rows <= EXACT_ROWS
    parts = [part for column in columns for part in _aggregates(column, exact)]
    row = _row(con, f"SELECT {', '.join(parts)} FROM {relation}")
    found: list[Figures] = []
    for start in range(0, len(row), _PARTS):
        count, distinct, low, high, length = row[start : start + _PARTS]
        found.append(Figures(rows, rows - count, distinct, exact, cell(low), cell(high), float(length or 0)))
    return found


def _aggregates(column: ReadColumn, exact: bool) -> list[str]:
    name = quoted(column.name)
    if column.type not in ORDERED:
        return [f"count({name})", "NULL", "NULL", "NULL", "NULL"]
    distinct = f"count(DISTINCT {name})" if exact else f"approx_count_distinct({name})"
    if column.type != "text":
        value = _plain(column)
        return [f"count({name})", distinct, f"min({value})", f"max({value})", "NULL"]
    text = f"left({_text(column)}, {LONGEST_VALUE})"
    return [f"count({name})", distinct, f"min({text})", f"max({text})", f"avg(length({_text(column)}))"]


def _plain(column: ReadColumn) -> str:
    """SQL of a value that Python can take: a time with a zone would need a package that nothing else here does."""
    name = quoted(column.name)
    if column.native == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', {name})"
    return f"CAST({name} AS VARCHAR)" if column.native in ("TIME WITH TIME ZONE", "TIMESTAMP_NS") else name


def _text(column: ReadColumn) -> str:
    name = quoted(column.name)
    return name if column.native == "VARCHAR" else f"CAST({name} AS VARCHAR)"


def _confirm_unique(con: duckdb.DuckDBPyConnection, table: ReadTable, figures: list[Figures]) -> None:
    """Counts exactly where a column may be a key and an estimate leaves it open."""
    pairs = zip(table.columns, figures, strict=True)
    for column, figure in [(c, f) for c, f in pairs if f.looks_unique and may_be_key(c.name)]:
        (figure.distinct,) = _row(con, f"SELECT count(DISTINCT {quoted(column.name)}) FROM {table.relation}")
        figure.exact = True


def _samples(con: duckdb.DuckDBPyConnection, table: ReadTable, figures: list[Figures]) -> None:
    cells = ", ".join(_sampled(column) for column in table.columns)
    rows = con.execute(f"SELECT {cells} FROM {table.relation} LIMIT {LOOKED_AT}").fetchall()
    for place, figure in enumerate(figures):
        figure.samples = samples(row[place] for row in rows)


def _sampled(column: ReadColumn) -> str:
    if column.type == "text":
        return f"left({_text(column)}, {LONGEST_VALUE})"
    if column.type in ORDERED:
        return _plain(column)
    return f"left(CAST({quoted(column.name)} AS VARCHAR), {LONGEST_VALUE})"


def _values(con: duckdb.DuckDBPyConnection, table: ReadTable, figures: list[Figures], budget: int) -> None:
    """The most frequent texts of all columns, in one statement for many."""
    pairs = zip(table.columns, figures, strict=True)
    wanted = [(c, f) for c, f in pairs if c.type == "text" and f.distinct and f.length <= LONGEST_VALUE]
    limit = min(VALUES, budget // max(1, len(wanted)))
    if not wanted or limit < 1:
        return
    parts = [_frequent(column, place, table.relation, limit) for place, (column, _) in enumerate(wanted)]
    for start in range(0, len(parts), _CHUNK):
        for place, values in con.execute(" UNION ALL ".join(parts[start : start + _CHUNK])).fetchall():
            figure = wanted[place][1]
            figure.values = tuple(str(plain(value)) for value in values or ())
            figure.all_values = len(figure.values) < limit and (
                not figure.exact or len(figure.values) == figure.distinct
            )


def _frequent(column: ReadColumn, place: int, relation: str, limit: int) -> str:
    text = _text(column)
    counted = (
        f"SELECT {text} AS v, count(*) AS n FROM {relation} WHERE length({text}) BETWEEN 1 AND {LONGEST_VALUE} "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {limit}"
    )
    return f"SELECT {place}, list(v ORDER BY n DESC, v) FROM ({counted})"


def _row(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = con.execute(sql).fetchone()
    assert row is not None
    return row
