"""Fills a cache entry: what was located is read and profiled, and what the cache keeps of it is one value."""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from prosa.errors import SourceError
from prosa.sources.base import Kind, Piece, TableInfo
from prosa.sources.cache import DATA, storage_error
from prosa.sources.profiling.engines import DuckDBEngine, SQLiteEngine
from prosa.sources.profiling.profile import profile
from prosa.sources.reading import duckdb_files, sqlite_files
from prosa.sources.reading.converting import convert
from prosa.sources.reading.locate import Located
from prosa.sources.reading.notices import Notices
from prosa.sources.reading.tables import ReadTable
from prosa.sources.reading.workspace import Fraction, Workspace, part

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Entry(msgspec.Struct, frozen=True):
    """All that is known of a source besides its name and owner. `single` says that it is one table of one file or
    pattern, which may be called by the source's name."""

    kind: Kind
    tables: tuple[TableInfo, ...]
    pieces: tuple[Piece, ...]
    notices: tuple[tuple[str, dict[str, Any]], ...] = ()
    single: bool = False


def fill(located: Located, scratch: Path, final: Path, copy_sqlite: bool, tell: Fraction) -> Entry:
    """Makes an entry. Data go to `scratch/data.duckdb`, which will be `final/data.duckdb`. SourceError,
    StorageError."""
    file = located.files[0]
    try:
        if file.kind == "sqlite":
            return _sqlite(located, scratch, final / DATA, copy_sqlite, tell)
        if file.kind == "duckdb":
            return _duckdb(located, tell)
        return _files(located, scratch, final / DATA, tell)
    except OSError as error:
        if error.errno in _FULL:
            raise storage_error(error) from error
        raise SourceError("source_unreadable", name=file.path.name, what=error.strerror or str(error)) from error


def _files(located: Located, scratch: Path, data: Path, tell: Fraction) -> Entry:
    notices = Notices()
    size = sum(file.path.stat().st_size for file in located.files)
    with Workspace(scratch / "work", scratch / DATA, located.files[0].path.name, size) as work:
        found = convert(work, located, data, notices, part(tell, 0.0, 0.85))
        share = part(tell, 0.85, 1.0)
        tables = profile(found.tables, DuckDBEngine(work.con, lambda: share(0.0), notices), share)
    kinds = Counter(file.kind for file in located.files)
    single = len(tables) == 1 and located.how != "folder" and tables[0].name == found.stem
    return Entry(kinds.most_common(1)[0][0], tables, tuple(found.pieces), notices.all(), single)


def _duckdb(located: Located, tell: Fraction) -> Entry:
    path = located.files[0].path
    notices = _misnamed(located)
    with duckdb_files.opened(path) as con:
        read = _some(duckdb_files.tables(con), path)
        tables = profile(read, DuckDBEngine(con, lambda: tell(0.0), notices), tell)
    return Entry("duckdb", tables, _pieces(tables, "duckdb", path, read), notices.all())


def _sqlite(located: Located, scratch: Path, data: Path, copy_sqlite: bool, tell: Fraction) -> Entry:
    path = located.files[0].path
    notices = _misnamed(located)
    with sqlite_files.opened(path, lambda: tell(0.0)) as (con, deadline):
        read = _some(sqlite_files.tables(con, deadline, notices), path)
        if not copy_sqlite:
            tables = profile(read, SQLiteEngine(con, deadline, notices), tell)
            return Entry("sqlite", tables, _pieces(tables, "sqlite", path, read), notices.all())
        with Workspace(scratch / "work", scratch / DATA, path.name, path.stat().st_size) as work:
            copied = sqlite_files.copy(work, con, read, part(tell, 0.0, 0.7))
            share = part(tell, 0.7, 1.0)
            tables = profile(copied, DuckDBEngine(work.con, lambda: share(0.0), notices), share)
    return Entry("sqlite", tables, _pieces(tables, "duckdb", data, copied), notices.all())


def _pieces(
    tables: Sequence[TableInfo], kind: Literal["duckdb", "sqlite"], path: Path, read: Sequence[ReadTable]
) -> tuple[Piece, ...]:
    """Where the tables lie that the profile kept."""
    inner = {table.name: table.inner for table in read}
    return tuple(Piece(table.name, kind, (str(path),), inner[table.name]) for table in tables)


def _some(tables: list[ReadTable], path: Path) -> list[ReadTable]:
    if not tables:
        raise SourceError("source_no_tables", name=path.name)
    return tables


def _misnamed(located: Located) -> Notices:
    notices = Notices()
    file = located.files[0]
    if file.misnamed:
        notices.add("wrong_ending", "", file=file.path.name, kind=file.kind)
    return notices
