"""What a child does with one operation: open the engine, run, gather. It talks to nobody but its `Desk`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from prosa.errors import QueryRefused
from prosa.sources.base import GuardedQuery
from prosa.sources.engine import Attachment, Engine, Resources
from prosa.workers import protocol

if TYPE_CHECKING:
    import pyarrow as pa

OPEN_ENGINES = 4


class Desk(Protocol):
    """The child's side of one job."""

    id: int

    def check(self) -> None:
        """Raises Interrupted once the job is to stop."""

    def watch(self, engine: Engine | None) -> None:
        """Names the engine that an interrupt has to reach, or None."""

    def progress(self, done: int, total: int) -> None: ...

    def chunk(self, data: bytes | memoryview) -> None: ...


Reply = tuple[protocol.Answer, "bytes | memoryview"]


class Jobs:
    """The operations, and what a child keeps between them: open engines, and the result that was paged last."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._engines: OrderedDict[Attachment, Engine] = OrderedDict()
        self._held: tuple[str, pa.Table] | None = None

    def run(self, operation: protocol.Operation, payload: bytes, desk: Desk) -> Reply:
        match operation:
            case protocol.Prepare():
                return self._prepare(operation, desk), b""
            case protocol.DryRun():
                return self._dry_run(operation, desk), b""
            case protocol.Query():
                return self._query(operation, desk)
            case protocol.ReadPage():
                return self._page(operation, payload, desk), b""
            case protocol.WriteExport():
                return self._export(operation, payload, desk), b""

    def _prepare(self, job: protocol.Prepare, desk: Desk) -> protocol.Answer:
        from prosa.sources.prepare import prepare

        info = prepare(
            job.name,
            job.location,
            cache_dir=Path(job.cache_dir),
            copy_sqlite=job.copy_sqlite,
            owner=job.owner,
            progress=desk.progress,
        )
        return protocol.Prepared(desk.id, info)

    def _dry_run(self, job: protocol.DryRun, desk: Desk) -> protocol.Answer:
        _verify(job.query, job.attachment)
        with self._engine(job.attachment, desk) as engine:
            engine.explain(job.query.sql, job.query.tables)
        return protocol.Finished(desk.id)

    def _query(self, job: protocol.Query, desk: Desk) -> Reply:
        from prosa.workers.gather import gather

        _verify(job.query, job.attachment)
        with self._engine(job.attachment, desk) as engine:
            reader = engine.query(job.query.sql, job.query.tables)
            return gather(reader, job.row_limit, job.snapshot_cap, desk)

    def _page(self, job: protocol.ReadPage, payload: bytes, desk: Desk) -> protocol.Answer:
        raise NotImplementedError

    def _export(self, job: protocol.WriteExport, payload: bytes, desk: Desk) -> protocol.Answer:
        raise NotImplementedError

    @contextmanager
    def _engine(self, attachment: Attachment, desk: Desk) -> Iterator[Engine]:
        engine = self._engines.pop(attachment, None) or open_engine(attachment, self._resources)
        self._engines[attachment] = engine
        while len(self._engines) > OPEN_ENGINES:
            self._engines.popitem(last=False)[1].close()
        desk.watch(engine)
        try:
            desk.check()
            yield engine
        finally:
            desk.watch(None)


def open_engine(attachment: Attachment, resources: Resources) -> Engine:
    """A locked engine over an attachment, by its dialect."""
    if attachment.dialect == "sqlite":
        from prosa.sources.sqlite import SQLite

        return SQLite(attachment, resources)
    from prosa.sources.duckdb import DuckDB

    return DuckDB(attachment, resources)


def _verify(query: GuardedQuery, attachment: Attachment) -> None:
    """A statement that was guarded for another dialect or for other data is not run."""
    if query.dialect != attachment.dialect:
        raise QueryRefused("query_refused", reason="dialect", what=query.dialect)
    if query.catalog != attachment.fingerprint:
        raise QueryRefused("query_stale", reason="stale")
