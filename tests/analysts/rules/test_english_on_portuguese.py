"""English questions about data whose names and values are Portuguese."""

import pytest
from tests.analysts.rules.conftest import asked

SCRIPT = """
CREATE TABLE notas_fiscais (num_nota INTEGER PRIMARY KEY, situacao TEXT, valor_total DOUBLE, cidade TEXT);
CREATE TABLE itens_nota (cod_item INTEGER PRIMARY KEY, num_nota INTEGER REFERENCES notas_fiscais, quantidade INTEGER);
INSERT INTO notas_fiscais VALUES (1, 'pendente', 10, 'Mesa'), (2, 'paga', 20, 'Faro'), (3, 'pendente', 5, 'Faro'),
  (4, 'paga', 1, 'Faro');
INSERT INTO itens_nota VALUES (1, 1, 2), (2, 1, 1), (3, 2, 1), (4, 3, 4), (5, 3, 1);
"""


@pytest.fixture(scope="module")
def invoices(tmp_path_factory):
    return asked(SCRIPT, tmp_path_factory, "invoices")


@pytest.mark.parametrize("question", ["how many invoices are there?", "quantas notas fiscais existem?"])
def test_a_name_of_several_words_is_one_word_in_english(invoices, question):
    assert invoices.rows(question) == [(4,)]


@pytest.mark.parametrize("question", ["how many pending invoices are there?", "quantas notas pendentes existem?"])
def test_a_portuguese_value_is_found_by_its_english_word(invoices, question):
    assert invoices.rows(question) == [(2,)]


@pytest.mark.parametrize("question", ["percentage of paid invoices", "percentual de notas pagas"])
def test_a_portuguese_value_narrows_a_share(invoices, question):
    assert invoices.rows(question) == [(0.5,)]


def test_english_data_is_not_searched_for_portuguese_words(tmp_path_factory, refused):
    script = """
    CREATE TABLE stores (store_id INTEGER PRIMARY KEY, name TEXT, city TEXT);
    INSERT INTO stores VALUES (1, 'North', 'Mesa'), (2, 'South', 'Faro');
    """
    found = asked(script, tmp_path_factory, "desert").plan("stores with table")
    assert "Mesa" not in refused(found).words
