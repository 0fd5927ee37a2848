"""What is made of numbers in a further step, in both languages."""

import pytest

SHARES = [("Centro", 690, 0.581788), ("Camden", 300, 0.252951), ("Ribeira", 196, 0.165261)]
MONTHS = [("2024-11-01", 230, None), ("2024-12-01", 100, -0.565217), ("2025-01-01", 161, 0.61)]


def rounded(rows):
    return [tuple(round(cell, 6) if isinstance(cell, float) else cell for cell in row) for row in rows]


@pytest.mark.parametrize(
    "question",
    [
        "median price of products",
        "median value of the price of products",
        "mediana do preço dos produtos",
        "preço mediano dos produtos",
        "valor mediano do preço dos produtos",
    ],
)
def test_the_median_is_the_middle_of_the_values(shop, question):
    assert shop.rows(question) == [(42.5,)]


@pytest.mark.parametrize(
    "question", ["median price by category", "mediana do preço por categoria", "preço mediano por categoria"]
)
def test_medians_are_taken_within_groups(shop, question):
    assert sorted(shop.rows(question)) == [("Coffee", 42.5), ("Equipment", 120), ("Tea", 22.5)]


@pytest.mark.parametrize(
    "question",
    [
        "share of revenue by store",
        "share of stores in revenue",
        "participação de cada loja no faturamento",
        "participação das lojas no faturamento",
        "participacao das lojas no faturamento",
    ],
)
def test_each_group_is_shown_with_its_share_of_the_total(shop, question):
    assert rounded(shop.rows(question)) == SHARES
    assert shop.plan(question).queries[0].formats[-1] == "percent"


@pytest.mark.parametrize(
    "question",
    ["percentage of orders that were cancelled", "percentage of cancelled orders", "percentual de pedidos cancelados"],
)
def test_rows_that_meet_a_condition_are_a_share_of_all(shop, question):
    assert shop.rows(question) == [(0.125,)]


@pytest.mark.parametrize("question", ["share of organic products", "percentual de produtos orgânicos"])
def test_rows_that_a_yes_narrows_down_are_a_share_of_all(shop, question):
    assert rounded(shop.rows(question)) == [(0.333333,)]


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("share of Camden in revenue", 0.252951),
        ("participação da loja Camden no faturamento", 0.252951),
        ("share of Brazilian customers in revenue", 0.581788),
        ("participação dos clientes do Brasil no faturamento", 0.581788),
    ],
)
def test_a_share_in_a_total_is_that_of_the_rows_that_were_named(shop, question, share):
    assert rounded(shop.rows(question)) == [(share,)]


@pytest.mark.parametrize(
    "question", ["share of each country in customers", "participação de cada país no número de clientes"]
)
def test_counted_rows_are_shared_by_groups(shop, question):
    assert shop.rows(question) == [("Brazil", 3, 0.6), ("Portugal", 1, 0.2), ("United Kingdom", 1, 0.2)]


@pytest.mark.parametrize("question", ["ratio of returns to orders", "razão entre devoluções e pedidos"])
def test_two_counts_make_a_ratio(shop, question):
    assert shop.rows(question) == [(0.25,)]


def test_a_difference_is_one_number_less_the_other(shop):
    assert shop.rows("difference between the highest and the lowest price of products") == [(130,)]
    assert shop.rows("diferença entre o maior e o menor preço dos produtos") == [(130,)]


@pytest.mark.parametrize(
    "question",
    [
        "revenue growth by month",
        "revenue growth by month in percent",
        "crescimento do faturamento por mês",
        "crescimento do faturamento por mês em porcento",
        "crescimento do faturamento por mês em porcentagem",
        "crescimento do faturamento por mês em %",
        "crescimento do faturamento por mês em termos percentuais",
    ],
)
def test_growth_is_told_beside_each_period(shop, question):
    assert rounded(shop.rows(question))[:3] == MONTHS


@pytest.mark.parametrize(
    "question",
    [
        "revenue this year against last year",
        "revenue in 2025 versus 2024",
        "faturamento deste ano comparado com o ano passado",
    ],
)
def test_two_periods_stand_side_by_side(shop, question):
    assert rounded(shop.rows(question)) == [(2024, 330, None), (2025, 856, 1.593939)]


@pytest.mark.parametrize(
    "question", ["revenue by store 2025 vs 2024", "faturamento por loja deste ano contra o ano passado"]
)
def test_two_periods_are_compared_within_groups(shop, question):
    assert [row for row in rounded(shop.rows(question)) if row[0] == "Centro"] == [
        ("Centro", 2024, 330, None),
        ("Centro", 2025, 360, 0.090909),
    ]


@pytest.mark.parametrize("question", ["revenue growth from 2024 to 2025", "crescimento do faturamento de 2024 a 2025"])
def test_growth_over_a_range_goes_by_its_unit(shop, question):
    assert rounded(shop.rows(question)) == [(2024, 330, None), (2025, 856, 1.593939)]


@pytest.mark.parametrize("question", ["cumulative revenue by month", "faturamento acumulado por mês"])
def test_a_running_total_adds_up_over_time(shop, question):
    assert [row[2] for row in shop.rows(question)] == [230, 330, 491, 791, 996, 1186]


@pytest.mark.parametrize(
    "question", ["top 2 products by revenue for each store", "top 2 produtos por faturamento de cada loja"]
)
def test_the_first_of_each_group(shop, question):
    rows = shop.rows(question)
    assert [row[:2] for row in rows if row[0] == "Centro"] == [("Centro", "Espresso Blend"), ("Centro", "Grinder")]
    assert max(sum(row[0] == store for row in rows) for store in ("Centro", "Ribeira", "Camden")) == 2


@pytest.mark.parametrize("question", ["the cheapest product in each category", "produto mais barato de cada categoria"])
def test_the_extreme_row_of_each_group(shop, question):
    assert shop.rows(question) == [("Coffee", "Espresso Blend"), ("Equipment", "Kettle"), ("Tea", "Black Tea")]


@pytest.mark.parametrize("question", ["second most expensive product", "segundo produto mais caro"])
def test_a_place_in_a_ranking(shop, question):
    assert shop.rows(question) == [("Kettle",)]


@pytest.mark.parametrize("question", ["ranking of stores by revenue", "ranking de lojas por faturamento"])
def test_a_ranking_shows_them_all(shop, question):
    assert shop.rows(question) == [("Centro", 690), ("Camden", 300), ("Ribeira", 196)]


@pytest.mark.parametrize(
    "question", ["month with the highest revenue", "mês com maior faturamento", "em que mês vendemos mais?"]
)
def test_the_best_month(shop, question):
    assert shop.rows(question) == [("2025-02-01", 300)]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("orders by weekday", ["Monday", "Tuesday", "Wednesday", "Friday"]),
        ("orders by day of the week", ["Monday", "Tuesday", "Wednesday", "Friday"]),
        ("pedidos por dia da semana", ["segunda-feira", "terça-feira", "quarta-feira", "sexta-feira"]),
    ],
)
def test_weekdays_group_from_monday_and_are_called_by_their_names(shop, question, names):
    assert shop.rows(question) == list(zip(names, [3, 2, 2, 1], strict=True))


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("which day of the week sells most?", [("Monday", 530)]),
        ("em que dia da semana vendemos mais?", [("segunda-feira", 530)]),
        ("qual o dia da semana com mais pedidos?", [("segunda-feira", 3)]),
    ],
)
def test_the_best_day_of_the_week(shop, question, rows):
    assert shop.rows(question) == rows


def test_weekdays_are_named_beside_what_is_made_of_groups(shop):
    assert rounded(shop.rows("share of orders by weekday"))[0] == ("Monday", 3, 0.375)
    assert shop.rows("median price by weekday")[0] == ("Monday", 65)
    assert ("Centro", "Tuesday", 230) in shop.rows("sales by store and weekday")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("are there any cancelled orders?", True),
        ("are there cancelled orders?", True),
        ("did we sell any Grinder in 2025?", True),
        ("did we sell any Decaf in 2024?", False),
        ("are there any orders on weekends?", False),
        ("are there returns?", True),
        ("existe algum pedido cancelado?", True),
        ("existem pedidos cancelados?", True),
        ("há clientes do Brasil?", True),
        ("há produtos abaixo de 20 reais?", False),
        ("tem cliente sem e-mail?", True),
        ("vendemos algum Grinder em 2025?", True),
        ("vendemos algum Decaf em 2024?", False),
        ("existem devoluções?", True),
        ("há clientes da França?", None),
        ("is there any customer from Lisboa?", None),
    ],
)
def test_yes_or_no(shop, question, answer):
    if answer is None:
        assert not hasattr(shop.plan(question), "queries")
    else:
        assert shop.run(shop.plan(question).queries[0].sql, "duckdb") == [(answer,)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("products with price above the average price of products in category Tea", 5),
        ("products that cost more than the average", 2),
        ("produtos mais caros que a média", 2),
    ],
)
def test_rows_are_compared_with_a_fold_of_others(shop, question, rows):
    assert len(shop.rows(question)) == rows


@pytest.mark.parametrize(
    "question",
    ["customers from Brazil but not from São Paulo", "clientes do Brasil mas não de São Paulo"],
)
def test_one_thing_but_not_another(shop, question):
    assert shop.rows(question) == [("Bruno Lima",)]


@pytest.mark.parametrize("question", ["genres of books by both Clarice Lispector and José Saramago"])
def test_both_values_of_one_column_are_met_by_two_rows(library, question):
    assert library.rows(question) == [("romance",)]
