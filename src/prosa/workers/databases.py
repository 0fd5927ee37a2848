"""Which sources there are and who may read them; prepared when they are first needed, and again when a file changes."""

from __future__ import annotations

import asyncio
import builtins
import difflib
import hashlib
import time
from collections.abc import Iterable, Sequence

import msgspec

from prosa.errors import AccessError, ProsaError, UsageError
from prosa.identity import Principal
from prosa.sources.base import Database, SourceInfo
from prosa.sources.databases import combine
from prosa.workers.files import Identity, identity, there
from prosa.workers.pool import Progress, Workers
from prosa.workers.preparing import Preparing, Share

RETRY_AFTER = 2.0
"""Seconds until a source that could not be read is tried again although its file looks the same: another program may
have let go of it."""

MOST_DATABASES = 16
SUGGESTIONS = 5


class Problem(msgspec.Struct, frozen=True):
    """A source that could not be prepared, and why."""

    id: str
    name: str
    error: ProsaError


class _Source:
    """A named location, and what was found there last, as it is and with its SQLite tables copied."""

    def __init__(self, name: str, location: str, owner: str | None) -> None:
        self.name, self.location, self.owner = name, location, owner
        self.id = hashlib.sha256(repr((name, location, owner)).encode()).hexdigest()[:16]
        self.found: dict[bool, tuple[Identity, SourceInfo]] = {}
        self.problem: tuple[Identity, float, ProsaError] | None = None
        self.preparing: dict[bool, Preparing] = {}


class Databases:
    """The registry of sources. A source with an owner does not exist for anybody else."""

    def __init__(self, workers: Workers, sources: Iterable[tuple[str, str]] = ()) -> None:
        self._workers = workers
        self._sources: dict[str, _Source] = {}
        self._databases: dict[str, Database] = {}
        self._turns = asyncio.Semaphore(max(workers.questions - 1, 1))
        for name, location in sources:
            self.add(name, location)

    def add(self, name: str, location: str, owner: str | None = None) -> str:
        """Registers a source without reading it; returns its id, which depends on name, location and owner alone."""
        source = _Source(name, location, owner)
        self._sources.setdefault(source.id, source)
        return source.id

    def any(self, principal: Principal) -> bool:
        """Whether the principal may read any source; nothing is looked at."""
        return bool(self._visible(principal))

    def remove(self, principal: Principal, source_id: str) -> str:
        """Forgets a source of the principal's own; returns where it lies. AccessError."""
        source = self._sources.get(source_id)
        if source is None or not principal.may_read(source.owner):
            raise AccessError("not_found")
        if source.owner != principal.user:
            raise AccessError("not_allowed")
        del self._sources[source_id]
        return source.location

    async def list(self, principal: Principal, on_progress: Progress | None = None) -> tuple[SourceInfo, ...]:
        """Every source that the principal may read and that can be read; the others are among `problems`."""
        found = await self._all(self._visible(principal), on_progress)
        return tuple(info for info in found if isinstance(info, SourceInfo))

    def problems(self, principal: Principal) -> tuple[Problem, ...]:
        """The principal's sources that could not be prepared when they were last needed."""
        return tuple(
            Problem(source.id, source.name, source.problem[2])
            for source in self._visible(principal)
            if source.problem is not None
        )

    async def open(
        self, principal: Principal, sources: tuple[str, ...] = (), on_progress: Progress | None = None
    ) -> Database:
        """The sources of these names or ids as one database; none named: all that the principal may read and that can
        be read. AccessError `source_unknown`, UsageError `source_none`, SourceError, StorageError."""
        named = (self._named(principal, name) for name in sources)
        chosen = [*{source.id: source for source in named}.values()] or self._visible(principal)
        if not chosen:
            raise UsageError("source_none")
        found = await self._all(chosen, on_progress)
        infos = [info for info in found if isinstance(info, SourceInfo)]
        errors = [error for error in found if isinstance(error, ProsaError)]
        if errors and (sources or not infos):
            raise errors[0]
        return self._combined(await self._together(chosen, infos, on_progress))

    async def _together(
        self, chosen: Sequence[_Source], infos: Sequence[SourceInfo], on_progress: Progress | None
    ) -> Sequence[SourceInfo]:
        """SQLite's own dialect reads one file alone: several sources meet in DuckDB, with SQLite's tables copied."""
        if len(infos) == 1:
            return infos
        # Of those that were chosen, not of the registry: a source may have been removed from it meanwhile.
        ids = {info.id for info in infos if info.dialect == "sqlite"}
        alone = [source for source in chosen if source.id in ids]
        copies = {}
        for info in await self._all(alone, on_progress, copy_sqlite=True):
            if isinstance(info, ProsaError):
                raise info
            copies[info.id] = info
        return [copies.get(info.id, info) for info in infos]

    def _combined(self, infos: Sequence[SourceInfo]) -> Database:
        database = combine(infos)
        known = self._databases.pop(database.fingerprint, database)
        self._databases[database.fingerprint] = known
        if len(self._databases) > MOST_DATABASES:
            del self._databases[next(iter(self._databases))]
        return known

    def _visible(self, principal: Principal) -> builtins.list[_Source]:
        return [source for source in self._sources.values() if principal.may_read(source.owner)]

    def _named(self, principal: Principal, wanted: str) -> _Source:
        """By id, else by name; of several of that name the principal's own."""
        visible = self._visible(principal)
        named = [source for source in visible if source.name.casefold() == wanted.casefold()]
        for source in visible:
            if source.id == wanted:
                return source
        if named:
            return max(named, key=lambda source: source.owner is not None)
        raise AccessError("source_unknown", name=wanted, names=_nearest(wanted, [source.name for source in visible]))

    async def _all(
        self, sources: Sequence[_Source], on_progress: Progress | None, copy_sqlite: bool = False
    ) -> builtins.list[SourceInfo | ProsaError]:
        """What each source holds, or its error. Nothing is read where nothing has changed."""
        # Looking at files may wait for a disk or a network: never in the event loop.
        seen = await asyncio.to_thread(lambda: [identity(source.location) for source in sources])
        share = Share(on_progress)
        waits = (self._current(*pair, copy_sqlite, share) for pair in zip(sources, seen, strict=True))
        return await asyncio.gather(*waits)

    async def _current(
        self, source: _Source, now: Identity, copy_sqlite: bool, share: Share
    ) -> SourceInfo | ProsaError:
        before, info = source.found.get(copy_sqlite, (None, None))
        if info is not None and before == now and await asyncio.to_thread(there, info):
            return info
        if source.problem is not None:
            then, at, error = source.problem
            if then == now and time.monotonic() - at < RETRY_AFTER:
                return error
        return await self._prepared(source, now, copy_sqlite, share)

    async def _prepared(
        self, source: _Source, now: Identity, copy_sqlite: bool, share: Share
    ) -> SourceInfo | ProsaError:
        preparing = source.preparing.get(copy_sqlite)
        if preparing is None or preparing.over:
            preparing = Preparing(lambda report: self._prepare(source, copy_sqlite, report))
            source.preparing[copy_sqlite] = preparing
        try:
            info = msgspec.structs.replace(await preparing.wait(share.of(now.size)), id=source.id)
        except ProsaError as error:
            source.problem = (now, time.monotonic(), error)
            return error
        source.problem = None
        source.found[copy_sqlite] = (now, info)
        return info

    async def _prepare(self, source: _Source, copy_sqlite: bool, report: Progress) -> SourceInfo:
        """One worker stays free for questions about what is ready."""
        async with self._turns:
            return await self._workers.prepare(
                source.name, source.location, copy_sqlite=copy_sqlite, owner=source.owner, on_progress=report
            )


def _nearest(wanted: str, names: Sequence[str]) -> str:
    """The names that exist, the most alike first."""
    alike = difflib.get_close_matches(wanted, names, SUGGESTIONS, cutoff=0.0)
    return ", ".join(alike)
