"""A sink as the file object that library writers (zip, Parquet, Arrow) want to write into."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from prosa.exports.formats import Sink

CHUNK = 64 << 10


class SinkFile:
    """A file that can't seek, so that writers stream. Small writes are gathered; after a failure nothing more passes,
    because writers that are thrown away try to finish their file and a broken one must never look whole."""

    closed = False

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._waiting: list[bytes] = []
        self._size = 0
        self._failed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._failed = error is not None
        self._pass_on()

    def write(self, data: bytes) -> int:
        self._waiting.append(data)
        self._size += len(data)
        if self._size >= CHUNK:
            self._pass_on()
        return len(data)

    def flush(self) -> None:
        """Only the end of the file, or a full chunk, passes the waiting bytes on."""

    def close(self) -> None:
        """The sink stays open: it belongs to whoever gave it."""

    def _pass_on(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        if waiting and not self._failed:
            self._sink(waiting[0] if len(waiting) == 1 else b"".join(waiting))
