"""Questions that the data can't answer are refused or asked back, in both languages, over six databases."""

import asyncio
import tomllib
from pathlib import Path

import duckdb
import pytest
from tests.analysts.business.companies import TODAY, build
from tests.analysts.rules.conftest import LIBRARY, SHOP

from prosa.analysts.base import Plan, Selection
from prosa.analysts.rules import RulesAnalyst
from prosa.identity import LOCAL
from prosa.pipeline.classify import classify
from prosa.question import Context, Question
from prosa.sources.base import Database, Grant
from prosa.workers.databases import Databases
from prosa.workers.pool import Workers

LEAST = 0.9
QUESTIONS = tomllib.loads((Path(__file__).parent / "questions.toml").read_text("utf-8"))
CLINIC = """
CREATE TABLE doctors (doctor_id INTEGER PRIMARY KEY, name TEXT, specialty TEXT);
CREATE TABLE patients (patient_id INTEGER PRIMARY KEY, name TEXT, birth_date DATE, city TEXT);
CREATE TABLE appointments (appointment_id INTEGER PRIMARY KEY, doctor_id INTEGER REFERENCES doctors,
  patient_id INTEGER REFERENCES patients, held_on DATE, fee DOUBLE, status TEXT);
INSERT INTO doctors VALUES (1, 'Helena Prado', 'cardiology'), (2, 'Ivo Ramos', 'pediatrics');
INSERT INTO patients VALUES (1, 'Marta Reis', '1980-02-01', 'Recife'), (2, 'Nuno Dias', '2015-06-10', 'Olinda');
INSERT INTO appointments VALUES (1, 1, 1, '2025-03-01', 300, 'done'), (2, 2, 2, '2025-04-02', 200, 'done'),
  (3, 1, 1, '2025-06-20', 300, 'missed');
"""
ANSWERABLE = {
    "sales": ["revenue by store", "faturamento por loja"],
    "faturas": ["limite de crédito médio por UF"],
    "subscriptions": ["how many active subscriptions?"],
    "shop": ["average price of products"],
    "library": ["quantos livros existem?"],
    "clinic": ["total fee by doctor", "quantos pacientes temos?"],
}


async def _open(paths: dict[str, Path], cache: Path) -> dict[str, Database]:
    async with Workers(cache_dir=cache) as workers:
        return {name: await Databases(workers, [(name, str(path))]).open(LOCAL) for name, path in paths.items()}


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Database]:
    folder = tmp_path_factory.mktemp("unanswerable")
    paths = build(folder)
    for name, script in {"shop": SHOP, "library": LIBRARY, "clinic": CLINIC}.items():
        paths[name] = folder / f"{name}.duckdb"
        with duckdb.connect(str(paths[name])) as engine:
            engine.execute(script)
    return asyncio.run(_open(paths, folder / "cache"))


def answered(analyst: RulesAnalyst, database: Database, question: str) -> str:
    """The reading that a question was answered by; empty where it was not answered."""
    asked, context = Question(question, as_of=TODAY), Context(LOCAL, "run")
    classified = classify(asked, context)
    if classified.intent != "data":
        return ""
    found = asyncio.run(
        analyst.plan(asked, context, Selection(database, Grant.everything(database.catalog), classified))
    )
    return found.reading if isinstance(found, Plan) else ""


def test_what_the_data_cannot_answer_is_not_answered(databases, record_property):
    analyst = RulesAnalyst()
    wrong = [
        f"{name}: {question}: {reading}"
        for name, languages in QUESTIONS.items()
        for questions in languages.values()
        for question in questions
        if (reading := answered(analyst, databases[name], question))
    ]
    asked = sum(len(questions) for languages in QUESTIONS.values() for questions in languages.values())
    record_property("refused", f"{asked - len(wrong)} of {asked}")
    assert asked == 100
    assert len(wrong) <= (1 - LEAST) * asked, "\n".join(wrong)


@pytest.mark.parametrize(("name", "question"), [(name, one) for name, asked in ANSWERABLE.items() for one in asked])
def test_what_the_same_data_can_answer_is_answered(databases, name, question):
    assert answered(RulesAnalyst(), databases[name], question)
