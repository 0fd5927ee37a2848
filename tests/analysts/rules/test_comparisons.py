"""Comparisons with numbers and averages, as people put them, in both languages."""

import pytest


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("products with a greater price than 90", [("Grinder",)]),
        ("products with a lower price than 25", [("Black Tea",)]),
        ("produtos com preço maior do que 90", [("Grinder",)]),
        ("produtos com preço menor do que 25", [("Black Tea",)]),
    ],
)
def test_a_column_may_stand_inside_its_comparison(shop, question, rows):
    assert shop.rows(question) == rows


@pytest.mark.parametrize(
    "question",
    ["stores whose size is either 80 or 60", "stores with size 80 or 60", "lojas com tamanho 80 ou 60"],
)
def test_either_of_two_numbers(shop, question):
    assert sorted(shop.rows(question)) == [("Camden",), ("Ribeira",)]


@pytest.mark.parametrize("question", ["books with 88 pages", "livros com 88 páginas"])
def test_a_number_before_its_column_is_what_it_must_be(library, question):
    assert library.rows(question) == [("A Hora da Estrela",)]


@pytest.mark.parametrize("question", ["products above the average price", "produtos acima do preço médio"])
def test_rows_above_the_average_of_a_column(shop, question):
    assert sorted(shop.rows(question)) == [("Grinder",), ("Kettle",)]


@pytest.mark.parametrize("question", ["orders above average", "pedidos acima da média"])
def test_orders_are_above_average_by_all_their_lines(shop, question):
    assert shop.rows(question) == [(5, 300), (1, 230), (8, 190)]


@pytest.mark.parametrize("question", ["stores with revenue below average", "lojas com faturamento abaixo da média"])
def test_groups_are_compared_with_the_average_group(shop, question):
    assert shop.rows(question) == [("Camden", 300), ("Ribeira", 196)]
    assert "average" in shop.plan(question).reading or "média" in shop.plan(question).reading


@pytest.mark.parametrize(
    "question",
    [
        "sales above 200",
        "vendas acima de 200 reais",
        "vendas acima de R$ 200,00",
        "sales over 0.2k",
        "vendas acima de 0,2 mil",
    ],
)
def test_a_sale_is_worth_all_that_it_is_made_of(shop, question):
    assert shop.rows(question) == [(5, 300), (1, 230)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("customers with more than one order", [("Ana Souza",), ("Bruno Lima",), ("Carla Nunes",)]),
        ("clientes com mais de um pedido", [("Ana Souza",), ("Bruno Lima",), ("Carla Nunes",)]),
    ],
)
def test_one_in_words_counts_what_follows(shop, question, rows):
    assert sorted(shop.rows(question)) == rows
