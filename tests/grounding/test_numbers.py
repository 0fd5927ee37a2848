"""Numbers in sentences, as both languages write them."""

import pytest

from prosa.grounding.numbers import find


def found(sentence: str, locale: str) -> list[tuple[str, str]]:
    return [(sentence[one.start : one.end], one.kind) for one in find(sentence, locale)]


@pytest.mark.parametrize(
    ("sentence", "locale", "numbers"),
    [
        ("Sales were 1,234.50 in all.", "en", [("1,234.50", "number")]),
        ("As vendas foram 1.234,50 ao todo.", "pt-BR", [("1.234,50", "number")]),
        ("It is 23.4% of the total.", "en", [("23.4%", "percent")]),
        ("É 23,4 % do total.", "pt-BR", [("23,4 %", "percent")]),
        ("About 1.2 million rows.", "en", [("1.2 million", "number")]),
        ("Cerca de 1,5 milhão de linhas.", "pt-BR", [("1,5 milhão", "number")]),
        ("On Oct 3, 2026 it was -5.", "en", [("Oct 3, 2026", "day"), ("-5", "number")]),
        ("Em 3 de out. de 2026 foi -5.", "pt-BR", [("3 de out. de 2026", "day"), ("-5", "number")]),
        ("October 2026 and 2025", "en", [("October 2026", "month"), ("2025", "year")]),
        ("outubro de 2026 e 2025", "pt-BR", [("outubro de 2026", "month"), ("2025", "year")]),
        ("2026-10-03", "en", [("2026-10-03", "day")]),
        ("There are three of them.", "en", [("three", "number")]),
        ("São duas lojas.", "pt-BR", [("duas", "number")]),
        ("The 1st of them, o 2º deles", "en", []),
        ("Nothing here.", "en", []),
    ],
)
def test_numbers_are_found_with_their_kind(sentence, locale, numbers):
    assert found(sentence, locale) == numbers


def test_the_language_says_what_dots_and_commas_mean():
    assert find("1.234", "pt-BR")[0].value == 1234
    assert find("1.234", "en")[0].value == 1.234


def test_a_number_inside_a_word_is_none():
    assert found("A4 paper, x2", "en") == []
    assert found("4 papers", "en") == [("4", "number")]
