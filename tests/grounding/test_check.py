"""Every number in an answer rests on the full result, the statement or the question; an invented one does not."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prosa import locales
from prosa.grounding import Check
from prosa.results import Column, Recipe, Result, Stats


def result(
    rows: list[tuple], *columns: Column, sql: str = "SELECT n", snapshot: bytes | None = None, total: int = 0
) -> Result:
    stats = []
    for place, column in enumerate(columns):
        numbers = [row[place] for row in rows if isinstance(row[place], int | float)]
        known = {"min": min(numbers), "max": max(numbers), "sum": sum(numbers)} if numbers else {}
        stats.append(
            Stats(**known, mean=sum(numbers) / len(numbers)) if numbers and column.type != "text" else Stats(**known)
        )
    recipe = Recipe(sql, "duckdb", ("x",), "f")
    return Result("r", columns, tuple(rows), total or len(rows), tuple(stats), recipe, snapshot=snapshot)


STORES = result([("Torra 24h", 750.5), ("Centro", 249.5)], Column("Store", "text"), Column("Revenue", "float"))


def confirmed(sentence: str, made: Result = STORES, question: str = "", locale: str = "en") -> list[bool]:
    return [span.confirmed for span in Check([made], question, locale).spans(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Centro had 249.50.",
        "The total is 1,000.",
        "The mean is 500.",
        "There are 2 stores.",
        "There are two stores.",
        "Centro has 25% of it.",
        "Torra 24h is first with 750.5.",
        "The largest was 751.",
    ],
)
def test_cells_figures_totals_and_shares_are_confirmed(sentence):
    assert confirmed(sentence) == [True] * len(confirmed(sentence))
    assert confirmed(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Centro had 249.60.",
        "The total is 1,001.",
        "Centro has 26% of it.",
        "Torra 25h is first.",
        "There are 3 stores.",
    ],
)
def test_what_the_result_does_not_hold_is_not(sentence):
    assert False in confirmed(sentence)


def test_the_question_and_the_statement_confirm_what_was_asked():
    made = result(
        [(5,)], Column("Orders", "integer"), sql="SELECT COUNT(*) FROM o WHERE d >= DATE '2025-03-01' AND price > 40"
    )
    assert confirmed("In March 2025, 5 orders were above 40.", made) == [True, True, True]
    assert confirmed("The top 7 are these.", made, question="top 7 customers") == [True]
    assert confirmed("The top 8 are these.", made, question="top 7 customers") == [False]
    assert confirmed("In April 2025, 5 orders.", made) == [False, True]


def test_portuguese_numbers_are_read_as_such():
    assert confirmed("O total é 1.000,00.", locale="pt-BR") == [True]
    assert confirmed("O total é 1,000.", locale="pt-BR") == [False]


def test_rows_beyond_the_first_are_looked_at_in_the_snapshot():
    table = pa.table({"n": pa.array(range(3000), pa.int64())})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    rows = [(number,) for number in range(1000)]
    made = result(rows, Column("n", "integer"), snapshot=sink.getvalue().to_pybytes(), total=3000)
    assert confirmed("One of them is 2,345.", made) == [True]
    assert confirmed("One of them is 12,345.", made) == [False]


def test_places_are_those_of_the_sentence():
    sentence = "Centro had 249.50, Torra had 9."
    assert [sentence[span.start : span.end] for span in Check([STORES], "", "en").spans(sentence)] == ["249.50", "9"]


@settings(max_examples=150, deadline=None)
@given(
    st.floats(min_value=-1e9, max_value=1e9, allow_nan=False).map(lambda number: round(number, 2)),
    st.sampled_from(locales.LOCALES),
)
def test_any_number_that_the_locale_formats_is_found_and_confirmed(number, locale):
    made = result([(number,)], Column("n", "float"))
    sentence = f"x: {locales.number(number, locale)}."
    assert confirmed(sentence, made, locale=locale) == [True]


@settings(max_examples=150, deadline=None)
@given(
    st.integers(min_value=1000, max_value=10**9),
    st.integers(min_value=1, max_value=900),
    st.sampled_from(locales.LOCALES),
)
def test_no_other_number_is_confirmed(number, off, locale):
    made = result([(number,)], Column("n", "integer"))
    assert confirmed(f"x: {locales.number(number + off, locale)}.", made, locale=locale) == [False]
    assert confirmed(f"x: {locales.number(number, locale)}.", made, locale=locale) == [True]


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text):
    assert all(0 <= span.start < span.end <= len(text) for span in Check([STORES], text, "en").spans(text))


@pytest.mark.parametrize(
    ("sentence", "text", "expected"),
    [
        ("“Multa de 2% ao mês, R$ 2.350,00 por saca”", "A multa de 2% ao mês, R$ 2.350,00 por saca.", [True, True]),
        ("It is 24 months.", "a warranty of 24 months", [True]),
        ("It is 24 months.", "a warranty of 240 months or 1.24", [False]),
        ("It is 12 months.", "a warranty of 24 months", [False]),
    ],
)
def test_a_number_may_come_from_a_cited_passage_just_as_it_stands_there(sentence, text, expected):
    locale = "pt-BR" if "Multa" in sentence else "en"
    assert [span.confirmed for span in Check([], "", locale, [text]).spans(sentence)] == expected
