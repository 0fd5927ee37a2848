"""Finds the confidence above which `auto` lets the rules answer without asking a model, and writes it as data.

Usage: uv run python scripts/fit_routing.py SUITE[:FIELD]... --root DATA [--set-aside NAME,NAME] [--every N] [--first N]
       uv run python scripts/fit_routing.py SUITE[:FIELD]... --root DATA --report

Suites are those of `prosa eval`, over SQLite files. The threshold is the lowest one above which nine of ten answers
have the gold's rows; what leaves a word over goes to the model anyway and does not count. `--report` writes nothing: it
says what the threshold that is set now does on suites that it was not fitted on.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from fit_analyst import Case, given, opened, run

from prosa.analysts.base import Plan, Selection
from prosa.analysts.rules import RulesAnalyst
from prosa.analysts.sure import SURE
from prosa.evaluation import score
from prosa.identity import LOCAL
from prosa.pipeline.classify import classify
from prosa.question import Context, Question
from prosa.sources.base import Grant
from prosa.sources.guard import is_ordered

TARGET = Path(__file__).parent.parent / "src" / "prosa" / "analysts" / "data" / "routing.toml"
PRECISION = 0.9
FEWEST = 50
"""A threshold above which fewer answers than this lie says little."""


class Answered(NamedTuple):
    """One question: how sure the rules were (None where they had no plan that explains every word), and whether the
    rows were the gold's."""

    confidence: float | None
    right: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="the place of the first one, to leave out those of a fit")
    parser.add_argument("--report", action="store_true")
    arguments, cases = given(parser)
    found = list(answered(cases[arguments.first :: arguments.every]))
    sure = SURE if arguments.report else fitted(found)
    print(told(found, sure))
    if not arguments.report:
        TARGET.write_text(written(found, sure), "utf-8")


def answered(cases: list[Case]) -> Iterator[Answered]:
    """Every question whose gold tells something, asked of the rules as they stand."""
    analyst = RulesAnalyst()
    for path, group in groupby(sorted(cases, key=lambda case: str(case.path)), key=lambda case: case.path):
        database = asyncio.run(opened(path))
        grant = Grant.everything(database.catalog)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as lite:
            lite.text_factory = lambda raw: raw.decode("utf-8", "replace")
            for case in group:
                rows = run(case.gold, lite, database)
                if rows is None or score.trivial(rows):
                    continue
                question = Question(case.question, as_of=date.today())
                context = Context(LOCAL, "fit")
                plan = asyncio.run(
                    analyst.plan(question, context, Selection(database, grant, classify(question, context)))
                )
                if not isinstance(plan, Plan) or plan.unknown:
                    yield Answered(None, False)
                    continue
                own = run(plan.queries[0].sql, lite, database)
                gold = score.Expected(rows, is_ordered(case.gold, "sqlite"))
                yield Answered(plan.confidence, own is not None and score.judge(own, gold).right)


def fitted(found: list[Answered]) -> float:
    """The lowest confidence, in thousandths, above which nine of ten answers are right; 1 where there is none."""
    for sure in (step / 1000 for step in range(1000)):
        count, right = taken(found, sure)
        if count >= FEWEST and right / count >= PRECISION:
            return sure
    return 1.0


def taken(found: list[Answered], sure: float) -> tuple[int, int]:
    """How many questions the rules take above a threshold, and how many of those answers are right."""
    taken = [one.right for one in found if one.confidence is not None and one.confidence > sure]
    return len(taken), sum(taken)


def told(found: list[Answered], sure: float) -> str:
    """What the rules take above a threshold, and how much of it is right."""
    count, right = taken(found, sure)
    share, precision = count / max(1, len(found)), right / max(1, count)
    return (
        f"above {sure:g} the rules take {count} of {len(found)} questions ({share:.0%}); "
        f"{right} of them are right ({precision:.1%})"
    )


def written(found: list[Answered], sure: float) -> str:
    return (
        "# The confidence above which the rules answer without asking a model. Written by scripts/fit_routing.py:\n"
        f"# {told(found, sure)}.\nsure = {sure:g}\n"
    )


if __name__ == "__main__":
    main()
