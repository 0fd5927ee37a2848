"""What every engine offers to the worker, and what it is given to open. The engines themselves live beside."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

import msgspec

from prosa.errors import SourceError
from prosa.sources.base import Database, Dialect, Piece

if TYPE_CHECKING:
    import pyarrow as pa


class Attachment(msgspec.Struct, frozen=True):
    """What an engine needs of a `Database`: where its tables lie, without the catalog, which can be large."""

    dialect: Dialect
    sources: tuple[str, ...]
    pieces: tuple[Piece, ...]
    fingerprint: str

    @classmethod
    def of(cls, database: Database) -> Attachment:
        return cls(database.dialect, database.sources, database.pieces, database.fingerprint)

    def check_files(self) -> None:
        """SourceError `source_changed` where a file is gone: an engine's own words would name a path of the cache."""
        if not all(os.path.exists(path) for piece in self.pieces for path in piece.paths):
            raise SourceError("source_changed")


class Resources(msgspec.Struct, frozen=True):
    """Bounds of an engine: memory in bytes, threads (0: one a core), and a folder where it may spill."""

    memory: int
    threads: int = 0
    scratch: str = ""


class Interrupted(Exception):
    """The statement was stopped by `Engine.interrupt`."""


class Engine(Protocol):
    """An open, locked, read-only database that runs one statement at a time.

    `query` and `explain` raise QueryError, QueryRefused, MemoryLimit, SourceError or Interrupted; so does the reader.
    """

    def query(self, sql: str, tables: tuple[str, ...]) -> pa.RecordBatchReader:
        """The rows as a stream of one schema. `tables` are the ones that the statement was granted."""

    def explain(self, sql: str, tables: tuple[str, ...]) -> None:
        """Compiles the statement without running it."""

    def interrupt(self) -> None:
        """Stops the running statement; called from another thread."""

    def progress(self) -> float | None:
        """The running statement's share done (0 to 1), where the engine can tell; called from another thread."""

    def close(self) -> None: ...
