"""Figures of tables that SQLite reads: counts of all rows; of large tables, different values of a sample."""

from __future__ import annotations

import sqlite3

from prosa.results import NUMERIC
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

_MANY = 0.5
"""A sample with so large a share of different values says that the whole has ever more of them."""
_PARTS = 4


def measure(con: sqlite3.Connection, table: ReadTable, budget: int) -> list[Figures]:
    """The figures of a table's columns; `budget` bounds the texts kept. sqlite3.Error."""
    figures = _counts(con, table)
    rows = figures[0].count if figures else 0
    step = 1 + rows // EXACT_ROWS
    part = table.relation if step == 1 else f"(SELECT * FROM {table.relation} LIMIT {EXACT_ROWS})"
    if step > 1 and _has_rowid(con, table):
        part = f"(SELECT * FROM {table.relation} WHERE rowid % {step} = 0)"
    _distinct(con, table, figures, part, step)
    _samples(con, table, figures)
    _values(con, table, figures, part, budget)
    return figures


def _counts(con: sqlite3.Connection, table: ReadTable) -> list[Figures]:
    parts = [
        f"count({q}), min({q}), max({q}), {f'avg(length({q}))' if column.type == 'text' else 'NULL'}"
        for column in table.columns
        for q in (quoted(column.name),)
    ]
    rows, *row = con.execute(f"SELECT count(*), {', '.join(parts)} FROM {table.relation}").fetchone()
    found: list[Figures] = []
    for place, column in enumerate(table.columns):
        count, low, high, length = row[place * _PARTS : (place + 1) * _PARTS]
        figure = Figures(rows, rows - count, length=float(length or 0))
        if column.type in ORDERED:
            figure.min, figure.max = cell(low), cell(high)
        found.append(figure)
    return found


def _has_rowid(con: sqlite3.Connection, table: ReadTable) -> bool:
    try:
        con.execute(f"SELECT rowid FROM {table.relation} LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        return False
    return True


def _distinct(con: sqlite3.Connection, table: ReadTable, figures: list[Figures], part: str, step: int) -> None:
    """Counts different values, of the whole or of a part of a large table; there keys are counted in the whole."""
    pairs = [(c, f) for c, f in zip(table.columns, figures, strict=True) if c.type in ORDERED]
    if not pairs:
        return
    counts = ", ".join(f"count(DISTINCT {quoted(column.name)})" for column, _ in pairs)
    row = con.execute(f"SELECT count(*), {counts} FROM {part}").fetchone()
    for (column, figure), distinct in zip(pairs, row[1:], strict=True):
        figure.distinct, figure.exact = distinct, step == 1
        if step > 1 and distinct > row[0] * _MANY:
            figure.distinct = min(figure.count - figure.nulls, distinct * step)
        if figure.looks_unique and may_be_key(column.name):
            sql = f"SELECT count(DISTINCT {quoted(column.name)}) FROM {table.relation}"
            figure.distinct, figure.exact = con.execute(sql).fetchone()[0], True


def _samples(con: sqlite3.Connection, table: ReadTable, figures: list[Figures]) -> None:
    cells = ", ".join(_sampled(column) for column in table.columns)
    rows = con.execute(f"SELECT {cells} FROM {table.relation} LIMIT {LOOKED_AT}").fetchall()
    for place, figure in enumerate(figures):
        figure.samples = samples(row[place] for row in rows)


def _sampled(column: ReadColumn) -> str:
    name = quoted(column.name)
    return name if column.type in NUMERIC else f"substr(CAST({name} AS TEXT), 1, {LONGEST_VALUE})"


def _values(con: sqlite3.Connection, table: ReadTable, figures: list[Figures], part: str, budget: int) -> None:
    pairs = zip(table.columns, figures, strict=True)
    wanted = [(c, f) for c, f in pairs if c.type == "text" and f.distinct and f.length <= LONGEST_VALUE]
    limit = min(VALUES, budget // max(1, len(wanted)))
    for column, figure in wanted if limit else ():
        figure.values = tuple(value for (value,) in con.execute(_frequent(column, part, limit)))
        figure.all_values = len(figure.values) < limit and figure.exact and len(figure.values) == figure.distinct


def _frequent(column: ReadColumn, part: str, limit: int) -> str:
    text = f"CAST({quoted(column.name)} AS TEXT)"
    return (
        f"SELECT {text} FROM {part} WHERE length({text}) BETWEEN 1 AND {LONGEST_VALUE} "
        f"GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {limit}"
    )
