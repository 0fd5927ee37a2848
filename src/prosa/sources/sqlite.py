"""SQLite behind a lock: one file, and of it only the tables that a statement was granted. Runs in a child process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pyarrow as pa

from prosa.errors import MemoryLimit, ProsaError, QueryError, QueryRefused, SourceError
from prosa.sources.engine import Attachment, Interrupted, Resources
from prosa.sources.sqlite_lock import FUNCTIONS, TABLE_FUNCTIONS, connect, fold, indirect, lock_down, names
from prosa.sources.sqlite_rows import reader

BATCH_ROWS = 50_000
LONGEST_REASON = 500


class SQLite:
    """One locked connection to one file. SourceError where it can't be opened."""

    def __init__(self, attachment: Attachment, resources: Resources) -> None:
        attachment.check_files()
        if not attachment.pieces:
            raise SourceError("source_no_tables", name=", ".join(attachment.sources))
        self._inner = {fold(piece.table): _table(piece.inner or piece.table) for piece in attachment.pieces}
        self._readable: frozenset[str] = frozenset()
        self._beneath: frozenset[tuple[str, str]] = frozenset()
        self._stopped = False
        try:
            self._connection = connect(attachment.pieces[0].paths[0])
            self._schema = names(self._connection)
            self._indirect = dict(indirect(self._connection, frozenset(self._inner.values())))
            lock_down(self._connection, resources, self._may, self._check)
        except sqlite3.Error as error:
            raise SourceError("source_unreadable", name=", ".join(attachment.sources), what=str(error)) from error

    def query(self, sql: str, tables: tuple[str, ...]) -> pa.RecordBatchReader:
        self._grant(tables)
        return reader(self._run, sql)

    def explain(self, sql: str, tables: tuple[str, ...]) -> None:
        self._grant(tables)
        if not sql.upper().startswith("EXPLAIN "):
            self._run("EXPLAIN " + sql).close()

    def interrupt(self) -> None:
        self._stopped = True
        self._connection.interrupt()

    def progress(self) -> float | None:
        return None

    def close(self) -> None:
        self._connection.close()

    def _grant(self, tables: tuple[str, ...]) -> None:
        self._stopped = False
        self._readable = frozenset(self._inner[fold(table)] for table in tables if fold(table) in self._inner)
        read = (*self._readable, *TABLE_FUNCTIONS)
        self._beneath = frozenset(found for table in read for found in self._indirect.get(table, ()))

    def _run(self, sql: str) -> Cursor:
        with translated():
            cursor = Cursor(self._connection, sql)
        if not cursor.names:
            raise QueryRefused("query_refused", reason="not_a_select", what=sql[:LONGEST_REASON])
        return cursor

    def _check(self) -> int:
        return int(self._stopped)

    def _may(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        """SQLite's authorizer: whatever is not named here is denied. It also tells which view reads a table, but a
        common table expression of the same name looks just alike, so that this can't be relied on: what a granted view
        reads is known beforehand. Full-text tables ask for `data_version`, a counter."""
        allowed = (
            action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE)
            or (action == sqlite3.SQLITE_FUNCTION and fold(second) in FUNCTIONS)
            or (action == sqlite3.SQLITE_READ and self._may_read(fold(first), fold(second)))
            or (action == sqlite3.SQLITE_PRAGMA and (first, second) == ("data_version", None))
        )
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    def _may_read(self, table: str, column: str) -> bool:
        """Where no column is read, as in a count, common table expressions are asked for as well."""
        expression = not column and table not in self._schema
        return table in self._readable or (table, column) in self._beneath or expression


class Cursor:
    """A running statement whose errors are ours."""

    def __init__(self, connection: sqlite3.Connection, sql: str) -> None:
        self._connection, self._sql = connection, sql
        self._cursor = connection.execute(sql)
        self._fetched = 0
        self.names: list[str] = [column[0] for column in self._cursor.description or ()]

    def fetch(self) -> list[tuple[Any, ...]]:
        """The next rows; an empty list at the end."""
        with translated():
            try:
                rows = self._cursor.fetchmany(BATCH_ROWS)
            except sqlite3.OperationalError as error:
                if "decode" not in str(error):
                    raise
                rows = self._fetch_leniently()
        self._fetched += len(rows)
        return rows

    def close(self) -> None:
        self._cursor.close()

    def _fetch_leniently(self) -> list[tuple[Any, ...]]:
        """Once more from the first row on: text that is not UTF-8 is rare, and to expect it costs half of the speed."""
        self._connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        self._cursor = self._connection.execute(self._sql)
        for start in range(0, self._fetched, BATCH_ROWS):
            self._cursor.fetchmany(min(BATCH_ROWS, self._fetched - start))
        return self._cursor.fetchmany(BATCH_ROWS)


@contextmanager
def translated() -> Iterator[None]:
    """SQLite's errors as ours."""
    try:
        yield
    except MemoryError as error:
        raise MemoryLimit() from error
    except sqlite3.Error as error:
        raise _error(error) from error


def _error(error: sqlite3.Error) -> ProsaError | Interrupted:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_INTERRUPT:
        return Interrupted()
    if code == sqlite3.SQLITE_NOMEM:
        return MemoryLimit()
    if code == sqlite3.SQLITE_AUTH or "prohibited" in str(error) or "not authorized" in str(error):
        return QueryRefused("query_refused", reason="engine", what=str(error))
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        return SourceError("source_changed")
    return QueryError("query_failed", what=str(error))


def _table(inner: str) -> str:
    return fold(inner.removeprefix("main."))
