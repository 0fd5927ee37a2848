"""The lexicon's files: complete, clean, and found by their words."""

import pytest

from prosa import locales
from prosa.analysts.rules import lexicon
from prosa.analysts.rules.data import data
from prosa.analysts.rules.grammar import expand, grammar
from prosa.analysts.rules.words import fold, tokens


def test_the_bridge_leads_from_portuguese_to_english():
    assert lexicon.keys("loja", "pt")["=store"] == lexicon.BRIDGED
    assert "=store" not in lexicon.keys("loja", "en")
    assert (("birth", "date"), lexicon.BRIDGED) in lexicon.phrases(("data", "nascimento"), "pt")


@pytest.mark.parametrize(
    ("form", "verb", "english"),
    [
        ("regeu", "reger", "=conduct"),
        ("regeram", "reger", "=conduct"),
        ("fundaram", "fundar", "=found"),
        ("partem", "partir", "=depart"),
        ("abriu", "abrir", "=open"),
        ("votaram", "votar", "=vote"),
    ],
)
def test_forms_of_portuguese_verbs_lead_where_the_verb_leads(form, verb, english):
    assert lexicon.verb_of(form) == verb
    assert lexicon.keys(form, "pt")[english] < lexicon.BRIDGED
    assert english not in lexicon.keys(form, "en")


@pytest.mark.parametrize("word", ["casa", "mesa", "loja", "clientes", "ordem", "homem", "ia"])
def test_nouns_are_no_forms_of_verbs_where_the_bridge_has_them(word):
    assert "=marry" not in lexicon.keys(word, "pt")
    assert lexicon.verb_of("xyzaram") == ""


def test_an_english_word_leads_back_to_portuguese_in_any_number_but_no_other_form():
    assert ("pag",) in lexicon.portuguese_for(("paid",))
    assert ("pag",) not in lexicon.portuguese_for(("pay",))
    assert lexicon.portuguese_for(("stores",)) == lexicon.portuguese_for(("store",)) != ()


def test_a_table_is_no_month():
    assert "=table" in lexicon.keys("mesas", "pt")
    assert "=month" not in lexicon.keys("mesa", "pt")
    assert "=month" in lexicon.keys("meses", "pt")


def test_a_word_is_nearer_to_itself_than_to_another_form_or_a_synonym():
    keys = lexicon.wider("customers", "en")
    assert keys["=customer"] == lexicon.SAME > keys["custom"] > keys["=client"]


def test_short_words_of_schemas_are_written_out():
    assert lexicon.expanded("qty", "en") == ("quantity",)
    assert lexicon.expanded("qtd", "pt") == ("quantidade",)
    assert lexicon.expanded("name", "en") == ("name",)


@pytest.mark.parametrize("language", ["en", "pt"])
def test_every_phrase_is_folded_and_made_of_plain_words(language):
    for patterns in data(f"grammar_{language}")["ops"].values():
        for phrase in (phrase for pattern in patterns for phrase in expand(pattern)):
            assert all(word == fold(word) for word in phrase)
            assert not any(sign in word for word in phrase for sign in "()|")


def test_both_languages_know_the_same_operations():
    english, portuguese = (set(data(f"grammar_{language}")["ops"]) for language in ("en", "pt"))
    assert english - portuguese <= {"as"}
    assert portuguese <= english


def test_alternatives_are_written_out():
    assert set(expand("(a|b|) c")) == {("a", "c"), ("b", "c"), ("c",)}
    assert set(expand("x( y( z|)|)")) == {("x",), ("x", "y"), ("x", "y", "z")}


@pytest.mark.parametrize(
    ("language", "text", "length", "name"),
    [
        ("en", "how many of the orders", 2, "count"),
        ("en", "in descending order of the price", 4, "desc"),
        ("en", "more than", 2, "gt"),
        ("pt", "mais do que cinco", 3, "gt"),
        ("pt", "para cada loja", 2, "group"),
        ("pt", "mais vendidos", 2, "best_selling"),
    ],
)
def test_the_longest_phrase_is_found(language, text, length, name):
    match = grammar(language).match(tokens(text, language), 0)
    assert match is not None
    assert (match.length, name in match.names) == (length, True)


def test_every_bridge_entry_has_both_sides():
    lines = [line for block in data("bridge").values() for line in block.strip().splitlines()]
    assert len(lines) > 800
    assert all(left.strip() and right.strip() for left, _, right in (line.partition(":") for line in lines))


def test_every_derived_measure_has_a_name_in_both_languages():
    for name in ("revenue", "units", "average_order", "profit"):
        assert all(locales.text(f"reading.{name}", locale) for locale in locales.LOCALES)
