"""Results as an Arrow IPC file (Feather version 2), with the provenance as JSON under `prosa` in the schema."""

from __future__ import annotations

import pyarrow as pa

from prosa.exports import provenance
from prosa.exports.batches import columns as named
from prosa.exports.batches import unique
from prosa.exports.formats import Sink
from prosa.exports.options import Options
from prosa.exports.stream import SinkFile


def write(reader: pa.RecordBatchReader, sink: Sink, options: Options) -> int:
    """Every row, in the reader's own types; categories as their values, since this format allows one dictionary a file
    and each batch may bring its own."""
    schema = pa.schema([_plain(field) for field in described(reader.schema, options)], provenance.metadata(options))
    count = 0
    with SinkFile(sink) as file, pa.PythonFile(file, mode="w") as stream:
        writer = pa.ipc.new_file(stream, schema, options=pa.ipc.IpcWriteOptions(compression="lz4"))
        for batch in reader:
            columns = [_decoded(column) for column in batch.columns]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            count += batch.num_rows
        writer.close()
    return count


def _plain(field: pa.Field) -> pa.Field:
    return field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field


def _decoded(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def described(schema: pa.Schema, options: Options) -> pa.Schema:
    """The schema under the names that people read, each there once."""
    names = unique(column.name for column in named(schema, options))
    return pa.schema([field.with_name(name) for field, name in zip(schema, names, strict=True)])
