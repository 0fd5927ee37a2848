"""When two results are the same, and when they are not."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prosa.evaluation.score import Expected, Verdict, judge, trivial

RIGHT, WRONG, EXTRA = Verdict(True, True), Verdict(False, False), Verdict(False, True)


@pytest.mark.parametrize(
    ("found", "gold", "verdict"),
    [
        ([(1, "a")], [(1, "a")], RIGHT),
        ([("a", 1)], [(1, "a")], RIGHT),
        ([(1,), (2,)], [(2,), (1,)], RIGHT),
        ([(1,), (1,), (2,)], [(1,), (2,), (2,)], WRONG),
        ([(1,), (2,)], [(1,), (2,), (2,)], WRONG),
        ([(1,)], [(2,)], WRONG),
        ([], [(1,)], WRONG),
        ([(1,)], [], WRONG),
        ([], [], RIGHT),
        ([(1, "a", 9)], [(1, "a")], EXTRA),
        ([(1,)], [(1, "a")], WRONG),
        ([(9, 1), (8, 2)], [(1,), (2,)], EXTRA),
        ([(1, 2), (2, 1)], [(1, 1), (2, 2)], WRONG),
        ([(1, 2), (2, 1)], [(2, 1), (1, 2)], RIGHT),
        ([(1, 2), (3, 4)], [(2, 3), (4, 1)], WRONG),
        ([(None,), (None,)], [(None,), (None,)], RIGHT),
        ([(None,)], [(0,)], WRONG),
        ([("A",)], [("a",)], WRONG),
        ([("5",)], [(5,)], WRONG),
    ],
)
def test_rows_are_compared_as_a_multiset_in_any_order_of_columns(found, gold, verdict):
    assert judge(found, Expected(gold)) == verdict


@pytest.mark.parametrize(
    ("found", "gold"),
    [
        (3.0, 3),
        (Decimal("3.00"), 3),
        (True, 1),
        (0.1 + 0.2, 0.3),
        (Decimal("1.10"), 1.1),
        (1234567.891, Decimal("1234567.891")),
        (12345678901234567, 12345678901234567),
        (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2), date(2024, 1, 2)),
        (datetime(2024, 1, 2, 3, 4), "2024-01-02 03:04:00"),
        (float("nan"), float("nan")),
        ([1, 2.0], [1.0, 2]),
        ({"a": 1}, {"a": 1.0}),
        (b"ab", b"ab"),
    ],
)
def test_values_are_compared_by_what_they_mean(found, gold):
    assert judge([(found,)], Expected([(gold,)])) == RIGHT


@pytest.mark.parametrize(
    ("found", "gold"),
    [(12345678901234567, 12345678901234568), (0.1, 0.1000001), (1, "1"), (float("nan"), None), (b"a", "a"), ([1], [2])],
)
def test_values_that_differ_stay_different(found, gold):
    assert judge([(found,)], Expected([(gold,)])) == WRONG


def test_order_counts_where_it_is_asked_for():
    gold = Expected([(1, "a"), (2, "b")], ordered=True)
    assert judge([("a", 1), ("b", 2)], gold) == RIGHT
    assert judge([("b", 2), ("a", 1)], gold) == WRONG
    assert judge([("a", 1, 0), ("b", 2, 0)], gold) == EXTRA


def test_two_equal_gold_columns_need_two_columns():
    assert judge([(1, 2)], Expected([(1, 1)], ordered=True)) == WRONG
    assert judge([(1, 2)], Expected([(1, 1)])) == WRONG
    assert judge([(1, 1)], Expected([(1, 1)])) == RIGHT


def test_only_the_required_columns_have_to_be_there():
    gold = Expected([("a", 3, "x"), ("b", 2, "y")], required=(0,))
    assert judge([("a",), ("b",)], gold) == RIGHT
    assert judge([(3, "a"), (2, "b")], gold) == RIGHT
    assert judge([("a", 99), ("b", 98)], gold) == EXTRA
    assert judge([(3,), (2,)], gold) == WRONG


@pytest.mark.parametrize("rows", [[], [(None,)], [(0,)], [(0.0,)], [("",)], [(False,)]])
def test_nothing_a_zero_and_a_null_prove_nothing(rows):
    assert trivial(rows)


@pytest.mark.parametrize("rows", [[(1,)], [(0, 0)], [(0,), (0,)], [("a",)]])
def test_anything_else_does(rows):
    assert not trivial(rows)


def test_many_like_columns_are_matched_in_reasonable_time():
    rows = [tuple((row * (column + 3)) % 7 for column in range(12)) for row in range(60)]
    shuffled = [tuple(reversed(row)) for row in reversed(rows)]
    assert judge(shuffled, Expected(rows)) == RIGHT
    flags = [tuple((row >> bit) & 1 for bit in range(10)) for row in range(1024)]
    assert judge([tuple(reversed(row)) for row in flags], Expected(flags)) == RIGHT


slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
cells = st.one_of(st.none(), st.integers(-3, 3), st.sampled_from(["a", "b", ""]), st.floats(allow_nan=True))
tables = st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[cells] * width), min_size=1, max_size=6))


@slowly
@given(tables, st.randoms())
def test_shuffled_rows_and_columns_are_the_same(rows, random):
    places = list(range(len(rows[0])))
    random.shuffle(places)
    shuffled = [tuple(row[place] for place in places) for row in rows]
    assert judge(shuffled, Expected(rows, ordered=True)).right
    random.shuffle(shuffled)
    assert judge(shuffled, Expected(rows)).right
    assert judge([(*row, "more") for row in shuffled], Expected(rows)) == EXTRA


@slowly
@given(tables, tables)
def test_being_the_same_goes_both_ways(first, second):
    assert judge(first, Expected(second)).right == judge(second, Expected(first)).right


def test_no_rows_are_no_rows_whatever_columns_are_required():
    assert judge([], Expected([], required=(0,))) == RIGHT


def test_many_columns_that_may_be_left_out_are_judged_in_no_time():
    """Of forty columns there are a million million sets."""
    gold = [tuple(range(40))]
    assert judge(gold, Expected(gold, required=(0,))) == RIGHT
    assert judge([(0, 39)], Expected(gold, required=(0,))) == RIGHT
    assert judge([(0, "x")], Expected(gold, required=(0,))) == EXTRA
