"""`StoreThread`: the store's own thread, in which queries that wait together share one transaction.

Databases know it as group commit: of many who save at once, nobody waits for more than two commits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from prosa.conversations.database import StoreFile

T = TypeVar("T")


class _Call(NamedTuple):
    query: Callable[[Connection], Any]
    writes: bool
    done: asyncio.Future[Any]


class StoreThread:
    """Runs queries one after the other, in the order of their calls, all of one event loop."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="prosa-conversations")
        self._waiting: list[_Call] = []
        self._working: asyncio.Future[list[Any]] | None = None

    async def query(self, query: Callable[[Connection], T], *, writes: bool) -> T:
        """What the query returns or raises, when its transaction has ended. One that is rolled back because of another
        query runs again, alone. StorageError."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Call(query, writes, done))
        self._go_on()
        return await done

    async def run(self, call: Callable[[], T]) -> T:
        """Runs something else there, outside any transaction, when no query is left."""
        while self._working is not None:
            await asyncio.wait({self._working})
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def close(self) -> None:
        """Ends the thread."""
        self._thread.shutdown(wait=False)

    def _go_on(self) -> None:
        if self._working is not None or not self._waiting:
            return
        calls, self._waiting = self._waiting, []
        self._working = asyncio.get_running_loop().run_in_executor(self._thread, self._work, calls)
        self._working.add_done_callback(partial(self._tell, calls))

    def _tell(self, calls: Sequence[_Call], outcomes: asyncio.Future[list[Any]]) -> None:
        self._working = None
        self._go_on()
        for call, outcome in zip(calls, outcomes.result(), strict=True):
            if call.done.done():  # whoever asked has been cancelled
                continue
            if isinstance(outcome, Exception):
                call.done.set_exception(outcome)
            else:
                call.done.set_result(outcome)

    def _work(self, calls: Sequence[_Call]) -> list[Any]:
        groups = groupby(calls, key=lambda call: call.writes)
        return [outcome for writes, group in groups for outcome in self._together([*group], writes)]

    def _together(self, calls: Sequence[_Call], writes: bool) -> list[Any]:
        """What each returned, or its exception."""
        try:
            with self._file.write() if writes else self._file.read() as connection:
                return [call.query(connection) for call in calls]
        except Exception as error:  # whatever it is, it goes to whoever asked
            if len(calls) == 1:
                return [error]
        return [outcome for call in calls for outcome in self._together([call], writes)]
