"""Parquet and Arrow files, opened by DuckDB and pyarrow."""

import json

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from prosa.results import Column


def parquet(data):
    return pq.read_table(pa.BufferReader(data))


def arrow(data):
    return pa.ipc.open_file(pa.BufferReader(data)).read_all()


def test_duckdb_reads_parquet_with_its_types(tmp_path, written, sales):
    file = tmp_path / "sales.parquet"
    file.write_bytes(written("parquet", sales))
    relation = duckdb.sql(f"from '{file}'")
    assert [str(kind) for kind in relation.types] == [
        "VARCHAR", "DECIMAL(12,2)", "DOUBLE", "DATE", "TIMESTAMP", "BIGINT", "BOOLEAN",
    ]  # fmt: skip
    assert relation.fetchall() == list(zip(*sales.to_pydict().values(), strict=True))


@pytest.mark.parametrize(("format", "read"), [("parquet", parquet), ("arrow", arrow)])
def test_odd_columns_keep_their_values(format, read, written, odd):
    table = read(written(format, odd))
    assert table.column_names == odd.column_names
    kept = [name for name in odd.column_names if name not in ("interval", "duration", "enum", "nan")]
    for name in kept:
        assert table[name].combine_chunks().equals(odd[name].combine_chunks().cast(table[name].type)), name


def test_intervals_are_text_in_parquet_and_intervals_in_arrow(written, odd):
    assert parquet(written("parquet", odd))["interval"].to_pylist() == ["1 year 2 months 3 days 01:00:00", None]
    assert arrow(written("arrow", odd)).schema.field("interval").type == pa.month_day_nano_interval()


@pytest.mark.parametrize(("format", "read"), [("parquet", parquet), ("arrow", arrow)])
def test_the_files_metadata_tell_where_it_comes_from(format, read, written, sales, about):
    metadata = read(written(format, sales, provenance=about)).schema.metadata
    if format == "parquet":
        metadata = pq.read_metadata(pa.BufferReader(written(format, sales, provenance=about))).metadata
    assert json.loads(metadata[b"prosa"])["question"] == about.question
    assert b"prosa" not in (read(written(format, sales)).schema.metadata or {})


@pytest.mark.parametrize(("format", "read"), [("parquet", parquet), ("arrow", arrow)])
def test_columns_go_by_the_names_that_people_read_each_once(format, read, written):
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["count_star()", "count_star()"])
    assert read(written(format, table)).column_names == ["count_star()", "count_star()_2"]
    titles = (Column("Pedidos", "integer"), Column("Itens", "integer"))
    assert read(written(format, table, columns=titles)).column_names == ["Pedidos", "Itens"]


def test_many_rows_make_row_groups_of_one_size(written):
    rows = pa.table({"n": pa.array(range(300_000), pa.int64())})
    metadata = pq.read_metadata(pa.BufferReader(written("parquet", rows)))
    assert metadata.num_rows == 300_000
    assert [metadata.row_group(place).num_rows for place in range(metadata.num_row_groups)] == [
        122_880,
        122_880,
        54_240,
    ]


def test_categories_that_differ_from_batch_to_batch_are_written_as_their_values(written):
    batches = [pa.record_batch({"a": pa.array(words).dictionary_encode()}) for words in (["x"], ["y", "z"])]
    table = pa.Table.from_batches(batches)
    assert arrow(written("arrow", table))["a"].to_pylist() == ["x", "y", "z"]
    assert parquet(written("parquet", table))["a"].to_pylist() == ["x", "y", "z"]
