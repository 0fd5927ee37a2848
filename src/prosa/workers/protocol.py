"""What parent and child say to each other over the child's pipes: frames of a msgpack header and raw bytes.

A frame is two big-endian 32-bit lengths, the header (one of the structs below, tagged) and its payload (an Arrow IPC
stream, or an export's bytes). The child answers a `Job` with any number of `Progress`, `Worn` and `Chunk` and then
exactly one of `Prepared`, `DocumentRead`, `Finished`, `Queried`, `Paged`, `Exported` or `Failed`; `Interrupt` hurries
that answer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from prosa import errors
from prosa.documents.values import Limits
from prosa.exports.options import Options
from prosa.results import Cell, Column, Recipe, Stats
from prosa.sources.base import GuardedQuery, SourceInfo
from prosa.sources.engine import Attachment, Resources

LENGTHS = struct.Struct(">II")

OPEN_ENGINES = 4
"""How many databases a child keeps open; the parent knows which, to give a job to the child that is ready for it."""


class _Message(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Base of all messages; the tag is the class's name."""


class Setup(_Message, frozen=True):
    """The first message to a child; `parent` is the process that it ends with."""

    resources: Resources
    parent: int


class Prepare(_Message, frozen=True):
    name: str
    location: str
    cache_dir: str
    copy_sqlite: bool
    owner: str | None


class ReadDocument(_Message, frozen=True):
    """Read a document's file; its passages come back as the payload of `DocumentRead`, in msgpack."""

    path: str
    limits: Limits


class DryRun(_Message, frozen=True):
    query: GuardedQuery
    attachment: Attachment


class Query(_Message, frozen=True):
    query: GuardedQuery
    attachment: Attachment
    row_limit: int | None
    snapshot_cap: int


class ReadPage(_Message, frozen=True):
    """`sort` is a column's place. The rows come from the result that this child paged last where it is `kept`, from the
    payload where it is `held`, else from the recipe."""

    result_id: str
    recipe: Recipe
    attachment: Attachment
    offset: int
    limit: int
    sort: int | None
    descending: bool
    filter: str
    held: bool
    kept: bool


class WriteExport(_Message, frozen=True):
    """The rows come from the payload where the result is `held`, else from the recipe."""

    recipe: Recipe
    attachment: Attachment
    format: str
    options: Options
    held: bool


Operation = Prepare | ReadDocument | DryRun | Query | ReadPage | WriteExport


class Job(_Message, frozen=True):
    id: int
    operation: Operation


class Interrupt(_Message, frozen=True):
    """Stop the job; no answer of its own, and no effect where the job has ended."""

    id: int


class Ready(_Message, frozen=True):
    """The child has loaded its engines."""


class Progress(_Message, frozen=True):
    id: int
    done: int
    total: int


class Chunk(_Message, frozen=True):
    """The next bytes of an export, as payload, and how many rows have been read for it so far."""

    id: int
    rows: int = 0


class Worn(_Message, frozen=True):
    """Said before an answer: this child should get no other job, since memory it once had is not all given back."""

    id: int


class Prepared(_Message, frozen=True):
    id: int
    info: SourceInfo


class DocumentRead(_Message, frozen=True):
    id: int


class Finished(_Message, frozen=True):
    id: int


class Queried(_Message, frozen=True):
    """All of a result but its snapshot, which is the payload; `held` tells an empty payload from none."""

    id: int
    columns: tuple[Column, ...]
    head: tuple[tuple[Cell, ...], ...]
    total: int
    stats: tuple[Stats, ...]
    truncated: bool
    held: bool


class Paged(_Message, frozen=True):
    """`total` counts the rows that match the filter, and is None where there was none."""

    id: int
    rows: tuple[tuple[Cell, ...], ...]
    total: int | None


class Exported(_Message, frozen=True):
    id: int
    rows: int
    sha256: str


class Failed(_Message, frozen=True):
    """A ProsaError by class name, code and values. `trace` names files
    and lines for the log, never values."""

    id: int
    kind: str = "ProsaError"
    code: str = "internal"
    values: dict[str, Any] = {}
    trace: str = ""

    def error(self) -> errors.ProsaError:
        kind = getattr(errors, self.kind, None)
        known = isinstance(kind, type) and issubclass(kind, errors.ProsaError)
        return (kind if known else errors.ProsaError)(self.code, **self.values)  # type: ignore[misc]


Answer = Prepared | DocumentRead | Finished | Queried | Paged | Exported | Failed
ToChild = Setup | Job | Interrupt
ToParent = Ready | Progress | Worn | Chunk | Answer

_encoder = msgspec.msgpack.Encoder()
_to_child = msgspec.msgpack.Decoder(ToChild)
_to_parent = msgspec.msgpack.Decoder(ToParent)


def frame(message: ToChild | ToParent, payload: bytes | memoryview = b"") -> tuple[bytes, bytes | memoryview]:
    """A message as what goes into the pipe: lengths with header, then the payload itself, which is not copied."""
    header = _encoder.encode(message)
    return LENGTHS.pack(len(header), len(payload)) + header, payload


def read(stream: BinaryIO) -> tuple[ToChild, bytes] | None:
    """The child's side: the next message, or None where the parent has closed the pipe."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    header_size, payload_size = LENGTHS.unpack(lengths)
    header, payload = stream.read(header_size), stream.read(payload_size)
    return (_to_child.decode(header), payload) if len(payload) == payload_size else None


class Unframer:
    """The parent's side: bytes in as they come, whole messages out."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[ToParent, bytes]]:
        self._buffer += data
        while (size := self._whole()) is not None:
            header_size, _ = LENGTHS.unpack_from(self._buffer)
            start = LENGTHS.size
            with memoryview(self._buffer) as view:
                message = _to_parent.decode(view[start : start + header_size])
                payload = bytes(view[start + header_size : size])
            del self._buffer[:size]
            yield message, payload

    def _whole(self) -> int | None:
        if len(self._buffer) < LENGTHS.size:
            return None
        size = LENGTHS.size + sum(LENGTHS.unpack_from(self._buffer))
        return size if len(self._buffer) >= size else None
