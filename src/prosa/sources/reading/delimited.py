"""Delimited text files into raw cells: every column text, no row lost, in one pass over the file."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.csv as pa_csv

from prosa.errors import SourceError
from prosa.sources.naming import literal
from prosa.sources.reading import header
from prosa.sources.reading.cells import BLANKS
from prosa.sources.reading.decoding import TextFile, Utf8Stream
from prosa.sources.reading.layout import MOST_COLUMNS, Layout, rows, unquoted
from prosa.sources.reading.workspace import Fraction, Workspace, engine_error

_BLOCKS = (4 << 20, 64 << 20)
"""A row must fit into a block; most files never need the larger."""
_MOST_RAGGED = 32 << 20
_MOST_NOTES = 5


class Staged(msgspec.Struct):
    """Raw cells of one file in the table `relation`, columns `c0` on, all text; what is missing at the end of a row is
    NULL. `short` and `long` count the rows with fewer or more cells than columns, and there is an example of each;
    `notes` are lines that were left out since they are no rows; `swallowed` counts cells that hold whole lines."""

    relation: str
    layout: Layout
    width: int
    short: int = 0
    long: int = 0
    short_example: str = ""
    long_example: str = ""
    notes: tuple[str, ...] = ()
    swallowed: int = 0
    rescued: bool = False
    nuls: int = 0


def stage(work: Workspace, file: TextFile, layout: Layout, number: int, tell: Fraction) -> Staged:
    """Reads a file into `stage.s<number>`. Where quotes don't balance it is read once more without any, and the reading
    with fewer torn rows stays. SourceError."""
    try:
        found = _read(work, file, layout, f"s{number}", tell)
    except _Unbalanced:
        return _bare(work, file, layout, f"s{number}", tell)
    if not found.swallowed:
        return found
    other = _bare(work, file, layout, f"s{number}_bare", tell)
    better = other if other.short + other.long <= found.short + found.long else found
    work.con.execute(f"DROP TABLE {(found if better is other else other).relation}")
    return better


class _Unbalanced(Exception):
    """A quote that is opened and never closed."""


class _Ragged:
    """Rows whose number of cells is not the table's, kept as text while the others stream by."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._size = 0
        self.lines: list[str] = []
        self.failed: SourceError | None = None

    def __call__(self, row: pa_csv.InvalidRow) -> str:
        self._size += len(row.text)
        self.lines.append(row.text)
        if self._size <= _MOST_RAGGED:
            return "skip"
        values = {"count": len(self.lines), "cells": row.actual_columns, "columns": row.expected_columns}
        self.failed = SourceError("csv_ragged", name=self._name, **values)
        return "error"


def _bare(work: Workspace, file: TextFile, layout: Layout, table: str, tell: Fraction) -> Staged:
    try:
        found = _read(work, file, unquoted(file, layout), table, tell)
    except _Unbalanced:
        raise SourceError("csv_rows_too_long", name=file.path.name) from None
    _strip_quotes(work, found, layout.quote)
    return found


def _read(work: Workspace, file: TextFile, layout: Layout, table: str, tell: Fraction) -> Staged:
    found = Staged(f"stage.{table}", layout, layout.width)
    for block in _BLOCKS:
        ragged = _Ragged(file.path.name)
        with file.stream() as stream:
            stream.read(layout.skip)
            before = stream.lines
            if not _fill(work, found, stream, ragged, block, tell, file.size):
                continue
            found.rescued, found.nuls = stream.rescued, stream.nuls
        _append(work, found, ragged.lines)
        if layout.quote and stream.lines - before > work.count(found.relation) + len(found.notes):
            found.swallowed = _swallowed(work, found)
        return found
    raise _Unbalanced


def _fill(
    work: Workspace, found: Staged, stream: Utf8Stream, ragged: _Ragged, block: int, tell: Fraction, size: int
) -> bool:
    """Streams the rows into the table; False where one does not fit into a block."""
    columns = ", ".join(f"c{place} VARCHAR" for place in range(found.width))
    work.con.execute(f"CREATE OR REPLACE TABLE {found.relation} ({columns})")
    try:
        work.con.register("incoming", _reader(stream, found, ragged, block))
        work.run(f"INSERT INTO {found.relation} SELECT * FROM incoming", tell, lambda: stream.position / max(1, size))
    except (pa.ArrowInvalid, duckdb.Error) as error:
        if ragged.failed:
            raise ragged.failed from error
        if "Empty CSV file" in str(error):
            return True
        if "block boundaries" in str(error) or "out of sync" in str(error):
            return False
        raise engine_error(error, work.name) from error
    finally:
        work.con.unregister("incoming")
    return True


def _reader(stream: Utf8Stream, found: Staged, ragged: _Ragged, block: int) -> pa_csv.CSVStreamingReader:
    names = [f"c{place}" for place in range(found.width)]
    layout = found.layout
    return pa_csv.open_csv(
        stream,
        read_options=pa_csv.ReadOptions(block_size=block, column_names=names),
        parse_options=pa_csv.ParseOptions(
            delimiter=layout.delimiter,
            quote_char=layout.quote or False,
            escape_char=layout.escape or False,
            newlines_in_values=bool(layout.quote),
            invalid_row_handler=ragged,
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )


def _append(work: Workspace, found: Staged, lines: Sequence[str]) -> None:
    """Puts the ragged rows behind the others, each as long as it is; the table grows where one is longer."""
    layout = found.layout
    parsed = (row for line in lines for row in rows(line, layout.delimiter, layout.quote, layout.escape)[:1])
    cells = [row for row in map(_shortened, parsed) if row]
    found.notes = _notes(cells, layout.width)
    cells = [row for row in cells if not (found.notes and len(row) == 1 and row[0].strip(BLANKS) in found.notes)]
    if not cells:
        return
    short = [row for row in cells if len(row) < _named(layout)]
    long = [row for row in cells if len(row) > layout.width]
    found.short, found.long = len(short), len(long)
    found.short_example, found.long_example = (layout.delimiter.join((rows or [[]])[0])[:120] for rows in (short, long))
    _widen(work, found, max(map(len, cells)))
    names = [f"c{place}" for place in range(found.width)]
    arrays = [
        pa.array([row[place] if place < len(row) else None for row in cells], pa.string())
        for place in range(found.width)
    ]
    work.con.register("incoming", pa.table(arrays, names=names))
    work.con.execute(f"INSERT INTO {found.relation} SELECT * FROM incoming")
    work.con.unregister("incoming")


def _shortened(row: list[str]) -> list[str]:
    """The row without the blank cells at its end."""
    end = max((place for place, cell in enumerate(row, 1) if cell.strip(BLANKS)), default=0)
    return row[:end]


def _named(layout: Layout) -> int:
    """How many columns a whole row has: blank ones at the end of the header are not missed."""
    return len(_shortened(list(layout.header.names))) or layout.width


def _notes(cells: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Words under a table of three columns or more, such as its source: a few lines of one cell that is no value."""
    alone = [row[0].strip(BLANKS) for row in cells if len(row) == 1]
    if width < 3 or len(alone) > _MOST_NOTES:
        return ()
    return tuple(line for line in alone if " " in line and not header.typed(line))


def _widen(work: Workspace, found: Staged, width: int) -> None:
    if width > MOST_COLUMNS:
        raise SourceError("source_too_wide", name=work.name, count=width, limit=MOST_COLUMNS)
    for place in range(found.width, width):
        work.con.execute(f"ALTER TABLE {found.relation} ADD COLUMN c{place} VARCHAR")
    found.width = max(found.width, width)


def _swallowed(work: Workspace, found: Staged) -> int:
    """How many cells hold a line break and after it what looks like a row: a sign of a quote that is never closed."""
    mark = {"|": "\\|", "\t": "\\t"}.get(found.layout.delimiter, found.layout.delimiter)
    pattern = literal(f"\\n[^\\n]*({mark}[^\\n]*){{{max(1, found.width - 2)}}}")
    counts = [
        f"count(*) FILTER (WHERE contains(c{place}, chr(10)) AND regexp_matches(c{place}, {pattern}))"
        for place in range(found.width)
    ]
    return int(work.row(f"SELECT {' + '.join(counts)} FROM {found.relation}")[0])


def _strip_quotes(work: Workspace, found: Staged, quote: str) -> None:
    """Takes the quotes off cells that have one on either side."""
    mark, double = literal(quote), literal(quote * 2)
    changes = [
        f"c{place} = CASE WHEN length(c{place}) > 1 AND starts_with(c{place}, {mark}) AND ends_with(c{place}, {mark}) "
        f"THEN replace(substr(c{place}, 2, length(c{place}) - 2), {double}, {mark}) ELSE c{place} END"
        for place in range(found.width)
    ]
    work.con.execute(f"UPDATE {found.relation} SET {', '.join(changes)}")
