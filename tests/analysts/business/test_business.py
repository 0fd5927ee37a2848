"""How many questions of people at work are answered right: a figure of the product, and a floor that it must not sink
below."""

import asyncio
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from tests.analysts.business.companies import TODAY, build

from prosa.analysts.base import Plan, Selection
from prosa.analysts.rules import RulesAnalyst
from prosa.evaluation import score
from prosa.identity import LOCAL
from prosa.pipeline.classify import classify
from prosa.question import Context, Question
from prosa.sources.base import Database, Grant
from prosa.sources.guard import check, is_ordered
from prosa.workers.databases import Databases
from prosa.workers.pool import Workers

LEAST = 0.75
QUESTIONS = tomllib.loads((Path(__file__).parent / "questions.toml").read_text("utf-8"))


class Company(NamedTuple):
    path: Path
    database: Database


async def _open(paths: dict[str, Path], cache: Path) -> dict[str, Company]:
    async with Workers(cache_dir=cache) as workers:
        return {
            name: Company(path, await Databases(workers, [(name, str(path))]).open(LOCAL))
            for name, path in paths.items()
        }


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Company]:
    folder = tmp_path_factory.mktemp("companies")
    return asyncio.run(_open(build(folder), folder / "cache"))


def rows(company: Company, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(company.path), read_only=True) as engine:
        return engine.execute(sql).fetchall()


def outcome(analyst: RulesAnalyst, company: Company, question: str, golds: list[str]) -> str:
    """`right`, `wrong`, or what else came of a question."""
    asked, context = Question(question, as_of=TODAY), Context(LOCAL, "run")
    grant = Grant.everything(company.database.catalog)
    found = asyncio.run(analyst.plan(asked, context, Selection(company.database, grant, classify(asked, context))))
    if not isinstance(found, Plan):
        return type(found).__name__
    answer = rows(company, check(found.queries[0].sql, grant).sql)
    expected = [score.Expected(rows(company, gold), is_ordered(gold, "duckdb")) for gold in golds]
    return "right" if any(score.judge(answer, one).right for one in expected) else f"wrong: {answer[:3]}"


def test_most_business_questions_are_answered_right(companies, record_property):
    analyst = RulesAnalyst()
    outcomes = {
        (name, one[language]): outcome(
            analyst, companies[name], one[language], [one["sql"], *one.get("alternatives", [])]
        )
        for name, questions in QUESTIONS.items()
        for one in questions
        for language in ("en", "pt")
    }
    right = sum(result == "right" for result in outcomes.values())
    record_property("right", f"{right} of {len(outcomes)}")
    missed = "\n".join(f"{question}: {result}" for question, result in outcomes.items() if result != "right")
    assert len(outcomes) == 120
    assert right >= LEAST * len(outcomes), f"{right} of {len(outcomes)}\n{missed}"
