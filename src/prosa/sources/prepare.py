"""The entry for whoever runs in a child process: a location becomes a prepared, profiled source, from the cache where
it is there already."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from prosa.sources.base import Dialect, Piece, SourceInfo, TableInfo
from prosa.sources.cache import CAP, Cache, key_of
from prosa.sources.entries import Entry, fill
from prosa.sources.naming import slug
from prosa.sources.reading.locate import Located, locate
from prosa.sources.reading.workspace import Fraction, part

Progress = Callable[[int, int], None]
_DOWNLOAD = 0.3
_PERCENT = 100
_TRIES = 2
"""A file that changes while it is read is read once more; what changes all the time is taken as it was then."""


def ignore(done: int, total: int) -> None:
    """Progress that nobody watches."""


def prepare(
    name: str,
    location: str,
    *,
    cache_dir: Path,
    copy_sqlite: bool = False,
    owner: str | None = None,
    progress: Progress = ignore,
    cap: int = CAP,
) -> SourceInfo:
    """Reads and profiles what lies at `location` (a path, a pattern, a URL), or finds it in the cache under
    `cache_dir`, which is kept below `cap` bytes. With `copy_sqlite`, SQLite tables are copied into a DuckDB file, to
    be joined with others. `progress` is called with bytes done and bytes in all, and may raise to stop. SourceError,
    StorageError."""
    cache = Cache(cache_dir, cap)
    fetching = location.startswith(("http://", "https://"))
    found = locate(location, cache.downloads, lambda share: progress(int(share * _PERCENT * _DOWNLOAD), _PERCENT))
    if fetching:
        cache.use(found.files[0].path.parent)
    total = max(_PERCENT, sum(file.path.stat().st_size for file in found.files))
    tell = part(_forward(progress, total), _DOWNLOAD if fetching else 0.0, 1.0)
    for _ in range(_TRIES):
        key = _key(found, copy_sqlite)
        entry = cache.get(key, lambda scratch, final: _encoded(fill(found, scratch, final, copy_sqlite, tell)))
        if _key(found, copy_sqlite) == key:
            break
    return _info(msgspec.json.decode(entry, type=Entry), name, location, owner, key)


def _key(found: Located, copy_sqlite: bool) -> str:
    copied = copy_sqlite and found.files[0].kind == "sqlite"
    return key_of([file.path for file in found.files], found.how, copied, found.left_out, duckdb.__version__)


def _forward(progress: Progress, total: int) -> Fraction:
    """Progress in bytes that never goes back."""
    most = 0

    def tell(share: float) -> None:
        nonlocal most
        most = max(most, min(total, int(share * total)))
        progress(most, total)

    return tell


def _encoded(entry: Entry) -> bytes:
    return msgspec.json.encode(entry)


def _info(entry: Entry, name: str, location: str, owner: str | None, key: str) -> SourceInfo:
    tables, pieces, notices = entry.tables, entry.pieces, entry.notices
    if entry.single:
        tables, pieces, notices = _called(slug(name), entry)
    tables = tuple(msgspec.structs.replace(table, source=name) for table in tables)
    dialect: Dialect = "sqlite" if pieces and all(piece.kind == "sqlite" for piece in pieces) else "duckdb"
    return SourceInfo(
        _id(name, location, owner), name, entry.kind, location, key, dialect, tables, pieces, notices, owner
    )


def _called(
    name: str, entry: Entry
) -> tuple[tuple[TableInfo, ...], tuple[Piece, ...], tuple[tuple[str, dict[str, Any]], ...]]:
    """The only table by the name that people gave its source."""
    table, piece = entry.tables[0], entry.pieces[0]
    keys = tuple(msgspec.structs.replace(key, table=name) for key in table.foreign_keys)
    notices = tuple(
        (code, values | {"table": name} if values.get("table") else values) for code, values in entry.notices
    )
    renamed = msgspec.structs.replace(table, name=name, foreign_keys=keys)
    return (renamed,), (msgspec.structs.replace(piece, table=name),), notices


def _id(name: str, location: str, owner: str | None) -> str:
    return hashlib.sha256(repr((name, location, owner)).encode()).hexdigest()[:16]
