"""Figures of tables that DuckDB reads: a fixed number of statements a table, whatever its number of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from prosa.results import NUMERIC, TEMPORAL, Cell, plain
from prosa.sources.naming import quoted
from prosa.sources.profiling.figures import Figures
from prosa.sources.reading.tables import ReadColumn, ReadTable

EXACT_ROWS = 200_000
"""Up to so many rows different values are counted; above, only those of columns that look unique."""
VALUES, LONGEST_VALUE, SAMPLES = 2_000, 100, 3
_LOOKED_AT = 100
_ORDERED = NUMERIC | TEMPORAL | {"text", "boolean"}


def measure(con: duckdb.DuckDBPyConnection, table: ReadTable, budget: int) -> tuple[int, list[Figures]]:
    """The rows of a table and the figures of its columns; `budget` bounds the texts kept."""
    rows = int(_row(con, f"SELECT count(*) FROM {table.relation}")[0])
    figures = _counts(con, table, rows)
    _confirm_unique(con, table, rows, figures)
    _samples(con, table, figures)
    _values(con, table, figures, budget)
    return rows, figures


def _counts(con: duckdb.DuckDBPyConnection, table: ReadTable, rows: int) -> list[Figures]:
    exact = rows <= EXACT_ROWS
    parts = [part for column in table.columns for part in _aggregates(column, exact)]
    row = _row(con, f"SELECT {', '.join(parts)} FROM {table.relation}")
    found: list[Figures] = []
    for place, _ in enumerate(table.columns):
        count, distinct, low, high, length = row[place * 5 : place * 5 + 5]
        found.append(
            Figures(rows, rows - count, distinct, exact, _cell(low), _cell(high), float(length or 0))
        )  # fmt: skip
    return found


def _aggregates(column: ReadColumn, exact: bool) -> list[str]:
    name = quoted(column.name)
    if column.type not in _ORDERED:
        return [f"count({name})", "NULL", "NULL", "NULL", "NULL"]
    distinct = f"count(DISTINCT {name})" if exact else f"approx_count_distinct({name})"
    if column.type != "text":
        return [f"count({name})", distinct, f"min({name})", f"max({name})", "NULL"]
    text = f"left(CAST({name} AS VARCHAR), {LONGEST_VALUE})"
    return [f"count({name})", distinct, f"min({text})", f"max({text})", f"avg(length(CAST({name} AS VARCHAR)))"]


def _confirm_unique(con: duckdb.DuckDBPyConnection, table: ReadTable, rows: int, figures: list[Figures]) -> None:
    """Counts exactly where an estimate leaves open whether a column is unique."""
    pairs = zip(table.columns, figures, strict=True)
    open_ones = [(c, f) for c, f in pairs if not f.exact and not f.nulls and f.distinct and f.distinct > rows * 0.9]
    if not open_ones:
        return
    counts = ", ".join(f"count(DISTINCT {quoted(column.name)})" for column, _ in open_ones)
    for (_, figure), distinct in zip(open_ones, _row(con, f"SELECT {counts} FROM {table.relation}"), strict=True):
        figure.distinct, figure.exact = distinct, True


def _samples(con: duckdb.DuckDBPyConnection, table: ReadTable, figures: list[Figures]) -> None:
    rows = con.execute(f"SELECT * FROM {table.relation} LIMIT {_LOOKED_AT}").fetchall()
    for place, figure in enumerate(figures):
        figure.samples = _first_different(row[place] for row in rows)


def _first_different(cells: Any) -> tuple[Cell, ...]:
    found: list[Cell] = []
    for cell in cells:
        value = _cell(cell)
        if value is not None and value not in found:
            found.append(value)
        if len(found) == SAMPLES:
            break
    return tuple(found)


def _values(con: duckdb.DuckDBPyConnection, table: ReadTable, figures: list[Figures], budget: int) -> None:
    pairs = list(zip(table.columns, figures, strict=True))
    wanted = [(c, f) for c, f in pairs if c.type == "text" and f.distinct and f.length <= LONGEST_VALUE]
    limit = min(VALUES, budget // max(1, len(wanted)))
    if not wanted or limit < 1:
        return
    parts = [_frequent(column, place, table.relation, limit) for place, (column, _) in enumerate(wanted)]
    for place, values in con.execute(" UNION ALL ".join(parts)).fetchall():
        figure = wanted[place][1]
        figure.values = tuple(str(plain(value)) for value in values or ())
        figure.all_values = len(figure.values) < limit and figure.exact and len(figure.values) == figure.distinct


def _frequent(column: ReadColumn, place: int, relation: str, limit: int) -> str:
    name = f"CAST({quoted(column.name)} AS VARCHAR)"
    counted = (
        f"SELECT {name} AS v, count(*) AS n FROM {relation} WHERE length({name}) BETWEEN 1 AND {LONGEST_VALUE} "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {limit}"
    )
    return f"SELECT {place}, list(v ORDER BY n DESC, v) FROM ({counted})"


def _cell(value: Any) -> Cell:
    found = plain(value)
    return found[:LONGEST_VALUE] if isinstance(found, str) else found


def _row(con: duckdb.DuckDBPyConnection, sql: str) -> Sequence[Any]:
    row = con.execute(sql).fetchone()
    assert row is not None
    return row
