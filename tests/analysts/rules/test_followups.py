"""Questions that edit the one before."""

import pytest

from prosa.answer import Answer
from prosa.question import Turn

MONTHS = [("2025-01-01", 161), ("2025-02-01", 300), ("2025-03-01", 205), ("2025-06-01", 190)]
YEAR = [("2024-11-01", 230), ("2024-12-01", 100)]
UP = [("Ribeira", 196), ("Camden", 300), ("Centro", 690)]
COUNTRIES = [("Brazil", 3), ("Portugal", 1), ("United Kingdom", 1)]
CHEAP = [("Decaf",), ("Espresso Blend",), ("Green Tea",), ("Black Tea",)]


@pytest.mark.parametrize(
    ("before", "question", "rows"),
    [
        (["revenue by store in 2025"], "and by month?", MONTHS),
        (["faturamento por loja em 2025"], "e por categoria?", [("Equipment", 471), ("Coffee", 270), ("Tea", 115)]),
        (["revenue by month in 2025"], "only 2024", YEAR),
        (["faturamento por mês em 2025"], "só 2024", YEAR),
        (["revenue by month in 2025"], "and 2024?", YEAR),
        (["revenue by month in 2025", "only 2024"], "only Centro", YEAR),
        (["revenue by store"], "top 2", [("Centro", 690), ("Camden", 300)]),
        (["revenue by store"], "sort ascending", UP),
        (["faturamento por loja"], "ordene do menor para o maior", UP),
        (["revenue by store"], "and the number of orders?", [("Centro", 5), ("Ribeira", 2), ("Camden", 1)]),
        (["how many orders in 2024?"], "and in 2025?", [(6,)]),
        (["quantos clientes temos?"], "e por país?", COUNTRIES),
        (["products under 50"], "sort by price descending", CHEAP),
    ],
)  # fmt: skip
def test_what_is_said_takes_the_place_of_its_like(shop, before, question, rows):
    assert shop.rows(question, before=shop.turns(*before)) == rows


def test_more_columns_can_be_asked_for(shop):
    rows = shop.rows("with their categories", before=shop.turns("products under 50"))
    assert sorted(rows)[0] == ("Black Tea", "Tea")
    assert len(rows) == 4


def test_a_whole_question_stands_by_itself(shop):
    assert shop.rows("how many customers are there?", before=shop.turns("revenue by store in 2025")) == [(5,)]
    assert shop.rows("quantos pedidos existem?", before=shop.turns("faturamento por loja")) == [(8,)]


def test_an_edit_without_anything_before_it_is_not_guessed(shop, refused):
    assert refused(shop.plan("and by month?")).code
    assert shop.rows("and by month?", before=shop.turns("total revenue"))[0] == ("2024-11-01", 230)


def test_a_short_edit_is_answered_in_the_language_of_the_conversation(shop):
    plan = shop.plan("só 2024", before=shop.turns("faturamento por mês em 2025"))
    assert plan.reading.startswith("Faturamento")


@pytest.mark.parametrize(
    ("before", "question"),
    [("list the customers", "which have more than one order?"), ("liste os clientes", "e com mais de um pedido?")],
)
def test_rows_become_groups_where_their_others_are_counted(shop, before, question):
    rows = [("Ana Souza",), ("Bruno Lima",), ("Carla Nunes",)]
    assert sorted(shop.rows(question, before=shop.turns(before))) == rows


@pytest.mark.parametrize(
    "question",
    [
        "top 2 stores by revenue in 2025",
        "as 2 maiores lojas em faturamento em 2025",
        "which store sold most in 2025?",
        "número de pedidos por loja",
    ],
)
@pytest.mark.parametrize("before", ["revenue by month in 2025", "faturamento por mês em 2025"])
def test_a_question_that_names_its_rows_is_not_an_edit(shop, question, before):
    assert shop.rows(question, before=shop.turns(before)) == shop.rows(question)


@pytest.mark.parametrize(
    ("before", "question"),
    [("revenue by month in 2025", "and the stores?"), ("faturamento por mês em 2025", "e as lojas?")],
)
def test_a_table_named_beside_numbers_is_what_they_are_told_apart_by(shop, before, question):
    rows = shop.rows(question, before=shop.turns(before))
    assert sorted(rows) == [("Camden", 300), ("Centro", 360), ("Ribeira", 196)]


@pytest.mark.parametrize(
    ("before", "question"), [("revenue by store", "what about quantity?"), ("faturamento por loja", "e a quantidade?")]
)
def test_another_number_takes_the_place_of_the_first(shop, before, question):
    assert sorted(shop.rows(question, before=shop.turns(before))) == [("Camden", 2), ("Centro", 17), ("Ribeira", 6)]


def test_a_fragment_is_less_sure_than_the_whole_question(shop):
    whole = shop.plan("revenue by month").confidence
    assert shop.plan("and by month?", before=shop.turns("revenue by store")).confidence < whole


@pytest.mark.parametrize(
    ("before", "question", "rows"),
    [
        ("how many orders in November 2024?", "and in December?", [(1,)]),
        ("quantos pedidos em janeiro de 2025?", "e em março?", [(2,)]),
        ("how many orders in 2024?", "and in December?", [(1,)]),
        ("how many orders in Q1 2025?", "and in Q2?", [(1,)]),
    ],
)
def test_a_month_without_a_year_is_of_the_year_that_was_asked_for(shop, before, question, rows):
    assert shop.rows(question, before=shop.turns(before)) == rows


def test_last_month_is_not_of_the_year_that_was_asked_for(shop):
    assert shop.rows("and last month?", before=shop.turns("how many orders in November 2024?")) == [(1,)]


@pytest.mark.parametrize(
    ("before", "question", "rows"),
    [
        ("prices of products", "give me the average", [(61.666667,)]),
        ("preços dos produtos", "qual é a média?", [(61.666667,)]),
        ("prices of products", "what are the maximum and the minimum of these values?", [(150, 20)]),
        ("prices of products under 50", "and the median?", [(32.5,)]),
    ],
)
def test_numbers_that_were_listed_are_folded(shop, before, question, rows):
    assert shop.rows(question, before=shop.turns(before)) == rows


@pytest.mark.parametrize(
    ("before", "question"),
    [("countries of customers", "how many are there?"), ("países dos clientes", "quantos são?")],
)
def test_kinds_that_were_listed_are_counted_rather_than_their_rows(shop, before, question):
    assert shop.rows(question, before=shop.turns(before)) == [(3,)]


@pytest.mark.parametrize(
    ("before", "question", "store"),
    [
        ("number of orders by store", "which store has the most?", "Centro"),
        ("número de pedidos por loja", "qual loja tem mais?", "Centro"),
        ("number of orders by store", "which one has the least?", "Camden"),
    ],
)
def test_the_most_after_numbers_is_the_first_of_them(shop, before, question, store):
    assert [row[0] for row in shop.rows(question, before=shop.turns(before))] == [store]


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("list the stores", "for each, how many orders are there?"),
        ("list the stores", "how many orders does each of them have?"),
        ("liste as lojas", "quantos pedidos tem cada uma?"),
    ],
)
def test_what_is_asked_for_each_is_told_for_each_of_the_rows_before(shop, before, question):
    assert sorted(shop.rows(question, before=shop.turns(before))) == [("Camden", 1), ("Centro", 5), ("Ribeira", 2)]


@pytest.mark.parametrize(
    ("before", "question"),
    [("orders in 2024", "what are the names of their customers?"), ("pedidos em 2024", "quais são os seus clientes?")],
)
def test_the_rows_before_narrow_down_what_is_asked_of_others(shop, before, question):
    assert sorted(shop.rows(question, before=shop.turns(before))) == [("Ana Souza",), ("Bruno Lima",)]


@pytest.mark.parametrize(
    ("before", "question"),
    [("countries of customers", "show all distinct results"), ("países dos clientes", "sem repetir")],
)
def test_the_results_before_are_shown_once_each(shop, before, question):
    rows = shop.rows(question, before=shop.turns(before))
    assert sorted(rows) == [("Brazil",), ("Portugal",), ("United Kingdom",)]


@pytest.mark.parametrize("question", ["what are their emails?", "quais são os e-mails deles?"])
def test_a_word_for_rows_that_were_not_answered_is_not_left_out(shop, refused, question):
    unanswered = (Turn("customers from Atlantis", Answer(locale="en"), {}),)
    assert refused(shop.plan(question, before=unanswered)).code == "adrift"
    assert len(shop.rows(question, before=shop.turns("customers from Brazil"))) == 3


@pytest.mark.parametrize("question", ["customers and their emails", "stores and their cities", "lojas e suas cidades"])
def test_a_word_for_a_table_of_the_question_itself_needs_no_answer_before(shop, question):
    unanswered = (Turn("customers from Atlantis", Answer(locale="en"), {}),)
    assert shop.rows(question, before=unanswered) == shop.rows(question)


def test_a_question_that_names_no_rows_is_less_sure_in_a_conversation(shop):
    alone = shop.plan("what is the lowest price?").confidence
    assert shop.plan("what is the lowest price?", before=shop.turns("orders in 2024")).confidence < alone
