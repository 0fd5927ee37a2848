"""A stream of rows into the bytes of a file, sent on as they come: the child's side of an export."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from prosa.exports import formats
from prosa.exports.options import Options
from prosa.workers import protocol

if TYPE_CHECKING:
    from prosa.workers.jobs import Control

CHUNK_BYTES = 256 << 10


def export(reader: pa.RecordBatchReader, format: str, options: Options, control: Control) -> protocol.Exported:
    """Writes every row; the pipe to the parent takes them as fast as they are read at the other end."""
    counted = _Counted(reader)
    chunks = _Chunks(control, counted)
    rows = formats.find(format).writer()(counted, chunks.add, options)
    return protocol.Exported(control.id, rows, chunks.finish())


class _Counted:
    """A reader that knows how many rows were taken from it."""

    def __init__(self, reader: pa.RecordBatchReader) -> None:
        self.schema = reader.schema
        self.rows = 0
        self._reader = reader

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for batch in self._reader:
            self.rows += batch.num_rows
            yield batch


class _Chunks:
    """Gathers what a writer writes into chunks of a size that suits the pipe."""

    def __init__(self, control: Control, counted: _Counted) -> None:
        self._control = control
        self._counted = counted
        self._digest = hashlib.sha256()
        self._waiting = bytearray()

    def add(self, data: bytes | memoryview) -> None:
        self._digest.update(data)
        self._waiting += data
        if len(self._waiting) >= CHUNK_BYTES:
            self._send()

    def finish(self) -> str:
        self._send()
        return self._digest.hexdigest()

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, bytearray()
        for start in range(0, len(waiting), CHUNK_BYTES):
            self._control.chunk(memoryview(waiting)[start : start + CHUNK_BYTES], self._counted.rows)
