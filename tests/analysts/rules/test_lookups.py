"""Where, when and who, in both languages: what is known of a thing without a column being named."""

import pytest
from tests.analysts.rules.conftest import asked


@pytest.mark.parametrize(
    "question", ["where is Camden?", "where is the Camden store?", "onde fica a loja Camden?", "onde está Camden?"]
)
def test_a_thing_is_where_its_smallest_place_is(shop, question):
    assert shop.rows(question) == [("London",)]


@pytest.mark.parametrize("question", ["where does Ana Souza live?", "onde mora Ana Souza?", "onde mora a Ana?"])
def test_a_person_is_where_her_row_says(shop, question):
    assert shop.rows(question) == [("São Paulo",)]


@pytest.mark.parametrize("question", ["where are the stores?", "onde ficam as lojas?"])
def test_many_things_are_told_with_their_names(shop, question):
    assert shop.rows(question) == [("Centro", "São Paulo"), ("Ribeira", "Porto"), ("Camden", "London")]


@pytest.mark.parametrize("question", ["where do most customers live?", "onde mora a maioria dos clientes?"])
def test_where_most_are_is_the_commonest_place(shop, question):
    assert shop.rows(question) == [("São Paulo",)]


@pytest.mark.parametrize("question", ["where is London?", "onde fica London?"])
def test_a_place_of_two_tables_is_asked_back(shop, asked_back, question):
    assert len(asked_back(shop.plan(question)).options) == 2


@pytest.mark.parametrize(
    "question",
    [
        "where is the product Kettle?",
        "where is order 3?",  # its store has a city and its customer has another
        "where was order 3 placed?",
        "onde fica o produto Kettle?",
        "onde foi feito o pedido 3?",
        "onde ficam as metas?",
    ],
)
def test_what_is_nowhere_or_in_two_places_is_refused(shop, refused, question):
    refused(shop.plan(question))


@pytest.mark.parametrize("question", ["where is order 3?", "onde está o pedido 3?"])
def test_what_belongs_to_one_place_is_there(tmp_path_factory, question):
    script = """
    CREATE TABLE depots (depot_id INTEGER PRIMARY KEY, city TEXT);
    CREATE TABLE orders (order_id INTEGER PRIMARY KEY, depot_id INTEGER REFERENCES depots, email_address TEXT);
    INSERT INTO depots VALUES (1, 'Lyon'), (2, 'Faro');
    INSERT INTO orders VALUES (3, 2, 'ana@example.com'), (4, 1, 'eva@example.com');
    """
    assert asked(script, tmp_path_factory, "depots").rows(question) == [("Faro",)]


@pytest.mark.parametrize("question", ["when was order 3 placed?", "quando foi feito o pedido 3?"])
def test_a_row_happened_on_its_date(shop, question):
    assert shop.rows(question) == [("2025-01-15",)]


@pytest.mark.parametrize("question", ["when did Ana Souza sign up?", "when did Ana sign up?"])
def test_a_verb_says_which_date_of_a_person(shop, question):
    assert shop.rows(question) == [("2024-01-10",)]


@pytest.mark.parametrize("question", ["when was the Camden store opened?", "quando foi aberta a loja Camden?"])
def test_a_thing_opened_on_its_date(shop, question):
    assert shop.rows(question) == [("2021-01-10",)]


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("when was the first order placed?", "2024-11-05"),
        ("quando foi o primeiro pedido?", "2024-11-05"),
        ("when was the last order of Ana?", "2025-06-30"),
        ("quando foi o último pedido da Ana?", "2025-06-30"),
        ("when was the largest store opened?", "2019-03-01"),
    ],
)
def test_the_first_and_the_last_are_found_by_the_date_itself(shop, question, day):
    assert shop.rows(question) == [(day,)]


@pytest.mark.parametrize(
    "question", ["when did Carla Nunes buy a Kettle?", "when did customer Ana Souza buy?", "quando a Ana comprou?"]
)
def test_what_a_person_did_is_not_told_by_the_dates_of_the_person(shop, refused, question):
    refused(shop.plan(question))


@pytest.mark.parametrize("question", ["who is Ana Souza?", "quem é Ana Souza?", "quem é a Ana?"])
def test_a_person_is_told_with_all_that_is_known(shop, question):
    assert shop.rows(question) == [(1, "Ana Souza", "ana@example.com", "São Paulo", "Brazil", "2024-01-10")]
