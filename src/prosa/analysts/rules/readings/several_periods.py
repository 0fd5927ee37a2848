"""Several periods of one column: what no row can meet together was meant as alternatives, each with its own number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations, pairwise
from typing import get_args

from prosa.analysts.rules.periods import floor, move
from prosa.analysts.rules.reading import AnyOf, Dimension, Field, Grain, Period, alternatives
from prosa.analysts.rules.readings.dating import base_table
from prosa.analysts.rules.readings.state import State

_COARSEST_FIRST: tuple[Grain, ...] = tuple(grain for grain in get_args(Grain) if grain not in ("", "weekday"))


def tell_apart(state: State) -> None:
    """`revenue by store this year and last year`: either period, and groups by it. `Customers who ordered in 2024 and
    2025` have rows in both, which stays as it is."""
    if any(kind == "versus" for kind, _ in state.derivations):
        return
    for field in dict.fromkeys(period.field for period in state.periods):
        own = [period for period in state.periods if period.field == field and not period.negated]
        said = [one for one in state.conditions if any(part.field == field for part in alternatives(one))]
        every = sorted([*own, *(part for one in said for part in alternatives(one))], key=lambda one: one.start)
        if len(every) < 2 or not _apart(every) or _many_a_row(state, field):
            continue
        state.periods = [period for period in state.periods if period not in own]
        state.conditions = [one for one in state.conditions if one not in said]
        state.conditions.append(AnyOf(tuple(every)))
        if not said and _numbers_alone(state):
            _by_period(state, field, every)


def _apart(periods: list[Period]) -> bool:
    """Whether no two of them, sorted by their beginning, have a day in common."""
    return all(one.end and one.end <= other.start for one, other in pairwise(periods))


def _many_a_row(state: State, field: Field) -> bool:
    """Whether a row of what is asked for may have several dates, so that it can meet both periods."""
    base = base_table(state)
    return bool(base) and not state.schema.joins.leads_to_one(base, field.table)


def _numbers_alone(state: State) -> bool:
    """Whether numbers are asked for, and nothing that is made of all of them together."""
    return bool(state.measures or state.dimensions) and not (
        state.base or state.having or state.order or state.direction or state.limit or state.derivations
    )


def _by_period(state: State, field: Field, periods: list[Period]) -> None:
    if not any(one.field == field for one in state.dimensions):
        state.dimensions.append(Dimension(field, telling_grain(periods)))


def telling_grain(periods: Sequence[Period]) -> Grain:
    """The grain by which some periods are told apart."""
    # A month of two years is told by the month; halves of a year, which no grain names, by their months.
    whole = (grain for grain in _COARSEST_FIRST if all(_is_one(grain, period) for period in periods))
    within = (grain for grain in _COARSEST_FIRST if _tells(grain, periods))
    return next(iter((*whole, *within, "month")))


def _is_one(grain: Grain, period: Period) -> bool:
    if not period.start:
        return False
    start = date.fromisoformat(period.start)
    return floor(start, grain) == start and move(start, grain, 1).isoformat() == period.end


def _tells(grain: Grain, periods: Sequence[Period]) -> bool:
    """Whether each period lies within one stretch of the grain, and no two in the same one."""
    stretches = []
    for period in periods:
        if not period.start or not period.end:
            return False
        start = floor(date.fromisoformat(period.start), grain)
        if move(start, grain, 1).isoformat() < period.end:
            return False
        stretches.append(start)
    return all(one != other for one, other in combinations(stretches, 2))
