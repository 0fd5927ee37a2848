"""Results as newline-delimited JSON: one object a row and nothing else, for programs that read line by line."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pyarrow as pa

from prosa.exports.batches import Piece, cell, columns, made, rows, unique
from prosa.exports.formats import Sink
from prosa.exports.literals import literals
from prosa.exports.options import Options


def write(reader: pa.RecordBatchReader, sink: Sink, options: Options) -> int:
    """Every row as one line."""
    names = keys(reader.schema, options)
    count = 0
    for number, data in made(reader, lambda batch: rows([*objects(batch, names), "\n"])):
        sink(data)
        count += number
    return count


def keys(schema: pa.Schema, options: Options) -> list[str]:
    """The columns' names as JSON strings, each there once."""
    return [encoded(name) for name in unique(column.name for column in columns(schema, options))]


def encoded(value: object) -> str:
    """A plain value as JSON text; lone surrogates are replaced."""
    if isinstance(value, str):
        value = value.encode("utf-8", "replace").decode("utf-8")
    return msgspec.json.encode(value).decode("utf-8")


def objects(batch: pa.RecordBatch, names: list[str]) -> Iterator[Piece]:
    """The pieces of a batch's rows as JSON objects."""
    yield "{"
    for place, (name, column) in enumerate(zip(names, batch.columns, strict=True)):
        key = f"{',' if place else ''}{name}:"
        yield from cell([key], literals(column), "", f"{key}null")
    yield "}"
