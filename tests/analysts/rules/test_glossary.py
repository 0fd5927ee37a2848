"""Named measures and synonyms of a file that the user gives."""

from datetime import date

import pytest

import prosa
from prosa.analysts.rules import Glossary, RulesAnalyst
from prosa.errors import ConfigError

FILE = """
[measures]
"gross volume" = "sum(order_items.quantity * order_items.unit_price)"
"volume bruto" = "sum(order_items.quantity * order_items.unit_price)"
"basket lines" = "count(order_items)"
"elsewhere" = "sum(nothing.here)"

[synonyms]
"shopper" = "customers"
"comprador fiel" = "customers"
"sticker" = "products.price"
"flagship" = "stores.name = Centro"
"""


@pytest.fixture
def glossed(shop, tmp_path):
    """The shop, asked with a glossary."""
    path = tmp_path / "glossary.toml"
    path.write_text(FILE, "utf-8")
    shop.analyst = RulesAnalyst(Glossary.read(path))
    yield shop
    shop.analyst = RulesAnalyst()


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("gross volume by store", [("Centro", 790), ("Camden", 300), ("Ribeira", 205)]),
        ("volume bruto por loja", [("Centro", 790), ("Camden", 300), ("Ribeira", 205)]),
        ("basket lines of flagship", [(8,)]),
        ("how many shoppers are there?", [(5,)]),
        ("quantos compradores fiéis existem?", [(5,)]),
        ("average sticker", [(61.666667,)]),
        ("gross volume of flagship in 2025", [(460,)]),
    ],
)
def test_words_of_the_glossary_are_understood(glossed, question, rows):
    assert glossed.rows(question) == rows


def test_the_reading_says_how_a_measure_is_made(glossed):
    assert (
        glossed.plan("gross volume by store").reading
        == "Gross volume (total quantity × unit price) for each store name."
    )


def test_without_the_glossary_its_words_are_not_understood(shop, refused):
    assert refused(shop.plan("how many shoplifters are there?")).code == "unknown_words"
    assert refused(shop.plan("basket lines")).code


def test_entries_about_other_databases_are_left_aside(glossed, refused):
    assert refused(glossed.plan("elsewhere by store"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[measures\n", "glossary_unreadable"),
        ("[tables]\na = 'b'\n", "glossary_section"),
        ("[measures]\na = 1\n", "glossary_section"),
        ("[measures]\na = 'sum(orders.x); drop table orders'\n", "glossary_measure"),
        ("[measures]\na = 'sum(orders.x) FROM secret --'\n", "glossary_measure"),
        ("[measures]\na = 'sum((SELECT 1))'\n", "glossary_measure"),
        ("[measures]\na = 'sum(orders.x)) + (1'\n", "glossary_measure"),
        ("[synonyms]\na = 'two words'\n", "glossary_synonym"),
    ],
)
def test_an_entry_that_makes_no_sense_is_told(tmp_path, text, code):
    path = tmp_path / "glossary.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        Glossary.read(path)
    assert caught.value.code == code


def test_the_library_takes_a_glossary(tmp_path):
    (tmp_path / "sales.csv").write_text("day,city,amount\n2025-01-01,Porto,10\n2025-01-02,Lisboa,5\n", "utf-8")
    file = tmp_path / "glossary.toml"
    file.write_text('[measures]\n"takings" = "sum(sales.amount)"\n', "utf-8")
    answer = prosa.ask(
        tmp_path / "sales.csv", "takings by city", glossary=file, as_of=date(2025, 7, 1), cache_dir=tmp_path / "cache"
    )
    assert answer.status == "answered"
    assert [tuple(row) for row in answer.table.rows] == [("Porto", 10), ("Lisboa", 5)]
