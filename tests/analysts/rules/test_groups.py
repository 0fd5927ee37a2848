"""Groups by columns, by rows of a table, by periods."""

import pytest

STORES = [("Centro", 690), ("Camden", 300), ("Ribeira", 196)]
CATEGORIES = [("Equipment", 120), ("Coffee", 42.5), ("Tea", 22.5)]
MONTHS = [("2025-01-01", 161), ("2025-02-01", 300), ("2025-03-01", 205), ("2025-06-01", 190)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("orders by status", [("completed", 7), ("cancelled", 1)]),
        ("pedidos por status", [("completed", 7), ("cancelled", 1)]),
        ("number of customers per country", [("Brazil", 3), ("Portugal", 1), ("United Kingdom", 1)]),
        ("número de clientes por país", [("Brazil", 3), ("Portugal", 1), ("United Kingdom", 1)]),
        ("revenue by store", STORES),
        ("faturamento por loja", STORES),
        ("average price by category", CATEGORIES),
        ("preço médio por categoria", CATEGORIES),
        ("for each category, what is the highest price?", [("Equipment", 150), ("Coffee", 45), ("Tea", 25)]),
        ("para cada categoria, qual o maior preço?", [("Equipment", 150), ("Coffee", 45), ("Tea", 25)]),
    ],
)
def test_each_group_has_its_number_the_largest_first(shop, question, rows):
    assert shop.rows(question) == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("revenue by month in 2025", MONTHS),
        ("vendas por mês em 2025", MONTHS),
        ("monthly revenue in 2025", MONTHS),
        ("faturamento mensal de 2025", MONTHS),
        ("revenue by quarter", [("2024-10-01", 330), ("2025-01-01", 666), ("2025-04-01", 190)]),
        ("receita por trimestre", [("2024-10-01", 330), ("2025-01-01", 666), ("2025-04-01", 190)]),
        ("revenue by year", [(2024, 330), (2025, 856)]),
        ("vendas por ano", [(2024, 330), (2025, 856)]),
        ("orders per week in February 2025", [("2025-02-10", 1)]),
        ("pedidos por dia em março de 2025", [("2025-03-05", 1), ("2025-03-18", 1)]),
    ],
)
def test_groups_by_time_go_by_time(shop, question, rows):
    assert shop.rows(question) == rows


def test_two_things_can_group(shop):
    rows = shop.rows("revenue by store and month in 2025")
    assert rows[0] == ("Centro", "2025-01-01", 40)
    assert len(rows) == 6
    assert shop.rows("vendas por loja e mês em 2025") == rows


def test_rows_that_nothing_but_a_number_belongs_to_are_added_up_instead_of_counted(shop):
    assert shop.rows("targets by store") == [("Centro", 220), ("Ribeira", 150)]
    assert shop.rows("metas por loja") == [("Centro", 220), ("Ribeira", 150)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("customers with more than 1 order", [("Ana Souza",), ("Bruno Lima",), ("Carla Nunes",)]),
        ("clientes com mais de um pedido", [("Ana Souza",), ("Bruno Lima",), ("Carla Nunes",)]),
        ("customers with at least 3 orders", [("Ana Souza",)]),
        ("clientes que têm pelo menos três pedidos", [("Ana Souza",)]),
        ("stores with revenue above 200", [("Centro", 690), ("Camden", 300)]),
        ("lojas com faturamento acima de 200", [("Centro", 690), ("Camden", 300)]),
    ],
)
def test_groups_are_kept_by_their_number(shop, question, rows):
    assert shop.rows(question) == rows


@pytest.mark.parametrize("question", ["customers with fewer than 2 orders", "clientes com menos de 2 pedidos"])
def test_having_few_includes_having_none(shop, question):
    assert shop.rows(question) == [("David Smith",), ("Eva Rocha",)]
    assert shop.rows("customers with at least 2 orders") == [("Ana Souza",), ("Bruno Lima",), ("Carla Nunes",)]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("revenue by category as a pie chart", "pie"),
        ("gráfico de barras das vendas por mês", "bar"),
        ("revenue by store", None),
    ],
)
def test_a_wish_for_a_chart_is_handed_on(shop, question, kind):
    chart = shop.plan(question).chart
    assert (chart.kind if chart else None) == kind
