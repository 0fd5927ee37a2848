"""A reader who fell behind the log is told the rest, once."""

import json
from pathlib import Path

import msgspec
import pytest

from prosa import events as e
from prosa.answer import Answer
from prosa.server.wires.catching_up import missed, unfolded
from prosa.server.wires.pipeline import PipelineWire

LOGS = Path(__file__).parents[2] / "golden" / "logs"
NAMES = ("answered", "clarification", "failed_in_execute")


def recorded(name):
    return [e.decode(line) for line in (LOGS / f"{name}.jsonl").read_bytes().splitlines()]


def snapshot(entries):
    answer = Answer.fold(entries)
    return e.Entry("r", answer.seq, 1.0, e.Snapshot(answer.seq, msgspec.to_builtins(answer)))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_unfolded_adds_up_to_the_same_again(name):
    entries = recorded(name)[:-1]
    answer = Answer.fold(entries)
    again = Answer.fold(e.Entry(answer.run_id, n, 1.0, event) for n, event in enumerate(unfolded(answer), 1))
    same = {"seq": 0, "started_at": 0.0, "blocks": [(block.text) for block in answer.blocks]}
    assert [block.text for block in again.blocks] == same["blocks"]
    for field in ("question", "queries", "tables", "charts", "stages", "reading", "clarification", "notices"):
        assert getattr(again, field) == getattr(answer, field), field


@pytest.mark.parametrize("name", NAMES)
def test_from_every_place_the_rest_is_missed_exactly_once(name):
    entries = recorded(name)[:-1]
    whole = Answer.fold(entries)
    for cut in range(len(entries)):
        seen = Answer.fold(entries[:cut])
        rest = [*missed(seen, snapshot(entries).event)]
        for event in rest:
            seen.seq = len(entries)
            seen.add(e.Entry("r", len(entries) + 1, 1.0, event))
        assert seen.text == whole.text
        assert (seen.queries, seen.tables, seen.charts) == (whole.queries, whole.tables, whole.charts)


def test_a_wire_behind_the_log_says_every_word_once():
    entries = recorded("answered")
    wire = PipelineWire()
    head = b"".join(part for entry in entries[:15] for part in wire.encode(entry))
    rest = b"".join(part for entry in (snapshot(entries[:19]), entries[19]) for part in wire.encode(entry))
    told = [json.loads(line[6:]) for line in (head + rest).decode().split("\n\n") if line]
    words = "".join(frame["text"] for frame in told if frame["type"] == "token")
    assert words == Answer.fold(entries).text
    assert [frame["type"] for frame in told].count("stage_start") == 5
    assert told[-1]["type"] == "complete"
