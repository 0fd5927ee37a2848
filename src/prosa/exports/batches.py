"""Record batches cut to a size that text can be built from, and rows of text made of columns by Arrow's own kernels."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeAlias, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from prosa.exports.options import Options
from prosa.results import Column, column_type

MOST_ROWS = 16_384
SLICE_BYTES = 4 << 20
SLICE_CELLS = 200_000
AHEAD = 1
"""Slices that wait while one is made; more would only take memory."""
_MOST_PIECES = 4_000

T = TypeVar("T")
Piece: TypeAlias = "str | pa.Array"


def slices(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The reader's rows in batches of bounded rows, cells and bytes, so that the text made of one stays small."""
    for batch in reader:
        if not batch.num_rows:
            continue
        width = max(batch.nbytes // batch.num_rows, 1)
        rows = max(min(MOST_ROWS, SLICE_CELLS // max(batch.num_columns, 1), SLICE_BYTES // width), 1)
        for start in range(0, batch.num_rows, rows):
            yield batch.slice(start, rows)


def made(reader: pa.RecordBatchReader, make: Callable[[pa.RecordBatch], T]) -> Iterator[tuple[int, T]]:
    """What `make` gives for each slice of the reader's rows, and how many rows it had, in order. Another thread makes
    it, since Arrow's kernels run outside of Python's lock, while this one reads on."""
    waiting: deque[tuple[int, Future[T]]] = deque()
    with ThreadPoolExecutor(1) as maker:
        for batch in slices(reader):
            waiting.append((batch.num_rows, maker.submit(make, batch)))
            if len(waiting) > AHEAD:
                count, done = waiting.popleft()
                yield count, done.result()
        for count, done in waiting:
            yield count, done.result()


def columns(schema: pa.Schema, options: Options) -> list[Column]:
    """The columns as people shall read them: renamed and with formats where the options say so."""
    if len(options.columns) == len(schema):
        return list(options.columns)
    return [Column(field.name, column_type(field.type)) for field in schema]


def unique(names: Iterable[str]) -> list[str]:
    """Names made different by a counter, for formats in which a name stands for one value."""
    taken: set[str] = set()
    result = []
    for name in names:
        candidate, number = name, 1
        while candidate in taken:
            number += 1
            candidate = f"{name}_{number}"
        taken.add(candidate)
        result.append(candidate)
    return result


def cell(before: Iterable[Piece], values: pa.Array, after: str, missing: str) -> list[Piece]:
    """The pieces of one column's cells: `before`, the value and `after`; `missing` where the value is null."""
    pieces = [*before, values, after]
    if not values.null_count:
        return pieces
    # A join is null where any piece is: the missing value takes its tags along.
    whole = pc.binary_join_element_wise(*pieces, "", null_handling="emit_null")
    return [pc.fill_null(whole, missing)]


def rows(pieces: Iterable[Piece]) -> memoryview:
    """The bytes of all rows, one after the other: each the join of its pieces. At least one piece is a column."""
    return content(_joined(_merged(pieces)))


def delimited(cells: Iterable[pa.Array], delimiter: str, line_end: str) -> memoryview:
    """The bytes of all rows of cells without nulls, all but the last line end. Twice as fast as `rows` with the marks
    as pieces."""
    columns = [*cells]
    while len(columns) > 1:
        groups = [columns[start : start + _MOST_PIECES] for start in range(0, len(columns), _MOST_PIECES)]
        columns = [pc.binary_join_element_wise(*group, delimiter) for group in groups]
    (lines,) = columns
    return content(pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), lines), line_end))


def content(column: pa.Array) -> memoryview:
    """The bytes of a string column without nulls, in one piece."""
    _, offsets, data = column.buffers()
    if data is None or not len(column):
        return memoryview(b"")
    places = memoryview(offsets).cast("i")
    return memoryview(data)[places[column.offset] : places[column.offset + len(column)]]


def _joined(pieces: list[Piece]) -> pa.Array:
    """Very wide rows in several steps: a kernel that is called with all of their columns at once gets slow."""
    while len(pieces) > _MOST_PIECES:
        groups = [pieces[start : start + _MOST_PIECES] for start in range(0, len(pieces), _MOST_PIECES)]
        pieces = [pc.binary_join_element_wise(*group, "") for group in groups]
    return pc.binary_join_element_wise(*pieces, "")


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged
