"""A stream of rows into the bytes of a file, sent on as they come: the child's side of an export."""

from __future__ import annotations

import hashlib
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
    chunks = _Chunks(control)
    rows = formats.find(format).writer()(reader, chunks.add, options)
    return protocol.Exported(control.id, rows, chunks.finish())


class _Chunks:
    """Gathers what a writer writes into chunks of a size that suits the pipe."""

    def __init__(self, control: Control) -> None:
        self._control = control
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
            self._control.chunk(memoryview(waiting)[start : start + CHUNK_BYTES])
