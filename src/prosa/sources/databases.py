"""Several prepared sources as one database: table names made unique, one catalog, one dialect. No engine is touched."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import msgspec

from prosa.sources.base import Catalog, Database, Dialect, Piece, SourceInfo, TableInfo
from prosa.sources.naming import slug, unique


def combine(infos: Sequence[SourceInfo]) -> Database:
    """The database that one statement can read: SQLite's dialect for a single SQLite source, else DuckDB's."""
    dialect: Dialect = "sqlite" if len(infos) == 1 and infos[0].dialect == "sqlite" else "duckdb"
    wishes = Counter(table.name.casefold() for info in infos for table in info.tables)
    listed = [
        f"{slug(info.name)}_{table.name}" if wishes[table.name.casefold()] > 1 else table.name
        for info in infos
        for table in info.tables
    ]
    names = iter(unique(listed))
    tables: list[TableInfo] = []
    pieces: list[Piece] = []
    for info in infos:
        renamed = {table.name: next(names) for table in info.tables}
        tables.extend(_renamed(table, renamed) for table in info.tables)
        pieces.extend(msgspec.structs.replace(piece, table=renamed[piece.table]) for piece in info.pieces)
    digest = hashlib.sha256(repr([(info.id, info.fingerprint) for info in infos]).encode()).hexdigest()[:32]
    return Database(dialect, tuple(info.name for info in infos), tuple(pieces), Catalog(dialect, tuple(tables), digest))


def _renamed(table: TableInfo, names: dict[str, str]) -> TableInfo:
    keys = tuple(
        msgspec.structs.replace(key, table=names[key.table]) for key in table.foreign_keys if key.table in names
    )
    return msgspec.structs.replace(table, name=names[table.name], foreign_keys=keys)
