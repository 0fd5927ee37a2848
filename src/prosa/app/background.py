"""One thread with an event loop of its own, so that plain code can wait for coroutines from anywhere: a script, a
notebook whose own loop is running, a Streamlit script, several threads at once."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures.thread  # noqa: F401 its own end must be registered before ours
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_before_executors_end: Callable[[Callable[[], None]], Any] = getattr(threading, "_register_atexit", atexit.register)
"""Plain `atexit` comes too late: by then thread pools, which closing needs, take no more work. The last registered is
called first."""


class Background:
    """Starts its thread with the first call, and ends it, after `at_end` has run in it, before the interpreter ends."""

    def __init__(self, at_end: Callable[[], Awaitable[None]]) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._at_end = at_end
        self._pid = os.getpid()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Waits for a coroutine. KeyboardInterrupt while waiting cancels it."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._started())
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="prosa", daemon=True)
                self._thread.start()
                _before_executors_end(self.stop)
            return self._loop

    def stop(self) -> None:
        """Ends the thread; a later call starts another."""
        with self._lock:
            loop, thread = self._loop, self._thread
            if loop is None or thread is None or self._pid != os.getpid():
                return  # nothing to end, or the thread stayed behind in the process that was forked
            self._loop = None
            asyncio.run_coroutine_threadsafe(self._end(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    async def _end(self) -> None:
        await self._at_end()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
