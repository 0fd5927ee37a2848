"""Results as an Arrow IPC file (Feather version 2), with the provenance as JSON under `prosa` in the schema."""

from __future__ import annotations

import pyarrow as pa

from prosa.exports import provenance
from prosa.exports.batches import columns, unique
from prosa.exports.formats import Sink
from prosa.exports.options import Options
from prosa.exports.stream import SinkFile


def write(reader: pa.RecordBatchReader, sink: Sink, options: Options) -> int:
    """Every row, in the reader's own types."""
    schema = described(reader.schema, options).with_metadata(provenance.metadata(options))
    count = 0
    with SinkFile(sink) as file, pa.PythonFile(file, mode="w") as stream:
        writer = pa.ipc.new_file(stream, schema, options=pa.ipc.IpcWriteOptions(compression="lz4"))
        for batch in reader:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
            count += batch.num_rows
        writer.close()
    return count


def described(schema: pa.Schema, options: Options) -> pa.Schema:
    """The schema under the names that people read, each there once."""
    names = unique(column.name for column in columns(schema, options))
    return pa.schema([field.with_name(name) for field, name in zip(schema, names, strict=True)])
