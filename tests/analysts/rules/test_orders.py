"""Sorting, top and bottom, superlatives."""

import pytest

CENTRO = [("Centro", 690)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("top 2 customers by revenue", [("Ana Souza", 460), ("David Smith", 300)]),
        ("os 2 melhores clientes por faturamento", [("Ana Souza", 460), ("David Smith", 300)]),
        ("top customer by revenue", [("Ana Souza", 460)]),
        ("bottom 1 stores by revenue", [("Ribeira", 196)]),
        ("three most expensive products", [("Grinder",), ("Kettle",), ("Decaf",)]),
        ("os três produtos mais caros", [("Grinder",), ("Kettle",), ("Decaf",)]),
        ("cheapest product", [("Black Tea",)]),
        ("produto mais barato", [("Black Tea",)]),
        ("which product has the highest price?", [("Grinder",)]),
        ("qual produto tem o menor preço?", [("Black Tea",)]),
        ("newest store", [("Camden",)]),
        ("loja mais antiga", [("Centro",)]),
        ("which store opened last?", [("Camden",)]),
        ("largest store", [("Centro",)]),
    ],
)
def test_the_first_rows_of_a_ranking(shop, question, rows):
    assert shop.rows(question) == rows


@pytest.mark.parametrize(
    "question",
    ["which store sold the most?", "qual loja vendeu mais?", "store with the highest revenue", "loja que mais faturou"],
)
def test_selling_most_goes_by_revenue(shop, question):
    assert shop.rows(question) == CENTRO


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("which store has the most orders?", [("Centro", 5)]),
        ("qual loja tem mais pedidos?", [("Centro", 5)]),
        ("which store has the fewest orders?", [("Camden", 1)]),
        ("best selling product", [("Espresso Blend", 9)]),
        ("produto mais vendido", [("Espresso Blend", 9)]),
        ("top 2 best-selling products", [("Espresso Blend", 9), ("Green Tea", 7)]),
        ("os 2 produtos mais vendidos", [("Espresso Blend", 9), ("Green Tea", 7)]),
        ("most common country of customers", [("Brazil",)]),
        ("país mais comum dos clientes", [("Brazil",)]),
    ],
)
def test_having_most_counts_rows_or_units(shop, question, rows):
    assert shop.rows(question) == rows


def test_several_of_the_dearest_are_ten_at_most_where_no_number_was_said(shop):
    rows = shop.rows("produtos mais caros")
    assert len(rows) == 6
    assert rows[0] == ("Grinder",)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("list products sorted by price", ("Black Tea",)),
        ("liste os produtos ordenados por preço", ("Black Tea",)),
        ("products in descending order of price", ("Grinder",)),
        ("produtos em ordem decrescente de preço", ("Grinder",)),
        ("name and price of products from highest to lowest", ("Grinder", 150)),
        ("customer names in alphabetical order", ("Ana Souza",)),
        ("nomes dos clientes em ordem alfabética", ("Ana Souza",)),
    ],
)
def test_lists_are_sorted(shop, question, first):
    assert shop.rows(question)[0] == first


def test_rows_without_a_number_never_come_first(shop):
    assert "NULLS LAST" in shop.plan("cheapest product").queries[0].sql


def test_a_superlative_inside_a_number_narrows_it_down(shop):
    assert shop.rows("number of orders of the store with the largest size") == [(5,)]


@pytest.mark.parametrize(
    "question", ["top 2 products per store", "top 2 produtos por loja", "the 2 most expensive products per category"]
)
def test_so_many_for_each_of_what_stands_in_the_singular(shop, question):
    rows = shop.rows(question)
    assert max(sum(row[0] == other[0] for other in rows) for row in rows) == 2


@pytest.mark.parametrize("question", ["2 maiores clientes por faturamento", "os 2 maiores clientes por receita"])
def test_greatest_in_the_plural(shop, question):
    assert shop.rows(question) == [("Ana Souza", 460), ("David Smith", 300)]


@pytest.mark.parametrize(
    "question", ["the 2 biggest stores by revenue", "as 2 maiores lojas em faturamento", "2 biggest stores in revenue"]
)
def test_a_superlative_goes_by_the_measure_that_is_named(shop, question):
    assert shop.rows(question) == [("Centro", 690), ("Camden", 300)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("ordene as lojas por nomes decrescentes", [("Ribeira",), ("Centro",), ("Camden",)]),
        ("lojas ordenadas por nome crescente", [("Camden",), ("Centro",), ("Ribeira",)]),
        ("preços decrescentes dos produtos", [(150,), (90,), (45,), (40,), (25,), (20,)]),
    ],
)
def test_a_portuguese_adjective_behind_a_column_says_how_it_goes(shop, question, rows):
    assert shop.rows(question) == rows


@pytest.mark.parametrize(
    "question",
    [
        "produto com o preço mais alto",
        "qual produto tem o preço máximo?",
        "qual produto tem preço mais alto?",
        "product with the highest price",
    ],
)
def test_an_extreme_behind_what_a_row_has_finds_the_row(shop, question):
    assert [row[0] for row in shop.rows(question)] == ["Grinder"]


@pytest.mark.parametrize("question", ["preço máximo dos produtos", "qual é o preço mais alto dos produtos?"])
def test_an_extreme_behind_a_column_alone_is_its_value(shop, question):
    assert shop.rows(question) == [(150,)]
