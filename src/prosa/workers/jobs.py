"""What a child does with each operation: open the engine, run, gather. It talks to nobody but its `Control`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

import msgspec
import pyarrow as pa

from prosa.errors import QueryRefused
from prosa.results import Recipe
from prosa.sources.base import GuardedQuery
from prosa.sources.duckdb import DuckDB
from prosa.sources.engine import Attachment, Engine, Resources
from prosa.sources.sqlite import SQLite
from prosa.workers import protocol
from prosa.workers.exporting import export
from prosa.workers.gather import gather
from prosa.workers.limits import FOR_READING, bound_memory, bounded
from prosa.workers.paging import Pager


class Stoppable(Protocol):
    """What an interrupt has to reach; both are called from another thread."""

    def interrupt(self) -> None: ...

    def progress(self) -> float | None:
        """The share done (0 to 1), where it can be told."""


class Control(Protocol):
    """The child's side of one job. Each method but `watching` raises Interrupted once the job is to stop."""

    id: int

    def check(self) -> None: ...

    def progress(self, done: int, total: int) -> None: ...

    def chunk(self, data: bytes | memoryview, rows: int = 0) -> None: ...

    def watching(self, running: Stoppable) -> AbstractContextManager[None]:
        """Lets interrupts reach what runs inside."""


Reply = tuple[protocol.Answer, "bytes | memoryview"]


class Jobs:
    """The operations, and what a child keeps between them: open engines, and the snapshot that was paged last."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._engines: OrderedDict[Attachment, Engine] = OrderedDict()
        self._paged: Pager | None = None

    def run(self, operation: protocol.Operation, payload: bytes, control: Control) -> Reply:
        """Whatever a source, an engine or a writer raises passes through."""
        if bounded():
            bound_memory(self._resources.memory, FOR_READING if isinstance(operation, protocol.Prepare) else 0)
        match operation:
            case protocol.Prepare():
                return self._prepare(operation, control), b""
            case protocol.ReadDocument():
                return self._read_document(operation, control)
            case protocol.DryRun():
                return self._dry_run(operation, control), b""
            case protocol.Query():
                return self._query(operation, control)
            case protocol.ReadPage():
                return self._page(operation, payload, control), b""
            case protocol.WriteExport():
                return self._export(operation, payload, control), b""

    def _prepare(self, job: protocol.Prepare, control: Control) -> protocol.Answer:
        from prosa.sources.prepare import prepare

        info = prepare(
            job.name,
            job.location,
            cache_dir=Path(job.cache_dir),
            copy_sqlite=job.copy_sqlite,
            owner=job.owner,
            progress=control.progress,
        )
        return protocol.Prepared(control.id, info)

    def _read_document(self, job: protocol.ReadDocument, control: Control) -> Reply:
        from prosa.documents.reading import read

        document = read(Path(job.path), limits=job.limits, progress=control.progress)
        return protocol.DocumentRead(control.id), msgspec.msgpack.encode(document)

    def _dry_run(self, job: protocol.DryRun, control: Control) -> protocol.Answer:
        _verify(job.query, job.attachment)
        with self._engine(job.attachment, control) as engine:
            engine.explain(job.query.sql, job.query.tables)
        return protocol.Finished(control.id)

    def _query(self, job: protocol.Query, control: Control) -> Reply:
        _verify(job.query, job.attachment)
        with self._engine(job.attachment, control) as engine:
            reader = engine.query(job.query.sql, job.query.tables)
            return gather(reader, job.row_limit, job.snapshot_cap, control)

    def _page(self, job: protocol.ReadPage, payload: bytes, control: Control) -> protocol.Answer:
        if not job.held:
            with self._engine(job.attachment, control) as engine:
                schema = _rerun(job.recipe, job.attachment, engine).schema
                with closing(
                    Pager(lambda: _rerun(job.recipe, job.attachment, engine), schema, self._resources)
                ) as pager:
                    return _window(pager, job, control)
        if not job.kept or self._paged is None:
            self._hold(payload)
        assert self._paged is not None
        return _window(self._paged, job, control)

    def _hold(self, snapshot: bytes) -> None:
        """Keeps one result at a time: it may be far larger than its compressed snapshot."""
        if self._paged is not None:
            self._paged.close()
            self._paged = None
        table = pa.ipc.open_stream(snapshot).read_all()
        self._paged = Pager(lambda: table, table.schema, self._resources)

    def _export(self, job: protocol.WriteExport, payload: bytes, control: Control) -> protocol.Answer:
        if job.held:
            return export(pa.ipc.open_stream(payload), job.format, job.options, control)
        with self._engine(job.attachment, control) as engine:
            return export(_rerun(job.recipe, job.attachment, engine), job.format, job.options, control)

    @contextmanager
    def _engine(self, attachment: Attachment, control: Control) -> Iterator[Engine]:
        engine = self._engines.pop(attachment, None) or _open(attachment, self._resources)
        self._engines[attachment] = engine
        while len(self._engines) > protocol.OPEN_ENGINES:
            self._engines.popitem(last=False)[1].close()
        with control.watching(engine):
            control.check()
            yield engine


def _open(attachment: Attachment, resources: Resources) -> Engine:
    return SQLite(attachment, resources) if attachment.dialect == "sqlite" else DuckDB(attachment, resources)


def _verify(query: GuardedQuery | Recipe, attachment: Attachment) -> None:
    """A statement that was guarded for another dialect or for other data is not run."""
    if query.dialect != attachment.dialect:
        raise QueryRefused("query_refused", reason="dialect", what=query.dialect)
    if (query.catalog if isinstance(query, GuardedQuery) else query.fingerprint) != attachment.fingerprint:
        raise QueryRefused("query_stale", reason="stale")


def _rerun(recipe: Recipe, attachment: Attachment, engine: Engine) -> pa.RecordBatchReader:
    """The recipe's rows, from the first on."""
    _verify(recipe, attachment)
    reader = engine.query(recipe.sql, recipe.tables)
    if recipe.row_limit is None:
        return reader
    return pa.RecordBatchReader.from_batches(reader.schema, _first(reader, recipe.row_limit))


def _first(reader: pa.RecordBatchReader, rows: int) -> Iterator[pa.RecordBatch]:
    for batch in reader:
        yield batch.slice(0, rows)
        rows -= batch.num_rows
        if rows <= 0:
            return


def _window(pager: Pager, job: protocol.ReadPage, control: Control) -> protocol.Answer:
    with control.watching(pager):
        return protocol.Paged(control.id, pager.window(job), pager.count(job) if job.filter else None)
