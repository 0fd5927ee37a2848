"""DuckDB behind a lock: prepared files attached read-only, nothing else within reach. Runs in a child process only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from prosa.errors import MemoryLimit, ProsaError, QueryError, QueryRefused, SourceError, StorageError
from prosa.sources.base import Piece
from prosa.sources.engine import Attachment, Interrupted, Resources
from prosa.sources.naming import literal, quoted

BATCH_ROWS = 65_536
SPILL_FACTOR = 4
LONGEST_REASON = 500

AS_TEXT = frozenset({"bignum", "bit", "enum", "geometry", "time with time zone", "uhugeint", "union", "variant"})
"""Types that Arrow can't carry, or carries with a loss (DuckDB 2.0 makes -1 of the largest UHUGEINT): they are cast to
text."""
_NESTED = frozenset({"array", "list", "map", "struct"})
_FINE_INSIDE = frozenset({"enum", "union"})
"""Those of them that lists, records and maps may hold."""


_EXPLAIN = re.compile(r"EXPLAIN\s+(ANALYZE\s+)?", re.IGNORECASE)


class DuckDB:
    """One locked in-memory database over the attached pieces. SourceError where a piece can't be attached."""

    def __init__(self, attachment: Attachment, resources: Resources) -> None:
        attachment.check_files()
        self._connection = duckdb.connect(":memory:")
        self._open: pa.RecordBatchReader | None = None
        try:
            limit(self._connection, resources)
            _attach(self._connection, attachment.pieces)
            lock_down(self._connection, _parquet_paths(attachment.pieces))
        except duckdb.Error as error:
            self._connection.close()
            raise SourceError("source_unreadable", name=", ".join(attachment.sources), what=_words(error)) from error

    def query(self, sql: str, tables: tuple[str, ...]) -> pa.RecordBatchReader:
        self._finish()
        with translated():
            relation = self._connection.sql(_lossless(self._connection, *_single_select(self._connection, sql)))
            self._open = reader = relation.to_arrow_reader(BATCH_ROWS)
        return pa.RecordBatchReader.from_batches(reader.schema, _batches(reader))

    def explain(self, sql: str, tables: tuple[str, ...]) -> None:
        self._finish()
        with translated():
            text, explains = _single_select(self._connection, sql)
            if not explains:
                self._connection.execute("EXPLAIN " + text).fetchall()

    def interrupt(self) -> None:
        self._connection.interrupt()

    def progress(self) -> float | None:
        percent = self._connection.query_progress()
        return min(percent / 100, 1.0) if percent >= 0 else None

    def close(self) -> None:
        self._finish()
        self._connection.close()

    def _finish(self) -> None:
        """A result that nobody read to its end keeps the connection from the next statement."""
        if self._open is not None:
            self._open.close()
            self._open = None


def limit(connection: duckdb.DuckDBPyConnection, resources: Resources) -> None:
    """Bounds memory, threads and spilling, and sets what must be alike everywhere: UTC, and no bar on the terminal."""
    settings: dict[str, Any] = {
        "memory_limit": f"{resources.memory}B",
        "temp_directory": resources.scratch,
        "max_temp_directory_size": f"{resources.memory * SPILL_FACTOR}B",
        "enable_progress_bar": "true",
        "enable_progress_bar_print": "false",
        "progress_bar_time": "0",
        "TimeZone": "UTC",
    }
    if resources.threads:
        settings["threads"] = str(resources.threads)
    if not resources.scratch:
        del settings["max_temp_directory_size"]
    for name, value in settings.items():
        connection.execute(f"SET {name} = {literal(value)}")


def lock_down(connection: duckdb.DuckDBPyConnection, parquet: tuple[str, ...] = ()) -> None:
    """Closes everything that a statement could reach besides the attached tables. After it nothing can be undone.

    - `allowed_paths` first: it can't be set any more once external access is off, and a view over Parquet needs it.
    - `enable_external_access`: no file, URL, ATTACH, COPY or extension, in any function that takes a path.
    - Extensions are neither installed nor loaded by being mentioned, and none comes from the community's repository.
    - `python_enable_replacements`: else the name of a Python variable reads that variable as a table.
    - Secrets of the user's own DuckDB, kept in the home folder, stay out.
    - `lock_configuration` last: no SET or RESET takes any of this back, nor lifts the memory limit.

    DuckDB knows no grants: whatever is attached can be read. Which tables, settings functions and kinds of statement
    may be used is the guard's; `_single_select` repeats the last of these.
    """
    connection.execute(f"SET allowed_paths = [{', '.join(map(literal, parquet))}]")
    for name, value in {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "python_enable_replacements": "false",
        "allow_persistent_secrets": "false",
        "lock_configuration": "true",
    }.items():
        connection.execute(f"SET {name} = {value}")


def _attach(connection: duckdb.DuckDBPyConnection, pieces: tuple[Piece, ...]) -> None:
    files: dict[str, str] = {}
    for piece in pieces:
        if piece.kind == "parquet":
            rows = f"read_parquet([{', '.join(map(literal, piece.paths))}])"
        else:
            alias = files.setdefault(piece.paths[0], f"_prosa_{len(files)}")
            if alias == f"_prosa_{len(files) - 1}":
                connection.execute(f"ATTACH IF NOT EXISTS {literal(piece.paths[0])} AS {alias} (READ_ONLY)")
            rows = ".".join([alias, *map(quoted, _inner(piece))])
        connection.execute(f"CREATE VIEW main.{quoted(piece.table)} AS SELECT * FROM {rows}")  # noqa: S608 - quoted


def _inner(piece: Piece) -> tuple[str, str]:
    schema, dot, table = piece.inner.partition(".")
    return (schema, table) if dot else ("main", schema or piece.table)


def _parquet_paths(pieces: tuple[Piece, ...]) -> tuple[str, ...]:
    return tuple(path for piece in pieces if piece.kind == "parquet" for path in piece.paths)


def _single_select(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[str, bool]:
    """The text of the one query, and whether it is an EXPLAIN of one: of a DELETE, with ANALYZE, it would delete."""
    statements = connection.extract_statements(sql)
    kinds = [statement.type for statement in statements]
    text = str(statements[0].query).rstrip().rstrip(";") if statements else ""
    if kinds == [duckdb.StatementType.EXPLAIN] and (words := _EXPLAIN.match(text)):
        _single_select(connection, text[words.end() :])
        return text, True
    if kinds != [duckdb.StatementType.SELECT]:
        what = ", ".join(kind.name for kind in kinds)
        raise QueryRefused("query_refused", reason="not_a_select", what=what)
    return text, False


def _lossless(connection: duckdb.DuckDBPyConnection, sql: str, explains: bool) -> str:
    """The statement itself, or, where a column's type needs it, a projection over it that casts to text."""
    if explains:
        return sql
    relation = connection.sql(sql)
    lossy = [_is_lossy(kind) for kind in relation.types]
    if not any(lossy):
        return sql
    inner = [f"c{place}" for place in range(len(lossy))]
    outer = [
        f"{f'CAST({column} AS VARCHAR)' if cast else column} AS {quoted(title)}"
        for column, cast, title in zip(inner, lossy, relation.columns, strict=True)
    ]
    return f"SELECT {', '.join(outer)} FROM ({sql}\n) AS q({', '.join(inner)})"  # noqa: S608 - guarded


def _is_lossy(kind: Any, inside: bool = False) -> bool:
    if kind.id in _NESTED:
        # Among the children of an ARRAY is its size.
        return any(_is_lossy(child, inside=True) for part, child in kind.children if part != "size")
    return kind.id in AS_TEXT and not (inside and kind.id in _FINE_INSIDE)


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    with translated():
        yield from reader


@contextmanager
def translated() -> Iterator[None]:
    """DuckDB's errors as ours. While rows stream, pyarrow wraps them in its own, which keep only the words."""
    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise _error(str(error), error) from error


def _error(words: str, error: Exception) -> ProsaError | Interrupted:
    if words.startswith("INTERRUPT Error"):
        return Interrupted()
    if words.startswith(("Out of Memory Error", "std::bad_alloc")) or "std::bad_alloc" in words:
        return MemoryLimit()
    if "No space left on device" in words:
        return StorageError(what="No space left on device")
    if isinstance(error, duckdb.IOException) or words.startswith("IO Error"):
        return SourceError("source_changed")
    return QueryError("query_failed", what=_words(error))


def _words(error: Exception) -> str:
    """The engine's own words: its first paragraph, on one line."""
    return " ".join(str(error).strip().partition("\n\n")[0].split())[:LONGEST_REASON]
