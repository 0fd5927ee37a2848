"""Fits the weights of the rules analyst's ranking on questions whose answers are known, and writes them as data.

Usage: uv run python scripts/fit_analyst.py SUITE[:FIELD]... --root DATA [--set-aside NAME,NAME] [--every N]

Suites are those of `prosa eval`, over SQLite files. Every reading of a question is run and compared with the gold rows;
a logistic regression with a ridge then tells how much each feature counts. The same suites give the same weights.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np

from prosa.analysts.rules.labels import Labels
from prosa.analysts.rules.measures import Measures
from prosa.analysts.rules.ranking import Features
from prosa.analysts.rules.schema import Schema
from prosa.analysts.rules.understanding import Understanding
from prosa.errors import ProsaError
from prosa.evaluation import score, suite
from prosa.identity import LOCAL
from prosa.pipeline.language import detect
from prosa.sources.base import Database, Grant
from prosa.sources.guard import check, is_ordered
from prosa.workers.databases import Databases
from prosa.workers.pool import Workers

TARGET = Path(__file__).parent.parent / "src" / "prosa" / "analysts" / "rules" / "data" / "weights.toml"
READINGS, SECONDS, RIDGE, RARE, ROUNDS = 3, 3.0, 2.0, 12, 400
"""Readings looked at per question; the longest a statement may take; the penalty on weights; how often a feature must
be seen for its weight to be fitted; Newton's rounds at most."""
FIXED = {
    "named_measure": 1.0,
    "edited": -0.45,
    "value_unknown": -1.5,
    "unknown_name": -2.0,
    "doubt_measure_beside": -2.0,
    "attribute_unknown": -4.0,
    "unknown_share": -2.0,
    "counts_itself": -4.0,
    "would_contradict": -3.0,
    "unsupported": -6.0,  # what can't be computed is never left out, however often that would happen to be right
    "ignored": -4.0,
    "no_links": -0.5,
    "doubt_unsaid_column": -1.0,
    "doubt_never_one_row": -1.0,
    "doubt_ranked_by_revenue": -0.4,
    "doubt_nothing_named": -2.5,
    "doubt_counted_value": -0.5,
    "doubt_each_or_both": -0.2,
    "doubt_occasions_unsaid": -0.8,
}
"""Weights that are a matter of honesty, or of things that the questions at hand are too few to tell."""
AGAINST = ("doubt_", "unknown", "ignored", "lag", "other_way", "would_count_twice", "quality", "worst")
"""Features that may only speak against a reading."""

Row = tuple[Features, bool, float]


class Case(NamedTuple):
    path: Path
    question: str
    gold: str


def main() -> None:
    arguments, cases = given(argparse.ArgumentParser(description=__doc__))
    cases = cases[:: arguments.every]
    rows = list(collected(cases))
    weights = fitted(rows)
    TARGET.write_text(written(weights, len(cases)), "utf-8")
    print(f"{len(cases)} questions, {len(rows)} readings, {len(weights)} weights")


def given(parser: argparse.ArgumentParser) -> tuple[argparse.Namespace, list[Case]]:
    """The arguments, and the questions of their suites but for the databases that are set aside."""
    parser.add_argument("suites", nargs="+")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--set-aside", default="")
    parser.add_argument("--every", type=int, default=1, help="only each Nth question")
    arguments = parser.parse_args()
    aside = set(arguments.set_aside.split(","))
    cases = [case for name in arguments.suites for case in read(name, arguments.root) if case.path.stem not in aside]
    return arguments, cases


def read(name: str, root: Path) -> list[Case]:
    """One suite's questions that stand alone and whose gold tells something."""
    file, _, field = name.partition(":")
    found = suite.read(Path(file), root, field or "question")
    return [
        Case(one.database, turn.question, turn.golds[0])
        for one in found
        for turn in one.turns
        if len(one.turns) == 1 and turn.golds and not turn.trivial
    ]


def collected(cases: list[Case]) -> Iterator[Row]:
    """The readings of all questions: features, whether right, and how much they count."""
    ordered = sorted(cases, key=lambda case: str(case.path))
    for path, group in groupby(ordered, key=lambda case: case.path):
        database = asyncio.run(opened(path))
        schema = Schema(database.catalog)
        named, labels = Measures(schema), Labels(schema, "en")
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as lite:
            lite.text_factory = lambda raw: raw.decode("utf-8", "replace")
            for case in group:
                gold = expected(case.gold, lite, database)
                if gold is None:
                    continue
                understood = Understanding(
                    case.question, detect(case.question, "en"), schema, named, labels, date.today()
                )
                readings = understood.readings[:READINGS]
                for one in readings:
                    rows = run(one.sql, lite, database)
                    yield one.features, is_right(rows, gold), 1.0 / len(readings)


async def opened(path: Path) -> Database:
    with tempfile.TemporaryDirectory() as folder:
        async with Workers(cache_dir=Path(folder)) as workers:
            return await Databases(workers, [(path.stem, str(path))]).open(LOCAL)


def expected(sql: str, lite: sqlite3.Connection, database: Database) -> score.Expected | None:
    rows = run(sql, lite, database)
    return None if rows is None or score.trivial(rows) else score.Expected(rows, is_ordered(sql, "sqlite"))


def is_right(rows: list[tuple[object, ...]] | None, gold: score.Expected) -> bool:
    """Whether the rows are the expected ones, or the same without repeats, which gold statements seldom mean."""
    if rows is None:
        return False
    once = score.Expected(list(dict.fromkeys(map(tuple, gold.rows))), gold.ordered)
    return score.judge(rows, gold).right or score.judge(list(dict.fromkeys(rows)), once).right


def run(sql: str, lite: sqlite3.Connection, database: Database) -> list[tuple[object, ...]] | None:
    """The rows of a statement that passes the guard; None where it fails or takes too long."""
    until = time.monotonic() + SECONDS
    lite.set_progress_handler(lambda: time.monotonic() > until, 100_000)
    try:
        return lite.execute(check(sql, Grant.everything(database.catalog)).sql).fetchall()
    except (ProsaError, sqlite3.Error):
        return None


def fitted(rows: list[Row]) -> dict[str, float]:
    """Weights by Newton's method; what may only speak against is left out where it would speak for."""
    seen: dict[str, int] = {}
    for features, _, _ in rows:
        for name in features:
            seen[name] = seen.get(name, 0) + 1
    names = sorted(name for name, count in seen.items() if count >= RARE and name not in FIXED)
    while True:
        weights = newton(rows, names)
        wrong = [name for name in names if name.startswith(AGAINST) and weights[name] > 0]
        if not wrong:
            break
        names = [name for name in names if name not in wrong]
    return {**FIXED, **weights}


def newton(rows: list[Row], names: list[str]) -> dict[str, float]:
    table = np.array([[1.0, *(features.get(name, 0.0) for name in names)] for features, _, _ in rows])
    given = np.array(
        [sum(FIXED[name] * value for name, value in features.items() if name in FIXED) for features, _, _ in rows]
    )
    right = np.array([float(one) for _, one, _ in rows])
    counts = np.array([weight for _, _, weight in rows])
    ridge = np.diag([0.0, *([RIDGE] * len(names))])
    weights = np.zeros(len(names) + 1)
    for _ in range(ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(table @ weights + given, -30, 30)))
        slope = table.T @ (counts * (right - chance)) - ridge @ weights
        bend = (table * (counts * chance * (1 - chance))[:, None]).T @ table + ridge
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return dict(zip(["bias", *names], weights.tolist(), strict=True))


def written(weights: dict[str, float], questions: int) -> str:
    lines = [f"{name} = {weight:.2f}" for name, weight in sorted(weights.items(), key=lambda pair: pair[0])]
    head = "# How much each thing speaks for or against a reading, in log-odds. Written by scripts/fit_analyst.py"
    return f"{head},\n# from {questions:,} questions.\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
