"""Results as XML 1.0: `<result>` with provenance, columns, rows of named values, and a summary of what was written."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from prosa.exports import provenance
from prosa.exports.batches import Piece, cell, columns, made, rows
from prosa.exports.formats import Sink
from prosa.exports.markup import attribute, clean, escaped, words
from prosa.exports.options import Options
from prosa.exports.texts import is_plain, text


def write(reader: pa.RecordBatchReader, sink: Sink, options: Options) -> int:
    """Every row. Characters that XML forbids become U+FFFD; `<summary>` at the end counts them."""
    names = [attribute(column.name) for column in columns(reader.schema, options)]
    sink(_head(reader.schema, options).encode())
    count = replaced = 0
    for number, (data, found) in made(reader, lambda batch: _rows(batch, names)):
        sink(data)
        count += number
        replaced += found
    complete = "false" if options.provenance and not options.provenance.complete else "true"
    sink(f'</rows>\n<summary rows="{count}" complete="{complete}" replaced="{replaced}"/>\n</result>\n'.encode())
    return count


def _head(schema: pa.Schema, options: Options) -> str:
    found = provenance.fields(options)
    origin = "".join(f"<{name}>{words(_word(value))}</{name}>" for name, value in found.items())
    listed = "".join(
        f'<column name="{attribute(column.name)}" type="{column.type}"/>' for column in columns(schema, options)
    )
    source = f"<provenance>{origin}</provenance>\n" if found else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<result>\n{source}<columns>{listed}</columns>\n<rows>\n'


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rows(batch: pa.RecordBatch, names: list[str]) -> tuple[memoryview, int]:
    """The batch's rows, and how many characters were replaced in them."""
    values, replaced = _values(batch)
    return rows(["<row>", *_pieces(names, values), "</row>\n"]), replaced


def _values(batch: pa.RecordBatch) -> tuple[list[pa.Array], int]:
    values, replaced = [], 0
    for column in batch.columns:
        written = text(column, stamp="T")
        if not is_plain(column.type):
            written, found = clean(written)
            replaced += found
            written = pc.replace_substring(escaped(written), "\r", "&#13;")
        values.append(written)
    return values, replaced


def _pieces(names: list[str], values: list[pa.Array]) -> Iterator[Piece]:
    for name, column in zip(names, values, strict=True):
        yield from cell([f'<value name="{name}">'], column, "</value>", f'<value name="{name}" null="true"/>')
