"""The parent's side: two pools of child processes, one for questions and one for exports."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from prosa.errors import TimeLimit, WorkerDied
from prosa.results import Recipe, Result
from prosa.sources.base import Database, GuardedQuery, SourceInfo
from prosa.sources.engine import Attachment, Resources
from prosa.workers import protocol
from prosa.workers.lane import Lane
from prosa.workers.process import ChildProcess
from prosa.workers.protocol import Page, PageRequest

__all__ = ["Export", "Page", "PageRequest", "Progress", "Workers"]

Progress = Callable[[int, int], None]
"""Called in the event loop with work done and work in all, in the worker's own unit (bytes, rows, tables)."""


class Export:
    """An export on its way: iterate it for the bytes. `rows` and `sha256` are known when it has ended; leaving it
    early stops the statement."""

    rows: int | None
    sha256: str | None

    def __aiter__(self) -> AsyncIterator[bytes]:
        raise NotImplementedError

    async def aclose(self) -> None: ...


class Workers:
    """Runs everything that touches data, one statement a child at a time. Every call that is cancelled interrupts its
    statement at once and kills the child one second later."""

    def __init__(
        self,
        *,
        cache_dir: Path,
        memory_limit: int = 1 << 30,
        threads: int = 0,
        questions: int = 2,
        exports: int = 2,
        kill_after: float = 1.0,
        snapshot_cap: int = 64 << 20,
    ) -> None:
        self._cache_dir = cache_dir
        self._resources = Resources(memory_limit, threads)
        self.questions = questions
        self._kill_after = kill_after
        self._snapshot_cap = snapshot_cap
        self._questions = Lane(questions, 1, self._start)
        self._exports = Lane(exports, 0, self._start)
        self._ids = itertools.count(1)
        self._stopping: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Workers:
        self._questions.refill()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends all children; a call that still waits for one gets WorkerDied."""
        await asyncio.gather(self._questions.aclose(), self._exports.aclose())
        await asyncio.gather(*self._stopping)

    async def prepare(
        self,
        name: str,
        location: str,
        *,
        copy_sqlite: bool = False,
        owner: str | None = None,
        on_progress: Progress | None = None,
    ) -> SourceInfo:
        """Reads and profiles a source, or finds it in the cache. `copy_sqlite`: as a DuckDB cache file, for joins with
        other sources. SourceError, StorageError."""
        operation = protocol.Prepare(name, location, str(self._cache_dir), copy_sqlite, owner)
        answer, _ = await self._call(operation, on_progress=on_progress)
        assert isinstance(answer, protocol.Prepared)
        return answer.info

    async def dry_run(self, query: GuardedQuery, database: Database) -> None:
        """EXPLAINs the statement. QueryError with the engine's words where it can't run."""
        await self._call(protocol.DryRun(query, Attachment.of(database)), database=database.fingerprint)

    async def query(
        self,
        query: GuardedQuery,
        database: Database,
        *,
        result_id: str,
        time_limit: float,
        row_limit: int | None = None,
        on_progress: Progress | None = None,
    ) -> Result:
        """Runs it to the end. QueryError, TimeLimit, MemoryLimit, WorkerDied."""
        operation = protocol.Query(query, Attachment.of(database), row_limit, self._snapshot_cap)
        answer, data = await self._call(
            operation, database=database.fingerprint, time_limit=time_limit, on_progress=on_progress
        )
        assert isinstance(answer, protocol.Queried)
        return Result(
            result_id,
            answer.columns,
            answer.head,
            answer.total,
            answer.stats,
            Recipe(query.sql, query.dialect, database.sources, database.fingerprint),
            answer.truncated,
            data if answer.held else None,
        )

    async def page(self, result: Result, database: Database, request: PageRequest) -> Page:
        """A window over a held result, or over its recipe run again."""
        raise NotImplementedError

    def export(self, result: Result | GuardedQuery, database: Database, format: str, options: dict[str, Any]) -> Export:
        """Starts writing every row in a format, in a child of the export pool."""
        raise NotImplementedError

    async def status(self) -> dict[Literal["questions", "exports"], int]:
        """How many children are alive in each pool."""
        return {"questions": self._questions.alive, "exports": self._exports.alive}

    async def _start(self) -> ChildProcess:
        return await ChildProcess.start(self._cache_dir / "scratch", self._resources)

    async def _call(
        self,
        operation: protocol.Operation,
        payload: bytes = b"",
        *,
        database: str = "",
        time_limit: float | None = None,
        on_progress: Progress | None = None,
    ) -> tuple[protocol.Answer, bytes]:
        """One operation in a child of the question pool, from waiting for the child to giving it back."""
        child = await self._questions.acquire(database)
        job = protocol.Job(next(self._ids), operation)
        try:
            child.send(job, payload)
            async with asyncio.timeout(time_limit):
                answer, data = await _answer(child, on_progress)
        except asyncio.CancelledError:
            await self._stopped(child, job.id)
            raise
        except TimeoutError:
            await self._stopped(child, job.id)
            raise TimeLimit(seconds=time_limit) from None
        except BaseException:
            self._questions.release(child)
            raise
        if database:
            child.databases.add(database)
        self._questions.release(child)
        if isinstance(answer, protocol.Failed):
            raise answer.error()
        return answer, data

    async def _stopped(self, child: ChildProcess, job: int) -> None:
        """Stops a job and gives its child back, also where the waiting for that is itself cancelled."""
        child.send(protocol.Interrupt(job))
        task = asyncio.create_task(self._stop(child))
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)
        await asyncio.shield(task)

    async def _stop(self, child: ChildProcess) -> None:
        try:
            async with asyncio.timeout(self._kill_after):
                await _answer(child, None)
        except (TimeoutError, WorkerDied):
            await child.kill()
        finally:
            self._questions.release(child)


async def _answer(child: ChildProcess, on_progress: Progress | None) -> tuple[protocol.Answer, bytes]:
    """The job's last message; progress on the way is handed on, bytes are thrown away."""
    while True:
        message, data = await child.receive()
        if isinstance(message, protocol.Progress) and on_progress:
            on_progress(message.done, message.total)
        elif isinstance(message, protocol.Answer):
            return message, data
