"""SQLite behind a lock: one file, read-only, and of it only the tables that a statement was granted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from prosa.errors import MemoryLimit, ProsaError, QueryError, QueryRefused, SourceError
from prosa.sources.engine import Attachment, Interrupted, Resources
from prosa.sources.sqlite_rows import reader

BATCH_ROWS = 50_000
OPCODES_BETWEEN_CHECKS = 10_000

DEFENSIVE = 1010
"""SQLITE_DBCONFIG_DEFENSIVE; Python 3.11 can't set it and does not name it."""

LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 64 << 20,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 1 << 20,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

_FUNCTIONS = """
    abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling changes char coalesce concat concat_ws cos cosh count
    cume_dist current_date current_time current_timestamp date datetime degrees dense_rank exp first_value floor format
    glob group_concat hex ifnull iif instr json json_array json_array_length json_extract json_group_array
    json_group_object json_object json_type json_valid julianday lag last_value lead length like likelihood likely ln
    log log10 log2 lower ltrim max min mod nth_value ntile nullif octet_length percent_rank pi pow power printf quote
    radians random rank replace round row_number rtrim sign sin sinh soundex sqrt strftime string_agg substr substring
    sum tan tanh time timediff total trim trunc typeof unhex unicode unixepoch unlikely upper zeroblob -> ->>
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())
"""Functions that only compute. All others, such as `load_extension` or `fts3_tokenizer`, are denied."""


class SQLite:
    """One locked connection to one file. SourceError where it can't be opened."""

    def __init__(self, attachment: Attachment, resources: Resources) -> None:
        self._inner = {piece.table.casefold(): _table(piece.inner or piece.table) for piece in attachment.pieces}
        self._readable: frozenset[str] = frozenset()
        self._stopped = False
        try:
            self._connection = connect(attachment.pieces[0].paths[0])
            lock_down(self._connection, resources, self._may, self._check)
        except sqlite3.Error as error:
            raise SourceError("source_unreadable", name=", ".join(attachment.sources), what=str(error)) from error

    def query(self, sql: str, tables: tuple[str, ...]) -> pa.RecordBatchReader:
        self._grant(tables)
        return reader(self._run, sql)

    def explain(self, sql: str, tables: tuple[str, ...]) -> None:
        self._grant(tables)
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
        self._readable = frozenset(self._inner[table.casefold()] for table in tables if table.casefold() in self._inner)

    def _run(self, sql: str) -> Cursor:
        with translated():
            return Cursor(self._connection.execute(sql))

    def _check(self) -> int:
        return int(self._stopped)

    def _may(self, action: int, first: str | None, second: str | None, database: str | None, view: str | None) -> int:
        """SQLite's authorizer: whatever is not named here is denied. `view` reads on behalf of the statement."""
        allowed = (
            action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE)
            or (action == sqlite3.SQLITE_FUNCTION and (second or "").casefold() in FUNCTIONS)
            or (action == sqlite3.SQLITE_READ and bool({_fold(first), _fold(view)} & self._readable))
        )
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


class Cursor:
    """A running statement whose errors are ours."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self.names: list[str] = [column[0] for column in cursor.description or ()]

    def fetch(self) -> list[tuple[Any, ...]]:
        """The next rows; an empty list at the end."""
        with translated():
            return self._cursor.fetchmany(BATCH_ROWS)

    def close(self) -> None:
        self._cursor.close()


def connect(path: str) -> sqlite3.Connection:
    """Opens a file for reading alone. A write-ahead file would be made beside it if it were not called immutable."""
    file = Path(path)
    quiet = not Path(f"{path}-wal").exists()
    uri = f"{file.resolve().as_uri()}?mode=ro{'&immutable=1' if quiet and _uses_wal(file) else ''}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=0)
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    return connection


def lock_down(
    connection: sqlite3.Connection,
    resources: Resources,
    authorizer: Callable[..., int],
    stop: Callable[[], int],
) -> None:
    """Closes everything besides reading granted tables. The authorizer comes last, since it denies every PRAGMA.

    - `query_only`: no write even where the file was opened for writing; `trusted_schema`: a function or virtual table
      that a hostile file's views or defaults mention is not run.
    - `cell_size_check`, no memory map: a broken file is an error and not a crash; `defensive`: no writable schema.
    - `hard_heap_limit`: the memory limit, for the whole process; length limits: no single value can grow to gigabytes.
    - No ATTACH (limit 0 and authorizer), no extension loading, no trigger.
    - The progress handler asks `stop` every few thousand steps, so that any loop of the engine can be ended.
    """
    for limit, value in LIMITS.items():
        connection.setlimit(limit, value)
    for pragma, setting in {
        "query_only": "ON",
        "trusted_schema": "OFF",
        "cell_size_check": "ON",
        "mmap_size": "0",
        "hard_heap_limit": str(resources.memory),
    }.items():
        connection.execute(f"PRAGMA {pragma} = {setting}").close()
    if hasattr(connection, "setconfig"):
        connection.setconfig(DEFENSIVE, True)
    with suppress(AttributeError, sqlite3.NotSupportedError):
        connection.enable_load_extension(False)
    connection.set_progress_handler(stop, OPCODES_BETWEEN_CHECKS)
    connection.set_authorizer(authorizer)


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
    if code == sqlite3.SQLITE_AUTH or "prohibited" in str(error):
        return QueryRefused("query_refused", reason="engine", what=str(error))
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        return SourceError("source_changed")
    return QueryError("query_failed", what=str(error))


def _uses_wal(file: Path) -> bool:
    """Bytes 18 and 19 of the header are 2 in write-ahead mode (SQLite file format, 1.3.3)."""
    with file.open("rb") as header:
        return header.read(20)[18:20] == b"\x02\x02"


def _table(inner: str) -> str:
    return inner.removeprefix("main.").casefold()


def _fold(identifier: str | None) -> str:
    return (identifier or "").casefold()
