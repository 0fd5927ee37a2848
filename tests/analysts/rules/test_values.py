"""The value index: how texts of the data are found by the words of a question."""

import pytest

from prosa.analysts.rules.values import EXACT, FORM, PART, SLIP, TRANSLATED, Values
from prosa.sources.base import Catalog, ColumnInfo, TableInfo


def values(*texts: str, role: str = "category") -> Values:
    column = ColumnInfo("c", "text", role, values=texts)  # type: ignore[arg-type]
    return Values(Catalog("duckdb", (TableInfo("t", "x", (column,), 10),), "values"))


def found(index: Values, *words: str, language: str = "en") -> list[tuple[str, float]]:
    return [(hit.value.text, hit.score) for hit in index.find(words, language)]


def test_a_value_is_found_without_case_accents_and_signs():
    assert found(values("São Paulo"), "sao", "paulo") == [("São Paulo", EXACT)]
    assert found(values("Coca-Cola"), "coca", "cola") == [("Coca-Cola", EXACT)]


def test_number_and_gender_do_not_matter():
    assert found(values("cat"), "cats") == [("cat", FORM)]
    assert found(values("cancelado"), "canceladas", language="pt") == [("cancelado", FORM)]


def test_translations_countries_and_codes_are_known():
    assert found(values("cancelled"), "cancelado", language="pt") == [("cancelled", TRANSLATED)]
    assert found(values("Germany"), "alemanha", language="pt") == [("Germany", TRANSLATED)]
    assert found(values("BR", "PT"), "brazil") == [("BR", TRANSLATED)]
    assert found(values("F", "M"), "women") == [("F", TRANSLATED)]
    assert found(values("France"), "french") == [("France", TRANSLATED)]


def test_one_word_of_a_name_finds_the_few_names_that_have_it():
    index = values("José Saramago", "Jorge Amado", "Ana Amado", role="name")
    assert [(hit.value.text, hit.score) for hit in index.named("saramago")] == [("José Saramago", PART)]
    assert [hit.value.text for hit in index.named("amado")] == ["Ana Amado", "Jorge Amado"]
    assert [hit.value.text for hit in index.named("ana")] == ["Ana Amado"]


def test_a_word_of_many_names_finds_none():
    index = values(*(f"Ana {letter}osa" for letter in "BCFMR"), role="name")
    assert index.named("ana") == []
    assert [hit.value.text for hit in index.named("rosa")] == ["Ana Rosa"]


@pytest.mark.parametrize("written", ["camdem", "cadmen", "camdn", "camdens"])
def test_one_edit_is_a_slip_in_a_word_of_six_letters(written):
    assert [hit.value.text for hit in values("Camden", "Centro").slips(written)] == ["Camden"]


def test_one_edit_between_two_values_means_neither():
    assert values("Marina", "Marisa").slips("marita") == []
    assert [hit.value.text for hit in values("Marina", "Madrid").slips("marita")] == ["Marina"]


def test_one_edit_in_a_short_word_makes_another_word():
    assert values("Tiger").slips("timer") == []


def test_a_small_slip_is_forgiven_and_a_big_one_is_not():
    index = values("Cappuccino")
    assert index.slips("capuccino")[0].score > SLIP * 0.8
    assert index.slips("cappelletti") == []


def test_a_word_that_means_the_same_as_a_value(library):
    assert library.rows("books of genre romance") == library.rows("livros do gênero romance")


def test_a_synonym_of_a_value_is_found_where_the_word_is_none(ledger):
    plan = ledger.plan("total amount of kind meal")
    assert "'Food'" in plan.queries[0].sql
