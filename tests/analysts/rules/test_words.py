"""Tokens, stems and numbers of both languages."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from prosa.analysts.rules.numbers import merged
from prosa.analysts.rules.words import fold, kin, normal, number, singular, stem, stem_pt, tokens


def test_folding_takes_case_and_accents_away():
    assert fold("São PAULO — ÇÃO") == "sao paulo — cao"
    assert normal("Coca-Cola  (Lata)") == "coca cola lata"
    assert fold("1º") == "1o"


def test_tokens_keep_their_places():
    text = 'Top 5 customers, "Ana Souza"!'
    assert all(text[token.start : token.end] == token.text for token in tokens(text, "en"))
    assert [token.norm for token in tokens(text, "en")] == ["top", "5", "customers", ",", "ana souza", "!"]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1,500.50", "en", 1500.5),
        ("1.500,50", "pt", 1500.5),
        ("1.500", "pt", 1500),
        ("1.500", "en", 1.5),
        ("R$ 1,5", "pt", 1.5),
        ("$1,000,000", "en", 1_000_000),
        ("-3", "en", -3),
        ("89,50", "en", 89.5),
    ],
)
def test_numbers_are_read_as_their_language_writes_them(text, language, value):
    assert number(text, language) == value


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("5 mil", "pt", 5000),
        ("mil", "pt", 1000),
        ("1,5 milhão", "pt", 1_500_000),
        ("vinte e cinco", "pt", 25),
        ("cem", "pt", 100),
        ("2 million", "en", 2_000_000),
        ("twenty five", "en", 25),
        ("two hundred", "en", 200),
        ("10k", "en", 10_000),
        ("1,5k", "pt", 1_500),
        ("10 k", "en", 10_000),
    ],
)
def test_numbers_in_words(text, language, value):
    values = [token.value for token in merged(tokens(text, language), language) if token.kind == "number"]
    assert values == ([value] if value is not None else [])


def test_one_and_a_stay_articles():
    assert all(token.kind == "word" for token in merged(tokens("uma loja um pedido one store", "pt"), "pt"))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("lojas", "loja"),
        ("cidades", "cidade"),
        ("países", "país"),
        ("aviões", "avião"),
        ("cancelada", "cancelados"),
        ("meses", "mês"),
    ],
)
def test_portuguese_number_and_gender_do_not_matter(word, other):
    assert stem_pt(fold(word)) == stem_pt(fold(other))


def test_english_forms_meet_in_their_stem_and_singular():
    assert stem("published") == stem("publish")
    assert singular("categories") == "category"
    assert singular("campuses") == "campus"
    assert singular("people") == "person"
    assert singular("status") == "status"


def test_kin_are_forms_of_one_word_and_not_words_that_begin_alike():
    assert kin("conduct", "conductor")
    assert not kin("cat", "category")
    assert not kin("order", "border")


def test_stems_are_the_same_from_many_threads():
    words = [
        f"{root}{ending}"
        for root in ("publish", "conduct", "organiz", "locat")
        for ending in ("ed", "ing", "er", "ers")
    ]
    alone = [stem.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(stem.__wrapped__, words * 200))
    assert together == alone * 200
