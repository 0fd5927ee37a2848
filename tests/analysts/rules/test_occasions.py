"""What was done to rows, and which rows are the last or new ones."""

import pytest
from tests.analysts.rules.conftest import asked

SUBSCRIPTIONS = """
CREATE TABLE subscriptions (subscription_id INTEGER PRIMARY KEY, subscriber TEXT, plan TEXT, started_on DATE,
  cancelled_on DATE);
INSERT INTO subscriptions VALUES (1, 'Ana', 'Pro', '2024-01-05', '2024-06-01'),
  (2, 'Bo', 'Basic', '2024-02-01', NULL), (3, 'Cy', 'Pro', '2024-02-20', '2024-06-20'),
  (4, 'Di', 'Enterprise', '2024-05-01', '2025-01-15'), (5, 'Ed', 'Basic', '2025-02-01', NULL);
"""


@pytest.fixture(scope="module")
def subscriptions(tmp_path_factory):
    return asked(SUBSCRIPTIONS, tmp_path_factory, "subscriptions")


@pytest.mark.parametrize(
    "question", ["how many subscriptions were cancelled?", "quantas assinaturas foram canceladas?"]
)
def test_rows_to_which_it_was_done_are_counted(subscriptions, question):
    assert subscriptions.rows(question) == [(3,)]


@pytest.mark.parametrize(
    "question", ["how many subscriptions were not cancelled?", "quantas assinaturas não foram canceladas?"]
)
def test_rows_to_which_it_was_not_done_are_counted(subscriptions, question):
    assert subscriptions.rows(question) == [(2,)]


@pytest.mark.parametrize("question", ["cancelled subscriptions by month", "assinaturas canceladas por mês"])
def test_they_go_by_the_month_in_which_it_was_done(subscriptions, question):
    assert subscriptions.rows(question) == [("2024-06-01", 2), ("2025-01-01", 1)]


@pytest.mark.parametrize("question", ["cancelled subscriptions by plan", "assinaturas canceladas por plano"])
def test_they_are_told_apart_by_something_else(subscriptions, question):
    assert subscriptions.rows(question) == [("Pro", 2), ("Enterprise", 1)]


@pytest.mark.parametrize("question", ["subscriptions by plan", "assinaturas por plano"])
def test_all_rows_count_where_nothing_is_said(subscriptions, question):
    assert subscriptions.rows(question) == [("Basic", 2), ("Pro", 2), ("Enterprise", 1)]


@pytest.mark.parametrize("question", ["last 2 orders", "últimos 2 pedidos"])
def test_the_last_rows_are_those_of_the_latest_date(shop, question):
    assert [row[0] for row in shop.rows(question)] == [8, 7]


@pytest.mark.parametrize("question", ["first 2 orders", "primeiros 2 pedidos"])
def test_the_first_rows_are_those_of_the_earliest_date(shop, question):
    assert [row[0] for row in shop.rows(question)] == [1, 2]


@pytest.mark.parametrize(
    "question", ["new customers in 2025", "novos clientes em 2025", "how many new customers in 2025?"]
)
def test_new_customers_of_a_time_are_those_who_came_then(shop, question):
    assert shop.rows(question) in ([("David Smith",), ("Eva Rocha",)], [(2,)])


@pytest.mark.parametrize("question", ["compare 2024 and 2025", "comparar 2024 e 2025"])
def test_years_that_are_compared_alone_are_compared_by_revenue(shop, question):
    assert [row[1] for row in shop.rows(question)] == [330, 856]


@pytest.mark.parametrize("question", ["sales by categroy", "avg order value by store"])
def test_short_and_misspelt_questions_are_understood(shop, question):
    assert len(shop.rows(question)) == 3
