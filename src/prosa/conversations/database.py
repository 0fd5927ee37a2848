"""The SQLite file behind the store: how it is opened, and its failures as StorageError. No statement stands here."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from prosa.conversations.schema import migrate
from prosa.errors import StorageError

_BUSY_MS = 5_000

_CODES = {
    "SQLITE_FULL": "storage_full",
    "SQLITE_READONLY": "storage_readonly",
    "SQLITE_CANTOPEN": "storage_readonly",
    "SQLITE_PERM": "storage_readonly",
    "SQLITE_BUSY": "storage_busy",
    "SQLITE_LOCKED": "storage_busy",
    "SQLITE_NOTADB": "storage_broken",
    "SQLITE_CORRUPT": "storage_broken",
}


class StoreFile:
    """One connection to one file, or to memory where `path` is None; used by one thread at a time."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._engine = _engine(path)

    def open(self) -> None:
        """Makes the file, for its owner's eyes alone, and brings its tables up to date. StorageError."""
        try:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise StorageError("storage_readonly", where=str(self.path)) from error
        with self.write() as connection:
            try:
                migrate(connection)
            except ValueError as error:
                raise StorageError("storage_newer", where=str(self.path)) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads. StorageError."""
        with self._errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: it waits for another server's before it reads anything. StorageError."""
        with self._errors(), self._engine.execution_options(prosa_writes=True).begin() as connection:
            yield connection

    def close(self) -> None:
        """Closes the connection; the write-ahead log goes with the last one."""
        self._engine.dispose()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            name = getattr(getattr(error, "orig", None), "sqlite_errorname", "")
            code = next((code for start, code in _CODES.items() if str(name).startswith(start)), "storage")
            what = type(getattr(error, "orig", None) or error).__name__
            raise StorageError(code, where=str(self.path), what=name or what) from error


def _engine(path: Path | None) -> Engine:
    engine = create_engine(
        f"sqlite:///{path or ':memory:'}", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin in _begin, not where the driver guesses
    for pragma in (f"busy_timeout={_BUSY_MS}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("prosa_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
