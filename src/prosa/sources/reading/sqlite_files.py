"""SQLite files: the tables that one declares, the types that its cells really have, and a copy of them in DuckDB."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from prosa.errors import SourceError
from prosa.results import ColumnType
from prosa.sources.base import ForeignKey
from prosa.sources.naming import quoted, unique
from prosa.sources.reading.notices import Notices
from prosa.sources.reading.tables import ReadColumn, ReadTable
from prosa.sources.reading.workspace import Fraction, Workspace, part
from prosa.sources.sqlite_lock import connect
from prosa.sources.sqlite_rows import MOMENTS

VIEW_SECONDS = 10.0
"""A view that takes longer is left out: nobody would wait for its answers."""
_STEPS = 10_000
_BATCH = 50_000
_HIDDEN = 1
_GENERATED = re.compile(r"\s*generated always$", re.IGNORECASE)

_AFFINITIES: tuple[tuple[str, ColumnType], ...] = (
    ("INT", "integer"), ("CHAR", "text"), ("CLOB", "text"), ("TEXT", "text"), ("BLOB", "blob"), ("REAL", "float"),
    ("FLOA", "float"), ("DOUB", "float"), ("DATETIME", "timestamp"), ("TIMESTAMP", "timestamp"), ("DATE", "date"),
    ("BOOL", "integer"), ("NUM", "float"), ("DEC", "float"), ("MONEY", "float"),
)  # fmt: skip
"""What a declared type says, the first that it contains (SQLite, Datatypes 3.1, and the words people use besides)."""

_SURVEY = (
    "max(typeof({c}) = 'integer')",
    "max(typeof({c}) = 'real')",
    "max(typeof({c}) = 'text' AND {c} <> '')",
    "max(typeof({c}) = 'blob')",
    *(moment.replace("= 'text'", "= 'text' AND {c} <> ''") for moment in MOMENTS),
)
_ARROW: dict[ColumnType, pa.DataType] = {
    "integer": pa.int64(), "float": pa.float64(), "text": pa.string(), "blob": pa.binary(), "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}  # fmt: skip

_NATIVE: dict[ColumnType, str] = {
    "integer": "BIGINT", "float": "DOUBLE", "text": "VARCHAR", "blob": "BLOB", "date": "DATE", "timestamp": "TIMESTAMP",
}  # fmt: skip


class Deadline:
    """Ends a connection's statements once a time has passed, or whatever `check` raises."""

    def __init__(self, con: sqlite3.Connection, check: Callable[[], None]) -> None:
        self.failed: BaseException | None = None
        self._check = check
        self._until = float("inf")
        con.set_progress_handler(self._over, _STEPS)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Bounds the statements inside."""
        self._until = time.monotonic() + seconds
        try:
            yield
        finally:
            self._until = float("inf")

    def _over(self) -> bool:
        try:
            self._check()
        except BaseException as error:
            self.failed = error
        return self.failed is not None or time.monotonic() > self._until


@contextmanager
def opened(path: Path, check: Callable[[], None]) -> Iterator[tuple[sqlite3.Connection, Deadline]]:
    """A read-only connection that trusts nothing in the file. SourceError."""
    con: sqlite3.Connection | None = None
    try:
        con = connect(str(path))
        deadline = Deadline(con, check)
        con.text_factory = partial(str, encoding="utf-8", errors="replace")
        for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
            con.execute(f"PRAGMA {pragma}").close()
        yield con, deadline
    except sqlite3.Error as error:
        if con is not None and deadline.failed:
            raise deadline.failed from error
        raise _unreadable(error, path) from error
    finally:
        if con is not None:
            con.close()


def _unreadable(error: sqlite3.Error, path: Path) -> SourceError:
    words = str(error)
    if "locked" in words or "busy" in words:
        return SourceError("source_locked", name=path.name)
    if isinstance(error, sqlite3.DatabaseError) and any(
        sign in words for sign in ("malformed", "not a database", "disk I/O")
    ):
        return SourceError("source_broken", name=path.name)
    return SourceError("source_unreadable", name=path.name, what=words)


def tables(con: sqlite3.Connection, deadline: Deadline, notices: Notices) -> list[ReadTable]:
    """The tables and views, with the types that their cells have. Views that can't be read are left out and told."""
    listed = con.execute("PRAGMA main.table_list").fetchall()
    kinds = {row[1]: row[2] for row in listed if row[2] in ("table", "view") and not row[1].startswith("sqlite_")}
    order = [name for (name,) in con.execute("SELECT name FROM main.sqlite_schema ORDER BY rowid") if name in kinds]
    found: list[ReadTable] = []
    for name in order:
        with deadline.within(VIEW_SECONDS if kinds[name] == "view" else float("inf")):
            try:
                found.append(_table(con, name, notices, view=kinds[name] == "view"))
            except sqlite3.OperationalError:
                if kinds[name] == "table" or deadline.failed:
                    raise
                notices.add("view_left_out", name)
    return [_with_keys(con, table, found) for table in found]


def _table(con: sqlite3.Connection, name: str, notices: Notices, *, view: bool) -> ReadTable:
    # `table_info` leaves out generated columns, which `SELECT *` gives. What is hidden are virtual tables' arguments.
    info = [row for row in con.execute(f"PRAGMA main.table_xinfo({quoted(name)})") if row[6] != _HIDDEN]
    declared = [(str(row[1]), _GENERATED.sub("", str(row[2] or ""))) for row in info]
    survey = ", ".join(part.format(c=quoted(column)) for column, _ in declared for part in _SURVEY)
    row = con.execute(f"SELECT {survey} FROM main.{quoted(name)}").fetchone()
    columns: list[ReadColumn] = []
    for place, (column, native) in enumerate(declared):
        seen = _Seen(*row[place * len(_SURVEY) : (place + 1) * len(_SURVEY)])
        if seen.text and (seen.integer or seen.real):
            notices.add("mixed_types", name, column=column)
        columns.append(ReadColumn(column, seen.type or affinity(native), native))
    key = sorted((row for row in info if row[5]), key=lambda row: row[5])
    primary = tuple(row[1] for row in key)
    return ReadTable(name, f"main.{quoted(name)}", tuple(columns), f"main.{name}", primary, view=view)


class _Seen(msgspec.Struct, frozen=True):
    """Which of SQLite's storage classes a column has, and whether all its texts are days or times."""

    integer: int | None
    real: int | None
    text: int | None
    blob: int | None
    day: int | None
    moment: int | None

    @property
    def type(self) -> ColumnType | None:
        """The type that fits all cells; None where there are none. Blank texts count as missing."""
        number = self.integer or self.real
        if self.blob:
            return "text" if self.text or number else "blob"
        if self.text:
            return "text" if number else "date" if self.day else "timestamp" if self.moment else "text"
        return "float" if self.real else "integer" if self.integer else None


def affinity(declared: str) -> ColumnType:
    """What a declared type promises; text where it says nothing."""
    kind = declared.upper()
    return next((found for word, found in _AFFINITIES if word in kind), "text")


def _with_keys(con: sqlite3.Connection, table: ReadTable, others: Sequence[ReadTable]) -> ReadTable:
    by_name = {other.name.casefold(): other for other in others}
    grouped: dict[int, list[Any]] = {}
    for row in con.execute(f"PRAGMA main.foreign_key_list({quoted(table.name)})").fetchall():
        grouped.setdefault(row[0], []).append(row)
    keys: list[ForeignKey] = []
    for rows in grouped.values():
        target = by_name.get(str(rows[0][2]).casefold())
        references = tuple(row[4] for row in rows) if rows[0][4] else target.primary_key if target else ()
        if target and len(references) == len(rows):
            own, theirs = _spelled([row[3] for row in rows], table), _spelled(references, target)
            keys.append(ForeignKey(own, target.name, theirs, declared=True))
    unique = [row[1] for row in con.execute(f"PRAGMA main.index_list({quoted(table.name)})").fetchall() if row[2]]
    single = [con.execute(f"PRAGMA main.index_info({quoted(index)})").fetchall() for index in unique]
    names = tuple(rows[0][2] for rows in single if len(rows) == 1 and rows[0][2])
    return msgspec.structs.replace(table, foreign_keys=tuple(keys), unique=names)


def _spelled(columns: Sequence[str], table: ReadTable) -> tuple[str, ...]:
    """Column names as the table itself spells them."""
    known = {column.name.casefold(): column.name for column in table.columns}
    return tuple(known.get(column.casefold(), column) for column in columns)


def copy(work: Workspace, con: sqlite3.Connection, tables: Sequence[ReadTable], tell: Fraction) -> list[ReadTable]:
    """Copies the tables into `data.main`, in their cells' types; returns them as they are there."""
    return [
        _copied(work, con, table, part(tell, number / len(tables), (number + 1) / len(tables)))
        for number, table in enumerate(tables)
    ]


def _copied(work: Workspace, con: sqlite3.Connection, table: ReadTable, tell: Fraction) -> ReadTable:
    target = f"data.main.{quoted(table.name)}"
    cursor = con.execute(f"SELECT {', '.join(quoted(column.name) for column in table.columns)} FROM {table.relation}")
    names = unique(column.name for column in table.columns)  # SQLite allows one without any letter, DuckDB does not
    schema = pa.schema([(name, _ARROW[column.type]) for name, column in zip(names, table.columns, strict=True)])
    work.con.register("incoming", pa.RecordBatchReader.from_batches(schema, _batches(cursor, schema)))
    work.run(f"CREATE TABLE {target} AS SELECT * FROM incoming", tell, lambda: 0.0)
    work.con.unregister("incoming")
    columns = tuple(
        msgspec.structs.replace(column, name=name, native=_NATIVE[column.type])
        for name, column in zip(names, table.columns, strict=True)
    )
    return msgspec.structs.replace(table, relation=target, columns=columns, inner=f"main.{table.name}", view=False)


def _batches(cursor: sqlite3.Cursor, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while rows := cursor.fetchmany(_BATCH):
        columns = zip(*rows, strict=True)
        arrays = [_array(values, field.type) for values, field in zip(columns, schema, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if kind == pa.string():
        return pa.array([_text(value) for value in values], kind)
    given = [None if value == "" else value for value in values]
    if pa.types.is_temporal(kind):
        return pa.array(given, pa.string()).cast(kind)
    if kind == pa.float64():
        given = [None if value is None else float(value) for value in given]
    return pa.array(given, kind)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
