"""The parent's side: two pools of child processes, one for questions and one for exports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import msgspec

from prosa.results import Cell, Column, Recipe, Result
from prosa.sources.base import Database, GuardedQuery, SourceInfo

Progress = Callable[[int, int], None]
"""Called in the event loop with work done and work in all, in the worker's own unit (bytes, rows, tables)."""


class PageRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A window over a result: `sort` names a column, `-name` descending; `filter` is a text that some cell of the row
    must contain, in any case and without accents."""

    offset: int = 0
    limit: int = 100
    sort: str = ""
    filter: str = ""


class Page(msgspec.Struct, frozen=True):
    """`total` counts the rows that match the filter."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    offset: int
    total: int


class Export:
    """An export on its way: iterate it for the bytes. `rows` and `sha256` are known when it has ended; leaving it
    early stops the statement."""

    rows: int | None
    sha256: str | None

    def __aiter__(self) -> AsyncIterator[bytes]: ...

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
    ) -> None: ...

    async def __aenter__(self) -> Workers: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

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
        raise NotImplementedError

    async def dry_run(self, query: GuardedQuery, database: Database) -> None:
        """EXPLAINs the statement. QueryError with the engine's words where it can't run."""
        raise NotImplementedError

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
        raise NotImplementedError

    async def page(self, result: Result, database: Database, request: PageRequest) -> Page:
        """A window over a held result, or over its recipe run again."""
        raise NotImplementedError

    def export(
        self, result: Result | GuardedQuery, database: Database, format: str, options: dict[str, Any]
    ) -> Export:
        """Starts writing every row in a format, in a child of the export pool."""
        raise NotImplementedError

    async def status(self) -> dict[Literal["questions", "exports"], int]:
        """How many children are alive in each pool."""
        raise NotImplementedError
