"""The load client of `streams.py`, in a process of its own: it opens connections and counts bytes and frames.

    python bench/stream_load.py < orders

Each line of standard input is an order as JSON, answered by one line of JSON with what was counted and the processor
time that the client itself took, so that its share of the machine is known. Connections stay open until it ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

END = b"\n\n"


class Stream(asyncio.Protocol):
    """One connection, one request. A frame ends with an empty line, which heads and lengths of chunks never have."""

    def __init__(self, load: Load, request: bytes, asleep: bool) -> None:
        self._load, self._request, self._asleep = load, request, asleep
        self._last = b""
        self._begun = 0.0
        self.frames = 0
        self.first: float | None = None
        self.failed = False
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport) -> None:
        self._begun = time.perf_counter()
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if not self._last and not data.startswith(b"HTTP/1.1 200"):
            sys.exit(f"refused: {data!r}")
        found = data.count(END) + (self._last == b"\n" and data.startswith(b"\n"))
        self._last = data[-1:]
        self._load.bytes += len(data)
        if found:
            if self._asleep:
                self._transport.pause_reading()
            if self.first is None:
                self.first = time.perf_counter() - self._begun
            self.frames += found
            self._load.counted(self, found)

    def connection_lost(self, error: Exception | None) -> None:
        self.failed = not self.frames
        self.ended.set_result(None)


class Load:
    """All connections of this client."""

    def __init__(self) -> None:
        self.streams: list[Stream] = []
        self.bytes = 0
        self._target = 0
        self._lacking = 0
        self._reached = asyncio.Event()

    def counted(self, stream: Stream, found: int) -> None:
        if stream.frames >= self._target > stream.frames - found:
            self._lacking -= 1
            if not self._lacking:
                self._reached.set()

    async def open(self, port: int, request: str, count: int, frames: int, asleep: bool = False) -> dict[str, float]:
        """Opens connections, and waits until each has so many frames; those that are `asleep` read once and no more."""
        self._await(frames, count)
        await self._connect(port, request, count, asleep)
        await self._reached.wait()
        return self._told()

    async def read(self, frames: int) -> dict[str, float]:
        """Waits until every connection has so many frames."""
        self._await(frames, sum(stream.frames < frames for stream in self.streams))
        if self._lacking:
            await self._reached.wait()
        return self._told()

    async def rush(self, port: int, request: str, count: int) -> dict[str, object]:
        """All at once, to the end of each."""
        begun = time.perf_counter()
        await self._connect(port, request, count)
        await asyncio.gather(*(stream.ended for stream in self.streams))
        seconds = time.perf_counter() - begun
        firsts = [stream.first for stream in self.streams if stream.first is not None]
        failed = sum(stream.failed for stream in self.streams)
        return {**self._told(), "seconds": seconds, "firsts": firsts, "failed": failed}

    def _await(self, frames: int, lacking: int) -> None:
        self._reached.clear()
        self._target, self._lacking = frames, lacking

    async def _connect(self, port: int, request: str, count: int, asleep: bool = False) -> None:
        loop, data = asyncio.get_running_loop(), request.encode()
        room = asyncio.Semaphore(256)  # more at once than a listener's queue holds would be sent again after a second

        async def connect() -> None:
            async with room:
                _, stream = await loop.create_connection(lambda: Stream(self, data, asleep), "127.0.0.1", port)
            self.streams.append(stream)

        await asyncio.gather(*(connect() for _ in range(count)))

    def _told(self) -> dict[str, float]:
        frames = sum(stream.frames for stream in self.streams)
        return {"bytes": self.bytes, "frames": frames, "cpu": time.process_time()}


async def main() -> None:
    load, loop = Load(), asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        print(json.dumps(await getattr(load, order.pop("do"))(**order)), flush=True)


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
