"""Comparisons as they are said: `more than 5`, `between 1 and 3`, `10 or more`, `above the average`."""

from __future__ import annotations

from typing import Any, NamedTuple

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.reading import Compare
from prosa.analysts.rules.readings.state import State

OPERATORS: dict[str, Compare] = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<", "ne": "!=", "eq": "="}
_AGAINST: dict[str, tuple[Compare, str]] = {
    "gt_max": (">", "max"),
    "gt_min": (">", "min"),
    "lt_min": ("<", "min"),
    "lt_max": ("<", "max"),
}
_SMALL = ("be", "of", "with", "than", "in", "either")
_ONE = frozenset({"one", "um", "uma", "a"})


class Comparison(NamedTuple):
    """What is compared with, and how many atoms it takes from the reader's place."""

    compare: Compare
    values: tuple[Any, ...]
    length: int
    average: bool = False
    fold: str = ""


def comparison(state: State, ahead: int = 0, *, bare: bool = False) -> Comparison | None:
    """The comparison that begins so many places ahead; with `bare`, a number alone is equality."""
    start = state.passes(*_SMALL, ahead=ahead)
    atom = state.peek(start)
    if atom is None:
        return None
    if atom.has("above_average", "below_average"):
        return Comparison(">" if atom.has("above_average") else "<", (), start + 1, average=True, fold="avg")
    for name, (sign, fold) in _AGAINST.items():
        if atom.has(name):
            return Comparison(sign, (), start + 1, average=True, fold=fold)
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
    fold = next((fold for fold in ("avg", "max", "min") if atom is not None and atom.has(fold)), "")
    if fold:
        return Comparison(operator, (), ahead + 1, average=True, fold=fold)
    if atom is not None and atom.kind == "column" and _compared_with_its_like(state, atom, start):
        return Comparison(operator, (), ahead + 1, average=True, fold="max" if operator.startswith(">") else "min")
    return None


def _compared_with_its_like(state: State, atom: Atom, start: int) -> bool:
    """`salary greater than the salary of all …`: the column that is compared, once more."""
    operator = state.peek(start - 1)
    before = [one for one in state.loud if operator is not None and one.end <= operator.start and one.kind == "column"]
    rest = [one.text.casefold() for one in state.atoms if one.start >= atom.end and one.kind == "silent"]
    return (
        bool(before) and before[-1].target == atom.target and bool({"all", "any", "every", "todos", "todas"} & {*rest})
    )


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
