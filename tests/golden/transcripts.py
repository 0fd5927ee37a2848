"""Writes the golden transcripts: what each wire says of the three recorded runs, byte for byte.

    uv run python tests/golden/transcripts.py

A new wire adds one line to `WIRES`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from prosa import events as e
from prosa.server.wires import Wire
from prosa.server.wires.pipeline import PipelineWire

HERE = Path(__file__).parent
NAMES = ("answered", "clarification", "failed_in_execute")

WIRES: dict[str, Callable[[], Wire]] = {
    "pipeline": PipelineWire,
}


def transcript(wire: str, name: str) -> bytes:
    """All that the wire says of a recorded run."""
    encoder = WIRES[wire]()
    lines = (HERE / "logs" / f"{name}.jsonl").read_bytes().splitlines()
    return b"".join(part for line in lines for part in encoder.encode(e.decode(line)))


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
