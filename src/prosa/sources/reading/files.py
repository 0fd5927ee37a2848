"""Chooses the reader for a file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb

from prosa.errors import SourceError
from prosa.sources.base import Kind, Piece, TableInfo
from prosa.sources.naming import literal, slug
from prosa.sources.profiling import duckdb_figures
from prosa.sources.profiling.profile import profile
from prosa.sources.reading import duckdb_files, sqlite_files

Read = tuple[Kind, tuple[TableInfo, ...], tuple[Piece, ...]]


def read(path: Path, scratch: Path, final: Path, copy_sqlite: bool) -> Read:
    head = path.open("rb").read(16)
    if head.startswith(b"SQLite format 3\0"):
        return _sqlite(path, scratch, final, copy_sqlite)
    if head[8:12] == b"DUCK":
        return _duckdb(path)
    return _csv(path, scratch, final)


def _duckdb(path: Path) -> Read:
    with duckdb.connect(str(path), read_only=True) as con:
        tables = duckdb_files.tables(con)
        found = profile(tables, lambda table, budget: duckdb_figures.measure(con, table, budget))
    return "duckdb", found, tuple(Piece(t.name, "duckdb", (str(path),), t.inner) for t in tables)


def _sqlite(path: Path, scratch: Path, final: Path, copy_sqlite: bool) -> Read:
    con = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        tables = sqlite_files.tables(con)
        found = profile(tables, lambda table, budget: sqlite_files.measure(con, table, budget))
        if copy_sqlite:
            sqlite_files.copy(con, tables, scratch)
            return "sqlite", found, tuple(Piece(t.name, "duckdb", (str(final),), f"main.{t.name}") for t in tables)
    finally:
        con.close()
    return "sqlite", found, tuple(Piece(t.name, "sqlite", (str(path),), f"main.{t.name}") for t in tables)


def _csv(path: Path, scratch: Path, final: Path) -> Read:
    name = slug(path.stem)
    try:
        with duckdb.connect(str(scratch)) as con:
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv({literal(str(path))}, sample_size=-1)")
            tables = duckdb_files.tables(con)
            found = profile(tables, lambda table, budget: duckdb_figures.measure(con, table, budget))
    except duckdb.Error as error:
        raise SourceError(name=path.name, what=str(error).splitlines()[0]) from error
    return "csv", found, (Piece(name, "duckdb", (str(final),), f"main.{name}"),)
