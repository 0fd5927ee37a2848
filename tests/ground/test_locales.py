"""Two languages: which one, and how it writes numbers and days."""

from datetime import date
from decimal import Decimal

import pytest

from prosa import locales


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("pt", "pt-BR"),
        ("pt_PT.UTF-8", "pt-BR"),
        ("PT-br", "pt-BR"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_every_portuguese_is_brazilian_and_everything_else_english(tag, locale):
    assert locales.normalise(tag) == locale


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt-BR"),
        ("en;q=0.5, pt;q=0.7", "pt-BR"),
        ("en, pt", "en"),
        ("de, fr;q=0.9", "en"),
        ("de, pt;q=0.1", "pt-BR"),
        ("pt;q=0", "en"),
        ("pt;q=abc", "en"),
        (None, "en"),
    ],
)
def test_the_browsers_wish_is_weighed(header, locale):
    assert locales.negotiate(header) == locale


def test_a_message_counts_one_and_many(monkeypatch):
    monkeypatch.setattr(locales, "messages", lambda locale, file: {"rows": "{count} rows", "rows_one": "{count} row"})
    assert locales.text("x.rows", count=1) == "1 row"
    assert locales.text("x.rows", count=2) == "2 rows"


def test_a_message_that_is_missing_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        locales.text("errors.no_such_message")
    assert locales.text("errors.no_such_message", default="") == ""


def test_braces_in_values_are_only_text():
    assert locales.text("errors.usage", what="{0.__class__}") == "{0.__class__}"


@pytest.mark.parametrize(
    ("value", "places", "english", "portuguese"),
    [
        (1234567, None, "1,234,567", "1.234.567"),
        (Decimal("1234.5"), None, "1,234.5", "1.234,5"),
        (1234.5, 2, "1,234.50", "1.234,50"),
        (-0.125, None, "-0.12", "-0,12"),
        (0, 0, "0", "0"),
    ],
)
def test_numbers_are_written_as_people_there_write_them(value, places, english, portuguese):
    assert locales.number(value, "en", places=places) == english
    assert locales.number(value, "pt-BR", places=places) == portuguese


def test_shares_and_days():
    assert locales.percent(0.1234, "en") == "12.3%"
    assert locales.percent(0.1234, "pt-BR") == "12,3%"
    assert locales.day(date(2025, 3, 1), "en") == "Mar 1, 2025"
    assert locales.day(date(2025, 3, 1), "pt-BR", style="long") == "1 de março de 2025"
