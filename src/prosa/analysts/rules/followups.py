"""Questions that edit the one before: `and by month?`, `só 2025`, `e por loja?`, `sort by the smallest`, `top 3`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.data import data
from prosa.analysts.rules.periods import Span, in_year
from prosa.analysts.rules.reading import (
    Dimension,
    Measure,
    Order,
    Reading,
)
from prosa.analysts.rules.readings import gathered
from prosa.analysts.rules.readings.dating import place_periods
from prosa.analysts.rules.readings.finish import usual_fold
from prosa.analysts.rules.readings.several_periods import tell_apart
from prosa.analysts.rules.readings.state import State
from prosa.analysts.rules.referring import (
    about_them,
    base_of,
    counted,
    named,
    numbers_folded,
    other_order,
    other_rows,
    refers,
)
from prosa.analysts.rules.understanding import Understanding
from prosa.analysts.rules.words import fold


def edited(previous: Reading, understood: Understanding) -> tuple[Reading, State] | None:
    """The last reading as this question changes it; None where the question stands by itself, or changes nothing that
    is understood."""
    pointing = refers(understood)
    if not understood.rows or (not pointing and _stands_alone(understood)):
        return None
    row = understood.rows[0]
    state = gathered(row.atoms, understood.schema, understood.named, base_of(previous))
    _answer_words(state)
    _bare_years(state)
    _yearless(state, previous)
    place_periods(state)
    tell_apart(state)
    folded = numbers_folded(previous, state)
    if folded is not None:
        return folded, state
    _most_of_all(previous, state)
    if state.unknown or state.ignored:
        return None
    reading = about_them(previous, state, understood) if pointing else _changed(previous, state)
    reading = _grouped(reading, state)
    asked = bool(pointing and state.shown)  # the same once more is an answer as well
    return (reading, state) if reading != previous or state.chart or asked else None


def _answer_words(state: State) -> None:
    """`show all distinct results`: words for the answer itself say nothing about the data."""
    words = data("operations")["answer"].split()
    state.unknown = [atom for atom in state.unknown if fold(atom.text) not in words]


def _most_of_all(previous: Reading, state: State) -> None:
    """`which store has the most?`, `qual tem menos?` after numbers by store: the first of them."""
    last = state.loud[-1] if state.loud else None
    if last is None or not last.has("most", "least") or state.ignored != [last]:
        return
    if len(previous.measures) == 1 and previous.dimensions and not previous.derived:
        state.ignored = []
        state.order, state.limit = Order(previous.measures[0], last.has("most")), 1


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
    return best.confidence >= 0.6 or not (best.unknown or best.state.ignored)


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
    if state.distinct and not reading.measures and not reading.dimensions:
        reading = msgspec.structs.replace(reading, distinct=True)
    reading = _other_groups(reading, state)
    reading = other_rows(reading, state)
    return other_order(reading, state)


def _other_numbers(reading: Reading, state: State) -> Reading:
    if not state.measures and reading.measures and not state.subject:
        # `and the quantity?` after a sum asks for another sum.
        state.measures = [usual_fold(state, field) for field in state.shown if state.numeric(field)]
    if not state.measures:
        return reading
    order = reading.order
    if order is not None and order.by in reading.measures:
        order = Order(state.measures[0], order.descending)
    return msgspec.structs.replace(reading, measures=tuple(counted(reading, state)), order=order)


def _other_groups(reading: Reading, state: State) -> Reading:
    groups = list(state.dimensions) or (list(named(reading, state)) if state.each and state.measures else [])
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
        rows = Measure("count", reading.subject or reading.shown[0].table)
        return msgspec.structs.replace(
            reading, shown=(), dimensions=tuple(groups), measures=(rows,), subject="", order=None, limit=None
        )
    return msgspec.structs.replace(
        reading, shown=(), subject="", dimensions=tuple(groups), order=None, limit=None, distinct=False
    )
