"""Estimates come from medians of what was seen."""

from prosa.runs.pace import Pace


def pace_of(*durations):
    pace = Pace()
    for duration in durations:
        pace.add("execute", duration)
    return pace


def test_nothing_is_estimated_before_enough_was_seen():
    assert pace_of(900, 1000).eta("execute") is None
    assert pace_of(900, 1000).eta("plan") is None


def test_the_estimate_is_the_median():
    assert pace_of(900, 1000, 60_000).eta("execute") == 1000


def test_a_stage_that_is_always_quick_is_not_worth_an_estimate():
    assert pace_of(1, 2, 3).eta("execute") is None
    assert pace_of(1, 2, 3).usual("execute") == 2


def test_old_durations_are_forgotten():
    assert pace_of(*[10_000] * 50, *[100] * 50).eta("execute") == 100
