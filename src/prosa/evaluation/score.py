"""Whether an answer's rows are the expected ones: pure functions over rows, no engine and no file.

The order of columns never matters, that of rows only where it is asked for; a row that comes twice must come twice.
Numbers are compared by value, so that 3, 3.0 and DECIMAL '3.00' are one, and floats to ten digits, since a sum depends
on the order of its parts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import combinations, islice
from typing import Any, NamedTuple

DIGITS = 10
MOST_TRIES = 20_000
"""How many ways to match columns are tried before two results count as different."""

Rows = Sequence[Sequence[Any]]
Column = tuple[Hashable, ...]


class Expected(NamedTuple):
    """The gold rows; whether their order counts; and the places of the columns that must be there, where not all."""

    rows: Rows
    ordered: bool = False
    required: tuple[int, ...] = ()


class Verdict(NamedTuple):
    """`right`: these rows and columns and no others. `right_with_extra`: the same with further columns allowed."""

    right: bool
    right_with_extra: bool


def judge(found: Rows, expected: Expected) -> Verdict:
    """How an answer's rows compare with the expected ones."""
    if len(found) != len(expected.rows):
        return Verdict(False, False)
    if not found:
        return Verdict(True, True)
    have, gold = _columns(found), _columns(expected.rows)
    right = any(_holds(have, wanted, expected.ordered) for wanted in _accepted(gold, expected, len(have)))
    least = [gold[place] for place in expected.required] or gold
    return Verdict(right, right or _holds(have, least, expected.ordered))


def trivial(rows: Rows) -> bool:
    """Whether rows tell nothing that a wrong answer could not: none at all, or a single 0 or NULL."""
    return not rows or (len(rows) == 1 and len(rows[0]) == 1 and rows[0][0] in (None, 0, ""))


def _accepted(gold: list[Column], expected: Expected, width: int) -> Iterator[list[Column]]:
    """The sets of so many gold columns that an answer may have: all, or any that has the required ones."""
    required = expected.required or tuple(range(len(gold)))
    free = [place for place in range(len(gold)) if place not in required]
    if width < len(required):
        return
    # Of thirty columns there are a billion sets.
    for more in islice(combinations(free, width - len(required)), MOST_TRIES):
        yield [gold[place] for place in (*required, *more)]


def _columns(rows: Rows) -> list[Column]:
    return [tuple(map(_comparable, column)) for column in zip(*rows, strict=True)]


def _holds(have: list[Column], wanted: list[Column], ordered: bool) -> bool:
    """Whether columns can be chosen that give the wanted rows, in order or as a multiset."""
    if not wanted:
        return True
    if ordered:
        return not Counter(wanted) - Counter(have)
    sizes = [Counter(column) for column in have]
    candidates = [[place for place, size in enumerate(sizes) if size == Counter(column)] for column in wanted]
    order = sorted(range(len(wanted)), key=lambda place: len(candidates[place]))
    return _search(have, [wanted[place] for place in order], [candidates[place] for place in order])


def _search(have: list[Column], wanted: list[Column], candidates: list[list[int]]) -> bool:
    """Chooses column after column, those with the fewest candidates first, as long as the rows so far agree."""
    goals = [Counter(zip(*wanted[: count + 1], strict=True)) for count in range(len(wanted))]
    waiting: list[tuple[int, ...]] = [()]
    for _ in range(MOST_TRIES):
        if not waiting:
            return False
        chosen = waiting.pop()
        if len(chosen) == len(wanted):
            return True
        for place in candidates[len(chosen)]:
            if place not in chosen:
                longer = (*chosen, place)
                if Counter(zip(*(have[column] for column in longer), strict=True)) == goals[len(chosen)]:
                    waiting.append(longer)
    return False


def _comparable(value: Any) -> Hashable:
    if value is None or isinstance(value, str | bytes):
        return value
    if isinstance(value, bool | int | float | Decimal):
        return _number(value)
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.replace(tzinfo=None).isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, dict):
        return tuple(sorted((str(key), _comparable(item)) for key, item in value.items()))
    if isinstance(value, list | tuple):
        return tuple(map(_comparable, value))
    return str(value)


def _number(value: float | Decimal) -> Hashable:
    if not math.isfinite(value):
        return str(float(value))
    if value == int(value):
        return int(value)
    return float(f"{float(value):.{DIGITS}g}")
