"""How long the rules analyst takes for a question, with the profile at hand: over suites of `prosa eval`, and over a
catalog of 1,000 tables and 20,000 columns.

    uv run python bench/analyst.py [SUITE.json --root DATA] [--every 5]

Aims: under 25 ms in the median and 120 ms at 95 % on databases as they are; under 250 ms on the large catalog. The
ratio is to the guard, which every statement goes through anyway. The value index is measured by its traced memory.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
import tracemalloc
from datetime import date
from itertools import groupby
from pathlib import Path

from prosa.analysts.base import Plan, Selection
from prosa.analysts.rules import RulesAnalyst
from prosa.analysts.rules.values import MOST, Values
from prosa.evaluation import suite
from prosa.identity import LOCAL
from prosa.pipeline.classify import classify
from prosa.question import Context, Question
from prosa.sources.base import Catalog, ColumnInfo, Database, ForeignKey, Grant, TableInfo
from prosa.sources.guard import check
from prosa.workers.databases import Databases
from prosa.workers.pool import Workers

QUESTIONS = (
    "how many orders 7 are there?",
    "total amount of orders 7 by city",
    "top 5 orders 7 by amount",
    "média de amount por city de orders 12",
    "orders 3 with status open since March 2025",
)


def asked(analyst: RulesAnalyst, database: Database, text: str) -> tuple[float, float]:
    """Milliseconds of planning, and of guarding the statement (0 where there is none)."""
    question, context = Question(text, as_of=date(2025, 7, 15)), Context(LOCAL, "bench")
    selection = Selection(database, Grant.everything(database.catalog), classify(question, context))
    begun = time.perf_counter()
    found = analyst._plan(question, context, selection)
    planned = time.perf_counter()
    if not isinstance(found, Plan):
        return (planned - begun) * 1000, 0.0
    check(found.queries[0].sql, selection.grant)
    return (planned - begun) * 1000, (time.perf_counter() - planned) * 1000


async def opened(path: Path) -> Database:
    with tempfile.TemporaryDirectory() as folder:
        async with Workers(cache_dir=Path(folder)) as workers:
            return await Databases(workers, [(path.stem, str(path))]).open(LOCAL)


def over(suites: list[str], root: Path, every: int) -> None:
    """The questions of the suites; the first one of each database, which builds what is kept, is left out."""
    cases = [case for name in suites for case in suite.read(Path(name), root)][::every]
    analyst, planned, guarded = RulesAnalyst(), [], []
    for path, group in groupby(sorted(cases, key=lambda one: str(one.database)), key=lambda one: one.database):
        database = asyncio.run(opened(path))
        texts = [turn.question for case in group for turn in case.turns]
        asked(analyst, database, texts[0])
        for text in texts:
            plan, guard = asked(analyst, database, text)
            planned.append(plan)
            guarded += [guard] if guard else []
    told(f"{len(planned)} questions", planned, guarded)


def large() -> Database:
    """1,000 tables of 20 columns each, a fifth of them pointing at another."""
    columns = [
        ColumnInfo("id", "integer", "id", distinct=100),
        ColumnInfo("name", "text", "name", distinct=50, values=tuple(f"name {number}" for number in range(50))),
        ColumnInfo("city", "text", "category", distinct=3, values=("Porto", "Lisboa", "Recife")),
        ColumnInfo("status", "text", "category", distinct=2, values=("open", "closed")),
        ColumnInfo("amount", "double", "measure", distinct=90, min=0, max=100),
        ColumnInfo("created_on", "date", "date", distinct=90, min="2024-01-01", max="2025-07-01"),
        ColumnInfo("parent_id", "integer", "id", distinct=100),
        *(ColumnInfo(f"extra_{number}", "integer", "measure", distinct=9, min=0, max=9) for number in range(13)),
    ]
    subjects = ("orders", "customers", "payments", "visits", "tickets")
    tables = []
    for number in range(1000):
        parent = f"{subjects[number // 5 % 5]}_{number // 5}"
        keys = (ForeignKey(("parent_id",), parent, ("id",), declared=True),) if number % 5 == 0 and number else ()
        name = f"{subjects[number % 5]}_{number}"
        tables.append(TableInfo(name, "large", tuple(columns), 100, ("id",), keys, "name"))
    return Database("duckdb", ("large",), (), Catalog("duckdb", tuple(tables), "large"))


def told(name: str, planned: list[float], guarded: list[float]) -> None:
    planned.sort()
    median, late = statistics.median(planned), planned[int(0.95 * (len(planned) - 1))]
    ratio = f", {median / statistics.median(guarded):.1f}x the guard" if guarded else ""
    print(f"{name}: median {median:.1f} ms, 95 % {late:.1f} ms, longest {planned[-1]:.1f} ms{ratio}")


def index() -> None:
    """The memory of a full value index."""
    values = tuple(f"value {number} of many" for number in range(MOST))
    column = ColumnInfo("text", "text", "name", distinct=len(values), values=values)
    catalog = Catalog("duckdb", (TableInfo("t", "t", (column,), len(values)),), "index")
    tracemalloc.start()
    kept = Values(catalog)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    print(f"value index at its bound of {MOST:,} values: {size / 1e6:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*")
    parser.add_argument("--root", type=Path)
    parser.add_argument("--every", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.suites:
        over(arguments.suites, arguments.root or Path(arguments.suites[0]).parent, arguments.every)
    database, analyst = large(), RulesAnalyst()
    first = asked(analyst, database, QUESTIONS[0])[0]
    times = [asked(analyst, database, text) for text in QUESTIONS for _ in range(3)]
    told("1,000 tables, 20,000 columns", [plan for plan, _ in times], [guard for _, guard in times if guard])
    print(f"  the first question, which builds the words of the catalog: {first:.0f} ms")
    index()


if __name__ == "__main__":
    main()
