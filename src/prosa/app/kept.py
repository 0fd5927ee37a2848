"""Desks that stay open for a while, so that the second question about the same data finds them warm."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from prosa.app.desk import Desk
from prosa.app.locations import Pairs, Source, named
from prosa.config import Settings


class Kept:
    """A desk, how many use it now, and the timer that will close it."""

    def __init__(self, sources: Pairs, settings: Settings) -> None:
        self.sources, self.settings = sources, settings
        self.desk = Desk(settings, sources)
        self.users = 0
        self.timer: asyncio.TimerHandle | None = None
        self.is_open = False
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """Opens the desk where it is not open yet. StorageError."""
        async with self._opening:
            if not self.is_open:
                await self.desk.__aenter__()
                self.is_open = True

    async def close(self) -> None:
        async with self._opening:
            if self.is_open:
                await self.desk.__aexit__(None, None, None)
                self.is_open = False


Key = tuple[Pairs, bytes]


class KeptDesks:
    """Idle desks: `most_idle` at most, each for `idle_seconds`. All calls come from one event loop."""

    def __init__(self, *, most_idle: int = 4, idle_seconds: float = 300.0) -> None:
        self._most_idle, self._idle_seconds = most_idle, idle_seconds
        self._kept: dict[Key, Kept] = {}
        self._frames: Path | None = None
        self._changing = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def over(self, source: Source, settings: Settings) -> AsyncIterator[Kept]:
        """An open desk over these sources, kept open while it is used. UsageError, SourceError, StorageError."""
        async with self._changing:
            sources = await asyncio.to_thread(named, source, self._folder())
            kept = self._taken(sources, settings)
        async with self._used(kept):
            yield kept

    @asynccontextmanager
    async def again(self, before: Kept) -> AsyncIterator[Kept]:
        """The desk of an earlier answer, opened anew where it was closed meanwhile."""
        async with self._used(self._taken(before.sources, before.settings)) as kept:
            yield kept

    async def aclose(self) -> None:
        """Closes all desks and removes the frames' files."""
        for key in [*self._kept]:
            self._drop(key)
        await asyncio.gather(*self._closing)
        if self._frames is not None:
            await asyncio.to_thread(shutil.rmtree, self._frames, ignore_errors=True)
            self._frames = None

    def _folder(self) -> Path:
        """Removed by `aclose` alone: a `TemporaryDirectory` would also be removed by a forked child that ends."""
        if self._frames is None:
            self._frames = Path(tempfile.mkdtemp(prefix="prosa-"))
        return self._frames

    def _taken(self, sources: Pairs, settings: Settings) -> Kept:
        key = _key(sources, settings)
        kept = self._kept.pop(key, None) or Kept(sources, settings)
        self._kept[key] = kept  # the last used stands last
        kept.users += 1
        if kept.timer is not None:
            kept.timer.cancel()
        return kept

    @asynccontextmanager
    async def _used(self, kept: Kept) -> AsyncIterator[Kept]:
        try:
            await kept.open()
            yield kept
        finally:
            kept.users -= 1
            if not kept.users:
                self._rest(kept)

    def _rest(self, kept: Kept) -> None:
        key = _key(kept.sources, kept.settings)
        kept.timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._drop, key)
        idle = [key for key, other in self._kept.items() if not other.users]
        for oldest in idle[: max(0, len(idle) - self._most_idle)]:
            self._drop(oldest)

    def _drop(self, key: Key) -> None:
        kept = self._kept.pop(key)
        if kept.timer is not None:
            kept.timer.cancel()
        task = asyncio.create_task(self._close(kept))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close(self, kept: Kept) -> None:
        await kept.close()
        async with self._changing:
            used = {location for other in self._kept.values() for _, location in other.sources}
            unused = [Path(location) for _, location in kept.sources if location not in used]
            await asyncio.to_thread(_remove, [path for path in unused if path.parent == self._folder()])


def _remove(frames: list[Path]) -> None:
    for path in frames:
        path.unlink(missing_ok=True)


def _key(sources: Pairs, settings: Settings) -> Key:
    return sources, msgspec.json.encode(settings, enc_hook=str)
