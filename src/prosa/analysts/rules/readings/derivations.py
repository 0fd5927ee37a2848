"""What is made of numbers in a further step: shares, ratios, differences, growth, running totals, yes or no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import cast

import msgspec

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.data import data
from prosa.analysts.rules.periods import Every, Span, move
from prosa.analysts.rules.reading import (
    AnyOf,
    Condition,
    Dimension,
    Field,
    Fold,
    Grain,
    Measure,
    Reading,
    alternatives,
    plain,
)
from prosa.analysts.rules.readings.dating import own_periods, usual_date
from prosa.analysts.rules.readings.several_periods import telling_grain
from prosa.analysts.rules.readings.shares import shared
from prosa.analysts.rules.readings.state import State, field_of
from prosa.analysts.rules.readings.totals import count, measured
from prosa.analysts.rules.schema import is_date
from prosa.analysts.rules.words import fold

_KINDS = ("share", "growth", "running", "versus")
_BETWEEN = ("of", "in", "and", "than", "group", "open")
_FOLDS: dict[str, Fold] = {"highest": "max", "max": "max", "lowest": "min", "min": "min", "sum": "sum", "avg": "avg"}
_FINEST: tuple[Grain, ...] = ("weekday", "day", "week", "month", "quarter", "year")
_YEARS = range(1900, 2101)
_DOING = frozenset({"did", "do", "does", "have", "has"})


def derivation(state: State) -> bool:
    """`share of revenue by store`, `revenue growth by month`, `this year against last year`, `running total`."""
    atom = state.peek()
    if atom is None or not atom.has(*_KINDS):
        return False
    kind = next(kind for kind in _KINDS if atom.has(kind))
    if kind == "versus":
        _first_year(state)
    state.skip()
    state.derivations.append((kind, atom))
    if kind == "growth":
        _by_time(state, atom)
    if kind == "share":
        shared(state)
    if kind == "versus":
        _years(state)
    return True


def _by_time(state: State, atom: Atom) -> None:
    """`month over month` says what growth goes by."""
    said = atom.text.split()[0]
    grain = next((grain for grain, words in data("periods")["growth"].items() if said in words.split()), None)
    if grain is not None:
        state.unplaced.append((atom._replace(kind="period", value=Every(grain)), False))


def _first_year(state: State) -> None:
    """`revenue by store 2025 vs 2024`: the first year needs no small word."""
    last = state.unknown[-1] if state.unknown else None
    if last is not None and last is state.before() and last.kind == "number" and last.value in _YEARS:
        state.unknown.pop()
        _as_year(state, last)


def _years(state: State) -> None:
    """`2025 versus 2024`, `compare 2024 and 2025`: neither do those behind the word."""
    while True:
        ahead = state.passes("in", "of", "and")
        atom = state.peek(ahead)
        if atom is None or atom.kind != "number" or atom.value not in _YEARS:
            return
        state.skip(ahead + 1)
        _as_year(state, atom)


def _as_year(state: State, atom: Atom) -> None:
    span = Span(date(int(atom.value), 1, 1), date(int(atom.value) + 1, 1, 1), unit="year")
    state.unplaced.append((atom._replace(kind="period", value=span), False))


def combination(state: State) -> bool:
    """`ratio of returns to orders`, `difference between the highest and the lowest price`."""
    atom = state.peek()
    if atom is None or not atom.has("ratio", "difference"):
        return False
    first, ahead = _part(state, 1)
    second, ahead = _part(state, ahead) if ahead else (None, 0)
    if first is None or second is None or first == second:
        return False
    state.skip(ahead)
    state.measures += [first, second]
    state.derivations.append(("ratio" if atom.has("ratio") else "difference", atom))
    return True


def _part(state: State, ahead: int) -> tuple[Measure | None, int]:
    """One of the two numbers, and the place behind it; a fold may wait for the column that the other one names."""
    ahead = state.passes(*_BETWEEN, "count", ahead=ahead)
    atom = state.peek(ahead)
    if atom is None:
        return None, 0
    fold = next((fold for name, fold in _FOLDS.items() if atom.has(name)), None)
    if fold:
        target = next((one for one in state.loud[state.place + ahead :] if one.kind in ("column", "measure")), None)
        if target is None:
            return None, 0
        after = state.passes("of", ahead=ahead + 1)
        return measured(state, target, fold), after + (state.peek(after) is target)
    if atom.kind == "table":
        return count(atom.target.table), ahead + 1
    return (measured(state, atom, "sum"), ahead + 1) if atom.kind in ("measure", "column") else (None, 0)


def whether(state: State) -> bool:
    """`are there any orders from Porto?`, `existe algum pedido cancelado?`: yes or no."""
    atom = state.peek()
    if atom is None or not atom.has("whether") or state.place:
        return False
    state.skip()
    state.derivations.append(("exists", atom))
    return True


def derive(state: State, reading: Reading) -> Reading | None:
    """The reading with what is made of it; None where that can't be made, so that it is not answered without."""
    reading = _mean(state, reading)
    for kind, atom in state.derivations:
        made = _MAKERS[kind](state, reading)
        if made is None:
            state.ignored.append(atom)
        else:
            reading = made
    return _first_of_each(state, reading)


def _mean(state: State, reading: Reading) -> Reading:
    """`average monthly revenue`, `average sales by weekday`: the mean of what the months, or the days, have each."""
    timed = sorted((one for one in reading.dimensions if one.grain), key=lambda one: _FINEST.index(one.grain))
    others = reading.order or reading.limit or reading.having or state.derivations
    if not timed or len(state.averaged) != 1 or len(reading.measures) != 1 or others:
        return reading
    per, groups = timed[0], tuple(one for one in reading.dimensions if one != timed[0])
    if per.grain == "weekday":
        per, groups = msgspec.structs.replace(per, grain="day"), reading.dimensions
    return _with(reading, derived="mean", per=per, dimensions=groups, measures=(state.averaged[0],), order=None)


def _with(reading: Reading, **changes: object) -> Reading:
    return msgspec.structs.replace(reading, **changes)


def _share(state: State, reading: Reading) -> Reading | None:
    if len(reading.measures) != 1 or reading.having or reading.measures[0].fold not in ("sum", "count"):
        return None
    if reading.dimensions:
        return _with(reading, derived="share")
    if reading.conditions or reading.periods or reading.exists:
        return _with(reading, derived="share_of_rows", shown=(), order=None, limit=None)
    return None


def _growth(state: State, reading: Reading) -> Reading | None:
    """Growth needs groups by time: those that were said, those of the periods that are compared, else years."""
    if len(reading.measures) != 1 or reading.having or len([one for one in reading.dimensions if one.grain]) > 1:
        return None
    if reading.derived == "growth":
        return reading
    dimensions = reading.dimensions
    if not any(one.grain for one in dimensions):
        time = _time(state, reading)
        if time is None:
            return None
        dimensions = (*dimensions, time)
    return _with(reading, derived="growth", dimensions=dimensions, order=None, limit=None)


def _time(state: State, reading: Reading) -> Dimension | None:
    """What growth goes by where no grain was said: `from 2024 to 2025` goes by years; a single year has no growth."""
    either = next((periods for one in reading.conditions if (periods := alternatives(one))), None)
    if either is not None:
        return Dimension(either[0].field, telling_grain(either))
    if reading.periods:
        units = [atom.value.unit for atom, _ in state.unplaced if isinstance(atom.value, Span)]
        one = reading.periods[0]
        if len(reading.periods) > 1 or not one.start or not one.end or units in ([], [""]):
            return None
        several = move(date.fromisoformat(one.start), units[0], 1).isoformat() < one.end
        return Dimension(one.field, cast(Grain, units[0])) if several else None
    field = usual_date(state, reading.measures[0].table)
    return Dimension(field, "year") if field is not None and is_date(state.info(field)) else None


def _versus(state: State, reading: Reading) -> Reading | None:
    """Two periods side by side, with the growth from one to the other; the values that are compared, a group each; or
    the groups that were asked for, which stand side by side as they are."""
    values = _compared_values(reading) if len(reading.periods) < 2 else None
    if values is not None:
        return _each_value(state, reading, *values)
    if (planned := _with_plans(state, reading)) is not None:
        return planned
    if not reading.periods and reading.measures and (reading.dimensions or len(reading.measures) > 1):
        return None if reading.links else reading
    fields = {period.field for period in reading.periods}
    if len(reading.periods) != 2 or len(fields) != 1 or not reading.measures:
        return None
    if any(one.grain for one in reading.dimensions):
        return None
    either = AnyOf(tuple(reading.periods))
    grain = Dimension(fields.pop(), telling_grain(reading.periods))
    return _with(
        reading,
        derived="growth",
        dimensions=(*reading.dimensions, grain),
        conditions=(*reading.conditions, either),
        periods=(),
        order=None,
        limit=None,
    )


def _with_plans(state: State, reading: Reading) -> Reading | None:
    """`revenue against target by store`: what was planned stands beside what was reached."""
    named = [table for table in {*reading.links, reading.subject} if table and state.named.is_plan(table)]
    planned = state.named.of_plain_rows(named[0]) if len(named) == 1 else None
    if planned is None or len(reading.measures) != 1 or reading.having:
        return None
    links = tuple(table for table in reading.links if table != planned.table)
    periods = (*reading.periods, *own_periods(state, reading.periods, planned.table))
    return _with(reading, measures=(*reading.measures, planned), periods=periods, links=links, subject="", order=None)


def _compared_values(reading: Reading) -> tuple[Field, Condition] | None:
    """The column of which several values are compared, and the one condition that keeps them."""
    kept: dict[Field, list[object]] = {}
    for one in reading.conditions:
        if isinstance(one, Condition) and one.compare in ("=", "in") and not one.negated and len(one.what.fields) == 1:
            kept.setdefault(one.what.fields[0], []).extend(one.values)
    several = [(field, values) for field, values in kept.items() if len(values) > 1]
    if len(several) != 1:
        return None
    field, values = several[0]
    return field, Condition(plain(field), "in", tuple(dict.fromkeys(values)))


def _each_value(state: State, reading: Reading, field: Field, kept: Condition) -> Reading | None:
    measures = reading.measures
    if not measures and (revenue := state.named.folded_revenue()) is not None:
        measures = (revenue,)
        state.doubt("ranked_by_revenue")
    if not measures:
        return None
    others = [one for one in reading.conditions if not isinstance(one, Condition) or one.what != kept.what]
    dimensions = [one for one in reading.dimensions if one.field != field]
    return _with(
        reading, measures=measures, dimensions=(Dimension(field), *dimensions), conditions=(*others, kept),
        shown=(), subject="", distinct=False,
    )  # fmt: skip


def _running(state: State, reading: Reading) -> Reading | None:
    timed = len([one for one in reading.dimensions if one.grain]) == 1
    if not timed or len(reading.measures) != 1 or reading.measures[0].fold not in ("sum", "count"):
        return None
    return _with(reading, derived="running", order=None, limit=None)


def _pair(kind: str) -> Callable[[State, Reading], Reading | None]:
    def make(state: State, reading: Reading) -> Reading | None:
        return _with(reading, derived=kind, order=None, subject="") if len(reading.measures) == 2 else None

    return make


def _asks_for_any(state: State) -> bool:
    """`are there returns?` says all of it; `do customers pay?` does not."""
    verbs = {fold(atom.text) for kind, atom in state.derivations if kind == "exists"}
    return not verbs & _DOING and all(atom.kind == "table" or atom.has("whether") for atom in state.loud)


def _exists(state: State, reading: Reading) -> Reading | None:
    """Whether there is any such row; a comparison of rows is no such question."""
    if reading.limit or reading.having:
        return None
    shown = reading.shown
    if reading.measures:
        table = reading.measures[0].table
        shown = (state.display(table),)
    narrowed = reading.conditions or reading.periods or reading.exists or reading.links
    if not shown or not (narrowed or _asks_for_any(state)):
        return None
    return _with(reading, derived="exists", shown=shown[:1], measures=(), dimensions=(), order=None, distinct=False)


_MAKERS: dict[str, Callable[[State, Reading], Reading | None]] = {
    "share": _share,
    "growth": _growth,
    "versus": _versus,
    "running": _running,
    "ratio": _pair("ratio"),
    "difference": _pair("difference"),
    "exists": _exists,
}


def _first_of_each(state: State, reading: Reading) -> Reading:
    """`top 2 products of each store`: the first rows within each group instead of the first groups."""
    if not state.each_group or not reading.limit or reading.order is None or reading.derived or reading.having:
        return reading
    per = state.each_group
    if isinstance(reading.order.by, Measure):
        named = state.display(state.subject) if state.subject else None
        others = [one for one in reading.dimensions if one != per]
        if not others and named is not None and named != per.field:
            others = [Dimension(named, entity=True)]
        if not others or not reading.measures:
            return reading
        measures = reading.measures if reading.order.by in reading.measures else (reading.order.by, *reading.measures)
        return _with(
            reading,
            derived="first_of_each",
            per=per,
            dimensions=(per, *others),
            measures=measures,
            shown=(),
            subject="",
        )
    shown = [one.field for one in reading.dimensions if one != per] or list(reading.shown)
    if not shown and state.subject:
        shown = [state.display(state.subject)]
    shown = [field for field in shown if field != per.field]
    if not shown:
        return reading
    return _with(reading, derived="first_of_each", per=per, shown=tuple(shown), dimensions=(), measures=())


def missing(state: State) -> bool:
    """`email is missing`, `e-mail não informado`, `with email`: whether a column has anything."""
    atom = state.peek()
    if atom is None or atom.kind != "column":
        return False
    ahead = state.passes("be", "with", ahead=1)
    denied = (word := state.peek(ahead)) is not None and word.has("not")
    word = state.peek(ahead + denied)
    if word is None or not word.has("missing"):
        return False
    state.skip(ahead + denied + 1)
    state.negated = state.negated or denied
    state.condition(Condition(plain(field_of(atom)), "null"))
    return True
