"""Records the three golden logs: one run answered with table and chart, one that asks back, one that fails in execute.

    uv run python tests/golden/record.py

Real runs over generated data; only what differs from run to run (ids, times, durations) is replaced by fixed values.
`test_logs.py` records them again and compares, so they never fall behind the pipeline.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

import prosa
from prosa import events as e

LOGS = Path(__file__).parent / "logs"

STORES = ("Ipanema", "São Paulo", "Belém")

QUESTIONS = {
    "answered": "gross amount by store in 2025",
    "clarification": "total amount by store",
    "failed_in_execute": "SELECT CAST(store AS INTEGER) AS store FROM sales",
}


def sales() -> str:
    """A CSV of 60 sales in three stores with two amounts, so that "amount" alone has two readings."""
    rows = (f"{n},2025-{n % 12 + 1:02d}-{n % 28 + 1:02d},{STORES[n % 3]},{n * 10}.50,{n * 9}.25" for n in range(1, 61))
    return "\n".join(["sale_id,sold_on,store,gross_amount,net_amount", *rows]) + "\n"


async def record(folder: Path) -> dict[str, list[e.Entry]]:
    """The logs of all three questions over data written to `folder`."""
    (folder / "sales.csv").write_text(sales(), "utf-8")
    async with prosa.open(folder / "sales.csv", cache_dir=str(folder / "cache"), data_dir=str(folder)) as desk:
        async for _ in desk.ask("how many sales are there?"):
            pass  # reads the file, so that the logs do not show how long that took
        return {
            name: steady([entry async for entry in desk.ask(question)], name) for name, question in QUESTIONS.items()
        }


def steady(entries: list[e.Entry], name: str) -> list[e.Entry]:
    """The entries with fixed ids and times, without the time left, which a stage tells only where it takes long."""
    kept = [entry for entry in entries if not (isinstance(entry.event, e.StageProgress) and entry.event.done is None)]
    return [_fixed(entry, seq, name) for seq, entry in enumerate(kept, 1)]


def _fixed(entry: e.Entry, seq: int, name: str) -> e.Entry:
    """Seq 7 comes 70 ms after the start; every duration is 10 ms."""
    event = msgspec.convert(_steady(msgspec.to_builtins(entry.event), entry.run_id, f"golden-{name}"), e.Event)
    return e.Entry(f"golden-{name}", seq, 1767225600 + seq / 100, event)


def _steady(value: Any, run_id: str, fixed: str) -> Any:
    if isinstance(value, dict):
        if value.get("event") == "completed":
            value["stages"] = dict.fromkeys(value.get("stages", {}), 10.0)
        return {
            key: 10 if key in ("duration_ms", "eta_ms") else _steady(inner, run_id, fixed)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_steady(inner, run_id, fixed) for inner in value]
    if isinstance(value, str):
        return re.sub(r"[0-9a-f]{32}", "golden-result", value.replace(run_id, fixed))
    return value


def main() -> int:
    """Writes the logs, a JSON line an entry."""
    LOGS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, entries in asyncio.run(record(Path(folder))).items():
            (LOGS / f"{name}.jsonl").write_bytes(b"".join(entry.line + b"\n" for entry in entries))
    return 0


if __name__ == "__main__":
    sys.exit(main())
