"""What months, weeks or days have on average, and growth from one to the next."""

import pytest


@pytest.mark.parametrize(
    "question",
    [
        "average monthly revenue",
        "average revenue per month",
        "monthly average revenue",
        "faturamento medio mensal",
        "faturamento médio por mês",
        "média mensal de faturamento",
    ],
)
def test_the_average_month_is_the_mean_of_the_months_totals(shop, question):
    assert shop.rows(question) == [(pytest.approx(1186 / 6),)]
    assert "average order" not in shop.plan(question).reading


@pytest.mark.parametrize("question", ["average revenue by weekday", "faturamento médio por dia da semana"])
def test_the_average_weekday_is_the_mean_of_such_days(shop, question):
    assert [row[1] for row in shop.rows(question)] == [pytest.approx(530 / 3), 152.5, 125.5, 100]


@pytest.mark.parametrize("question", ["average monthly revenue by year", "faturamento médio mensal por ano"])
def test_the_mean_is_told_for_each_of_the_other_groups(shop, question):
    assert shop.rows(question) == [(2024, 165), (2025, 214)]


@pytest.mark.parametrize("question", ["average number of orders per month", "média de pedidos por mês"])
def test_rows_are_counted_for_each_month_and_then_averaged(shop, question):
    assert shop.rows(question) == [(pytest.approx(8 / 6),)]


@pytest.mark.parametrize("question", ["average order value by month", "ticket médio por mês"])
def test_the_average_order_of_each_month_is_still_that(shop, question):
    assert len(shop.rows(question)) == 6


@pytest.mark.parametrize(
    "question", ["revenue growth by month in 2025", "crescimento do faturamento mês a mês em 2025"]
)
def test_growth_does_not_pass_over_a_month_without_rows(shop, question):
    months = {row[0]: row[2] for row in shop.rows(question)}
    assert months["2025-03-01"] == pytest.approx(-95 / 300, abs=1e-6)
    assert months["2025-06-01"] is None


@pytest.mark.parametrize("question", ["revenue growth month over month", "faturamento mês contra mês"])
def test_growth_goes_by_the_time_that_it_is_called_by(shop, question):
    assert len(shop.rows(question)) == 6


@pytest.mark.parametrize("question", ["year over year growth", "crescimento ano a ano"])
def test_growth_of_nothing_in_particular_is_that_of_revenue(shop, question):
    assert shop.rows(question) == [(2024, 330, None), (2025, 856, pytest.approx(526 / 330))]


def test_two_quarters_named_together_are_two(shop):
    assert shop.rows("revenue in the first and second quarter of 2025") == [("2025-01-01", 666), ("2025-04-01", 190)]
    assert shop.rows("faturamento do primeiro e segundo trimestre de 2025") == [(856,)]


@pytest.mark.parametrize("question", ["revenue by month and store in 2025", "faturamento por mês e loja em 2025"])
def test_a_group_may_follow_the_month(shop, question):
    assert sorted(shop.rows(question))[:2] == [("Camden", "2025-02-01", 300), ("Centro", "2025-01-01", 40)]
