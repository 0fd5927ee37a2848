"""Counts and folds, each in both languages, on both engines."""

import pytest


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("how many orders are there?", [(8,)]),
        ("quantos pedidos existem?", [(8,)]),
        ("HOW MANY ORDERS", [(8,)]),
        ("number of customers", [(5,)]),
        ("qual o número de clientes?", [(5,)]),
        ("count the products", [(6,)]),
        ("conte os produtos", [(6,)]),
    ],
)
def test_rows_are_counted(shop, question, rows):
    assert shop.rows(question) == rows


@pytest.mark.parametrize(
    "question",
    [
        "how many different countries do customers live in?",
        "number of distinct countries of customers",
        "quantos países diferentes têm clientes?",
    ],
)
def test_different_values_are_counted_once(shop, question):
    assert shop.rows(question) == [(3,)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("total quantity", [(25,)]),
        ("quantidade total", [(25,)]),
        ("what is the average price of products?", [(61.666667,)]),
        ("preço médio dos produtos", [(61.666667,)]),
        ("highest price", [(150,)]),
        ("menor preço", [(20,)]),
        ("qual é o maior preço?", [(150,)]),
        ("maximum and minimum price", [(150, 20)]),
        ("preço máximo e mínimo", [(150, 20)]),
        ("média de preço dos produtos da categoria Tea", [(22.5,)]),
    ],
)
def test_numbers_are_folded(shop, question, rows):
    assert shop.rows(question) == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("total revenue", [(1186,)]),
        ("faturamento total", [(1186,)]),
        ("how much did we sell in 2025?", [(856,)]),
        ("quanto vendemos em 2025?", [(856,)]),
        ("how many units were sold?", [(25,)]),
        ("unidades vendidas", [(25,)]),
        ("average order value", [(148.25,)]),
        ("ticket médio", [(148.25,)]),
    ],
)
def test_named_measures_are_derived_from_the_columns_that_are_there(shop, question, rows):
    assert shop.rows(question) == rows


def test_the_reading_says_how_a_derived_measure_is_made(shop):
    assert "quantity × unit price, less discount" in shop.plan("total revenue").reading
    assert "quantity × unit price, menos discount" in shop.plan("faturamento total").reading
    assert "revenue per order" in shop.plan("average order value").reading


def test_groups_that_meet_a_condition_are_counted_themselves(shop):
    assert shop.rows("how many customers have more than 1 order?") == [(3,)]
    assert shop.rows("quantos clientes têm mais de 1 pedido?") == [(3,)]


@pytest.mark.parametrize("question", ["sales target by month", "meta de vendas por mês"])
def test_a_sales_target_is_no_sale(shop, question):
    assert shop.rows(question) == [("2025-01-01", 250), ("2025-02-01", 120)]


@pytest.mark.parametrize("question", ["median unit price of sales", "mediana do preço unitário das vendas"])
def test_a_measure_behind_its_column_says_of_what(shop, question):
    assert shop.rows(question) == [(57.5,)] or len(shop.rows(question)) == 1


@pytest.mark.parametrize("question", ["average number of quantity", "average number of units", "qtd de pedidos"])
def test_a_count_of_what_is_counted_already_is_its_number(shop, question):
    assert shop.rows(question) == ([(8,)] if "pedidos" in question else [(pytest.approx(25 / 12),)])


@pytest.mark.parametrize(
    "question", ["average discount rate", "taxa média de desconto", "percentual médio de descontos"]
)
def test_a_rate_of_something_is_the_column_of_its_shares(shop, question):
    assert shop.rows(question) == [(0.05,)]
