"""Engine values as JSON that a browser keeps exact."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prosa.results import Column, Recipe, Result, Stats, plain


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        (True, True),
        (2**53 - 1, 2**53 - 1),
        (2**53, "9007199254740992"),
        (-(2**70), str(-(2**70))),
        (float("nan"), None),
        (float("-inf"), None),
        (Decimal("10.00"), 10),
        (Decimal("12.34"), 12.34),
        (Decimal("0.1234567890123456789"), "0.1234567890123456789"),
        (Decimal("NaN"), None),
        ("a\ud800b", "a?b"),
        (datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC), "2025-01-02T03:04:05+00:00"),
        (date(2025, 1, 2), "2025-01-02"),
        (time(3, 4), "03:04:00"),
        (timedelta(days=1, seconds=1), "1 day, 0:00:01"),
        (b"\x00\xff", "AP8="),
        ({"a": [1, Decimal(2)]}, {"a": [1, 2]}),
        ((1, None), [1, None]),
    ],
)
def test_a_value_becomes_a_cell_without_losing_digits(value, cell):
    found = plain(value)
    assert found == cell
    assert type(found) is type(cell)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals() | st.binary(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_every_cell_is_json(value):
    cell = plain(value)
    assert msgspec.json.decode(msgspec.json.encode(cell)) == cell


def test_a_result_is_held_or_a_recipe():
    recipe = Recipe("SELECT 1", "duckdb", ("demo",), "f")
    held = Result("r", (Column("a", "integer"),), ((1,),), 1, (Stats(),), recipe, snapshot=b"arrow")
    assert held.held
    assert not Result("r", (), (), 0, (), recipe).held
