"""JSON files as tables: a list of objects, an object a line, or one object that holds lists. What is nested stays
so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from prosa.errors import SourceError, StorageError
from prosa.sources.naming import literal, quoted
from prosa.sources.reading.cells import BLANKS
from prosa.sources.reading.column_types import Raw
from prosa.sources.reading.dates import DATES
from prosa.sources.reading.decoding import TextFile
from prosa.sources.reading.finishing import finish
from prosa.sources.reading.notices import Notices
from prosa.sources.reading.tables import ReadTable
from prosa.sources.reading.workspace import Fraction, Workspace, part

MOST_AT_ONCE = 100 << 20
"""One object that holds everything must fit into memory."""
_LONGEST_OBJECT = 64 << 20
_HEAD = 1 << 16
_BLOCK = 1 << 20

Name = Callable[[str], str]
"""Makes a table's name unique."""


def read(work: Workspace, file: TextFile, table: str, name: Name, notices: Notices, tell: Fraction) -> list[ReadTable]:
    """Reads one file; more than one table only where one object holds several lists of objects. SourceError."""
    head = file.head(_HEAD).lstrip(BLANKS)
    if head.startswith("{") and not _is_lines(head):
        parts = _from_object(work, file, table, notices)
        if parts:
            return [
                _table(work, file, path, "newline_delimited", name(key), notices, tell) for key, path in parts.items()
            ]
    shape = "array" if head.startswith("[") else "newline_delimited" if _is_lines(head) else "unstructured"
    path = _as_utf8(work, file)
    return [_table(work, file, path, shape, name(table), notices, tell)]


def _is_lines(head: str) -> bool:
    """Whether the first line is a whole object and another follows."""
    first, _, rest = head.partition("\n")
    try:
        return isinstance(json.loads(first), dict) and rest.lstrip(BLANKS)[:1] == "{"
    except (ValueError, RecursionError):
        return False


def _as_utf8(work: Workspace, file: TextFile) -> Path:
    """The file itself, or a copy in UTF-8 without mark, NUL bytes and compression."""
    with file.stream() as stream:
        if not file.compressed and file.encoding == "utf-8" and not file.marked:
            return file.path
        path = work.folder / f"json{work.fresh()}"
        with path.open("wb") as copy:
            while data := stream.read(_BLOCK):
                copy.write(data)
    return path


def _table(
    work: Workspace, file: TextFile, path: Path, shape: str, table: str, notices: Notices, tell: Fraction
) -> ReadTable:
    stage = f"stage.j{work.fresh()}"
    options = f"format = '{shape}', sample_size = -1, maximum_object_size = {_LONGEST_OBJECT}"
    try:
        work.run(f"CREATE TABLE {stage} AS FROM read_json({literal(str(path))}, {options})", part(tell, 0.0, 0.6))
    except duckdb.InvalidInputException as error:
        raise _broken(str(error), file) from error
    columns = [(row[0], row[1]) for row in work.con.execute(f"DESCRIBE {stage}").fetchall()]
    relation = f"stage.r{work.fresh()}"
    cells = ", ".join(f"{_cell(*column)} AS c{place}" for place, column in enumerate(columns))
    work.con.execute(f"CREATE VIEW {relation} AS SELECT {cells} FROM {stage}")
    natives = ["" if _is_text(native) else native.replace(" WITH TIME ZONE", "") for _, native in columns]
    names = ["value" if name == "json" and len(columns) == 1 else name for name, _ in columns]
    found = finish(work, Raw(relation, names, natives=natives, forms=DATES), table, notices, part(tell, 0.6, 1.0))
    work.con.execute(f"DROP TABLE {stage}")
    return found


def _cell(name: str, native: str) -> str:
    """Values of different kinds become text, times with a zone become UTC, what is no number is missing."""
    column = quoted(name)
    if native == "JSON":
        return f"({column} ->> '$')"
    if native == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', {column})"
    return f"CASE WHEN isfinite({column}) THEN {column} END" if native == "DOUBLE" else column


def _is_text(native: str) -> bool:
    return native in ("VARCHAR", "JSON")


def _broken(words: str, file: TextFile) -> SourceError:
    place = re.search(r"in (?:record/value|line) (\d+)", words)
    if "maximum_object_size" in words:
        return SourceError("source_too_large", name=file.path.name)
    return SourceError("json_broken", name=file.path.name, place=int(place[1]) if place else 1)


def _from_object(work: Workspace, file: TextFile, table: str, notices: Notices) -> dict[str, Path]:
    """The lists inside one object, each as a file of its own with an object a line; none where several objects follow
    one another."""
    if file.size > MOST_AT_ONCE:
        raise SourceError("source_too_large", name=file.path.name)
    with file.stream() as stream:
        text = stream.read(MOST_AT_ONCE * 4)
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return {}
        raise SourceError("json_broken", name=file.path.name, place=error.lineno) from error
    except RecursionError as error:
        raise SourceError("source_too_large", name=file.path.name) from error
    tables, left_out = _tables(found, table)
    if left_out:
        notices.add("json_left_out", table, keys=", ".join(left_out[:10]))
    return {key: _written(work, rows) for key, rows in tables.items()}


def _tables(found: dict[str, Any], table: str) -> tuple[dict[str, Sequence[Any]], list[str]]:
    """The rows of each table in an object by the table's name, and the keys that belong to none.

    Lists of objects are tables, also further inside; lists of plain values of one length are columns of one table, and
    so are objects of plain values (as pandas writes them); anything else is one row.
    """
    lists = {key: value for key, value in found.items() if _is_list(value)}
    if lists:
        rest = [key for key in found if key not in lists]
        return ({table: next(iter(lists.values()))} if len(lists) == 1 else lists), rest
    values = list(found.values())
    if len(values) > 1 and all(isinstance(value, list) and len(value) == len(values[0]) for value in values):
        return {table: [dict(zip(found, row, strict=True)) for row in zip(*values, strict=True)]}, []
    if len(values) > 1 and all(isinstance(value, dict) and value for value in values):
        return {table: _of_objects(found)}, []
    inner = [value for value in values if isinstance(value, dict) and any(map(_is_list, value.values()))]
    if len(inner) == 1:
        return _tables(inner[0], table)
    return {table: [found]}, []


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _of_objects(found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of an object of objects: outer keys are columns where the inner ones only count rows, else they name
    rows."""
    first = next(iter(found.values()))
    if all(key.isdigit() for key in first) and all(value.keys() == first.keys() for value in found.values()):
        return [{column: cells[row] for column, cells in found.items()} for row in first]
    return [{"key": key, **value} for key, value in found.items()]


def _written(work: Workspace, rows: Sequence[Any]) -> Path:
    path = work.folder / f"json{work.fresh()}"
    try:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(_lines(rows))
    except OSError as error:
        raise StorageError("cache_full") from error
    return path


def _lines(rows: Sequence[Any]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row) + "\n"
