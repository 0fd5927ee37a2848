"""What narrows rows down: values found in the data, comparisons, absence."""

import pytest

BRAZILIANS = [("Ana Souza",), ("Bruno Lima",), ("Eva Rocha",)]
CHEAP = [("Espresso Blend",), ("Decaf",), ("Green Tea",), ("Black Tea",)]
DEAR = [("Grinder",), ("Kettle",)]


@pytest.mark.parametrize(
    "question",
    [
        "customers from Brazil",
        "clientes do Brasil",
        "customers in brazil",
        "Brazilian customers",
        "clientes brasileiros",
        "customers whose country is Brazil",
        "clientes cujo país é Brasil",
        'customers from "Brazil"',
        "customers from Brasil 🇧🇷",
    ],
)
def test_a_value_is_found_whatever_its_spelling_or_language(shop, question):
    assert shop.rows(question) == BRAZILIANS


@pytest.mark.parametrize("question", ["clientes de sao paulo", "clientes de São Paulo", "CUSTOMERS FROM SÃO PAULO"])
def test_accents_and_case_do_not_matter(shop, question):
    assert shop.rows(question) == [("Ana Souza",), ("Eva Rocha",)]


@pytest.mark.parametrize("question", ["cancelled orders", "pedidos cancelados", "orders with status cancelled"])
def test_an_adjective_can_be_a_value(shop, question):
    assert shop.rows(question) == [(4, "2025-01-20", 1, 1, "cancelled")]


def test_a_slip_of_writing_is_forgiven_and_a_name_known_by_one_word(shop):
    assert shop.rows("how many custmers are there?") == [(5,)]
    assert shop.rows("revenue of Grindr") == [(450,)]
    assert shop.rows("revenue of customer Carla") == [(196,)]


@pytest.mark.parametrize("question", ["revenue of Camdem", "faturamento de Camdem", "faturamento de cadmen"])
def test_a_value_written_with_a_slip_is_said_as_it_was_read(shop, question):
    assert shop.rows(question) == [(300,)]
    assert "Camden" in shop.plan(question).reading


@pytest.mark.parametrize("question", ["customers from Sao Paolo", "clientes de sao paolo"])
def test_a_slip_in_a_value_of_several_words_is_forgiven(shop, question):
    assert shop.rows(question) == [("Ana Souza",), ("Eva Rocha",)]


@pytest.mark.parametrize("question", ["orders of Ana", "pedidos da Ana", "pedidos de ana", "orders of Ana Sousa"])
def test_a_first_name_of_three_letters_is_enough(shop, question):
    assert [row[0] for row in shop.rows(question)] == [1, 4, 8]


@pytest.mark.parametrize("question", ["books of Jorge", "livros de Jorge"])
def test_a_first_name_is_enough_whatever_the_schema_is_called(library, question):
    assert library.rows(question) == [("Capitães da Areia",)]


@pytest.mark.parametrize("question", ["books of Amado", "livros de Amado", "livros do amado"])
def test_a_name_that_two_people_have_is_asked_back(namesakes, asked_back, question):
    found = asked_back(namesakes.plan(question))
    assert [name in one.label for name, one in zip(("Ana Amado", "Jorge Amado"), found.options, strict=True)] == [
        True,
        True,
    ]
    assert namesakes.rows(next(o.question for o in found.options if "Jorge" in o.label)) == [("Capitães da Areia",)]


@pytest.mark.parametrize("question", ["orders that were not cancelled", "pedidos que não foram cancelados"])
def test_a_value_can_be_denied(shop, question):
    assert [row[0] for row in shop.rows(question)] == [1, 2, 3, 5, 6, 7, 8]


@pytest.mark.parametrize(
    "question",
    [
        "customers from Portugal or United Kingdom",
        "customers from Portugal or from United Kingdom",
        "customers of Porto or of London",
        "clientes de Portugal ou Reino Unido",
        "clientes de Portugal ou do Reino Unido",
        "clientes do Porto ou de London",
    ],
)
def test_several_values_of_one_column_are_alternatives(shop, question):
    assert shop.rows(question) == [("Carla Nunes",), ("David Smith",)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("products under 50", CHEAP),
        ("produtos abaixo de 50 reais", CHEAP),
        ("products that cost less than 50", CHEAP),
        ("products with a price of at least 90", DEAR),
        ("produtos com preço de pelo menos 90", DEAR),
        ("produtos mais caros que 89,50", DEAR),
        ("products between 80 and 100", [("Kettle",)]),
        ("produtos entre 80 e 100 reais", [("Kettle",)]),
        ("products with price above the average", DEAR),
        ("produtos com preço acima da média", DEAR),
        ("produtos acima de R$ 1 mil", []),
        ("products over $0.1 thousand", [("Grinder",)]),
    ],
)
def test_numbers_are_compared(shop, question, rows):
    assert shop.rows(question) == rows


def test_a_comparison_names_the_column_that_went_unsaid(shop):
    assert "price is less than 50" in shop.plan("products under 50").reading


@pytest.mark.parametrize("question", ["organic products", "produtos orgânicos", "which products are organic?"])
def test_a_yes_or_no_column_narrows_down_to_yes(shop, question):
    assert shop.rows(question) == [("Espresso Blend",), ("Green Tea",)]


@pytest.mark.parametrize("question", ["organic products under 30", "produtos orgânicos abaixo de 30"])
def test_an_amount_beside_a_yes_or_no_column_is_compared_with_another_one(shop, question):
    assert shop.rows(question) == [("Green Tea",)]


@pytest.mark.parametrize("question", ["customers without email", "clientes sem e-mail"])
def test_missing_values_are_found(shop, question):
    assert shop.rows(question) == [("Bruno Lima",)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("customers without orders", [("Eva Rocha",)]),
        ("clientes sem pedidos", [("Eva Rocha",)]),
        ("customers who never placed an order", [("Eva Rocha",)]),
        ("clientes que não têm pedidos", [("Eva Rocha",)]),
        ("stores without returns", [("Centro",), ("Camden",)]),
        ("products that were never sold", []),
        ("customers without orders in 2025", [("Eva Rocha",)]),
    ],
)
def test_rows_without_any_partner_are_found(shop, question, rows):
    assert shop.rows(question) == rows


@pytest.mark.parametrize("question", ['products whose name contains "tea"', 'produtos cujo nome contém "tea"'])
def test_a_part_of_a_text_is_found_in_any_case(shop, question):
    assert shop.rows(question) == [("Green Tea",), ("Black Tea",)]


def test_a_quoted_value_that_the_data_lacks_finds_nothing_rather_than_something_else(shop):
    assert shop.rows('customers whose name is "Zoe"') == []


@pytest.mark.parametrize(
    "question",
    [
        "livros que não estão em nenhum empréstimo",
        "livros não usados por nenhum empréstimo",
        "livros em nenhum empréstimo",
    ],
)
def test_a_portuguese_double_negation_denies_once(library, question):
    assert library.rows(question) == [("Laços de Família",)]
