"""What holds for every format: exact counts, no rows, very many columns, odd cells, constant memory, honest failure."""

import duckdb
import pyarrow as pa
import pytest

from prosa.errors import UsageError
from prosa.exports import formats
from prosa.exports.options import Options

NAMES = tuple(formats.FORMATS)
ROWS = 200_000
LARGEST = 60 << 20


@pytest.mark.parametrize("name", NAMES)
def test_odd_cells_and_names_are_written(name, written, odd):
    assert written(name, odd)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "sql",
    [
        "[DATE 'infinity']", "[INTERVAL 1 DAY]", "{'a': {'b': INTERVAL 1 DAY}}", "MAP {'a': INTERVAL 1 DAY}", "MAP {}",
        "{}", "union_value(n := 1)", "[]", "TIMESTAMPTZ 'infinity'",
    ],
)  # fmt: skip
def test_whatever_duckdb_can_nest_is_written(name, sql, written):
    with duckdb.connect() as con:
        assert written(name, con.sql(f"SELECT {sql} AS a UNION ALL SELECT NULL").to_arrow_table())


@pytest.mark.parametrize("name", NAMES)
def test_a_zone_that_this_machine_does_not_know_is_written(name, written):
    assert written(name, pa.table({"a": pa.array([0, None], pa.timestamp("us", "Nowhere/City"))}))


@pytest.mark.parametrize("name", NAMES)
def test_no_rows_make_a_file_with_its_columns(name, written, sales):
    data = written(name, sales.slice(0, 0))
    assert data or name == "ndjson"


@pytest.mark.parametrize("name", NAMES)
def test_equal_rows_make_equal_files(name, written, sales, about):
    assert written(name, sales, provenance=about) == written(name, sales, provenance=about)


@pytest.mark.parametrize("name", NAMES)
def test_many_small_batches_count_as_one(name, written, sales):
    batches = [sales.slice(place, 1).to_batches()[0] for place in range(sales.num_rows)]
    empty = pa.RecordBatch.from_pylist([], schema=sales.schema)
    assert written(name, pa.Table.from_batches([empty, *batches, empty]))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "xlsx"])
def test_20_000_columns(name, written):
    wide = pa.table({f"c{place}": [place, None] for place in range(20_000)})
    assert written(name, wide)


def test_a_workbook_says_that_it_cannot_hold_20_000_columns(written):
    wide = pa.table({f"c{place}": [place] for place in range(20_000)})
    with pytest.raises(UsageError) as caught:
        written("xlsx", wide)
    assert caught.value.code == "export_too_wide"
    assert "16384" in caught.value.sentence("pt-BR")
    assert written("xlsx", wide.select(range(16_384)))


@pytest.mark.parametrize("name", NAMES)
def test_memory_stays_the_same_however_many_rows_there_are(name):
    schema = pa.schema({"n": pa.int64(), "x": pa.float64(), "word": pa.string()})

    def batches():
        for start in range(0, ROWS, 20_000):
            numbers = pa.array(range(start, start + 20_000), pa.int64())
            words = pa.array([f'São João {number}, <loja> "{number % 7}"' for number in range(20_000)])
            yield pa.record_batch([numbers, numbers.cast(pa.float64()), words], schema=schema)

    seen = []
    before = pa.total_allocated_bytes()
    reader = pa.RecordBatchReader.from_batches(schema, batches())
    count = formats.find(name).writer()(reader, lambda data: seen.append(pa.total_allocated_bytes()), Options())
    assert count == ROWS
    assert max(seen) - before < LARGEST


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_that_fails_never_leaves_a_file_that_looks_whole(name, written, sales):
    def batches():
        yield from sales.to_batches()
        raise OSError("the disk is gone")

    parts = []
    reader = pa.RecordBatchReader.from_batches(sales.schema, batches())
    with pytest.raises(OSError, match="disk"):
        formats.find(name).writer()(reader, lambda data: parts.append(bytes(data)), Options())
    whole = written(name, sales)
    assert whole not in (b"".join(parts), b"") or name in ("csv", "tsv", "ndjson")
    assert not b"".join(parts).endswith(whole[-8:]) or name in ("csv", "tsv", "ndjson")


def test_an_unknown_format_names_those_that_exist():
    with pytest.raises(UsageError) as caught:
        formats.find("xls")
    assert "xlsx" in str(caught.value)
