"""What holds for every wire whose frames are `data:` lines, whatever a run brings."""

import msgspec
import pytest

from prosa import events as e
from prosa.answer import Answer
from prosa.runs import Log

WIRES = ("openai", "ai_sdk", "ag_ui")
RUNS = ("answered", "with_file", "clarification", "failed_in_execute", "cancelled")


@pytest.mark.parametrize("wire", WIRES)
def test_wild_values_never_break_a_line(golden, wire):
    log = Log("r1")
    words = "a\nb\r\n\u2028\x00 \ud800 data: [DONE]\n\n"
    log.append(e.Started(words))
    log.append(e.Sql("q1", words, "duckdb", "s"))
    log.append(e.Table("t", "q1", (), ((float("nan"), float("inf"), words),), 1))
    log.append(e.ToolCalled("t1", words, {"k": words}))
    log.append(e.Text(0, words))
    log.append(e.Failed("code", words, words))
    said = golden.said(golden.WIRES[wire](), log.read()).decode("utf-8")
    assert all(frame.startswith("data: ") and "\n" not in frame for frame in said.split("\n\n")[:-1])
    assert "\r" not in said
    assert "NaN" not in said
    assert "Infinity" not in said


@pytest.mark.parametrize("wire", WIRES)
def test_a_table_without_its_statement_and_a_return_without_its_call_are_told_as_well(golden, wire):
    log = Log("r1")
    log.append(e.Started("q"))
    log.append(e.Table("t", "q9", (), ((1,),), 1))
    log.append(e.ToolReturned("t9", "weather", {"sunny": True}))
    log.append(e.QueryFailed("q8", "query_failed", "no such table"))
    log.append(e.Completed("answered", 1.0))
    assert golden.said(golden.WIRES[wire](), log.read()).endswith(b"\n\n")


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("wire", WIRES)
def test_a_resume_that_replays_the_start_in_silence_goes_on_exactly(golden, runs, wire, run):
    entries = runs[run]()
    whole = golden.transcript(wire, run)
    for cut in range(len(entries)):
        encoder = golden.WIRES[wire]()
        head = golden.said(encoder, entries[:cut])
        assert head + golden.said(encoder, entries[cut:]) == whole


def test_a_wire_says_what_a_snapshot_knows_and_its_reader_does_not(golden, runs):
    entries = runs["answered"]()
    folded = Answer.fold(entries[:16])
    snapshot = e.Entry(folded.run_id, 16, 0.0, e.Snapshot(16, msgspec.to_builtins(folded)))
    said = golden.said(golden.WIRES["openai"](), [*entries[:3], snapshot, *entries[16:]])
    assert said == golden.transcript("openai", "answered")
