"""JSON and its lines: read back by Python's own reader, by the rules of `results.plain`."""

import json
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prosa.exports.literals import literals
from prosa.results import plain


def refuse(constant):
    raise AssertionError(f"{constant} is no JSON")


def one(column):
    return [json.loads(value or "null", parse_constant=refuse) for value in literals(column).to_pylist()]


@given(st.lists(st.text()))
def test_any_text_reads_back(values):
    assert one(pa.array(values, pa.string())) == values


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.none()))
def test_integers_read_as_a_browser_keeps_them(values):
    assert one(pa.array(values, pa.int64())) == [plain(value) for value in values]


@given(st.lists(st.floats() | st.none()))
def test_floats_that_json_lacks_are_null(values):
    assert one(pa.array(values, pa.float64())) == [plain(value) for value in values]


def test_decimals_of_many_digits_are_text():
    values = [Decimal("12.50"), Decimal("1234567890123456789.01"), Decimal("-0.01"), None]
    assert one(pa.array(values, pa.decimal128(38, 2))) == [12.5, "1234567890123456789.01", -0.01, None]


@pytest.mark.parametrize("format", ["json", "ndjson"])
def test_nested_values_stay_nested_and_nulls_null(format, written, odd):
    data = written(format, odd)
    rows = json.loads(data)["rows"] if format == "json" else [json.loads(line) for line in data.splitlines()]
    assert rows[0]["list"] == [1, None, 3]
    assert rows[0]["struct"] == {"a": 1, "b": {"c": ["2024-01-01"]}}
    assert rows[0]["map"] == {"k": '"v"'}
    assert rows[0]["nul"] == "a\0b\x1f\ufffec"
    assert set(rows[1].values()) == {None}
    assert list(rows[0]) == odd.column_names


def test_columns_of_one_name_both_survive(written):
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array([3])], names=["a", "a", "a_2"])
    assert json.loads(written("ndjson", twice)) == {"a": 1, "a_2": 2, "a_2_2": 3}


def test_the_document_tells_where_it_comes_from(written, sales, about):
    document = json.loads(written("json", sales, provenance=about))
    assert document["provenance"]["sql"] == about.sql
    assert document["provenance"]["complete"] is True
    assert document["count"] == len(document["rows"]) == 4
    assert document["columns"][1] == {"name": "valor", "type": "decimal"}


def test_no_rows_are_an_empty_list(written, sales):
    assert json.loads(written("json", sales.slice(0, 0)))["rows"] == []
