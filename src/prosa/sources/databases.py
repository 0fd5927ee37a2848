"""Several prepared sources as one database: table names made unique, keys found across sources, one catalog, one
dialect. Values only: no engine is touched."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from prosa.sources.base import Catalog, ColumnInfo, Database, Dialect, ForeignKey, Piece, SourceInfo, TableInfo
from prosa.sources.naming import slug, unique
from prosa.sources.profiling import keys
from prosa.sources.profiling.keys import KeyColumn


def combine(infos: Sequence[SourceInfo]) -> Database:
    """The database that one statement can read: in SQLite's dialect for a single SQLite source, else in DuckDB's.

    Where sources use one table name, it gets the source's name before it, except where it is the source's name.
    ValueError where a SQLite source that was not copied is to be read together with others.
    """
    dialect: Dialect = infos[0].dialect if len(infos) == 1 else "duckdb"
    if any(info.dialect != dialect for info in infos):
        raise ValueError("SQLite sources are joined with others only when they were prepared with copy_sqlite")
    tables: list[TableInfo] = []
    pieces: list[Piece] = []
    for info, names in zip(infos, _names(infos), strict=True):
        tables.extend(_renamed(table, names) for table in info.tables)
        pieces.extend(msgspec.structs.replace(piece, table=names[piece.table]) for piece in info.pieces)
    if len(infos) > 1:
        tables = _related(tables)
    catalog = Catalog(dialect, tuple(tables), _digest(infos))
    return Database(dialect, tuple(info.name for info in infos), tuple(pieces), catalog)


def _digest(infos: Sequence[SourceInfo]) -> str:
    return hashlib.sha256(repr([(info.name, info.fingerprint) for info in infos]).encode()).hexdigest()[:32]


def _names(infos: Sequence[SourceInfo]) -> list[dict[str, str]]:
    """For each source, what its tables are called in the database."""
    count = Counter(table.name.casefold() for info in infos for table in info.tables)
    wishes = [
        table.name if count[table.name.casefold()] == 1 or table.name == slug(info.name) else _prefixed(info, table)
        for info in infos
        for table in info.tables
    ]
    names = iter(unique(wishes))
    return [{table.name: next(names) for table in info.tables} for info in infos]


def _prefixed(info: SourceInfo, table: TableInfo) -> str:
    return f"{slug(info.name)}_{table.name}"


def _renamed(table: TableInfo, names: Mapping[str, str]) -> TableInfo:
    foreign = tuple(msgspec.structs.replace(key, table=names[key.table]) for key in table.foreign_keys)
    return msgspec.structs.replace(table, name=names[table.name], foreign_keys=foreign)


def _related(tables: Sequence[TableInfo]) -> list[TableInfo]:
    """The tables with the foreign keys that point from one source to another, as far as the profiles can tell."""
    by_name = {table.name: table for table in tables}
    columns = {table.name: [_key_column(table, column) for column in table.columns] for table in tables}
    primary = [found for table in tables for found in columns[table.name] if (found.name,) == table.primary_key]
    targets = keys.Targets(primary, [])

    def included(column: KeyColumn, target: KeyColumn) -> bool:
        child, parent = by_name[column.table], by_name[target.table]
        if child.source == parent.source:
            return False
        own, other = child.column(column.name), parent.column(target.name)
        return own is not None and other is not None and _may_be_included(own, other)

    return [_with_keys(table, columns[table.name], targets, included) for table in tables]


def _with_keys(
    table: TableInfo, columns: Sequence[KeyColumn], targets: keys.Targets, included: keys.Included
) -> TableInfo:
    taken = {name for key in table.foreign_keys for name in key.columns}
    own = table.primary_key[0] if len(table.primary_key) == 1 else None
    found = [
        ForeignKey((column.name,), target.table, (target.name,))
        for column in columns
        if column.name not in taken and (target := keys.foreign_key(column, targets, included, own))
    ]
    return msgspec.structs.replace(table, foreign_keys=(*table.foreign_keys, *found)) if found else table


def _key_column(table: TableInfo, column: ColumnInfo) -> KeyColumn:
    return KeyColumn(
        table=table.name,
        name=column.name,
        type=column.type,
        filled=column.nulls < table.rows,
        distinct=column.distinct,
        min=column.min,
        max=column.max,
    )


def _may_be_included(own: ColumnInfo, other: ColumnInfo) -> bool:
    """Whether nothing that is known of the values speaks against inclusion; bounds were compared before."""
    if other.all_values and own.type == "text":
        return set(own.values) <= set(other.values)
    return True
