"""What closes a SQLite connection: read-only opening, limits, and the lists that its authorizer goes by."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from prosa.sources.engine import Resources
from prosa.sources.naming import quoted

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
    abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling char coalesce concat concat_ws cos cosh cot count
    cume_dist current_date current_time current_timestamp date datetime degrees dense_rank exp first_value floor
    format glob group_concat hex ifnull iif instr json json_array json_array_length json_error_position json_extract
    json_group_array json_group_object json_insert json_object json_patch json_pretty json_quote json_remove
    json_replace json_set json_type json_valid jsonb jsonb_array jsonb_extract jsonb_group_array jsonb_group_object
    jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set julianday lag last_value lead left
    length like likelihood likely ln log log10 log2 lower ltrim max median min mod nth_value ntile nullif
    octet_length percent_rank percentile percentile_cont percentile_disc pi pow power printf quote radians random
    randomblob rank replace right round row_number rtrim sign sin sinh soundex sqrt strftime string_agg substr
    substring subtype sum tan tanh time timediff total trim trunc typeof unhex unicode unistr unixepoch unlikely
    upper zeroblob -> ->>
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())
"""Functions that only compute. All others, such as `load_extension` or `fts3_tokenizer`, are denied."""

SCHEMA_TABLES = frozenset({"sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema"})

TABLE_FUNCTIONS = ("json_each", "json_tree")
"""What may stand for a table; like virtual tables they must be opened before the lock."""


def connect(path: str) -> sqlite3.Connection:
    """Opens a file for reading alone. A write-ahead file would be made beside it if it were not called immutable."""
    file = Path(path)
    quiet = not Path(f"{path}-wal").exists()
    uri = f"{file.resolve().as_uri()}?mode=ro{'&immutable=1' if quiet and _uses_wal(file) else ''}"
    # No cached statements: the authorizer is asked only while one is compiled, and the next may have another grant.
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=0)


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


def names(connection: sqlite3.Connection) -> frozenset[str]:
    """Everything that the schema names, and the schema itself."""
    found = connection.execute("SELECT name FROM sqlite_master").fetchall()
    return frozenset(fold(name) for (name,) in found) | SCHEMA_TABLES


def indirect(
    connection: sqlite3.Connection, tables: frozenset[str]
) -> Iterator[tuple[str, frozenset[tuple[str, str]]]]:
    """What views and virtual tables read beneath themselves. A virtual table must also be opened before the lock."""
    for function in TABLE_FUNCTIONS:
        yield function, _reads(connection, f"SELECT * FROM {function}('[1]')")  # noqa: S608 - own names
    kinds = "type = 'view' OR sql LIKE 'CREATE VIRTUAL TABLE%'"
    for kind, name in connection.execute(f"SELECT type, name FROM sqlite_master WHERE {kinds}").fetchall():  # noqa: S608
        if fold(name) in tables:
            probe = f"SELECT * FROM main.{quoted(name)} LIMIT 1"  # noqa: S608 - quoted
            yield fold(name), _reads(connection, f"EXPLAIN {probe}" if kind == "view" else probe)


def _reads(connection: sqlite3.Connection, sql: str) -> frozenset[tuple[str, str]]:
    """The tables and columns that a statement reads; none where it does not compile."""
    found: set[tuple[str, str]] = set()

    def note(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and not fold(first).startswith("sqlite_"):
            found.update({(fold(first), fold(second)), (fold(first), "")})
        return sqlite3.SQLITE_OK

    connection.set_authorizer(note)
    with suppress(sqlite3.Error):
        connection.execute(sql).fetchall()
    connection.set_authorizer(None)
    return frozenset(found)


def _uses_wal(file: Path) -> bool:
    """Bytes 18 and 19 of the header are 2 in write-ahead mode (SQLite file format, 1.3.3)."""
    with file.open("rb") as header:
        return header.read(20)[18:20] == b"\x02\x02"


def fold(identifier: str | None) -> str:
    """An identifier as SQLite compares it."""
    return (identifier or "").casefold()
