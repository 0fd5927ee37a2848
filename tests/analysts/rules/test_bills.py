"""Invoices and subscriptions as offices keep them: rows that only a number names, customers and plans as plain text."""

import pytest
from tests.analysts.rules.conftest import asked

BILLS = """
CREATE TABLE invoices (invoice_no TEXT PRIMARY KEY, customer TEXT, issue_date DATE, paid_date DATE, amount DOUBLE,
  status TEXT);
CREATE TABLE subscriptions (subscription_id INTEGER PRIMARY KEY, plan TEXT, monthly_price DOUBLE, started_on DATE,
  cancelled_on DATE);
INSERT INTO invoices VALUES ('INV-1', 'Acme', '2024-03-01', '2024-03-09', 100, 'paid'),
  ('INV-2', 'Acme', '2025-01-10', NULL, 300, 'open'), ('INV-3', 'Globex', '2025-02-11', '2025-03-01', 500, 'paid'),
  ('INV-4', 'Globex', '2025-02-20', NULL, 50, 'overdue'), ('INV-5', 'Hooli', '2025-05-02', '2025-05-30', 450, 'paid'),
  ('INV-6', 'Acme', '2025-06-02', '2025-06-30', 200, 'paid');
INSERT INTO subscriptions VALUES (1, 'Pro', 30, '2024-01-05', '2024-06-01'), (2, 'Basic', 10, '2024-02-01', NULL),
  (3, 'Pro', 30, '2024-02-20', '2024-06-20'), (4, 'Enterprise', 200, '2024-05-01', '2025-01-15'),
  (5, 'Basic', 10, '2025-02-01', NULL);
"""


@pytest.fixture(scope="module")
def bills(tmp_path_factory):
    return asked(BILLS, tmp_path_factory, "bills")


@pytest.mark.parametrize("question", ["total invoiced in 2025", "total faturado em 2025", "quanto faturamos em 2025?"])
def test_what_was_invoiced_is_the_money_and_not_the_number_of_invoices(bills, question):
    assert bills.rows(question) == [(1500,)]


@pytest.mark.parametrize(
    "question", ["how many invoices in 2025?", "total invoices in 2025", "quantas faturas em 2025"]
)
def test_invoices_themselves_are_counted(bills, question):
    assert bills.rows(question) == [(5,)]


@pytest.mark.parametrize("question", ["largest customer by amount", "maior cliente por valor"])
def test_one_that_ranks_first_by_a_number_is_one(bills, question):
    assert bills.rows(question) == [("Acme", 600)]


@pytest.mark.parametrize("question", ["second largest customer by amount", "segundo maior cliente por valor"])
def test_the_second_of_a_ranking_is_one_row(bills, question):
    assert bills.rows(question) == [("Globex", 550)]


@pytest.mark.parametrize("question", ["largest customers by amount", "maiores clientes por valor"])
def test_several_that_rank_first_are_several(bills, question):
    assert bills.rows(question) == [("Acme", 600), ("Globex", 550), ("Hooli", 450)]


def test_the_first_rows_of_each_go_by_what_they_are_worth(bills):
    rows = bills.rows("top 1 invoice per customer")
    assert [row[:2] for row in rows] == [("Acme", "INV-2"), ("Globex", "INV-3"), ("Hooli", "INV-5")]


@pytest.mark.parametrize("question", ["top 2 invoices per customer", "as 2 maiores faturas por cliente"])
def test_so_many_rows_of_each_are_rows_with_their_worth(bills, question):
    assert bills.rows(question) == [
        ("Acme", "INV-2", 300), ("Acme", "INV-6", 200), ("Globex", "INV-3", 500), ("Globex", "INV-4", 50),
        ("Hooli", "INV-5", 450),
    ]  # fmt: skip


@pytest.mark.parametrize("question", ["cheapest plan", "plano mais barato"])
def test_a_superlative_names_the_thing_and_not_its_price(bills, question):
    assert bills.rows(question) == [("Basic",)]


@pytest.mark.parametrize("question", ["cheapest price", "menor preço"])
def test_a_superlative_of_a_price_is_a_price(bills, question):
    assert bills.rows(question) == [(10,)]


@pytest.mark.parametrize("question", ["second largest customer by value", "segundo maior cliente por valor"])
def test_a_value_in_a_shop_is_money_and_no_quantity(shop, question):
    assert shop.rows(question) == [("David Smith", 300)]


@pytest.mark.parametrize("question", ["stores by revenue", "lojas por faturamento", "lojas por valor"])
def test_rows_by_a_number_show_that_number(shop, question):
    assert shop.rows(question) == [("Centro", 690), ("Camden", 300), ("Ribeira", 196)]


@pytest.mark.parametrize("question", ["invoices above 400", "faturas acima de 400"])
def test_rows_without_a_name_are_listed_whole(bills, question):
    assert [(row[0], row[4]) for row in bills.rows(question)] == [("INV-3", 500), ("INV-5", 450)]


@pytest.mark.parametrize("question", ["total amount", "total do valor"])
def test_a_column_that_is_called_so_keeps_its_name(bills, question):
    assert "revenue" not in bills.plan(question).reading.lower()
    assert bills.rows(question) == [(1600,)]


@pytest.mark.parametrize("question", ["list sales of Centro", "liste as vendas da Centro"])
def test_sales_that_are_listed_are_rows(shop, question):
    assert [row[0] for row in shop.rows(question)] == [1, 2, 4, 6, 8]


@pytest.mark.parametrize("question", ["list sales by store", "liste as vendas por loja"])
def test_sales_that_are_listed_by_something_are_numbers(shop, question):
    assert shop.rows(question)[0] == ("Centro", 690)


@pytest.mark.parametrize("question", ["top customer", "melhor cliente"])
def test_the_top_of_plain_names_goes_by_what_they_brought(bills, question):
    assert bills.rows(question) == [("Acme",)]


@pytest.mark.parametrize(("question", "count"), [("top customers", 3), ("melhores clientes", 3)])
def test_several_of_the_top_are_several(bills, question, count):
    assert len(bills.rows(question)) == count


def test_the_last_row_goes_by_its_usual_date(bills):
    assert [row[0] for row in bills.rows("last invoice")] == ["INV-6"]


@pytest.mark.parametrize("question", ["total amount by store", "valor total por loja"])
def test_of_two_amounts_it_is_asked_which_one_is_meant(tmp_path_factory, question):
    script = """
    CREATE TABLE sales (sale_id INTEGER PRIMARY KEY, store TEXT, gross_amount DOUBLE, net_amount DOUBLE);
    INSERT INTO sales VALUES (1, 'Centro', 10, 9), (2, 'Camden', 20, 18);
    """
    plan = asked(script, tmp_path_factory, "amounts").plan(question)
    assert len(plan.options) == 2
