"""Results as Parquet: typed columns, zstd, and the provenance as JSON under `prosa` in the file's metadata."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as t

from prosa.exports import provenance
from prosa.exports.arrow import described
from prosa.exports.formats import Sink
from prosa.exports.options import Options
from prosa.exports.stream import SinkFile
from prosa.exports.texts import holds, text

GROUP_ROWS = 122_880
"""As DuckDB cuts its own."""


def write(reader: pa.RecordBatchReader, sink: Sink, options: Options) -> int:
    """Every row. What Parquet has no type for, as intervals, is text, and so is a nested value with such a part."""
    schema = pa.schema([_storable(field) for field in described(reader.schema, options)])
    count = 0
    with SinkFile(sink) as file:
        writer = pq.ParquetWriter(file, schema, compression="zstd")
        for batch in reader:
            writer.write_batch(_stored(batch, schema), row_group_size=GROUP_ROWS)
            count += batch.num_rows
        writer.add_key_value_metadata(provenance.metadata(options))
        writer.close()
    return count


def _storable(field: pa.Field) -> pa.Field:
    return field.with_type(pa.string()) if holds(field.type, _lacks) else field


def _lacks(kind: pa.DataType) -> bool:
    """Whether Parquet has no such type: neither have structs without parts, as DuckDB's `{}`, nor keys of nothing."""
    empty = t.is_struct(kind) and not kind.num_fields
    keyless = t.is_map(kind) and t.is_null(kind.key_type)
    return bool(t.is_interval(kind) or t.is_duration(kind) or t.is_union(kind) or empty or keyless)


def _stored(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    stored = [
        column if column.type == field.type else text(column)
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(stored, schema=schema)
