"""The tables of a SQLite file: what it declares, what its columns hold, and the copy of them in DuckDB."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from prosa.results import ColumnType, plain
from prosa.sources.base import ForeignKey
from prosa.sources.naming import quoted
from prosa.sources.profiling.duckdb_figures import LONGEST_VALUE, SAMPLES, VALUES
from prosa.sources.profiling.figures import Figures
from prosa.sources.reading.tables import ReadColumn, ReadTable


def tables(con: sqlite3.Connection) -> list[ReadTable]:
    con.text_factory = lambda raw: raw.decode("utf-8", "replace")
    names = [
        name
        for (name,) in con.execute(
            "SELECT name FROM sqlite_schema WHERE type IN ('table','view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
        )
    ]
    return [_table(con, name) for name in names]


def _table(con: sqlite3.Connection, name: str) -> ReadTable:
    info = con.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
    columns = tuple(ReadColumn(c[1], _affinity(c[2] or ""), c[2] or "") for c in info)
    primary = tuple(c[1] for c in sorted((c for c in info if c[5]), key=lambda c: c[5]))
    keys: dict[int, list[Any]] = {}
    for row in con.execute(f"PRAGMA foreign_key_list({quoted(name)})"):
        keys.setdefault(row[0], []).append(row)
    foreign = []
    for rows in keys.values():
        target = rows[0][2]
        references = tuple(row[4] for row in rows)
        if None in references:
            found = con.execute(f"PRAGMA table_info({quoted(target)})").fetchall()
            references = tuple(c[1] for c in found if c[5])
        if len(references) == len(rows):
            foreign.append(ForeignKey(tuple(row[3] for row in rows), target, references, declared=True))
    return ReadTable(name, quoted(name), columns, name, primary, (), tuple(foreign))


def _affinity(declared: str) -> ColumnType:
    kind = declared.upper()
    if "INT" in kind:
        return "integer"
    if "BOOL" in kind:
        return "boolean"
    if any(word in kind for word in ("CHAR", "CLOB", "TEXT")):
        return "text"
    if "BLOB" in kind:
        return "blob"
    if "DATETIME" in kind or "TIMESTAMP" in kind:
        return "timestamp"
    if "DATE" in kind:
        return "date"
    if any(word in kind for word in ("REAL", "FLOA", "DOUB", "NUM", "DEC")):
        return "float"
    return "text"


def measure(con: sqlite3.Connection, table: ReadTable, budget: int) -> tuple[int, list[Figures]]:
    parts = [
        f"count({q}), count(DISTINCT {q}), min({q}), max({q}), avg(length({q}))"
        for q in (quoted(column.name) for column in table.columns)
    ]
    row = con.execute(f"SELECT count(*), {', '.join(parts)} FROM {table.relation}").fetchone()
    rows = row[0]
    figures = []
    for place, column in enumerate(table.columns):
        count, distinct, low, high, length = row[1 + place * 5 : 6 + place * 5]
        figure = Figures(rows, rows - count, distinct, True, _cell(low), _cell(high), float(length or 0))
        q = quoted(column.name)
        found = con.execute(f"SELECT DISTINCT {q} FROM {table.relation} WHERE {q} IS NOT NULL LIMIT {SAMPLES}")
        figure.samples = tuple(_cell(value) for (value,) in found)
        if column.type in ("text", "date", "timestamp") and figure.length <= LONGEST_VALUE:
            sql = f"SELECT CAST({q} AS TEXT), count(*) FROM {table.relation} WHERE {q} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {VALUES}"
            figure.values = tuple(value for value, _ in con.execute(sql))
            figure.all_values = len(figure.values) == distinct
        figures.append(figure)
    return rows, figures


def _cell(value: Any) -> Any:
    found = plain(value)
    return found[:LONGEST_VALUE] if isinstance(found, str) else found


def copy(con: sqlite3.Connection, tables: list[ReadTable], path: Path) -> None:
    with duckdb.connect(str(path)) as target:
        for table in tables:
            rows = con.execute(f"SELECT * FROM {table.relation}").fetchall()
            arrays = [_array([row[place] for row in rows], column) for place, column in enumerate(table.columns)]
            data = pa.table(arrays, names=[column.name for column in table.columns])
            target.register("incoming", data)
            target.execute(f"CREATE TABLE main.{quoted(table.name)} AS SELECT * FROM incoming")
            target.unregister("incoming")


def _array(values: list[Any], column: ReadColumn) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([None if value is None else str(value) for value in values], pa.string())
