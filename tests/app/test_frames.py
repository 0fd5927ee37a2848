"""Frames of every kind become Parquet files that hold what the frame held."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from prosa.app import frames
from prosa.errors import SourceError


def rows(path):
    return parquet.read_table(path).to_pylist()


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": [1, 2], "b": ["x", None]}),
        pl.DataFrame({"a": [1, 2], "b": ["x", None]}),
        pa.table({"a": [1, 2], "b": ["x", None]}),
        pa.record_batch({"a": [1, 2], "b": ["x", None]}),
    ],
    ids=["pandas", "polars", "arrow", "batch"],
)
def test_every_kind_of_frame_is_written_whole(tmp_path, frame):
    assert frames.is_frame(frame)
    assert rows(frames.write(frame, "data", tmp_path)) == [{"a": 1, "b": "x"}, {"a": 2, "b": None}]


def test_a_stream_of_batches_is_written_whole(tmp_path):
    batches = [pa.record_batch({"a": [number]}) for number in range(5)]
    reader = pa.RecordBatchReader.from_batches(batches[0].schema, batches)
    assert [row["a"] for row in rows(frames.write(reader, "data", tmp_path))] == [0, 1, 2, 3, 4]


def test_the_same_data_is_the_same_file_and_other_data_another(tmp_path):
    first = frames.write(pd.DataFrame({"a": [1]}), "data", tmp_path)
    assert frames.write(pd.DataFrame({"a": [1]}), "data", tmp_path) == first
    assert frames.write(pd.DataFrame({"a": [2]}), "data", tmp_path) != first
    assert not list(tmp_path.glob("*.part"))


def test_a_frame_without_rows_keeps_its_columns(tmp_path):
    empty = pl.DataFrame({"a": [1], "c": pl.Series(["u"], dtype=pl.Categorical)}).clear()
    assert parquet.read_schema(frames.write(empty, "data", tmp_path)).names == ["a", "c"]


def test_pandas_own_shapes(tmp_path):
    frame = pd.DataFrame(
        [[1, "x", 1 + 2j], [2, 3, None]], columns=["a", "a", "c"], index=pd.Index(["r", "s"], name="key")
    )
    assert rows(frames.write(frame, "data", tmp_path)) == [
        {"key": "r", "a": 1, "a_2": "x", "c": "(1+2j)"},
        {"key": "s", "a": 2, "a_2": "3", "c": None},
    ]


def test_what_groupby_leaves_behind_is_a_table(tmp_path):
    """Its index is called like a column; one level may have no name at all."""
    counted = pd.DataFrame({"a": ["x", "x", "y"]}).groupby("a")[["a"]].count()
    assert rows(frames.write(counted, "data", tmp_path)) == [{"a": "x", "a_2": 2}, {"a": "y", "a_2": 1}]
    counted.index = pd.MultiIndex.from_tuples([("p", 1), ("q", 2)], names=[None, "n"])
    assert rows(frames.write(counted, "data", tmp_path))[0] == {"level_0": "p", "n": 1, "a": 2}


def test_whole_numbers_beyond_64_bits_keep_their_digits(tmp_path):
    frame = pd.DataFrame({"a": [10**30, 1]})
    assert rows(frames.write(frame, "data", tmp_path)) == [{"a": "1" + "0" * 30}, {"a": "1"}]


def test_intervals_and_empty_records_are_text_wherever_they_stand(tmp_path):
    day = pa.MonthDayNano([0, 1, 0])
    frame = pa.table({"a": [day], "b": [[day]], "c": pa.array([{}], pa.struct([]))})
    assert rows(frames.write(frame, "data", tmp_path)) == [{"a": "1 day", "b": '["1 day"]', "c": "{}"}]


def test_pandas_types_that_only_pandas_knows(tmp_path):
    frame = pd.DataFrame(
        {
            "month": pd.period_range("2024-01", periods=2, freq="M"),
            "kind": pd.Categorical(["a", None]),
            "took": pd.to_timedelta([90, None], unit="s"),
            ("two", "levels"): [1, 2],
        }
    )
    first = rows(frames.write(frame, "data", tmp_path))[0]
    assert first == {"month": "2024-01", "kind": "a", "took": 90.0, "two levels": 1}


def test_arrow_types_that_parquet_does_not_know(tmp_path):
    frame = pl.DataFrame(
        {
            "category": pl.Series(["u"], dtype=pl.Categorical),
            "lists": pl.Series([["u"]], dtype=pl.List(pl.Categorical)),
            "took": [dt.timedelta(minutes=1)],
            "record": [{"text": "x"}],
            "exact": [Decimal("1.5")],
            "raw": [b"x"],
            "nothing": [None],
        }
    )
    assert rows(frames.write(frame, "data", tmp_path)) == [
        {
            "category": "u",
            "lists": ["u"],
            "took": 60.0,
            "record": {"text": "x"},
            "exact": Decimal("1.5"),
            "raw": b"x",
            "nothing": None,
        }
    ]


def test_wide_and_odd_arrow_types(tmp_path):
    table = pa.table(
        {
            "half": pa.array([1.5], pa.float16()),
            "wide": pa.array([Decimal("1.5")], pa.decimal256(60, 1)),
            "span": pa.array([pa.MonthDayNano([1, 2, 3])]),
        }
    )
    found = rows(frames.write(table, "data", tmp_path))[0]
    assert (found["half"], found["wide"]) == (1.5, 1.5)
    assert found["span"] == "1 month 2 days 00:00:00.000000003"


@pytest.mark.parametrize(
    "frame",
    [pd.DataFrame(), pl.DataFrame(), pl.Series([1]), pa.array([1])],
    ids=["pandas", "polars", "series", "array"],
)
def test_what_is_no_table_is_refused(tmp_path, frame):
    with pytest.raises(SourceError) as caught:
        frames.write(frame, "data", tmp_path)
    assert caught.value.code == "frame_unreadable"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", ["sales.csv", 3, None, [1], {"a": 1}])
def test_other_things_are_no_frames(value):
    assert not frames.is_frame(value)
