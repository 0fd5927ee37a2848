"""Words without case and accents, and stems of two languages."""

import pytest

from prosa.documents.words import fold, language_of, stem, stems, tokens


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("returned", "returns", "en"), ("policies", "policy", "en"), ("bought", "buy", "en"),
     ("devoluções", "devolução", "pt"), ("devolucao", "devolução", "pt"), ("garantias", "garantia", "pt"),
     ("aplicáveis", "aplicável", "pt"), ("FÉRIAS", "ferias", "pt")],
)  # fmt: skip
def test_forms_of_a_word_have_one_stem(one, other, language):
    assert stem(fold(one), language) == stem(fold(other), language)


def test_words_without_meaning_are_no_stems():
    assert stems("What is the price of it?", "en") == ["price"]
    assert stems("Qual é o preço da saca?", "pt") == [stem("preco", "pt"), stem("saca", "pt")]


def test_numbers_are_words():
    assert [token.norm for token in tokens("R$ 2.350,00 in 30 days")] == ["r", "2.350,00", "in", "30", "days"]


@pytest.mark.parametrize(("text", "language"), [("The fee is due", "en"), ("A multa é de 2% ao mês", "pt"), ("", "en")])
def test_a_text_tells_its_language(text, language):
    assert language_of(text) == language
