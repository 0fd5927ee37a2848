"""Where sentences begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prosa.documents.sentences import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Dr. Reis pays R$ 2.350,00 to Torra Ltda. de São Paulo. End.",
         ["Dr. Reis pays R$ 2.350,00 to Torra Ltda. de São Paulo.", "End."]),
        ("1. What can be returned\nAll of it.", ["1. What can be returned", "All of it."]),
        ("See J. Prado. He knows, e.g. by art. 5 of it.", ["See J. Prado.", "He knows, e.g. by art. 5 of it."]),
        ("He said “no.” Then he left.", ["He said “no.”", "Then he left."]),
        ("Until 5 p.m. they wait… Then not.", ["Until 5 p.m. they wait…", "Then not."]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_would_end_them(text, parts):
    assert [text[start:end] for start, end in sentences(text)] == parts


@given(st.text(alphabet="ab .!?\n1Zé"))
def test_no_letter_is_lost_and_places_are_in_order(text):
    spans = list(sentences(text))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert spans == sorted(spans)
