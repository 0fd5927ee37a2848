"""Ways of saying things that need no construct of their own, in both languages."""

import pytest


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("all information about categories", 2),
        ("todas as informações sobre clientes", 6),
        ("ids of stores", 1),
        ("ids das lojas", 1),
    ],
)
def test_how_many_columns_are_shown(shop, question, count):
    assert len(shop.rows(question)[0]) == count


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("customers with more than 2 orders", [("Ana Souza",)]),
        ("store names and the number of orders in each", [("Centro", 5), ("Ribeira", 2), ("Camden", 1)]),
        ("customers whose name starts with A", [("Ana Souza",)]),
        ("clientes cujo nome começa com A", [("Ana Souza",)]),
        ("customers whose email is missing", [("Bruno Lima",)]),
        ("clientes cujo e-mail está em branco", [("Bruno Lima",)]),
        ("number of customers with email", [(4,)]),
        ("quantos clientes com email", [(4,)]),
        ("products not organic", [("Decaf",), ("Black Tea",), ("Grinder",), ("Kettle",)]),
        ("stores that sold more than 300", [("Centro", 690)]),
        ("lojas que faturaram mais de 300", [("Centro", 690)]),
        ("produtos abaixo de R$ 0,03 mil", [("Green Tea",), ("Black Tea",)]),
        ("how many orders in total", [(8,)]),
        ("order 3", [(3, "2025-01-15", 2, 3, "completed")]),
    ],
)
def test_these_words_are_understood(shop, question, rows):
    assert shop.rows(question) == rows


@pytest.mark.parametrize("question", ["average rating of products", "nota média dos produtos"])
def test_a_measure_that_is_not_there_is_not_another_one(shop, refused, question):
    assert refused(shop.plan(question)).code == "unknown_words"


@pytest.mark.parametrize("question", ["is Camden the biggest store?", "did customer Eva Rocha complain?"])
def test_a_question_for_yes_or_no_is_not_answered_with_rows(shop, refused, question):
    assert refused(shop.plan(question))


@pytest.mark.parametrize(
    ("before", "question", "rows"),
    [
        ("customers from Brazil", "what are their emails?", [("ana@example.com",), (None,), ("eva@example.com",)]),
        ("clientes do Brasil", "quais são os emails deles?", [("ana@example.com",), (None,), ("eva@example.com",)]),
        ("customers from Brazil", "how many of them are there?", [(3,)]),
        ("clientes do Brasil", "quantos deles são de São Paulo?", [(2,)]),
        ("revenue by store", "sort by the smallest", [("Ribeira", 196), ("Camden", 300), ("Centro", 690)]),
        ("revenue by store", "as a pie chart", [("Centro", 690), ("Camden", 300), ("Ribeira", 196)]),
    ],
)
def test_a_follow_up_speaks_of_the_rows_before(shop, before, question, rows):
    assert shop.rows(question, before=shop.turns(before)) == rows
