"""Lists and lookups: which columns are shown, of which rows."""

import pytest


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("name and price of products in Tea", [("Green Tea", 25), ("Black Tea", 20)]),
        ("nome e preço dos produtos da categoria Tea", [("Green Tea", 25), ("Black Tea", 20)]),
        ("what is the price of Decaf?", [(45,)]),
        ("qual o preço do Decaf?", [(45,)]),
        ("email of Ana Souza", [("ana@example.com",)]),
        ("list stores with their cities", [("Centro", "São Paulo"), ("Ribeira", "Porto"), ("Camden", "London")]),
        ("liste as lojas com suas cidades", [("Centro", "São Paulo"), ("Ribeira", "Porto"), ("Camden", "London")]),
    ],
)
def test_columns_are_looked_up(shop, question, rows):
    assert shop.rows(question) == rows


@pytest.mark.parametrize("question", ["products and their categories", "produtos e suas categorias"])
def test_rows_of_two_tables_are_listed_together(shop, question):
    rows = sorted(shop.rows(question))
    assert rows[0] == ("Black Tea", "Tea")
    assert len(rows) == 6


def test_rows_are_listed_by_the_column_that_names_them(shop):
    assert shop.rows("show me all stores") == [("Centro",), ("Ribeira",), ("Camden",)]
    assert shop.rows("quais são as lojas?") == [("Centro",), ("Ribeira",), ("Camden",)]


def test_different_values_are_listed_once_when_asked_so(shop):
    assert sorted(shop.rows("different countries of customers")) == [("Brazil",), ("Portugal",), ("United Kingdom",)]
    assert sorted(shop.rows("países diferentes dos clientes"))[0] == ("Brazil",)


@pytest.mark.parametrize("question", ["stores and cities", "list stores and cities", "lojas e cidades"])
def test_a_column_beside_its_table_is_shown_with_the_rows(shop, question):
    assert shop.rows(question) == [("Centro", "São Paulo"), ("Ribeira", "Porto"), ("Camden", "London")]


@pytest.mark.parametrize("question", ["products and revenue", "produtos e faturamento"])
def test_a_measure_beside_a_table_is_told_for_its_rows(shop, question):
    assert shop.rows(question)[0] == ("Grinder", 450)


@pytest.mark.parametrize("question", ["opened stores in 2020", "stores opened in 2020", "lojas abertas em 2020"])
def test_a_participle_before_its_rows_says_what_the_period_is_about(shop, question):
    assert shop.rows(question) == [("Ribeira",)]
