"""Arrow values of every kind as plain cells, and exact figures over them."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext

import duckdb
import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prosa.results import Stats, plain
from prosa.workers.cells import cells
from prosa.workers.figures import Figures


@pytest.mark.parametrize(
    ("sql", "cell"),
    [
        ("1::TINYINT", 1),
        ("170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"),
        ("18446744073709551615::UBIGINT", "18446744073709551615"),
        ("12.50::DECIMAL(9,2)", 12.5),
        ("'NaN'::DOUBLE", None),
        ("'-inf'::DOUBLE", None),
        ("'2025-01-02'::DATE", "2025-01-02"),
        ("'infinity'::DATE", "infinity"),
        ("'-infinity'::TIMESTAMP", "-infinity"),
        ("'0044-03-15 (BC)'::DATE", "-0043-03-15"),
        ("TIMESTAMP '2025-01-02 03:04:05.5'", "2025-01-02T03:04:05.500000"),
        ("TIMESTAMP_NS '2025-01-02 03:04:05.123456789'", "2025-01-02T03:04:05.123456"),
        ("TIMESTAMPTZ '2025-01-02 03:04:05+02'", "2025-01-02T01:04:05+00:00"),
        ("'10:11:12'::TIME", "10:11:12"),
        ("INTERVAL '14 months -2 days 3 hours'", "1 year 2 months -2 days 03:00:00"),
        ("INTERVAL '0 days'", "00:00:00"),
        ("'a'::BLOB", "YQ=="),
        ("[1, NULL]", [1, None]),
        ("{'a': DATE '2025-01-01'}", {"a": "2025-01-01"}),
        ("MAP {'k': 1}", {"k": 1}),
        ("MAP {[1, 2]: 1}", {"[1, 2]": 1}),
        ("[{'m': MAP {'k': INTERVAL 1 DAY}}]", [{"m": {"k": "1 day"}}]),
        ("[DATE '2020-01-01', 'infinity']", ["2020-01-01", "infinity"]),
        ("'290000-01-01'::TIMESTAMPTZ", "out of range: 9089348860800000000"),
        ("union_value(n := 1)", 1),
        ("NULL", None),
        ("uuid '97378ca2-7887-4c09-a020-acd11be420f3'", "97378ca2-7887-4c09-a020-acd11be420f3"),
        ("true", True),
    ],
)
def test_a_value_becomes_a_cell(sql, cell):
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        table = con.sql(f"SELECT {sql} AS c").to_arrow_table()
    assert cells(table.column(0)) == [cell]


def test_one_far_date_leaves_the_others_as_they_are():
    column = pa.array([0, 2**31 - 1, None, -(2**31 - 1)], pa.date32())
    assert cells(column) == ["1970-01-01", "infinity", None, "-infinity"]


def test_a_date_that_nothing_can_write_is_still_a_cell():
    assert cells(pa.array([100_000_000], pa.date32())) == ["out of range: 100000000"]


def test_long_texts_and_long_lists_are_cut():
    (text,) = cells(pa.array(["é" * 20_000]))
    assert text == "é" * 10_000 + "…"
    (nested,) = cells(pa.array([list(range(100_000))]))
    assert isinstance(nested, str)
    assert nested.startswith("[0,1,2")
    assert len(nested) == 10_001


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)))
def test_integers_are_summed_exactly(values):
    figures = Figures(pa.int64())
    for start in range(0, len(values), 7):
        figures.add(pa.array(values[start : start + 7], pa.int64()))
    present = [value for value in values if value is not None]
    found = figures.stats()
    assert found.nulls == len(values) - len(present)
    if present:
        wanted = sum(present)
        assert found.sum == (wanted if abs(wanted) <= 2**53 - 1 else str(wanted))
        assert found.mean == pytest.approx(wanted / len(present))
    else:
        assert found == Stats(len(values))


@given(st.lists(st.decimals(-(10**20), 10**20, places=4), min_size=1, max_size=20))
@settings(deadline=None)
def test_decimals_are_summed_exactly(values):
    figures = Figures(pa.decimal128(38, 4))
    for value in values:
        figures.add(pa.array([value], pa.decimal128(38, 4)))
    with localcontext(prec=60):
        assert figures.stats().sum == plain(sum(values, Decimal(0)))


@pytest.mark.parametrize(
    ("values", "kind", "stats"),
    [
        ([1.5, None, -2.5], pa.float64(), Stats(1, -2.5, 1.5, -1.0, -0.5)),
        ([float("nan"), 1.0], pa.float64(), Stats(0, 1, 1, None, None)),
        (["b", None, "a"], pa.string(), Stats(1, "a", "b")),
        ([date(2025, 1, 2), date(2024, 1, 1)], pa.date32(), Stats(0, "2024-01-01", "2025-01-02")),
        ([time(3), time(1)], pa.time64("us"), Stats(0, "01:00:00", "03:00:00")),
        ([datetime(2025, 1, 1, tzinfo=UTC)], pa.timestamp("us", "UTC"), Stats(0, *["2025-01-01T00:00:00+00:00"] * 2)),
        ([True, None], pa.bool_(), Stats(1)),
        ([[1], None], pa.list_(pa.int64()), Stats(1)),
        ([None, None], pa.null(), Stats(2)),
        ([timedelta(1)], pa.duration("us"), Stats(0)),
        ([2**64 - 1, 2**64 - 1], pa.uint64(), Stats(0, str(2**64 - 1), str(2**64 - 1), str(2**65 - 2), 2.0**64)),
    ],
)
def test_figures_fit_the_type(values, kind, stats):
    figures = Figures(kind)
    figures.add(pa.array(values, kind))
    assert figures.stats() == stats


def test_a_column_without_an_order_has_its_nulls_counted():
    with duckdb.connect() as con:
        (column,) = con.sql("SELECT union_value(n := 1) UNION ALL SELECT NULL").to_arrow_table().columns
    figures = Figures(column.type)
    figures.add(column.chunk(0))
    assert figures.stats() == Stats()


def test_infinite_dates_have_figures():
    figures = Figures(pa.date32())
    figures.add(pa.array([2**31 - 1, 0], pa.date32()))
    assert figures.stats() == Stats(0, "1970-01-01", "infinity")


@given(
    st.lists(
        st.recursive(
            st.none() | st.integers(-100, 100) | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=1
        )
    )
)
@settings(deadline=None)
def test_cells_are_json(values):
    column = pa.array([repr(value) for value in values], pa.string())
    assert msgspec.json.decode(msgspec.json.encode(cells(column))) == cells(column)
