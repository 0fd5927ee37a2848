"""The tables that an open DuckDB database declares, with keys and comments."""

from __future__ import annotations

from collections import defaultdict

import duckdb

from prosa.sources.base import ForeignKey
from prosa.sources.naming import quoted, unique
from prosa.sources.profiling.types import of_duckdb
from prosa.sources.reading.tables import ReadColumn, ReadTable

_COLUMNS = """SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal ORDER BY schema_name, table_name, column_index"""
_COMMENTS = """SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE database_name = current_database()
UNION ALL SELECT schema_name, view_name, comment FROM duckdb_views()
WHERE database_name = current_database() AND NOT internal"""
_KEYS = """SELECT schema_name, table_name, constraint_type, constraint_column_names, referenced_table,
referenced_column_names FROM duckdb_constraints() WHERE database_name = current_database()"""

_Place = tuple[str, str]


def tables(con: duckdb.DuckDBPyConnection) -> list[ReadTable]:
    """Every table and view of the current database. Names that several schemas use get a number behind."""
    columns: dict[_Place, list[ReadColumn]] = defaultdict(list)
    for schema, table, name, native, comment in con.execute(_COLUMNS).fetchall():
        columns[schema, table].append(ReadColumn(name, of_duckdb(native), native, comment or ""))
    comments = {(schema, table): text or "" for schema, table, text in con.execute(_COMMENTS).fetchall()}
    names = dict(zip(columns, unique(table for _, table in columns), strict=True))
    primary, single, foreign = _keys(con, names)
    return [
        ReadTable(
            name=names[place],
            relation=f"{quoted(place[0])}.{quoted(place[1])}",
            columns=tuple(found),
            inner=f"{place[0]}.{place[1]}",
            primary_key=primary.get(place, ()),
            unique=tuple(single[place]),
            foreign_keys=tuple(foreign[place]),
            comment=comments.get(place, ""),
        )
        for place, found in columns.items()
    ]


def _keys(
    con: duckdb.DuckDBPyConnection, names: dict[_Place, str]
) -> tuple[dict[_Place, tuple[str, ...]], dict[_Place, list[str]], dict[_Place, list[ForeignKey]]]:
    primary: dict[_Place, tuple[str, ...]] = {}
    single: dict[_Place, list[str]] = defaultdict(list)
    foreign: dict[_Place, list[ForeignKey]] = defaultdict(list)
    for schema, table, kind, columns, target, references in con.execute(_KEYS).fetchall():
        place = schema, table
        if kind == "PRIMARY KEY":
            primary[place] = tuple(columns)
        elif kind == "UNIQUE" and len(columns) == 1:
            single[place].append(columns[0])
        elif kind == "FOREIGN KEY" and (schema, target) in names:
            key = ForeignKey(tuple(columns), names[schema, target], tuple(references), declared=True)
            foreign[place].append(key)
    return primary, single, foreign
