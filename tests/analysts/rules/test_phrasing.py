"""The reading as one plain sentence, made from the reading and not from the question."""

import pytest

ORDERS = "Order id, ordered on, store id, customer id and order status of orders"
PEDIDOS = "Order id, ordered on, store id, customer id e order status de orders"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("how many orders were cancelled?", "Number of orders, where order status is cancelled."),
        ("quantos pedidos foram cancelados?", "Número de orders, em que order status é cancelled."),
        ("products under 50", "Product name of products, where price is less than 50."),
        ("cheapest product", "Product name of products, sorted by price, smallest first, only the first."),
        ("orders in March 2025", f"{ORDERS}, where ordered on is in March 2025."),
        ("pedidos de março de 2025", f"{PEDIDOS}, em que ordered on fica em março de 2025."),
        ("orders since March 2025", f"{ORDERS}, where ordered on is from Mar 1, 2025 on."),
        ("customers without orders", "Customer name of customers, where there are no orders."),
        ("organic products", "Product name of products, where is organic is yes."),
        ("stores opened after 2020", "Store name of stores, where opened on is from Jan 1, 2021 on."),
        ("orders per customer", "Number of orders for each customer name."),
    ],
)  # fmt: skip
def test_the_reading_says_what_will_be_run(shop, question, sentence):
    assert shop.plan(question).reading == sentence


def test_two_ways_of_asking_the_same_have_one_reading(shop):
    assert shop.plan("how many clients do we have?").reading == shop.plan("number of customers").reading


def test_titles_and_formats_are_for_people(shop):
    plan = shop.plan("vendas por mês em 2025")
    assert plan.queries[0].formats == ("month", "currency")
    assert '"Mês"' in plan.queries[0].sql
    assert '"Faturamento"' in plan.queries[0].sql


def test_equal_titles_are_told_apart(shop):
    sql = shop.plan("name of products and name of categories").queries[0].sql
    assert sql.count('AS "Product name"') == 1
    assert sql.count('AS "Category name"') == 1
