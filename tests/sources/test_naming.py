"""Names of tables and columns."""

import pytest

from prosa.sources.naming import fold, literal, quoted, slug, unique, words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Vendas de Março", "vendas_de_marco"),
        ("sales-2024 (final)", "sales_2024_final"),
        ("2024", "t_2024"),
        ("  ", "data"),
        ("日本", "data"),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_slug_is_a_plain_name(text, name):
    assert slug(text) == name


def test_names_become_unique_in_any_case():
    assert unique(["a", "A", "", "a_2", "a"]) == ["a", "A_2", "column_3", "a_2_2", "a_3"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("customer_id", ["customer", "id"]),
        ("CustomerID", ["customer", "id"]),
        ("idCliente", ["id", "cliente"]),
        ("HTTPStatus", ["http", "status"]),
        ("Situação do Pedido", ["situacao", "do", "pedido"]),
    ],
)
def test_words_are_split_at_humps_and_marks(name, found):
    assert words(name) == found


def test_folding_takes_accents_and_case():
    assert fold("ÇÃO É") == "cao e"


def test_quotes_inside_names_and_texts_are_doubled():
    assert quoted('a"b') == '"a""b"'
    assert literal("d'água") == "'d''água'"
