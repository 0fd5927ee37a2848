"""Each example question gets the answer that SQL written by hand gives."""

from decimal import Decimal

import pytest

import prosa
from prosa import demo
from prosa.answer import Answer

IN_2025 = "year(ordered_at) = 2025"
LINES = "order_items JOIN orders USING (order_id)"

BY_HAND = [
    f"SELECT count(*) FROM orders WHERE {IN_2025}",
    f"SELECT strftime(ordered_at, '%Y-%m-01'), sum(total) FROM orders WHERE {IN_2025} GROUP BY 1 ORDER BY 1",
    f"SELECT name, sum(total) FROM orders JOIN stores USING (store_id) WHERE {IN_2025} GROUP BY ALL"
    " ORDER BY 2 DESC LIMIT 5",
    f"SELECT c.name, sum(amount) FROM {LINES} JOIN products USING (product_id) JOIN categories c USING (category_id)"
    f" WHERE {IN_2025} GROUP BY ALL",
    "SELECT channel, avg(total) FROM orders GROUP BY ALL",
    "SELECT country, count(*) FROM customers GROUP BY ALL",
    "SELECT reason, count(*) FROM returns WHERE year(returned_on) = 2025 GROUP BY ALL",
    "SELECT name FROM products WHERE price > 200",
]


def alike(rows):
    """Rows in one order, numbers as floats."""
    plain = [tuple(float(cell) if isinstance(cell, int | float | Decimal) else cell for cell in row) for row in rows]
    return sorted(plain, key=str)


@pytest.fixture(scope="module")
async def desk(files, tmp_path_factory):
    async with prosa.open(files["orders"].parent, cache_dir=str(tmp_path_factory.mktemp("cache"))) as desk:
        yield desk


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize("number", range(demo.EXAMPLES))
async def test_an_example_is_answered_as_by_hand(desk, rows, locale, number):
    question = demo.examples(locale)[number]
    answer = Answer.fold([entry async for entry in desk.ask(question)])
    assert answer.status == "answered", question
    assert answer.locale == locale
    assert alike(answer.table.rows) == [
        tuple(pytest.approx(cell) if isinstance(cell, float) else cell for cell in row)
        for row in alike(rows(BY_HAND[number]))
    ]
