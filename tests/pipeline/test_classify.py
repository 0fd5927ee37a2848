"""Language, intent and small talk, from the words alone."""

import pytest

from prosa.answer import Answer
from prosa.identity import LOCAL
from prosa.pipeline.classify import classify, clean
from prosa.pipeline.language import detect
from prosa.question import Context, Question, Turn


def classified(text: str, **more):
    return classify(Question(text, **more), Context(LOCAL, "r"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how many orders last month?", "en"),
        ("total revenue", "en"),
        ("customers from São Paulo", "en"),
        ("orders in São Paulo", "en"),
        ("pedidos em São Paulo", "pt"),
        ("VENDAS EM SÃO PAULO", "pt"),
        ("vendas por loja", "pt"),
        ("qual loja vendeu mais?", "pt"),
        ("clientes sem e-mail", "pt"),
        ("faturamento", "pt"),
        ("autores do Brasil", "pt"),
        ("¿cuántos pedidos hay por tienda?", "es"),
        ("Wie viele Kunden gibt es?", "de"),
        ("12345", "en"),
    ],
)
def test_the_language_of_short_questions(text, language):
    assert detect(text) == language


@pytest.mark.parametrize(("before", "language"), [("en", "en"), ("pt", "pt")])
def test_a_question_that_may_be_of_either_language_keeps_that_of_the_conversation(before, language):
    assert detect("top 2", before) == language
    assert detect("top 2 stores", before) == "en"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Hi", "smalltalk"),
        ("Olá, tudo bem?", "smalltalk"),
        ("thanks a lot!", "smalltalk"),
        ("o que você faz?", "smalltalk"),
        ("What tables are there?", "catalog"),
        ("quais tabelas existem?", "catalog"),
        ("columns of orders", "catalog"),
        ("quais colunas a tabela pedidos tem?", "catalog"),
        ("SELECT 1", "sql"),
        ("with x as (select 1) select * from x", "sql"),
        ("select the best customers", "data"),
        ("hi, how many orders?", "data"),
        ("how many orders are there?", "data"),
    ],
)
def test_the_intent(text, intent):
    assert classified(text).intent == intent


def test_a_wish_for_a_language_counts_for_the_answer_only():
    found = classified("how many orders?", locale="pt-BR")
    assert (found.locale, found.language) == ("pt-BR", "en")


def test_edited_sql_is_sql_whatever_the_words():
    assert classified("hello", sql="SELECT 1").intent == "sql"


def test_a_question_too_short_to_tell_goes_on_in_the_language_before():
    turn = Turn("vendas", Answer(locale="pt-BR"))
    assert classify(Question("2024?"), Context(LOCAL, "r", history=(turn,))).locale == "pt-BR"
    assert classified("2024?").locale == "en"


def test_cleaning_keeps_every_place():
    assert clean("a\x00b\ud800c") == "a b c"


@pytest.mark.parametrize("text", ["hi " * 3000, "(" * 8000, "what are the " * 600, "e" * 8000])
def test_long_texts_are_classified_like_others(text):
    assert classified(text).intent in ("data", "smalltalk")
