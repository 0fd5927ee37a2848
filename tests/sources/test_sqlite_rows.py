"""Types of SQLite's results: from all values, the same for a short result and for one that is streamed."""

import sqlite3
from datetime import date, datetime

import pyarrow as pa
import pytest

from prosa.errors import QueryError
from prosa.sources.sqlite_rows import reader

FEW = 3


class Cursor:
    """Batches of three rows, so that a fourth row makes a result long."""

    def __init__(self, cursor):
        self.cursor = cursor
        self.names = [column[0] for column in cursor.description]

    def fetch(self):
        return self.cursor.fetchmany(FEW)

    def close(self):
        self.cursor.close()


@pytest.fixture
def run():
    con = sqlite3.connect(":memory:")
    yield lambda sql: Cursor(con.execute(sql))
    con.close()


@pytest.fixture(params=["short", "long"])
def typed(request, run):
    """The type and values of a column with these values, among few rows or after many."""

    def column(*values):
        filler = [values[0]] * (10 if request.param == "long" else 0)
        listed = " UNION ALL ".join(f"SELECT {value} AS c" for value in [*filler, *values])
        batches = reader(run, listed)
        found = batches.read_all().column(0)
        return batches.schema.field(0).type, found.to_pylist()[len(filler) :]

    return column


@pytest.mark.parametrize(
    ("values", "kind", "found"),
    [
        (("1", "NULL", "-9223372036854775808"), pa.int64(), [1, None, -(2**63)]),
        (("1.5", "2"), pa.float64(), [1.5, 2.0]),
        (("1.5", "9007199254740993"), pa.string(), ["1.5", "9007199254740993"]),
        (("1", "'x'"), pa.string(), ["1", "x"]),
        (("1.5", "'x'", "NULL"), pa.string(), ["1.5", "x", None]),
        (("x'00ff'", "NULL"), pa.binary(), [b"\0\xff", None]),
        (("x'41'", "'b'"), pa.string(), ["A", "b"]),
        (("NULL", "NULL"), pa.null(), [None, None]),
        (("'2025-01-02'", "NULL"), pa.date32(), [date(2025, 1, 2), None]),
        (("'2025-01-02'", "''"), pa.string(), ["2025-01-02", ""]),
        (("'2025-02-29'", "'2025-01-01'"), pa.string(), ["2025-02-29", "2025-01-01"]),
        (("'2025-13-01'", "NULL"), pa.string(), ["2025-13-01", None]),
        (("'2025-01-02 03:04:05'", "'2025-01-02T03:04:05.250'"), pa.timestamp("us"),
         [datetime(2025, 1, 2, 3, 4, 5), datetime(2025, 1, 2, 3, 4, 5, 250_000)]),
        (("'2025-01-02 03:04:05'", "'2025-01-02'"), pa.timestamp("us"),
         [datetime(2025, 1, 2, 3, 4, 5), datetime(2025, 1, 2)]),
        (("'2025-01-02 03:04'", "NULL"), pa.timestamp("us"), [datetime(2025, 1, 2, 3, 4), None]),
        (("'2025-01-02 03:04:05Z'", "NULL"), pa.string(), ["2025-01-02 03:04:05Z", None]),
        (("'2025-01-02 03:04:05+02:00'", "NULL"), pa.string(), ["2025-01-02 03:04:05+02:00", None]),
        (("'2025-01-02 25:00:00'", "NULL"), pa.string(), ["2025-01-02 25:00:00", None]),
        (("'2025'", "'2026'"), pa.string(), ["2025", "2026"]),
        (("'now'", "'2025-01-02'"), pa.string(), ["now", "2025-01-02"]),
        (("'12:30'", "NULL"), pa.string(), ["12:30", None]),
        (("1e999", "1.0"), pa.float64(), [float("inf"), 1.0]),
    ],
)  # fmt: skip
def test_a_column_gets_the_type_that_holds_all_its_values(typed, values, kind, found):
    assert typed(*values) == (kind, found)


def test_a_late_odd_value_decides_for_all(run):
    values = ["1"] * 20 + ["'x'"]
    batches = reader(run, " UNION ALL ".join(f"SELECT {value} AS c" for value in values))
    assert batches.schema.field(0).type == pa.string()
    assert batches.read_all().column(0).to_pylist() == ["1"] * 20 + ["x"]


def test_the_order_of_a_long_result_is_kept(run):
    sql = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 50) SELECT n FROM r ORDER BY n DESC"
    assert reader(run, sql).read_all().column(0).to_pylist() == list(range(50, 0, -1))


def test_columns_may_be_called_alike_and_anything(run):
    batches = reader(run, """SELECT 1 AS a, 2 AS a, 3 AS "", 4 AS "x,y" """)
    assert batches.schema.names == ["a", "a", "", "x,y"]
    long = reader(run, "SELECT column1 AS a, column1 AS a FROM (VALUES (1), (2), (3), (4))")
    assert long.read_all().to_pydict if long.schema.names == ["a", "a"] else pytest.fail("names changed")


def test_no_rows_still_have_columns(run):
    batches = reader(run, "SELECT 1 AS a, 'x' AS b WHERE 0")
    assert (batches.schema.names, batches.read_all().num_rows) == (["a", "b"], 0)


def test_a_result_whose_types_change_between_its_two_readings_is_an_error(run):
    class Changing:
        def __init__(self):
            self.calls = 0

        def __call__(self, sql):
            self.calls += 1
            odd = "'x'" if self.calls == 1 else "1"
            return run(sql.replace("ODD", odd))

    with pytest.raises(QueryError):
        reader(Changing(), "SELECT column1 FROM (VALUES (1), (2), (3), (4), (ODD))").read_all()
