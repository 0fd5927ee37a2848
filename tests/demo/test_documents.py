"""The demo's documents: they can be asked, and they agree with the rows."""

import pytest

import prosa
from prosa import demo, locales
from prosa.answer import Answer


@pytest.fixture(scope="module")
async def desk(files, tmp_path_factory):
    sources = {demo.NAME: files["orders"].parent, demo.PAPERS: demo.DOCUMENTS}
    async with prosa.open(sources, cache_dir=str(tmp_path_factory.mktemp("cache"))) as desk:
        yield desk


async def ask(desk, question):
    return Answer.fold([entry async for entry in desk.ask(question)])


@pytest.mark.parametrize(
    ("locale", "name"), [("en", "returns-policy.pdf"), ("pt-BR", "politica-de-trocas.docx")]
)  # fmt: skip
async def test_an_example_for_documents_is_answered_from_them(desk, rows, locale, name):
    warranty, both = demo.examples(locale)[-demo.DOCUMENT_EXAMPLES :]
    answer = await ask(desk, warranty)
    assert (answer.status, answer.passages[0].document, answer.tables) == ("answered", name, [])
    assert "24" in answer.passages[0].passage[answer.passages[0].start : answer.passages[0].end]
    answer = await ask(desk, both)
    assert answer.passages[0].document == name
    [(returns,)] = rows("SELECT count(*) FROM returns WHERE year(returned_on) = 2025")
    assert answer.status == "answered", answer.clarification
    assert sum(row[-1] for row in answer.table.rows) == returns


@pytest.mark.parametrize("locale", locales.LOCALES)
@pytest.mark.parametrize("number", range(demo.EXAMPLES))
async def test_examples_for_data_stay_with_the_data_beside_documents(desk, locale, number):
    answer = await ask(desk, demo.examples(locale)[number])
    assert answer.status == "answered"
    assert answer.tables
    assert not answer.passages


def test_what_the_papers_say_of_returns_holds_in_the_rows(rows):
    [(longest,)] = rows(
        "SELECT max(returned_on - ordered_at::DATE) FROM returns JOIN order_items USING (order_item_id)"
        " JOIN orders USING (order_id)"
    )
    assert longest <= 30
    reasons = {reason for (reason,) in rows("SELECT DISTINCT reason FROM returns WHERE reason IS NOT NULL")}
    assert reasons == {
        "damaged",
        "defective",
        "wrong item",
        "changed my mind",
        "arrived late",
        "did not like the taste",
    }
    departments = rows(
        "SELECT DISTINCT department FROM returns JOIN order_items USING (order_item_id)"
        " JOIN products USING (product_id) JOIN categories USING (category_id)"
    )
    assert ("bar",) not in departments


def test_what_the_papers_say_of_members_and_products_holds_in_the_rows(rows):
    [(ended,)] = rows("SELECT discontinued_on FROM products WHERE name = 'French Press'")
    assert f"{ended}" == "2025-12-31"
    [(open_stores,)] = rows("SELECT count(*) FROM stores WHERE name IN ('Torra Chiado', 'Torra Covent Garden')")
    assert open_stores == 2
