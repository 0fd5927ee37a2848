"""A stream of rows as a result: first rows, exact figures, and the whole as a compressed snapshot while it is small."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import pyarrow as pa

from prosa.results import Cell, Column, column_type
from prosa.workers import protocol
from prosa.workers.cells import cells
from prosa.workers.figures import Figures

if TYPE_CHECKING:
    from prosa.workers.jobs import Reply

HEAD_ROWS = 1_000


class Control(Protocol):
    """The job's id, and what raises Interrupted once it is to stop."""

    @property
    def id(self) -> int: ...

    def check(self) -> None: ...


def gather(reader: pa.RecordBatchReader, row_limit: int | None, snapshot_cap: int, control: Control) -> Reply:
    """Reads everything. Rows beyond `row_limit` count in total and figures, but are not kept."""
    schema = reader.schema
    figures = [Figures(field.type) for field in schema]
    snapshot = Snapshot(schema, snapshot_cap)
    head: list[tuple[Cell, ...]] = []
    total = 0
    # One pass for everything: a second statement for totals might see other rows, and would cost as much again.
    for batch in reader:
        control.check()
        for figure, column in zip(figures, batch.columns, strict=True):
            figure.add(column)
        kept = batch if row_limit is None else batch.slice(0, max(row_limit - total, 0))
        total += batch.num_rows
        head += rows(kept.slice(0, HEAD_ROWS - len(head)))
        snapshot.add(kept)
    stats = tuple(figure.stats() for figure in figures)
    data = snapshot.finish()
    truncated = row_limit is not None and total > row_limit
    answer = protocol.Queried(control.id, columns(schema), tuple(head), total, stats, truncated, data is not None)
    return answer, b"" if data is None else data


def gathered(table: pa.Table, snapshot_cap: int, row_limit: int | None = None) -> tuple[protocol.Queried, bytes | None]:
    """The same for rows at hand, with the snapshot, where there is one."""
    answer, data = gather(table.to_reader(), row_limit, snapshot_cap, _Unstoppable())
    assert isinstance(answer, protocol.Queried)
    return answer, bytes(data) if answer.held else None


class _Unstoppable(NamedTuple):
    id: int = 0

    def check(self) -> None: ...


def columns(schema: pa.Schema) -> tuple[Column, ...]:
    """A schema's columns as results name them."""
    return tuple(Column(field.name, column_type(field.type)) for field in schema)


def rows(batch: pa.RecordBatch | pa.Table) -> list[tuple[Cell, ...]]:
    """A batch's rows as plain cells."""
    if not batch.num_columns or not batch.num_rows:
        return []
    return list(zip(*(cells(column) for column in batch.columns), strict=True))


class Snapshot:
    """An Arrow IPC stream, compressed, that gives up for good once it is larger than `cap` bytes."""

    def __init__(self, schema: pa.Schema, cap: int) -> None:
        self._cap = cap
        self._buffer = pa.BufferOutputStream()
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        self._stream: pa.RecordBatchStreamWriter | None = pa.ipc.new_stream(self._buffer, schema, options=options)

    def add(self, batch: pa.RecordBatch) -> None:
        if self._stream is None or not batch.num_rows:
            return
        self._stream.write_batch(batch)
        if self._buffer.tell() > self._cap:
            self._stream = None
            self._buffer = pa.BufferOutputStream()

    def finish(self) -> memoryview | None:
        if self._stream is None:
            return None
        self._stream.close()
        data = memoryview(self._buffer.getvalue())
        return data if len(data) <= self._cap else None
