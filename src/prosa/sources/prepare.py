"""The entry for whoever runs in a child process: a location becomes a prepared, profiled source, from the cache where
it is there already."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from prosa.errors import SourceError
from prosa.sources.base import Kind, Piece, SourceInfo, TableInfo
from prosa.sources.cache import DATA, INFO, Cache, key_of
from prosa.sources.naming import slug
from prosa.sources.reading import files

Progress = Callable[[int, int], None]


def ignore(done: int, total: int) -> None:
    """Progress that nobody watches."""


class Prepared(msgspec.Struct, frozen=True):
    """What the cache keeps of a source: all that does not depend on its name or owner."""

    kind: Kind
    tables: tuple[TableInfo, ...]
    pieces: tuple[Piece, ...]
    notices: tuple[tuple[str, dict[str, Any]], ...] = ()


def prepare(
    name: str,
    location: str,
    *,
    cache_dir: Path,
    copy_sqlite: bool = False,
    owner: str | None = None,
    progress: Progress = ignore,
) -> SourceInfo:
    """Reads and profiles what lies at `location`, or finds it in the cache under `cache_dir`. With `copy_sqlite`, SQLite
    tables are copied into a DuckDB file. `progress` is called with bytes done and bytes in all.
    SourceError, StorageError."""
    path = Path(location.removeprefix("sqlite:///").removeprefix("duckdb:///")).expanduser().resolve()
    if not path.exists():
        raise SourceError("source_missing", name=location)
    cache = Cache(cache_dir)
    key = key_of([path], copy_sqlite)
    entry = cache.entry(key)
    if entry is None:
        entry = cache.make(key, lambda scratch, final: _fill(path, scratch / DATA, final / DATA, copy_sqlite))
    found = msgspec.json.decode((entry / INFO).read_bytes(), type=Prepared)
    dialect = "sqlite" if all(piece.kind == "sqlite" for piece in found.pieces) else "duckdb"
    tables, pieces = _named(found, name)
    return SourceInfo(
        _id(name, location, owner), name, found.kind, location, key, dialect, tables, pieces, found.notices, owner
    )


def _fill(path: Path, scratch: Path, final: Path, copy_sqlite: bool) -> bytes:
    kind, tables, pieces = files.read(path, scratch, final, copy_sqlite)
    return msgspec.json.encode(Prepared(kind, tables, pieces))


def _named(found: Prepared, name: str) -> tuple[tuple[TableInfo, ...], tuple[Piece, ...]]:
    """The tables as this source's; the only table of a file is called by the source's name."""
    tables = [msgspec.structs.replace(table, source=name) for table in found.tables]
    pieces = list(found.pieces)
    if found.kind in ("csv", "json", "parquet") and len(tables) == 1:
        tables = [msgspec.structs.replace(tables[0], name=slug(name))]
        pieces = [msgspec.structs.replace(pieces[0], table=slug(name))]
    return tuple(tables), tuple(pieces)


def _id(name: str, location: str, owner: str | None) -> str:
    return hashlib.sha256(repr((name, location, owner)).encode()).hexdigest()[:16]
