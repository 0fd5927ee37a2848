"""One text form of every value."""

import re
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prosa.exports.texts import digits_that_count, text


def one(column, **options):
    written = text(column, **options).to_pylist()
    assert written[1:] == [None] * (len(column) - 1)
    return written[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("huge", "18446744073709551615"),
        ("small", "-9223372036854775808"),
        ("exact", "1234567890123456789012345678.1234567890"),
        ("tiny", "0.0000000001"),
        ("infinity", "Infinity"),
        ("nan", "NaN"),
        ("half", "1.5"),
        ("zoned", "2024-01-01 12:00:00-03:00"),
        ("nano", "2023-11-14 22:13:20.123456789"),
        ("time", "08:30:00.5"),
        ("interval", "1 year 2 months 3 days 01:00:00"),
        ("duration", "-01:00:00"),
        ("ancient", "0044-03-15"),
        ("endless", "infinity"),
        ("bytes", "/wA8"),
        ("list", "[1,null,3]"),
        ("struct", '{"a":1,"b":{"c":["2024-01-01"]}}'),
        ("map", '{"k":"\\"v\\""}'),
        ("enum", "x"),
        ("nul", "a\0b\x1f\ufffec"),
    ],
)
def test_form(name, expected, odd):
    column = odd[name].chunk(0)
    if name == "zoned":
        column = pa.array([datetime(2024, 1, 1, 15), None], pa.timestamp("us", "America/Sao_Paulo"))
    assert one(column) == expected


def test_a_zone_that_this_machine_does_not_know_is_read_in_utc():
    assert one(pa.array([0], pa.timestamp("s", "Nowhere/City"))) == "1970-01-01 00:00:00+00:00"


def test_the_minus_infinite_moment_has_its_name_beside_a_real_one():
    column = pa.array([-(2**63) + 1, 0, None], pa.int64()).cast(pa.timestamp("us"))
    assert text(column).to_pylist() == ["-infinity", "1970-01-01 00:00:00", None]


def test_a_zoned_moment_too_far_for_arrow_is_never_written_as_another_year():
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'America/Sao_Paulo'")
        moments = ["infinity", "-infinity", "290000-01-01", "2020-01-01"]
        (column,) = con.sql(f"SELECT unnest({moments}::TIMESTAMPTZ[])").to_arrow_table().columns
    assert text(column.combine_chunks()).to_pylist() == [
        "infinity", "-infinity", "out of range: 9089348871600000000", "2020-01-01 00:00:00-03:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        ("[DATE 'infinity', DATE '2020-01-01', NULL]", '["infinity","2020-01-01",null]'),
        ("{'a': TIMESTAMP '-infinity', 'b': [1]}", '{"a":"-infinity","b":[1]}'),
        ("[INTERVAL '1 month 2 days']", '["1 month 2 days"]'),
        ("MAP {[1, 2]: DATE 'infinity'}", '{"[1, 2]":"infinity"}'),
        ("[union_value(n := 1)]", "[1]"),
        ("{}", "{}"),
    ],
)
def test_a_part_of_a_nested_value_that_python_lacks_is_its_text(sql, written):
    with duckdb.connect() as con:
        (column,) = con.sql(f"SELECT {sql} UNION ALL SELECT NULL").to_arrow_table().columns
    assert one(column.combine_chunks()) == written


def test_dates_in_a_form_of_ones_own_keep_their_time():
    moments = pa.array([datetime(2025, 1, 2, 3, 4, 5, 600000)])
    assert one(moments, date_format="%d/%m/%Y") == "02/01/2025 03:04:05.6"
    assert one(pa.array([date(2025, 1, 2)]), date_format="%d/%m/%Y") == "02/01/2025"
    assert one(moments, stamp="T") == "2025-01-02T03:04:05.6"


def test_zeros_of_a_fraction_go_but_those_before_the_point_stay():
    moments = pa.array([datetime(2020, 10, 10, 10, 10, 10), datetime(2020, 10, 10, 10, 10, 10, 100)])
    assert text(moments).to_pylist() == ["2020-10-10 10:10:10", "2020-10-10 10:10:10.0001"]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**20), max_value=10**20))
def test_decimals_keep_every_digit_and_never_have_powers(value):
    written = one(pa.array([value], pa.decimal128(38, 12)))
    assert Decimal(written) == value
    assert re.fullmatch(r"-?\d+\.\d{12}", written)


@given(st.floats(allow_nan=False))
def test_floats_read_back_as_themselves(value):
    assert float(one(pa.array([value]))) == value


@pytest.mark.parametrize(
    ("digits", "count"), [("0", 0), ("-12.50", 3), ("0.00012", 2), ("1000", 4), ("-0.0", 0), ("1.05", 3)]
)
def test_digits_that_count(digits, count):
    assert digits_that_count(pa.array([digits])).to_pylist() == [count]
