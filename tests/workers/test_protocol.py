"""The joint between parent and child: every message, both ways, byte by byte."""

import io
import struct
from typing import get_args

import msgspec
import pytest

from prosa import errors
from prosa.documents.values import Limits
from prosa.exports.options import Options, personal
from prosa.results import Column, Provenance, Recipe, Stats
from prosa.sources.base import GuardedQuery, Piece, SourceInfo, TableInfo
from prosa.sources.engine import Attachment, Resources
from prosa.workers import protocol as p

QUERY = GuardedQuery("SELECT 'ção'", "duckdb", ("t",), "grant", "now")
PLACE = Attachment("duckdb", ("demo",), (Piece("t", "duckdb", ("/a.duckdb",), "main.t"),), "now")
RECIPE = Recipe("SELECT 1", "sqlite", ("a", "b"), "now", ("t",), 10)
OPTIONS = Options(
    **personal("pt-BR"),
    columns=(Column("a", "integer", "percent"),),
    provenance=Provenance("q", "s", "src", "run", "2025-01-01T00:00:00Z", 3),
)
INFO = SourceInfo(
    "id", "demo", "csv", "/x.csv", "fp", "duckdb", (TableInfo("t", "demo", (), 3),), PLACE.pieces, (("n", {"k": 1}),)
)

TO_CHILD = [
    p.Setup(Resources(1 << 30, 2, "/scratch"), 1),
    p.Job(1, p.Prepare("demo", "/x.csv", "/cache", True, "ana")),
    p.Job(7, p.ReadDocument("/x.pdf", Limits())),
    p.Job(2, p.DryRun(QUERY, PLACE)),
    p.Job(3, p.Query(QUERY, PLACE, 100, 1 << 20)),
    p.Job(4, p.ReadPage("r", RECIPE, PLACE, 10, 20, 1, True, "são", True, False)),
    p.Job(5, p.WriteExport(RECIPE, PLACE, "csv", OPTIONS, False)),
    p.Interrupt(3),
]
TO_PARENT = [
    p.Ready(),
    p.Progress(1, 5, 10),
    p.Worn(1),
    p.Chunk(5),
    p.Prepared(1, INFO),
    p.DocumentRead(7),
    p.Finished(2),
    p.Queried(3, (Column("a", "decimal"),), ((1.5,), (None,)), 2, (Stats(1, 1.5, 1.5, 1.5, 1.5),), False, True),
    p.Paged(4, ((1, "x"),), None),
    p.Exported(5, 3, "abc"),
    p.Failed(6, "QueryError", "query_failed", {"what": "no"}, "a.py:1"),
]


def bytes_of(message, payload=b""):
    return b"".join(map(bytes, p.frame(message, payload)))


def members(union):
    return set(get_args(union))


def test_every_message_is_tried_here():
    assert {type(message) for message in TO_CHILD} == members(p.ToChild)
    assert {type(message) for message in TO_PARENT} == members(p.ToParent)
    assert {type(job.operation) for job in TO_CHILD if isinstance(job, p.Job)} == members(p.Operation)


@pytest.mark.parametrize("message", TO_CHILD, ids=lambda message: repr(message)[:40])
def test_a_message_reaches_the_child_whole(message):
    assert p.read(io.BytesIO(bytes_of(message, b"\0\xffpayload"))) == (message, b"\0\xffpayload")


@pytest.mark.parametrize("message", TO_PARENT, ids=lambda message: type(message).__name__)
def test_a_message_reaches_the_parent_whole(message):
    assert list(p.Unframer().feed(bytes_of(message, b"arrow"))) == [(message, b"arrow")]


def test_a_frame_is_two_lengths_a_header_and_the_payload():
    data = bytes_of(p.Chunk(7), b"abc")
    header, payload = struct.unpack(">II", data[:8])
    assert msgspec.msgpack.decode(data[8 : 8 + header]) == {"type": "Chunk", "id": 7}
    assert data[8 + header :] == b"abc"
    assert payload == 3


def test_bytes_may_come_in_any_pieces():
    stream = b"".join(bytes_of(message, b"x" * number) for number, message in enumerate(TO_PARENT))
    whole = list(p.Unframer().feed(stream))
    unframer = p.Unframer()
    single = [found for place in range(len(stream)) for found in unframer.feed(stream[place : place + 1])]
    assert [message for message, _ in whole] == TO_PARENT
    assert single == whole


@pytest.mark.parametrize("cut", [0, 3, 8, 12, -1])
def test_a_pipe_that_ends_early_is_the_end(cut):
    assert p.read(io.BytesIO(bytes_of(TO_CHILD[1], b"payload")[:cut])) is None


def test_a_foreign_message_is_refused():
    header = msgspec.msgpack.encode({"type": "Job", "id": 1, "operation": {"type": "Shell", "command": "ls"}})
    with pytest.raises(msgspec.ValidationError):
        p.read(io.BytesIO(struct.pack(">II", len(header), 0) + header))


def test_an_error_crosses_as_itself():
    raised = p.Failed(1, "SourceError", "source_missing", {"name": "x.csv"}).error()
    assert type(raised) is errors.SourceError
    assert (raised.code, raised.values) == ("source_missing", {"name": "x.csv"})


@pytest.mark.parametrize("kind", ["Any", "locales", "NoSuchError", "BaseException", "__builtins__"])
def test_only_errors_of_ours_are_ever_made(kind):
    assert type(p.Failed(1, kind, "internal").error()) is errors.ProsaError
