"""Results as CSV (RFC 4180), column by column with Arrow's kernels: text that a spreadsheet would run is defused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as t

from prosa.exports import formulas
from prosa.exports.batches import columns, content, delimited, made
from prosa.exports.formats import Sink
from prosa.exports.options import Options
from prosa.exports.texts import text

BOM = b"\xef\xbb\xbf"
QUOTE = '"'

_FORMULA_BYTES = frozenset(start.encode()[0] for start in formulas.STARTS)


def write(reader: pa.RecordBatchReader, sink: Sink, options: Options) -> int:
    """A header and every row. `options` choose byte order mark, delimiter, decimal mark, line end and the text of dates
    and missing cells; `raw` leaves formulas alone."""
    titles = _text(_titles(reader.schema, options), options).to_pylist()
    header = options.delimiter.join(titles) + options.line_end
    sink((BOM if options.bom else b"") + header.encode("utf-8"))
    missing = _quoted(pa.array([options.null]), _marks(options))[0]
    end = options.line_end.encode("utf-8")
    count = 0
    for number, data in made(reader, lambda batch: _rows(batch, options, missing)):
        sink(data)
        sink(end)
        count += number
    return count


def _titles(schema: pa.Schema, options: Options) -> pa.Array:
    return pa.array([column.name for column in columns(schema, options)], pa.string())


def _rows(batch: pa.RecordBatch, options: Options, missing: pa.Scalar) -> memoryview:
    return delimited(_cells(batch, options, missing), options.delimiter, options.line_end)


def _cells(batch: pa.RecordBatch, options: Options, missing: pa.Scalar) -> Iterator[pa.Array]:
    for column in batch.columns:
        written = _written(column, options)
        written = pc.fill_null(written, missing) if written.null_count else written
        yield written if batch.num_columns > 1 else _seen(written)


def _seen(only: pa.Array) -> pa.Array:
    """The only cell of a row, with quotes where it is empty: readers (pandas, Python's csv) skip a blank line."""
    return pc.if_else(pc.equal(only, ""), QUOTE * 2, only)


def _written(column: pa.Array, options: Options) -> pa.Array:
    """A column's cells as they stand in the file; null where they are."""
    written = text(column, date_format=options.date_format)
    kind = column.type
    if t.is_floating(kind) or t.is_decimal(kind):
        return pc.replace_substring(written, ".", ",") if options.decimal == "," else written
    if t.is_integer(kind) or t.is_boolean(kind) or t.is_null(kind) or (t.is_temporal(kind) and _bare(options)):
        return written
    return _text(written, options, guarded=not t.is_temporal(kind))


def _bare(options: Options) -> bool:
    """Whether no date or time can hold the delimiter, so that none has to be searched for it."""
    return not options.date_format and not (options.delimiter.isalnum() or options.delimiter in " -+:.")


def _text(written: pa.Array, options: Options, *, guarded: bool = True) -> pa.Array:
    """Text made harmless for spreadsheets and for the row that it stands in. Most columns hold none of the bytes that
    matter, and are done soon."""
    marks = _marks(options)
    held = _held(written, _FORMULA_BYTES.union(marks))
    if guarded and not options.raw and held & _FORMULA_BYTES:
        written = _safe(written)
    return _quoted(written, {byte: mark for byte, mark in marks.items() if byte in held})


def _marks(options: Options) -> dict[int, str]:
    """What a cell needs quotes for, by its first byte."""
    return {mark.encode()[0]: mark for mark in (options.delimiter, QUOTE, "\n", "\r")}


def _safe(written: pa.Array) -> pa.Array:
    """With an apostrophe before what a spreadsheet would run."""
    formula = _any(pc.starts_with(written, start) for start in formulas.STARTS)
    formula = pc.and_not(formula, pc.match_substring_regex(written, formulas.NUMBER))
    return pc.if_else(formula, pc.binary_join_element_wise("'", written, ""), written)


def _quoted(written: pa.Array, marks: dict[int, str]) -> pa.Array:
    """With quotes around what would break the row."""
    if not marks:
        return written
    broken = _any(pc.match_substring(written, mark) for mark in marks.values())
    doubled = pc.replace_substring(written, QUOTE, QUOTE * 2)
    return pc.if_else(broken, pc.binary_join_element_wise(QUOTE, doubled, QUOTE, ""), written)


def _held(column: pa.Array, wanted: frozenset[int]) -> frozenset[int]:
    """Which of the wanted bytes a column holds, in one pass over its data."""
    return frozenset(bytes(content(column)).translate(None, _others(wanted)))


@cache
def _others(wanted: frozenset[int]) -> bytes:
    return bytes(set(range(256)) - wanted)


def _any(masks: Iterator[pa.Array]) -> pa.Array:
    found = next(masks)
    for mask in masks:
        found = pc.or_(found, mask)
    return found
