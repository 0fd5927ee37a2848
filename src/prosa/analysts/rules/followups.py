"""Questions that edit the one before: `and by month?`, `só 2025`, `e por loja?`, `sort by the smallest`, `top 3`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.data import data
from prosa.analysts.rules.frame import fields
from prosa.analysts.rules.periods import Span, in_year
from prosa.analysts.rules.reading import (
    Dimension,
    Expression,
    Measure,
    Order,
    Reading,
    plain,
)
from prosa.analysts.rules.readings import gathered
from prosa.analysts.rules.readings.dating import place_periods
from prosa.analysts.rules.readings.finish import usual_fold
from prosa.analysts.rules.readings.several_periods import tell_apart
from prosa.analysts.rules.readings.state import State
from prosa.analysts.rules.understanding import Understanding


def edited(previous: Reading, understood: Understanding) -> tuple[Reading, State] | None:
    """The last reading as this question changes it; None where the question stands by itself, or changes nothing that
    is understood."""
    refers = _refers(understood)
    if not understood.rows or (not refers and _stands_alone(understood)):
        return None
    row = understood.rows[0]
    state = gathered(row.atoms, understood.schema, understood.named, base_of(previous))
    _bare_years(state)
    _yearless(state, previous)
    place_periods(state)
    tell_apart(state)
    if state.unknown or state.ignored:
        return None
    reading = _about_them(previous, state, understood) if refers else _changed(previous, state)
    reading = _grouped(reading, state)
    return (reading, state) if reading != previous or state.chart else None


def _grouped(reading: Reading, state: State) -> Reading:
    """Plain rows that are now told apart by how many of something they have become groups: `which have more than 10
    orders?` after a list of customers."""
    ranked = reading.order is not None and isinstance(reading.order.by, Measure)
    if reading.dimensions or not (reading.shown or reading.subject) or not (reading.having or ranked):
        return reading
    if reading.groups_counted or reading.derived:
        return reading
    fields = reading.shown or (state.display(reading.subject),)
    named = {field.table for field in fields if field == state.display(field.table)}
    dimensions = tuple(Dimension(field, entity=field.table in named) for field in fields)
    return msgspec.structs.replace(reading, shown=(), dimensions=dimensions, distinct=False)


def base_of(reading: Reading) -> str:
    """The table whose rows a reading is about."""
    if reading.measures:
        return reading.measures[0].table
    if reading.order is not None:
        return reading.order.by.table
    fields = [*reading.shown, *(one.field for one in reading.dimensions)]
    return reading.subject or (fields[0].table if fields else "")


def _refers(understood: Understanding) -> bool:
    """Whether a question speaks of the rows of the answer before: `their names`, `which of those`, `quantos deles`.
    A word that stands behind a table of this question refers to that one."""
    words = set(data("operations")["refers"].split())
    places = [place for place, token in enumerate(understood.tokens) if token.norm in words]
    if not places or not understood.rows:
        return False
    atoms = understood.rows[0].atoms
    return not any(atom.kind == "table" and atom.end <= places[0] for atom in atoms)


def _about_them(previous: Reading, state: State, understood: Understanding) -> Reading:
    """What this question asks of the rows that the last one was about."""
    kept = _other_rows(previous, state)
    words = {token.norm for token in understood.tokens}
    if state.measures:
        groups = tuple(state.dimensions) or (_named(previous, state) if state.each else ())
        return msgspec.structs.replace(
            kept, measures=tuple(state.measures), dimensions=groups, shown=(), subject="", order=None, limit=None
        )
    asked = list(state.shown)
    if not asked and state.subject and state.subject != base_of(previous):
        asked = [state.display(state.subject)]
    if not asked:
        return _other_order(kept, state)
    first = understood.tokens[0].norm
    also = words & set(data("operations")["also"].split()) or first in data("operations")["adding"]
    shown = (*previous.shown, *asked) if also else tuple(asked)
    ranked = previous.order if previous.limit else None
    return msgspec.structs.replace(
        kept, shown=tuple(dict.fromkeys(shown)), measures=(), dimensions=(), order=state.order or ranked
    )


def _named(previous: Reading, state: State) -> tuple[Dimension, ...]:
    """What the last answer's rows are called, to group by."""
    if previous.dimensions:
        return previous.dimensions
    shown = previous.shown or ((state.display(previous.subject),) if previous.subject else ())
    return tuple(Dimension(field, entity=field == state.display(field.table)) for field in shown)


def _stands_alone(understood: Understanding) -> bool:
    """Whether a question says what it wants by itself: it names something to show, and does not begin like an edit."""
    words = [token.norm for token in understood.tokens[:2]]
    if words and (
        words[0] in data("operations")["edits"].split() or " ".join(words) in data("operations")["edits_of_two"]
    ):
        return False
    if not understood.readings or _fragment(understood.rows[0].atoms):
        return False
    best = understood.readings[0]
    return best.confidence >= 0.6 or not best.unknown


def _fragment(atoms: Sequence[Atom]) -> bool:
    """`by month`, `in 2025`: only groups, periods, values or an order."""
    return not any(
        atom.kind in ("table", "measure") or atom.has("open", "count", "sum", "avg", "how_much")
        for number, atom in enumerate(atoms)
        if not (number and atoms[number - 1].has("group"))
    )


def _bare_years(state: State) -> None:
    """`e 2024?`: a year needs no small word before it where it edits."""
    for atom in [atom for atom in state.unknown if atom.kind == "number"]:
        if isinstance(atom.value, float) and atom.value == int(atom.value) and 1900 <= atom.value <= 2100:
            year = int(atom.value)
            span = Span(date(year, 1, 1), date(year + 1, 1, 1), unit="year")
            state.unknown.remove(atom)
            state.unplaced.append((atom._replace(kind="period", value=span), False))


def _yearless(state: State, previous: Reading) -> None:
    """`and in June?` after May 2025 means June of that year, not the latest June."""
    asked = {day[:4] for one in previous.periods if not one.relative for day in (one.start, _day_before(one.end))}
    if len(asked) != 1 or "" in asked:
        return
    year = int(asked.pop())
    for place, (atom, alternative) in enumerate(state.unplaced):
        span = atom.value
        if not isinstance(span, Span) or not span.yearless or not span.start or not span.end:
            continue
        state.unplaced[place] = (atom._replace(value=in_year(span, year)), alternative)


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat() if day else ""


def _changed(previous: Reading, state: State) -> Reading:
    """Each thing that the question says takes the place of its like; the rest stays."""
    reading = _other_numbers(previous, state)
    reading = _other_groups(reading, state)
    reading = _other_rows(reading, state)
    return _other_order(reading, state)


def _other_numbers(reading: Reading, state: State) -> Reading:
    if not state.measures and reading.measures and not state.subject:
        # `and the quantity?` after a sum asks for another sum.
        state.measures = [usual_fold(state, field) for field in state.shown if state.numeric(field)]
    if not state.measures:
        return reading
    order = reading.order
    if order is not None and order.by in reading.measures:
        order = Order(state.measures[0], order.descending)
    return msgspec.structs.replace(reading, measures=tuple(state.measures), order=order)


def _other_groups(reading: Reading, state: State) -> Reading:
    groups = list(state.dimensions)
    if not groups:
        more = [*state.shown, *([state.display(state.subject)] if state.subject else [])]
        extra = tuple(field for field in more if field not in reading.shown)
        if reading.shown:
            return msgspec.structs.replace(reading, shown=(*reading.shown, *extra))
        # A table that is named beside numbers is what they are told apart by: it must not get lost.
        if not reading.dimensions or state.subject in ("", base_of(reading)):
            return reading
        groups = [Dimension(state.display(state.subject), entity=True)]
    if not reading.measures and reading.shown:
        counted = Measure("count", reading.subject or reading.shown[0].table)
        return msgspec.structs.replace(
            reading, shown=(), dimensions=tuple(groups), measures=(counted,), subject="", order=None, limit=None
        )
    return msgspec.structs.replace(reading, dimensions=tuple(groups), order=None, limit=None)


def _other_rows(reading: Reading, state: State) -> Reading:
    """New conditions and periods instead of those on the same columns."""
    told = {field for one in state.conditions for field in fields(one)} | {one.field for one in state.periods}
    kept = [one for one in reading.conditions if not told.intersection(fields(one))]
    periods = tuple(state.periods) or tuple(one for one in reading.periods if one.field not in told)
    return msgspec.structs.replace(
        reading,
        conditions=(*kept, *state.conditions),
        periods=periods,
        exists=(*reading.exists, *state.exists),
        having=tuple(state.having) or reading.having,
    )


def _other_order(reading: Reading, state: State) -> Reading:
    limit = state.limit if state.limit is not None else reading.limit
    order = reading.order
    if state.order is not None:
        order = state.order
    elif state.direction:
        by = order.by if order is not None else _ordered_by(reading)
        order = Order(by, state.direction.split()[0] in ("desc", "last", "plural")) if by is not None else None
    return msgspec.structs.replace(reading, order=order, limit=limit)


def _ordered_by(reading: Reading) -> Measure | Expression | None:
    if reading.measures:
        return reading.measures[0]
    return plain(reading.shown[-1]) if reading.shown else None
