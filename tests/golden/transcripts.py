"""Writes the golden transcripts: what each wire says of the three recorded runs and two made of them, byte for byte.

    uv run python tests/golden/transcripts.py

A new wire adds one line to `WIRES`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from prosa import events as e
from prosa.server.wires import Wire
from prosa.server.wires.ag_ui import AgUiWire
from prosa.server.wires.ai_sdk import AiSdkWire
from prosa.server.wires.chat import ChatWire
from prosa.server.wires.document import DocumentWire
from prosa.server.wires.mcp import McpWire
from prosa.server.wires.native import NativeWire
from prosa.server.wires.openai import OpenAIWire
from prosa.server.wires.pipeline import PipelineWire

HERE = Path(__file__).parent
BASE = "http://prosa.test/"


def recorded(name: str) -> list[e.Entry]:
    """A recorded log."""
    return [e.decode(line) for line in (HERE / "logs" / f"{name}.jsonl").read_bytes().splitlines()]


def with_file() -> list[e.Entry]:
    """The answered run with a file, a passage, another tool and a notice, and with a second block of words."""
    events = [entry.event for entry in recorded("answered")]
    place = next(place for place, event in enumerate(events) if isinstance(event, e.Chart)) + 1
    more: list[e.Event] = [
        e.FileReady("f1", "sales [2025].csv", "text/csv", "/api/files/f1", size=2048, rows=3),
        e.ToolCalled("t1", "search_documents", {"query": "gross amount"}),
        e.ToolReturned("t1", "search_documents", {"passages": 1}),
        e.Sources((e.Passage("guide.pdf", "Gross amounts include tax.", 4, 0.75),)),
        e.Notice("truncated", "A limit cut the rows."),
    ]
    said: list[e.Event] = [e.Text(1, "Gross amounts "), e.Text(1, "include tax.")]
    return _numbered("with_file", [*events[:place], *more, *events[place:-2], *said, *events[-2:]])


def cancelled() -> list[e.Entry]:
    """A run that is stopped while its statement works and its first words are out."""
    events = [entry.event for entry in recorded("answered")]
    place = next(place for place, event in enumerate(events) if isinstance(event, e.Table))
    return _numbered("cancelled", [*events[:place], e.Text(0, "Let me see."), e.Cancelled("execute", 12.0)])


def _numbered(name: str, events: list[e.Event]) -> list[e.Entry]:
    return [e.Entry(f"golden-{name}", seq, 1767225600 + seq / 100, event) for seq, event in enumerate(events, 1)]


RUNS: dict[str, Callable[[], list[e.Entry]]] = {
    **{name: partial(recorded, name) for name in ("answered", "clarification", "failed_in_execute")},
    "with_file": with_file,
    "cancelled": cancelled,
}
NAMES = tuple(RUNS)

WIRES: dict[str, Callable[[], Wire]] = {
    "native": NativeWire,
    "pipeline": PipelineWire,
    "chat": lambda: ChatWire(csv_of=lambda table: f"/static/query_results/query_results_{table.result_id}.csv"),
    "openai": lambda: OpenAIWire("sales", BASE, include_usage=True),
    "ai_sdk": lambda: AiSdkWire(BASE),
    "ag_ui": lambda: AgUiWire("thread-1", "run-1", BASE),
    "mcp": McpWire,
    "document": DocumentWire,
}


def transcript(wire: str, name: str) -> bytes:
    """All that the wire says of a run."""
    return said(WIRES[wire](), RUNS[name]())


def said(wire: Wire, entries: Iterable[e.Entry]) -> bytes:
    return b"".join(part for entry in entries for part in wire.encode(entry))


def place(wire: str, name: str) -> Path:
    return HERE / "wires" / f"{wire}.{name}.txt"


def main() -> int:
    place("", "").parent.mkdir(exist_ok=True)
    for wire in WIRES:
        for name in NAMES:
            place(wire, name).write_bytes(transcript(wire, name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
