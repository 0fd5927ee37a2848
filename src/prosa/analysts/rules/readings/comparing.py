"""Comparisons as they are said: `more than 5`, `between 1 and 3`, `10 or more`, `above the average`."""

from __future__ import annotations

from typing import Any, NamedTuple

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.reading import Compare
from prosa.analysts.rules.readings.state import State

OPERATORS: dict[str, Compare] = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<", "ne": "!=", "eq": "="}
_SMALL = ("be", "of", "with", "than", "in")
_ONE = frozenset({"one", "um", "uma", "a"})


class Comparison(NamedTuple):
    """What is compared with, and how many atoms it takes from the reader's place."""

    compare: Compare
    values: tuple[Any, ...]
    length: int
    average: bool = False


def comparison(state: State, ahead: int = 0, *, bare: bool = False) -> Comparison | None:
    """The comparison that begins so many places ahead; with `bare`, a number alone is equality."""
    start = state.passes(*_SMALL, ahead=ahead)
    atom = state.peek(start)
    if atom is None:
        return None
    if atom.has("above_average", "below_average"):
        return Comparison(">" if atom.has("above_average") else "<", (), start + 1, average=True)
    if atom.has("between"):
        return _between(state, start)
    operator = next((sign for name, sign in OPERATORS.items() if atom.has(name)), None)
    if operator:
        return _after(state, operator, start + 1)
    if atom.kind in ("number", "date"):
        after = state.peek(start + 1)
        if after is not None and after.has("or_more", "or_less"):
            return Comparison(">=" if after.has("or_more") else "<=", (atom.value,), start + 2)
        if bare:
            return Comparison("=", (atom.value,), start + 1)
    return None


def _between(state: State, start: int) -> Comparison | None:
    low = state.peek(start + 1)
    middle = state.peek(start + 2)
    high = state.peek(start + 3)
    if low is None or middle is None or high is None or not middle.has("and", "in"):
        return None
    if low.kind != "number" or high.kind != "number":
        return None
    return Comparison("between", (low.value, high.value), start + 4)


def _after(state: State, operator: Compare, start: int) -> Comparison | None:
    ahead = state.passes("of", "than", ahead=start)
    atom = state.peek(ahead)
    if _says_one(state, start):
        return Comparison(operator, (1,), start)
    if atom is not None and atom.kind in ("number", "date"):
        return Comparison(operator, (atom.value,), ahead + 1)
    return None


def _says_one(state: State, start: int) -> bool:
    """Whether `one` follows the operator: it is silent anywhere else."""
    before = state.peek(start - 1)
    if before is None:
        return False
    following = [atom for atom in state.atoms if atom.start >= before.end]
    return (
        bool(following) and following[0].kind == "silent" and following[0].text.lower() in _ONE and _counts(following)
    )


def _counts(following: list[Atom]) -> bool:
    return len(following) > 1 and following[1].kind in ("table", "column")
