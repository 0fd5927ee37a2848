"""DuckDB files, attached read-only: the tables and views that one declares, with keys and comments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from prosa.errors import SourceError
from prosa.sources.base import ForeignKey
from prosa.sources.naming import literal, quoted, unique
from prosa.sources.reading.tables import ReadColumn, ReadTable
from prosa.sources.reading.types import of_duckdb
from prosa.sources.reading.workspace import MEMORY, engine_error

_FILE = "file"
_COLUMNS = f"""SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns()
WHERE database_name = '{_FILE}' AND NOT internal ORDER BY schema_name, table_name, column_index"""
_RELATIONS = f"""SELECT schema_name, table_name, comment, false FROM duckdb_tables()
WHERE database_name = '{_FILE}' AND NOT internal
UNION ALL SELECT schema_name, view_name, comment, true FROM duckdb_views()
WHERE database_name = '{_FILE}' AND NOT internal"""
_KEYS = f"""SELECT schema_name, table_name, constraint_type, constraint_column_names, referenced_table,
referenced_column_names FROM duckdb_constraints() WHERE database_name = '{_FILE}'"""

_Place = tuple[str, str]


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that has the file attached and can reach nothing else: its views may name any path. SourceError."""
    con = duckdb.connect(":memory:")
    try:
        for setting in (f"memory_limit = '{MEMORY}'", "TimeZone = 'UTC'", "python_enable_replacements = false"):
            con.execute(f"SET {setting}")
        con.execute(f"ATTACH {literal(str(path))} AS {_FILE} (READ_ONLY)")
        for setting in (
            "enable_external_access = false",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "lock_configuration = true",
        ):
            con.execute(f"SET {setting}")
        yield con
    except duckdb.Error as error:
        raise _unreadable(error, path) from error
    finally:
        con.close()


def _unreadable(error: duckdb.Error, path: Path) -> Exception:
    words = str(error)
    if "Could not set lock" in words or "being used by another process" in words:
        return SourceError("source_locked", name=path.name)
    if "ncrypt" in words:
        return SourceError("source_password", name=path.name)
    if "version" in words and "read" in words:
        return SourceError("source_newer", name=path.name, version=duckdb.__version__)
    if isinstance(error, duckdb.SerializationException) or any(
        sign in words for sign in ("Corrupt", "Could not read enough bytes", "not a valid DuckDB")
    ):
        return SourceError("source_broken", name=path.name)
    return engine_error(error, path.name)


def tables(con: duckdb.DuckDBPyConnection) -> list[ReadTable]:
    """Every table and view. Where two schemas use one name, the second table gets its schema's before it."""
    columns: dict[_Place, list[ReadColumn]] = defaultdict(list)
    for schema, table, name, native, comment in con.execute(_COLUMNS).fetchall():
        columns[schema, table].append(ReadColumn(name, of_duckdb(native), native, comment or ""))
    known = {(schema, name): (text or "", view) for schema, name, text, view in con.execute(_RELATIONS).fetchall()}
    names = _names([place for place in columns if place in known])
    declared = _Keys(con, names)
    return [
        ReadTable(
            name=name,
            relation=f"{_FILE}.{quoted(place[0])}.{quoted(place[1])}",
            columns=tuple(columns[place]),
            inner=f"{place[0]}.{place[1]}",
            primary_key=declared.primary.get(place, ()),
            unique=tuple(declared.unique[place]),
            foreign_keys=tuple(declared.foreign[place]),
            comment=known[place][0],
            view=known[place][1],
        )
        for place, name in names.items()
    ]


def _names(places: list[_Place]) -> dict[_Place, str]:
    ordered = sorted(places, key=lambda place: (place[0] != "main", places.index(place)))
    taken: set[str] = set()
    wishes: list[str] = []
    for schema, table in ordered:
        wishes.append(f"{schema}_{table}" if table.casefold() in taken else table)
        taken.add(table.casefold())
    return dict(zip(ordered, unique(wishes), strict=True))


class _Keys:
    """What the schema declares of keys, by table."""

    def __init__(self, con: duckdb.DuckDBPyConnection, names: dict[_Place, str]) -> None:
        self.primary: dict[_Place, tuple[str, ...]] = {}
        self.unique: dict[_Place, list[str]] = defaultdict(list)
        self.foreign: dict[_Place, list[ForeignKey]] = defaultdict(list)
        for schema, table, kind, columns, target, references in con.execute(_KEYS).fetchall():
            place = schema, table
            if kind == "PRIMARY KEY":
                self.primary[place] = tuple(columns)
            elif kind == "UNIQUE" and len(columns) == 1:
                self.unique[place].append(columns[0])
            elif kind == "FOREIGN KEY" and (schema, target) in names:
                key = ForeignKey(tuple(columns), names[schema, target], tuple(references), declared=True)
                self.foreign[place].append(key)
