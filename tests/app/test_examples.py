"""Questions made from the data: each of them must get an answer, in both languages."""

import pytest

import prosa
from prosa.answer import Answer
from prosa.app.examples import MOST, made, suggested
from prosa.identity import LOCAL
from prosa.locales import LOCALES
from prosa.question import Question
from prosa.sources.base import Catalog

STORES = ("North", "South", "West")
SALES = ["sale_id,sold_on,store,product,amount"] + [
    f"{n},2025-{n % 12 + 1:02d}-{n % 28 + 1:02d},{STORES[n % 3]},{('Tea', 'Coffee')[n % 2]},{n * 7}.5"
    for n in range(1, 80)
]
ORDERS = ["order_id,ordered_on,channel,total"] + [
    f"{n},2025-{n % 12 + 1:02d}-{n % 28 + 1:02d},{('web', 'shop')[n % 2]},{n * 3}.25" for n in range(1, 60)
]
FLEET = ["placa,modelo,cidade,km_rodados,comprado_em"] + [
    f"ABC{n:04d},{('Gol', 'Uno', 'Onix')[n % 3]},{('Belém', 'Recife')[n % 2]},{n * 100},2024-0{n % 9 + 1}-10"
    for n in range(1, 60)
]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("rows", [SALES, FLEET, ORDERS], ids=["sales", "fleet", "orders"])
async def test_every_suggestion_is_answered(tmp_path, rows, locale):
    path = tmp_path / "data.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    async with prosa.open(path, data_dir=str(tmp_path), cache_dir=str(tmp_path / "cache")) as desk:
        questions = await suggested(desk, LOCAL, (), locale)
        assert 3 <= len(questions) <= MOST
        for question in questions:
            assert "total total" not in question.lower()
            answer = await answered(desk, question, locale)
            assert answer.status == "answered", (question, answer.text, answer.clarification)


async def answered(desk, question, locale):
    return Answer.fold([entry async for entry in desk.ask(Question(question, locale=locale))])


def test_without_tables_nothing_is_suggested():
    assert made(Catalog("duckdb", (), ""), "en") == []
