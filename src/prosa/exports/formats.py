"""The one table of formats: a name, what browsers and file names call it, and where its writer lives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TypeAlias

import msgspec

from prosa.errors import UsageError
from prosa.exports.options import Options

if TYPE_CHECKING:
    import pyarrow as pa

Sink: TypeAlias = Callable[["bytes | memoryview"], object]
"""Takes the next bytes of the file; it may block while the reader at the other end is slow."""


class Batches(Protocol):
    """A schema and record batches of it: a `pyarrow.RecordBatchReader`, or whatever else iterates so."""

    schema: pa.Schema

    def __iter__(self) -> Iterator[pa.RecordBatch]: ...


class Writer(Protocol):
    """Writes every row of `reader` and returns how many there were. What the reader raises passes through."""

    def __call__(self, reader: Batches, sink: Sink, options: Options) -> int: ...


class Format(msgspec.Struct, frozen=True):
    """A format of results; `module` holds its `write`, and is imported only where a file is written."""

    name: str
    extension: str
    mime: str
    module: str

    def writer(self) -> Writer:
        write: Writer = import_module(self.module).write
        return write


_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        Format("csv", "csv", "text/csv; charset=utf-8", "prosa.exports.csv"),
        Format("tsv", "tsv", "text/tab-separated-values; charset=utf-8", "prosa.exports.tsv"),
        Format("xlsx", "xlsx", _WORKBOOK, "prosa.exports.xlsx"),
        Format("json", "json", "application/json", "prosa.exports.json"),
        Format("ndjson", "ndjson", "application/x-ndjson", "prosa.exports.ndjson"),
        Format("xml", "xml", "application/xml", "prosa.exports.xml"),
        Format("parquet", "parquet", "application/vnd.apache.parquet", "prosa.exports.parquet"),
        Format("arrow", "arrow", "application/vnd.apache.arrow.file", "prosa.exports.arrow"),
        Format("markdown", "md", "text/markdown; charset=utf-8", "prosa.exports.markdown"),
        Format("html", "html", "text/html; charset=utf-8", "prosa.exports.html"),
    )
}


def find(name: str) -> Format:
    """The format of that name. UsageError `export_format` with the names that exist."""
    try:
        return FORMATS[name]
    except KeyError:
        raise UsageError("export_format", name=name, names=", ".join(FORMATS)) from None
