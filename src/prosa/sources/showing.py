"""SHOW TABLES, DATABASES, COLUMNS and CREATE TABLE, and DESCRIBE, as queries for engines that lack them: over what the
catalog tells, or over the engine's own tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from prosa.sources.base import Catalog, Dialect, TableInfo
from prosa.sources.naming import literal, quoted

_NAME = r"""(?:main\s*\.\s*)?(?P<name>"(?:[^"]|"")+"|`[^`]+`|\[[^\]]+\]|\w+)"""


class Show(NamedTuple):
    """What is to be shown, of which table."""

    kind: str
    name: str = ""


_FORMS = {
    "tables": r"show (?:all |full )?tables",
    "databases": r"show (?:databases|schemas)",
    "create": rf"show create table {_NAME}",
    "columns": rf"(?:show (?:full )?(?:columns|fields) (?:from|in)|describe(?: table)?|desc) {_NAME}",
}
_PATTERNS = {
    kind: re.compile(r"\s*" + form.replace(" ", r"\s+") + r"\s*;?\s*", re.IGNORECASE) for kind, form in _FORMS.items()
}

_NATIVE: dict[Dialect, tuple[str, ...]] = {
    "duckdb": ("tables", "columns"),
    "sqlite": (),
    "postgres": (),
    "mysql": ("tables", "databases", "columns", "create"),
}
"""What an engine, or the guard in its name, answers by itself. DuckDB's `columns` is DESCRIBE alone."""


def read(sql: str) -> Show | None:
    """What a statement wants shown; None for every other statement."""
    for kind, pattern in _PATTERNS.items():
        found = pattern.fullmatch(sql)
        if found:
            name = found.groupdict().get("name") or ""
            return Show(kind, name[1:-1].replace('""', '"') if name[:1] in '"`[' else name)
    return None


def on_catalog(sql: str, catalog: Catalog) -> str | None:
    """A query that tells what the catalog knows; None where the engine answers by itself, or no such table is there."""
    show = read(sql)
    if show is None or _answers(sql, show, catalog.dialect):
        return None
    if show.kind == "tables":
        return _rows(catalog.dialect, ("name", "rows"), [(table.name, table.rows) for table in catalog.tables])
    if show.kind == "databases":
        return _rows(
            catalog.dialect, ("name",), [(name,) for name in dict.fromkeys(table.source for table in catalog.tables)]
        )
    table = catalog.table(show.name)
    return _of_table(show, table, catalog.dialect) if table is not None else None


def _answers(sql: str, show: Show, dialect: Dialect) -> bool:
    described = dialect != "duckdb" or show.kind != "columns" or sql.lstrip()[:4].lower() == "desc"
    return show.kind in _NATIVE[dialect] and described


def _of_table(show: Show, table: TableInfo, dialect: Dialect) -> str:
    if show.kind == "create":
        columns = ", ".join(f"{quoted(column.name)} {_type(column.native, column.type)}" for column in table.columns)
        return _rows(dialect, ("name", "sql"), [(table.name, f"CREATE TABLE {quoted(table.name)} ({columns})")])
    key = set(table.primary_key)
    rows = [(column.name, _type(column.native, column.type), int(column.name in key)) for column in table.columns]
    return _rows(dialect, ("name", "type", "key"), rows)


def _type(native: str, kind: str) -> str:
    return (native or kind).upper()


def _rows(dialect: Dialect, names: Sequence[str], rows: Sequence[Sequence[str | int]]) -> str:
    """A query that gives these very rows."""
    if not rows:
        return "SELECT " + ", ".join(f"NULL AS {quoted(name)}" for name in names) + " LIMIT 0"
    values = ", ".join(f"({', '.join(map(_cell, row))})" for row in rows)
    if dialect == "sqlite":
        columns = ", ".join(f"column{place} AS {quoted(name)}" for place, name in enumerate(names, 1))
        return f"SELECT {columns} FROM (VALUES {values})"  # noqa: S608 - quoted cells
    return f"SELECT * FROM (VALUES {values}) AS shown({', '.join(map(quoted, names))})"  # noqa: S608 - quoted cells


def _cell(cell: str | int) -> str:
    return literal(cell) if isinstance(cell, str) else str(cell)


_TABLES = "type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
_INFORMATION = "table_schema NOT IN ('pg_catalog', 'information_schema')"

_ON_ENGINE: dict[tuple[str, str], Callable[[str], str]] = {
    ("sqlite", "tables"): lambda name: f"SELECT name FROM sqlite_master WHERE {_TABLES} ORDER BY name",  # noqa: S608
    ("sqlite", "databases"): lambda name: "SELECT name FROM pragma_database_list",
    ("sqlite", "columns"): lambda name: (
        f'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info({name})'  # noqa: S608 - a literal
    ),
    ("sqlite", "create"): lambda name: (
        f"SELECT name, sql FROM sqlite_master WHERE {_TABLES} AND lower(name) = lower({name})"  # noqa: S608 - a literal
    ),
    ("postgres", "tables"): lambda name: (
        f"SELECT table_name AS name FROM information_schema.tables WHERE {_INFORMATION} ORDER BY 1"  # noqa: S608
    ),
    ("postgres", "databases"): lambda name: "SELECT datname AS name FROM pg_database ORDER BY 1",
    ("postgres", "columns"): lambda name: (
        "SELECT column_name AS name, data_type AS type, is_nullable FROM information_schema.columns"  # noqa: S608
        f" WHERE {_INFORMATION} AND table_name = {name} ORDER BY ordinal_position"
    ),
    ("duckdb", "create"): lambda name: (
        f"SELECT table_name AS name, sql FROM duckdb_tables() WHERE lower(table_name) = lower({name})"  # noqa: S608
    ),
    ("duckdb", "columns"): lambda name: (
        "SELECT column_name AS name, data_type AS type, is_nullable FROM information_schema.columns"  # noqa: S608
        f" WHERE table_name = {name} ORDER BY ordinal_position"
    ),
}


def on_engine(sql: str, dialect: Dialect) -> str | None:
    """The statement as somebody's engine of this dialect takes it; None for all that it takes as it is, or not at all.
    It reads the engine's own tables, so it is for runners of other people only, whose grants are theirs."""
    show = read(sql)
    if show is None:
        return None
    if show.kind in _NATIVE[dialect]:
        return sql
    made = _ON_ENGINE.get((dialect, show.kind))
    return made(literal(show.name)) if made is not None else None
