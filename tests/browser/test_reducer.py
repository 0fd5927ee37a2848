"""The page's reducer adds a log up to exactly what `Answer.fold` does."""

from pathlib import Path

import msgspec
import pytest

from prosa import events as e
from prosa.answer import Answer
from prosa.results import Column

FOLD = """async ([entries, seen]) => {
  const { empty, reduce } = await import(new URL("static/reducer.js", document.baseURI).href);
  const start = entries.slice(0, seen).reduce(reduce, empty());
  const before = JSON.stringify(start);
  const end = entries.reduce(reduce, start);
  if (JSON.stringify(start) !== before) throw new Error("the reducer changed its state in place");
  return JSON.parse(JSON.stringify(end));
}"""

EVERYTHING = [
    e.Started("sales by störe 😀", "c1", "rules", "pt-BR", "r0"),
    e.StageStarted("plan"),
    e.StageProgress("plan", 0.5, 1, 2, eta_ms=10, message="half"),
    e.Interpreted("Sales, for each store.", (e.Word("störe", 9, 14),), 0.9),
    e.Sql("q0", "SELECT nothing", "duckdb", "demo"),
    e.QueryFailed("q0", "query_failed", "no such column"),
    e.Sql("q1", "SELECT store, sales FROM s", "duckdb", "demo"),
    e.StageCompleted("plan", 4.0, "ready"),
    e.StageStarted("execute"),
    e.StageCompleted("execute", 1.0),
    e.Table("t1", "q1", (Column("store", "text"), Column("sales", "decimal", "currency")), (("A", 3), (None, 2.5)), 2),
    e.Chart("k1", "t1", {"data": [{"type": "bar", "x": ["A"], "y": [3]}], "layout": {}}),
    e.FileReady("f1", "a.csv", "text/csv", "api/files/f1", 10, 2),
    e.ToolCalled("x", "search", {"words": "a"}),
    e.ToolCalled("y", "search"),
    e.ToolReturned("x", "search", "found"),
    e.ToolReturned("y", "search", failed=True),
    e.Sources((e.Passage("d.pdf", "words", 2, 0.5),)),
    e.Text(1, "That is most."),
    e.Text(0, "A sold "),
    e.Text(0, "3."),
    e.Checked(0, (e.Span(7, 8, True),)),
    e.Notice("note", "Words."),
    e.Clarification("Which?", (e.Option("a", "sum of a"),)),
]

ENDS = [
    e.Completed("clarify", 20.0, {"plan": 4.0}, 12, 0.01),
    e.Failed("query_failed", "It failed.", "Try again.", "execute"),
    e.Cancelled("execute", 3.0),
]

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "logs").glob("*.jsonl"))


def entries(events):
    return [e.Entry("r1", seq, 100.5 + seq, event) for seq, event in enumerate(events, 1)]


def folded_by_page(page, log, seen=0):
    return page.evaluate(FOLD, [[msgspec.json.decode(entry.line) for entry in log], seen])


def folded_here(log):
    return msgspec.json.decode(msgspec.json.encode(Answer.fold(log)))


@pytest.mark.parametrize("end", ENDS, ids=lambda event: type(event).__name__)
def test_every_event_adds_up_to_the_same_answer(module_page, end):
    log = entries([*EVERYTHING, end])
    assert {type(entry.event) for entry in log} | {type(event) for event in ENDS} | {e.Snapshot} == set(
        e.Event.__args__
    )
    assert folded_by_page(module_page, log) == folded_here(log)


def test_entries_seen_twice_change_nothing(module_page):
    log = entries([*EVERYTHING, ENDS[0]])
    assert folded_by_page(module_page, [*log, *log], seen=9) == folded_here(log)


@pytest.mark.parametrize("cut", [1, 8, 20])
def test_a_snapshot_stands_in_for_the_entries_up_to_it(module_page, cut):
    log = entries([*EVERYTHING, ENDS[0]])
    snapshot = e.Entry("r1", cut, 0.0, e.Snapshot(cut, folded_here(log[:cut])))
    assert folded_by_page(module_page, [snapshot, *log[cut:]]) == folded_here(log)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_log_adds_up_to_the_same_answer(module_page, path):
    log = [e.decode(line) for line in path.read_text("utf-8").splitlines()]
    assert folded_by_page(module_page, log) == folded_here(log)
