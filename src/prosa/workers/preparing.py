"""A preparation that several askers wait for at once, and the progress that each of them sees."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from prosa.sources.base import SourceInfo
from prosa.workers.pool import Progress


class Preparing:
    """Work in a task of its own; it is cancelled when the last asker has gone."""

    def __init__(self, work: Callable[[Progress], Coroutine[Any, Any, SourceInfo]]) -> None:
        self._listeners: list[Progress] = []
        self._task = asyncio.create_task(work(self._report))
        self._left = False

    @property
    def over(self) -> bool:
        """Whether it is too late to join."""
        return self._left or self._task.done()

    async def wait(self, on_progress: Progress) -> SourceInfo:
        """The prepared source, or whatever stopped it. An asker who is cancelled waits until the work has stopped."""
        self._listeners.append(on_progress)
        try:
            return await asyncio.shield(self._task)
        finally:
            self._listeners.remove(on_progress)
            if not self._listeners and not self._task.done():
                self._left = True
                self._task.cancel()
                await asyncio.wait([self._task])

    def _report(self, done: int, total: int) -> None:
        for listener in self._listeners:
            listener(done, total)


class Share:
    """Adds up the progress of several preparations, in bytes of their files."""

    def __init__(self, on_progress: Progress | None) -> None:
        self._on_progress = on_progress
        self._sizes: list[int] = []
        self._done: list[int] = []

    def of(self, size: int) -> Progress:
        """The listener for one preparation of so many bytes; its own unit does not matter."""
        place = len(self._sizes)
        self._sizes.append(size)
        self._done.append(0)

        def report(done: int, total: int) -> None:
            self._done[place] = size * done // total if total else 0
            if self._on_progress is not None:
                self._on_progress(sum(self._done), sum(self._sizes))

        return report
