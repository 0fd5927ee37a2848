"""Writes folding.json: logs with every event, and the answers that `Answer.fold` makes of them and of the golden logs.

    uv run python tests/golden/folding.py

The page's reducer is tested with them (web/tests/reducer.test.ts); `test_folding.py` keeps them true.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from prosa import events as e
from prosa.answer import Answer
from prosa.results import Column

HERE = Path(__file__).parent
FILE = HERE / "folding.json"

EVERYTHING = (
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
)

ENDS = (
    e.Completed("clarify", 20.0, {"plan": 4.0}, 12, 0.01),
    e.Failed("query_failed", "It failed.", "Try again.", "execute"),
    e.Cancelled("execute", 3.0),
)

CUTS = (1, 8, 20)


def cases() -> list[dict[str, Any]]:
    """Each a name, the entries as the native wire writes them, and the folded answer."""
    found = {f"everything, then {end.__struct_config__.tag}": _entries(end) for end in ENDS}
    whole = _entries(ENDS[0])
    for cut in CUTS:
        snapshot = e.Entry("r1", cut, 0.0, e.Snapshot(cut, _folded(whole[:cut])))
        found[f"a snapshot for the first {cut}"] = [snapshot, *whole[cut:]]
    for path in sorted((HERE / "logs").glob("*.jsonl")):
        found[path.stem] = [e.decode(line) for line in path.read_bytes().splitlines()]
    return [
        {"name": name, "entries": [msgspec.json.decode(one.line) for one in log], "answer": _folded(log)}
        for name, log in found.items()
    ]


def _entries(end: Any) -> list[e.Entry]:
    return [e.Entry("r1", seq, 100.5 + seq, event) for seq, event in enumerate((*EVERYTHING, end), 1)]


def _folded(log: list[e.Entry]) -> dict[str, Any]:
    return msgspec.json.decode(msgspec.json.encode(Answer.fold(log)))


def written() -> bytes:
    return msgspec.json.format(msgspec.json.encode(cases()), indent=1) + b"\n"


if __name__ == "__main__":
    FILE.write_bytes(written())
    sys.exit(0)
