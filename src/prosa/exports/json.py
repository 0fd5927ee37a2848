"""Results as one JSON document (RFC 8259): provenance, columns, rows as objects, one a line, and their count."""

from __future__ import annotations

import pyarrow as pa

from prosa.exports import provenance
from prosa.exports.batches import columns, made, rows, unique
from prosa.exports.formats import Sink
from prosa.exports.ndjson import encoded, keys, objects
from prosa.exports.options import Options


def write(reader: pa.RecordBatchReader, sink: Sink, options: Options) -> int:
    """`{"provenance": {…}, "columns": [{"name", "type"}], "rows": [{…}], "count": n}`."""
    names = keys(reader.schema, options)
    sink(_head(reader.schema, options).encode())
    count = 0
    for number, data in made(reader, lambda batch: rows([",\n", *objects(batch, names)])):
        sink(data if count else data[1:])
        count += number
    sink(f'\n],"count":{count}}}\n'.encode())
    return count


def _head(schema: pa.Schema, options: Options) -> str:
    described = columns(schema, options)
    names = unique(column.name for column in described)
    listed = ",".join(
        f'{{"name":{encoded(name)},"type":{encoded(column.type)}}}'
        for name, column in zip(names, described, strict=True)
    )
    origin = encoded(provenance.fields(options))
    return f'{{"provenance":{origin},\n"columns":[{listed}],\n"rows":['
