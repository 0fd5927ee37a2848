"""First rows and other people's rows as CSV: plain cells of any kind."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prosa.exports import small_csv


def lines(text):
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("＝1", "'＝1"),
        ("\rx", '"\'\rx"'),
        ("-5%", "'-5%"),
        ("-1.234,56", '"-1.234,56"'),
        ("+3.20", "+3.20"),
        ("a\0b", "ab"),
        (True, "true"),
        (2**53, "9007199254740992"),
        (-0.5, "-0.5"),
        ([1, "a"], '"[1,""a""]"'),
        ({"a": None}, '"{""a"":null}"'),
    ],
)
def test_a_cell_is_one_field_that_no_spreadsheet_runs(cell, shown):
    assert small_csv.written(["a", "b"], [[cell, None]]) == f"a,b\n{shown},\n"


def test_no_row_of_a_single_column_is_a_blank_line():
    assert small_csv.written(["only"], [[None], [""], ["a"]]) == 'only\n""\n""\na\n'


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2)))
def test_any_text_comes_back(rows):
    found = lines(small_csv.written(["a", "b"], rows))
    assert [[cell.removeprefix("'") for cell in row] for row in found[1:]] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
