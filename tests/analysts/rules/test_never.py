"""What was never done, said by a verb alone, in both languages."""

import pytest


@pytest.mark.parametrize("question", ["customers who never ordered", "customers who never bought"])
def test_customers_without_what_is_sold(shop, question):
    assert shop.rows(question) == [("Eva Rocha",)]


@pytest.mark.parametrize("question", ["clientes que nunca compraram", "clientes que nunca fizeram pedidos"])
def test_clientes_sem_compras(shop, question):
    assert shop.rows(question) == [("Eva Rocha",)]


def test_the_period_belongs_to_what_was_never_done_and_is_told(shop):
    plan = shop.plan("customers who never ordered in 2025")
    assert "ordered on is in 2025" in plan.reading
    assert sorted(shop.rows("customers who never ordered in 2025")) == [("Eva Rocha",)]


@pytest.mark.parametrize("question", ["livros nunca emprestados", "livros que nunca foram emprestados"])
def test_a_participle_names_the_table_it_is_kin_to(library, question):
    assert library.rows(question) == [("Laços de Família",)]


def test_a_verb_that_nothing_in_the_data_is_kin_to_is_refused(shop, refused):
    assert refused(shop.plan("customers who never smiled")).code


@pytest.mark.parametrize(
    ("english", "portuguese", "names"),
    [
        ("customers without orders in Camden", "clientes sem pedidos na loja Camden", ["Ana", "Bruno", "Carla", "Eva"]),
        ("stores that never sold Grinder", "lojas que nunca venderam Grinder", ["Ribeira"]),
        ("stores without orders from Brazilian customers", "lojas sem pedidos de clientes brasileiros", ["Cam", "Rib"]),
        (
            "products that were never sold in Camden",
            "produtos que nunca foram vendidos em Camden",
            ["Black", "Decaf", "Espresso", "Green", "Kettle"],
        ),
    ],
)
def test_what_stands_behind_the_missing_rows_narrows_them_and_not_the_rows_asked_for(shop, english, portuguese, names):
    for question in (english, portuguese):
        found = sorted(str(row[0]) for row in shop.rows(question))
        assert len(found) == len(names)
        assert all(name.startswith(start) for name, start in zip(found, names, strict=True))


def test_a_condition_before_the_missing_rows_stays_with_the_rows_asked_for(shop):
    assert shop.rows("customers from Brazil without orders") == [("Eva Rocha",)]


@pytest.mark.parametrize(
    "question",
    ["customers who never returned anything", "clientes que nunca devolveram nada", "clientes que nunca devolveram"],
)
def test_what_hangs_on_what_hangs_on_a_row_counts(shop, question):
    assert sorted(shop.rows(question)) == [("Ana Souza",), ("Bruno Lima",), ("David Smith",), ("Eva Rocha",)]


@pytest.mark.parametrize("question", ["customers who returned something", "clientes que devolveram algo"])
def test_who_did_is_told_as_well(shop, question):
    assert shop.rows(question) == [("Carla Nunes",)]


@pytest.mark.parametrize("question", ["customers who ordered", "clientes que compraram"])
def test_who_bought_has_orders(shop, question):
    assert ("Eva Rocha",) not in shop.rows(question)
    assert len(shop.rows(question)) == 4


@pytest.mark.parametrize("question", ["customers who did not order in 2025", "clientes que não compraram nada em 2025"])
def test_not_and_never_are_the_same_of_a_verb_alone(shop, question):
    assert shop.rows(question) == [("Eva Rocha",)]


@pytest.mark.parametrize("question", ["stores that sold nothing in 2024", "lojas que não venderam nada em 2024"])
def test_the_period_is_that_of_the_sale(shop, question):
    assert sorted(shop.rows(question)) == [("Camden",), ("Ribeira",)]


@pytest.mark.parametrize("question", ["customers who bought nothing", "clientes que não compraram nada"])
def test_who_did_nothing_never_did_it(shop, question):
    assert shop.rows(question) == [("Eva Rocha",)]


@pytest.mark.parametrize("question", ["products nobody bought in 2024", "produtos que ninguém comprou em 2024"])
def test_nobody_is_never(shop, question):
    assert sorted(shop.rows(question)) == [("Black Tea",), ("Decaf",), ("Kettle",)]


@pytest.mark.parametrize("question", ["books nobody borrowed", "livros que ninguém emprestou"])
def test_nobody_did_what_a_table_is_called_like(library, question):
    if question.startswith("books"):
        assert not hasattr(library.plan(question), "queries")
    else:
        assert library.rows(question) == [("Laços de Família",)]
