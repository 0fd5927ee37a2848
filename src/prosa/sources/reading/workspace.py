"""A DuckDB of its own for reading files: raw cells in `stage`, finished tables in `data`, both in one scratch
folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from prosa.errors import ProsaError, SourceError, StorageError
from prosa.sources.naming import literal

MEMORY = "512MB"
MOST_THREADS = 4
BLOCK = 1 << 16
"""A quarter of DuckDB's own: small and wide tables take less room, large ones are written faster."""
IN_MEMORY = 16 << 20
"""Raw cells of smaller files are never written to disk."""
_POLL = 0.1
_NO_SPACE = ("No space left", "Disk quota", "File too large", "max_temp_directory_size", "Could not write")

Found = TypeVar("Found")
Fraction = Callable[[float], None]
"""Told from time to time which share (0 to 1) of some work is done; what it raises ends the work."""


def part(tell: Fraction, start: float, end: float) -> Fraction:
    """The progress of a part of a larger work."""
    return lambda done: tell(start + (end - start) * min(done, 1.0))


class Workspace:
    """An open workspace; a context manager. `size` is that of the files to read, in bytes; `name` is for messages;
    `folder` is made and goes away with it."""

    def __init__(self, folder: Path, data: Path, name: str, size: int) -> None:
        self.name = name
        self.folder = folder
        self.con = duckdb.connect(":memory:")
        folder.mkdir(mode=0o700)
        for setting, value in {
            "memory_limit": MEMORY,
            "threads": str(max(1, min(MOST_THREADS, os.cpu_count() or 1))),
            "temp_directory": str(folder / "spill"),
            "TimeZone": "UTC",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "enable_progress_bar": "true",
            "enable_progress_bar_print": "false",
            "progress_bar_time": "0",
        }.items():
            self.con.execute(f"SET {setting} = {literal(value)}")
        self._numbers = count()
        self._attach("stage", None if size <= IN_MEMORY else folder / "stage.duckdb")
        self._attach("data", data, f"(BLOCK_SIZE {BLOCK})")

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.con.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if isinstance(error, duckdb.Error):
            raise engine_error(error, self.name) from error

    def run(self, sql: str, tell: Fraction, share: Callable[[], float] | None = None) -> None:
        """Runs a long statement and tells its progress: DuckDB's own, or `share`'s."""
        watched(self.con, lambda: self.con.execute(sql), lambda: tell(share() if share else engine_share(self.con)))

    def fresh(self) -> int:
        """A number that no table in `stage` has yet."""
        return next(self._numbers)

    def row(self, sql: str) -> tuple[Any, ...]:
        """The only row of a query."""
        row = self.con.execute(sql).fetchone()
        assert row is not None
        return row

    def count(self, relation: str) -> int:
        """The number of rows of a table."""
        return int(self.row(f"SELECT count(*) FROM {relation}")[0])

    def _attach(self, name: str, path: Path | None, options: str = "") -> None:
        self.con.execute(f"ATTACH {literal(str(path) if path else ':memory:')} AS {name} {options}")


def watched(con: duckdb.DuckDBPyConnection, work: Callable[[], Found], watch: Callable[[], None]) -> Found:
    """Does something with a connection in a thread and calls `watch` from this one until it is done. What `watch`
    raises interrupts the work."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            while not wait([future], _POLL).done:
                watch()
        finally:
            while not wait([future], _POLL).done:
                con.interrupt()
        return future.result()


def engine_share(con: duckdb.DuckDBPyConnection) -> float:
    """Which share of its statement DuckDB has done, as far as it knows."""
    return max(0.0, con.query_progress() / 100)


def engine_error(error: duckdb.Error, name: str) -> ProsaError:
    """DuckDB's refusal to read or to write as an error for people."""
    words = " ".join(str(error).partition("\n\n")[0].split())
    if any(sign in words for sign in _NO_SPACE):
        return StorageError("cache_full")
    if isinstance(error, duckdb.OutOfMemoryException):
        return SourceError("source_too_large", name=name)
    return SourceError("source_unreadable", name=name, what=words[:300])
