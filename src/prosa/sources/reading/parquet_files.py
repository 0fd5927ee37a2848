"""Parquet files as tables, read where they lie: nothing is copied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from prosa.errors import SourceError
from prosa.sources.naming import literal
from prosa.sources.reading.tables import ReadColumn, ReadTable
from prosa.sources.reading.types import of_duckdb
from prosa.sources.reading.workspace import Workspace

Schema = tuple[tuple[str, str], ...]


def schema(work: Workspace, path: Path) -> Schema:
    """Names and DuckDB types of the columns. SourceError where the file is broken or locked with a key."""
    try:
        rows = work.con.execute(f"DESCRIBE FROM {_relation([path])}").fetchall()
    except duckdb.Error as error:
        words = str(error)
        code = "source_password" if "ncrypted" in words else "source_truncated"
        raise SourceError(code, name=path.name) from error
    return tuple((row[0], row[1]) for row in rows)


def table(name: str, paths: Sequence[Path], columns: Schema) -> ReadTable:
    """A table over files of one schema."""
    read = tuple(ReadColumn(column, of_duckdb(native), native) for column, native in columns)
    return ReadTable(name, _relation(paths), read)


def _relation(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(literal(str(path)) for path in paths)}])"
