"""Roles of columns, by name, type and figures."""

import pytest

from prosa.sources.profiling.figures import Figures
from prosa.sources.profiling.roles import role
from prosa.sources.reading.tables import ReadColumn


def texts(distinct, count=1_000, length=10.0, values=(), all_values=False, samples=("abc",)):
    figures = {"distinct": distinct, "length": length, "values": values, "all_values": all_values}
    return Figures(count, **figures, samples=samples)


def numbers(low, high, distinct=100):
    return Figures(1_000, distinct=distinct, min=low, max=high)


@pytest.mark.parametrize(
    ("name", "kind", "figures", "expected"),
    [
        ("amount", "decimal", numbers(0, 10), "measure"),
        ("Age", "integer", numbers(0, 99), "measure"),
        ("zip_code", "integer", numbers(1000, 99999), "id"),
        ("numero_pedido", "integer", numbers(1, 99), "id"),
        ("year", "integer", numbers(1990, 2024), "date"),
        ("years_of_service", "integer", numbers(0, 40), "measure"),
        ("ano", "integer", numbers(1990, 2024), "date"),
        ("month", "integer", numbers(1, 12), "category"),
        ("is_member", "integer", numbers(0, 1, distinct=2), "flag"),
        ("rating", "float", numbers(0, 1, distinct=2), "flag"),
        ("created", "timestamp", numbers("a", "b"), "date"),
        ("day", "date", numbers("a", "b"), "date"),
        ("country", "text", texts(20), "category"),
        ("nome", "text", texts(20), "name"),
        ("titulo", "text", texts(1_000), "name"),
        ("descricao", "text", texts(900), "text"),
        ("story", "text", texts(900, length=300), "text"),
        ("product", "text", texts(1_000), "name"),
        ("sku", "text", texts(1_000), "id"),
        ("remark", "text", texts(900), "text"),
        ("digits", "text", texts(1_000, samples=("01", "02")), "id"),
        ("shop", "text", texts(2, count=3), "category"),
        ("paid", "text", texts(2, values=("sim", "não"), all_values=True), "flag"),
        ("size", "text", texts(2, values=("S", "M"), all_values=True), "category"),
        ("shape", "struct", Figures(10), "text"),
    ],
)
def test_a_column_plays_the_part_that_its_name_and_values_say(name, kind, figures, expected):
    assert role(ReadColumn(name, kind), figures, is_key=False) == expected


def test_a_key_is_an_id_but_names_stay_names():
    assert role(ReadColumn("country", "text"), texts(20), is_key=True) == "id"
    assert role(ReadColumn("country_name", "text"), texts(20), is_key=True) == "name"
