"""What is true of one table alone: its rows may be called just so."""

import pytest


@pytest.mark.parametrize(
    "question", ["how many rows?", "how many records are there", "quantas linhas tem?", "quantos registros há"]
)
def test_rows_are_the_rows_of_the_only_table(ledger, question):
    assert ledger.rows(question) == [(3,)]


@pytest.mark.parametrize("question", ["number of rows by kind", "quantas linhas por kind"])
def test_they_can_be_grouped(ledger, question):
    assert sorted(ledger.rows(question)) == [("Food", 1), ("Rent", 2)]


def test_of_several_tables_nobody_knows_whose_rows_are_meant(shop, refused):
    assert refused(shop.plan("how many rows?")).code == "unknown_words"


@pytest.mark.parametrize("question", ["growth of amount by month in %", "crescimento de amount por mês em %"])
def test_growth_in_percent_is_growth_and_no_share(ledger, question):
    assert ledger.plan(question).reading == ledger.plan(question.removesuffix(" in %").removesuffix(" em %")).reading
