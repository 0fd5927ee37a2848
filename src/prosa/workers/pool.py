"""The parent's side: two pools of child processes, one for questions and one for exports."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import msgspec

from prosa.documents.values import Limits, ReadDocument
from prosa.errors import SourceError, TimeLimit
from prosa.exports import formats
from prosa.exports.options import parse
from prosa.results import Recipe, Result, plain
from prosa.sources.base import Database, GuardedQuery, SourceInfo
from prosa.sources.engine import Attachment, Resources
from prosa.workers import pages, protocol
from prosa.workers.exports import Export
from prosa.workers.lane import Lane
from prosa.workers.pages import Page, PageRequest
from prosa.workers.process import ChildProcess
from prosa.workers.running import Progress, Runner
from prosa.workers.scratch import sweep

__all__ = ["Export", "Page", "PageRequest", "Progress", "Workers"]


class Workers:
    """Runs everything that touches data, one statement a child at a time. Every call that is cancelled interrupts its
    statement at once and kills the child `kill_after` seconds later. All calls belong to one event loop."""

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
        self.questions = questions
        self._cache_dir = cache_dir
        self._scratch = cache_dir / "scratch"
        self._resources = Resources(memory_limit, threads)
        self._snapshot_cap = snapshot_cap
        self._questions = Lane(questions, 1, self._start)
        self._exports = Lane(exports, 0, self._start)
        self._runner = Runner(kill_after)

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(sweep, self._scratch)
        self._questions.refill()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends all children; a call that still waits for one gets WorkerDied."""
        await asyncio.gather(self._questions.aclose(), self._exports.aclose())
        await self._runner.aclose()

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
        other sources. SourceError, StorageError, WorkerDied."""
        _check_name(location)
        operation = protocol.Prepare(name, location, str(self._cache_dir), copy_sqlite, owner)
        answer, _ = await self._ask(operation, on_progress=on_progress)
        assert isinstance(answer, protocol.Prepared)
        return answer.info

    async def read_document(
        self, path: str, limits: Limits, *, time_limit: float, on_progress: Progress | None = None
    ) -> ReadDocument:
        """Reads a document's file; `time_limit` in seconds, from the moment that a child has it. SourceError,
        TimeLimit, MemoryLimit, WorkerDied."""
        _check_name(path)
        _, data = await self._ask(protocol.ReadDocument(path, limits), None, time_limit, on_progress)
        return msgspec.msgpack.decode(data, type=ReadDocument)

    async def dry_run(self, query: GuardedQuery, database: Database) -> None:
        """EXPLAINs the statement. QueryError with the engine's words where it can't run."""
        await self._ask(protocol.DryRun(query, Attachment.of(database)), database)

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
        """Runs it to the end. `time_limit` in seconds, from the moment that a child has it.
        QueryError, QueryRefused `query_stale`, TimeLimit, MemoryLimit, WorkerDied."""
        operation = protocol.Query(query, Attachment.of(database), row_limit, self._snapshot_cap)
        answer, data = await self._ask(operation, database, time_limit, on_progress)
        assert isinstance(answer, protocol.Queried)
        return Result(
            result_id,
            answer.columns,
            answer.head,
            answer.total,
            answer.stats,
            _recipe(query, database, row_limit),
            answer.truncated,
            data if answer.held else None,
        )

    async def page(self, result: Result, database: Database, request: PageRequest) -> Page:
        """A window over a held result, or over its recipe run again. UsageError `page_sort`, QueryRefused `query_stale`
        where the data has changed since."""
        request = pages.bounded(request)
        if (page := pages.from_head(result, request)) is not None:
            return page
        attachment = Attachment.of(database)
        async with self._runner.child(self._questions, result.id if result.held else database.fingerprint) as running:
            child = running.child
            kept = result.held and child.paged == result.id
            operation = pages.operation(result, attachment, request, kept)
            # What the child keeps is unknown until it has answered: it may be stopped in the middle.
            if result.held:
                child.paged = ""
            running.start(operation, None if kept else result.snapshot)
            answer, _ = await running.receive()
            child.paged = result.id if result.held else child.paged
        assert isinstance(answer, protocol.Paged)
        total = pages.reachable(result) if answer.total is None else answer.total
        return Page(result.columns, answer.rows, request.offset, total)

    def export(self, result: Result | GuardedQuery, database: Database, format: str, options: dict[str, Any]) -> Export:
        """Writes every row in a format, in a child of the export pool, from the moment that it is iterated.
        UsageError here for a format or an option; while it is iterated, what `query` raises but TimeLimit."""
        formats.find(format)
        chosen = parse(options)
        recipe, snapshot = (
            (result.recipe, result.snapshot) if isinstance(result, Result) else (_recipe(result, database), None)
        )
        if isinstance(result, Result) and not chosen.columns:
            chosen = msgspec.structs.replace(chosen, columns=result.columns)
        operation = protocol.WriteExport(recipe, Attachment.of(database), format, chosen, snapshot is not None)
        return Export(self._exports, self._runner, operation, snapshot)

    async def status(self) -> dict[Literal["questions", "exports"], int]:
        """How many children are alive in each pool."""
        return {"questions": self._questions.alive, "exports": self._exports.alive}

    async def _start(self) -> ChildProcess:
        return await ChildProcess.start(self._scratch, self._resources)

    async def _ask(
        self,
        operation: protocol.Operation,
        database: Database | None = None,
        time_limit: float | None = None,
        on_progress: Progress | None = None,
    ) -> tuple[protocol.Chunk | protocol.Answer, bytes]:
        """One operation in a child of the question pool."""
        fingerprint = database.fingerprint if database is not None else ""
        try:
            async with self._runner.child(self._questions, fingerprint) as running:
                running.start(operation)
                async with asyncio.timeout(time_limit):
                    found = await running.receive(on_progress)
                running.child.note(fingerprint)
        except TimeoutError:
            raise TimeLimit(seconds=f"{time_limit:g}") from None
        return found


def _check_name(location: str) -> None:
    """SourceError `source_name` where a path is not UTF-8: Linux allows any bytes, messages to a child do not."""
    if plain(location) != location:
        raise SourceError("source_name", name=plain(location))


def _recipe(query: GuardedQuery, database: Database, row_limit: int | None = None) -> Recipe:
    return Recipe(query.sql, query.dialect, database.sources, query.catalog, query.tables, row_limit)
