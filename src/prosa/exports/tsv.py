"""Results as tab-separated values: CSV with another delimiter, which spreadsheets paste into cells."""

from __future__ import annotations

import msgspec
import pyarrow as pa

from prosa.exports import csv
from prosa.exports.formats import Sink
from prosa.exports.options import Options


def write(reader: pa.RecordBatchReader, sink: Sink, options: Options) -> int:
    """A header and every row; cells that hold a tab are quoted."""
    return csv.write(reader, sink, msgspec.structs.replace(options, delimiter="\t"))
