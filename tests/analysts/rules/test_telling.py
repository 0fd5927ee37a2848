"""Answers in sentences, from results alone."""

import pytest

from prosa.analysts.rules.telling import Told, cell, tell
from prosa.results import Column, Recipe, Result, Stats

RECIPE = Recipe("SELECT 1", "duckdb", ("x",), "f")


def result(columns: list[Column], rows: list[tuple], total: int | None = None) -> Result:
    stats = []
    for place in range(len(columns)):
        numbers = [row[place] for row in rows if isinstance(row[place], int | float)]
        known = {"min": min(numbers), "max": max(numbers), "sum": sum(numbers)} if numbers else {}
        stats.append(Stats(**known))
    return Result("r", tuple(columns), tuple(rows), len(rows) if total is None else total, tuple(stats), RECIPE)


def said(told: Told, made: Result, locale: str = "en") -> list[str]:
    sentences: list[str] = []
    tell(told, made, locale, sentences.append)
    return sentences


GROUPED = Told(groups=1, measures=1, additive=True, ranked=False, what="")
STORES = result(
    [Column("Store", "text"), Column("Revenue", "float", "currency")], [("A", 750.0), ("B", 200.0), ("C", 50.0)]
)


def test_a_number_is_said_with_its_name():
    one = result([Column("Number of orders", "integer")], [(1234,)])
    assert said(Told(0, 1, True, False, ""), one) == ["Number of orders: 1,234."]
    assert said(Told(0, 1, True, False, ""), one, "pt-BR") == ["Number of orders: 1.234."]


def test_groups_are_told_from_the_first_with_its_share():
    assert said(GROUPED, STORES) == [
        "A comes first with 750.00, 75% of the total of 1,000.00.",
        "Then come B (200.00) and C (50.00).",
    ]
    assert said(GROUPED, STORES, "pt-BR")[0] == "A vem em primeiro, com 750,00, 75% do total de 1.000,00."


def test_what_is_no_part_of_a_whole_has_no_share():
    assert "total" not in said(GROUPED._replace(additive=False), STORES)[0]


def test_a_series_is_told_by_its_ends_and_its_extremes():
    months = result(
        [Column("Month", "date", "month"), Column("Orders", "integer")],
        [("2025-01-01", 5), ("2025-02-01", 9), ("2025-03-01", 7)],
    )
    assert said(GROUPED, months) == [
        "Between January 2025 and March 2025, the highest value was 9 (February 2025) and the lowest 5 (January 2025).",
        "The total is 21.",
    ]
    assert "fevereiro de 2025" in said(GROUPED, months, "pt-BR")[0]


def test_nothing_found_is_said_plainly():
    empty = result([Column("Name", "text")], [])
    assert said(Told(0, 0, False, False, "orders"), empty) == ["No rows match: the answer is empty."]
    null = result([Column("Revenue", "float")], [(None,)])
    assert said(Told(0, 1, True, False, ""), null) == ["Revenue: there is nothing to calculate it from."]


def test_few_rows_are_named_and_many_are_counted():
    names = [(f"n{number}",) for number in range(7)]
    few, many = (result([Column("Name", "text")], names[:count]) for count in (2, 7))
    told = Told(0, 0, False, False, "stores")
    assert said(told, few) == ["There are 2: n0; n1."]
    assert said(told, many) == ["There are 7 stores."]


@pytest.mark.parametrize(
    ("value", "column", "locale", "text"),
    [
        (1234.5, Column("x", "float", "currency"), "pt-BR", "1.234,50"),
        (0.256, Column("x", "float", "percent"), "en", "25.6%"),
        (2025, Column("x", "integer", "year"), "en", "2025"),
        ("2025-04-01", Column("x", "date", "quarter"), "en", "Q2 2025"),
        ("2025-04-01", Column("x", "date", "quarter"), "pt-BR", "2º trimestre de 2025"),
        ("2025-04-09", Column("x", "date"), "en", "Apr 9, 2025"),
        (None, Column("x", "text"), "pt-BR", "nada"),
        ("[a](http://x)", Column("x", "text"), "en", "\\[a\\](http://x)"),
    ],
)
def test_cells_are_written_for_the_locale_and_harmless_in_markdown(value, column, locale, text):
    assert cell(value, column, locale) == text
