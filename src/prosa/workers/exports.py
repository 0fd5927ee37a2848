"""An export as its reader sees it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from prosa.workers import protocol
from prosa.workers.lane import Lane
from prosa.workers.running import Runner


class Export:
    """An export on its way: iterate it for the bytes. `done` counts the rows that were read so far; `rows` and `sha256`
    are known when it has ended; leaving it early stops the statement."""

    def __init__(self, lane: Lane, runner: Runner, operation: protocol.WriteExport, payload: bytes | None) -> None:
        self.rows: int | None = None
        self.sha256: str | None = None
        self.done = 0
        self._chunks = self._run(lane, runner, operation, payload)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._chunks

    async def aclose(self) -> None:
        await self._chunks.aclose()

    async def _run(
        self, lane: Lane, runner: Runner, operation: protocol.WriteExport, payload: bytes | None
    ) -> AsyncGenerator[bytes, None]:
        async with runner.child(lane, operation.attachment.fingerprint) as running:
            running.start(operation, payload)
            message, data = await running.receive()
            while isinstance(message, protocol.Chunk):
                self.done = message.rows
                yield data
                message, data = await running.receive()
        assert isinstance(message, protocol.Exported)
        self.rows, self.sha256 = message.rows, message.sha256
