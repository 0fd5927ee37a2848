"""JSON in the shapes that programs write it."""

import gzip
import json
from datetime import date, datetime

import pytest

from prosa.errors import SourceError

ROWS = [{"id": 1, "name": "Ana"}, {"id": 2, "name": "Bob"}]
TABLE = [(1, "Ana"), (2, "Bob")]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2),
        "\n".join(map(json.dumps, ROWS)),
        "\n\n".join(json.dumps(row, indent=1) for row in ROWS),
        json.dumps({"data": ROWS}),
        json.dumps({"result": {"items": ROWS, "page": 1}}),
        json.dumps({"id": [1, 2], "name": ["Ana", "Bob"]}),
        json.dumps({"id": {"0": 1, "1": 2}, "name": {"0": "Ana", "1": "Bob"}}),
    ],
    ids=["list", "pretty", "lines", "objects", "wrapped", "inside", "columns", "pandas"],
)
def test_rows_are_found_in_every_shape(bench, text):
    assert bench.rows(bench.read(text, "data.json")) == TABLE


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_other_encodings_are_read(bench, encoding):
    text = json.dumps([{"nome": "São João"}], ensure_ascii=False)
    assert bench.rows(bench.read(text.encode(encoding), "data.json")) == [("São João",)]


def test_compressed_json_is_read(bench):
    assert bench.rows(bench.read(gzip.compress(json.dumps(ROWS).encode()), "data.json.gz")) == TABLE


def test_what_stands_beside_the_rows_is_told(bench, notices):
    info = bench.read(json.dumps({"page": 1, "total": 2, "data": ROWS}), "data.json")
    assert notices(info)["json_left_out"] == [{"table": "data", "keys": "page, total"}]


def test_several_lists_are_several_tables(bench):
    info = bench.read(json.dumps({"people": ROWS, "cities": [{"city": "Recife"}]}), "data.json")
    assert [table.name for table in info.tables] == ["people", "cities"]
    assert bench.rows(info, "cities") == [("Recife",)]


def test_one_object_is_one_row(bench):
    assert bench.rows(bench.read('{"a": 1, "b": {"c": 2}}', "data.json")) == [(1, {"c": 2})]


def test_objects_named_by_keys_are_rows(bench, types):
    info = bench.read('{"ana": {"age": 3, "city": "R"}, "bob": {"age": 4, "city": "N"}}', "data.json")
    assert bench.rows(info) == [("ana", 3, "R"), ("bob", 4, "N")]
    assert list(types(info)) == ["key", "age", "city"]


def test_what_is_nested_stays_nested(bench):
    info = bench.read('[{"id": 1, "tags": ["a", "b"], "at": {"x": 1}}]', "data.json")
    assert [column.type for column in info.tables[0].columns] == ["integer", "list", "struct"]
    assert bench.rows(info) == [(1, ["a", "b"], {"x": 1})]


def test_missing_keys_are_missing_values(bench):
    assert bench.rows(bench.read('[{"a": 1}, {"b": 2}]', "data.json")) == [(1, None), (None, 2)]


def test_days_and_times_in_texts_are_days_and_times(bench, types):
    text = '[{"d": "2024-01-05", "t": "2024-01-05T10:00:00Z", "b": "31/12/2024", "n": "0012", "p": "12.5"}]'
    info = bench.read(text, "data.json")
    assert types(info) == {"d": "DATE", "t": "TIMESTAMP", "b": "DATE", "n": "VARCHAR", "p": "VARCHAR"}
    assert bench.rows(info) == [(date(2024, 1, 5), datetime(2024, 1, 5, 10), date(2024, 12, 31), "0012", "12.5")]


def test_values_of_several_kinds_become_text(bench):
    assert bench.rows(bench.read('[{"a": 1}, {"a": "x"}, {"a": true}]', "data.json")) == [("1",), ("x",), ("true",)]


def test_numbers_that_are_none_are_missing(bench):
    assert bench.rows(bench.read('[{"a": NaN, "b": 1}, {"a": 1.5, "b": 2}]', "data.json")) == [(None, 1), (1.5, 2)]


def test_a_list_of_plain_values_is_a_column(bench, types):
    info = bench.read("[1, 2, 3]", "data.json")
    assert list(types(info)) == ["value"]
    assert bench.rows(info) == [(1,), (2,), (3,)]


@pytest.mark.parametrize("text", ['[{"a": 1}, {"a":', '[{"a": 1}, {"a": x}]', '{"a": [1, 2', '{"a": 1}\n{"a": \n'])
def test_broken_json_is_refused_with_the_place(bench, text):
    with pytest.raises(SourceError) as failure:
        bench.read(text, "data.json")
    assert failure.value.code == "json_broken"
    assert failure.value.values["place"] >= 1


def test_an_object_nested_too_deep_is_refused(bench):
    with pytest.raises(SourceError):
        bench.read('{"a":' * 3000 + "1" + "}" * 3000, "data.json")


def test_an_empty_list_is_a_table_without_rows(bench, notices):
    info = bench.read("[]", "data.json")
    assert info.tables[0].rows == 0
    assert "no_rows" in notices(info)
