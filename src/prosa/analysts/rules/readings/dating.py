"""Which date column a period of the question is about."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.measures import english_words
from prosa.analysts.rules.periods import Every, Span
from prosa.analysts.rules.reading import (
    AnyOf,
    Compare,
    Condition,
    Dimension,
    Exists,
    Expression,
    Field,
    Grain,
    Measure,
    Period,
    plain,
)
from prosa.analysts.rules.readings.calendar import is_year
from prosa.analysts.rules.readings.state import State
from prosa.analysts.rules.schema import is_date
from prosa.analysts.rules.weekdays import Weekdays

_FAR = 2.7
"""The longest way, in joins, to a date column that a period may silently be about."""
_PARTICIPLES = ("ed", "ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas")
_SAID = 2.0
"""How many joins a date column may be farther away that a word of the question is kin to: `customers who ordered`."""
_LISTED = 4
"""The most words between two periods of one list: `, but not in`."""
_USUAL = ("date", "order", "sale", "invoice", "purchas", "transact", "creat", "placed", "day", "time", "occur")


def place_periods(state: State) -> None:
    """Gives every period and grain its column; what finds none counts as not understood."""
    for field, atom, alternative in state.dated:
        _narrow(state, _narrowed(state, field, atom.value), alternative=alternative)
    placed = [(atom, field) for field, atom, _ in state.dated]
    for atom, alternative in state.unplaced:
        if state.lacking and isinstance(atom.value, Span | Weekdays) and _lacking(state, atom, atom.value):
            continue
        known = (field for before, field in placed if _goes_on(state, before, atom))
        found = next(known, None) or _named(state, atom) or _nearest(state, atom)
        placed += [(atom, found)] if found is not None else []
        if found is None:
            state.unknown.append(atom)
        elif isinstance(atom.value, Every):
            _group(state, found, atom.value)
        else:
            _narrow(state, _narrowed(state, found, atom.value), alternative=alternative)


def date_each(state: State) -> None:
    """Where numbers of several tables stand side by side, a period is also that of the rows which have another date:
    `revenue and targets in 2025`."""
    bases = sorted({measure.table for measure in state.measures})
    if len(bases) > 1:
        state.periods += [one for base in bases for one in own_periods(state, state.periods, base)]


def own_periods(state: State, periods: Sequence[Period], table: str) -> list[Period]:
    """The same periods of a table's own date, where its rows don't have the dates that they are about."""
    others = [one for one in periods if not state.schema.joins.leads_to_one(table, one.field.table)]
    own = state.schema.only_date(table) if others else None
    return [msgspec.structs.replace(one, field=own) for one in others] if own is not None else []


def _goes_on(state: State, before: Atom, atom: Atom) -> bool:
    """Whether a period stands in one list with the one before: `in 2024 and 2025`, `in 2024 but not in 2025`."""
    between = [one for one in state.loud if before.end <= one.start < atom.start]
    return 0 < atom.start - before.end <= _LISTED and all(
        one.has("and", "or", "comma", "but", "not") for one in between
    )


def _lacking(state: State, atom: Atom, span: Span | Weekdays) -> bool:
    """`without an exhibition in 2004`: the period is that of what must not be there."""
    absent = state.exists[-1]
    field = _dated(state, absent.table, atom) or _nearest(state, atom, absent.table)
    if field is None:
        return False
    one = _narrowed(state, field, span)
    told = [other for other in absent.conditions if isinstance(other, Period) and other.field == field]
    if told or one.negated:
        # One row can't meet both: `who ordered in 2024 and 2025` has two orders.
        others = tuple(other for other in absent.conditions if other not in told)
        denied = absent.negated != one.negated
        one = msgspec.structs.replace(one, negated=False)
        state.exists.append(Exists(absent.table, (*others, one), denied))
    else:
        state.exists[-1] = Exists(absent.table, (*absent.conditions, one), absent.negated)
    return True


def _dated(state: State, table: str, atom: Atom) -> Field | None:
    """The usual date column of one table."""
    found = [
        (_unusual(state, field), number, field)
        for number, field in enumerate(Field(table, column.name) for column in state.table(table).columns)
        if is_date(state.info(field)) or (_years_only(atom) and is_year(state, field))
    ]
    return min(found)[2] if found else None


def dates_of(state: State, table: str) -> list[Field]:
    """The date columns of a table: those that the question has a word for, else all, the usual one first."""
    fields = state.schema.dates(table)
    said = [field for field in fields if state.says(state.schema.element(field.table, field.column))]
    return sorted(said or fields, key=lambda field: _unusual(state, field))


def usual_date(state: State, table: str) -> Field | None:
    """The date that the rows of a table usually have, in the table or near it."""
    found: list[tuple[float, str, Field]] = []
    for other in state.schema.catalog.tables:
        way = state.schema.joins.distance(table, other.name)
        if way is None or way > _FAR:
            continue
        found += [(way + _unusual(state, field), other.name, field) for field in state.schema.dates(other.name)]
    return min(found)[2] if found else None


def base_table(state: State) -> str:
    """The table whose rows the question is about."""
    if state.base:
        return state.base
    if state.measures:
        return state.measures[0].table
    if state.order is not None and isinstance(state.order.by, Measure):
        return state.order.by.table
    if state.having:
        return state.having[0].measure.table
    if state.order is not None and isinstance(state.order.by, Expression):
        return state.order.by.table
    if state.shown:
        return state.shown[0].table
    return state.subject or (state.context[0] if state.context else "")


def _named(state: State, atom: Atom) -> Field | None:
    """A date or year column that stands just before the period, which is then about nothing else."""
    if state.done is not None:
        return state.done
    for field in state.hints:
        if is_date(state.info(field)) or is_year(state, field):
            state.hints.remove(field)
            state.trust("hint")
            return field
    before = [one for one in state.loud if one.end <= atom.start]
    if before and before[-1].kind == "column":
        field = Field(before[-1].target.table, before[-1].target.column)
        if field in state.shown and len(state.shown) > 1 and (is_date(state.info(field)) or is_year(state, field)):
            state.shown.remove(field)
            return field
    return _participle(state, before[-2:])


def _participle(state: State, before: Sequence[Atom]) -> Field | None:
    """`cancelled subscriptions in 2024`: a participle before its rows says what the period is about, and shows
    nothing."""
    if [one.kind for one in before] != ["column", "table"] or before[0].end != before[1].start:
        return None
    field = Field(before[0].target.table, before[0].target.column)
    if field.table != before[1].target.table or state.shown != [field] or not is_date(state.info(field)):
        return None
    if not before[0].text.casefold().endswith(_PARTICIPLES):
        return None
    state.shown, state.subject = [], field.table
    return field


def _nearest(state: State, atom: Atom, base: str = "") -> Field | None:
    base = base or _bought(state) or base_table(state)
    if not base:
        return None
    found: list[tuple[float, str, Field]] = []
    for table in state.schema.catalog.tables:
        way = state.schema.joins.distance(base, table.name)
        field = _dated(state, table.name, atom) if way is not None and way <= _FAR else None
        if way is not None and field is not None:
            mentioned = table.name in state.favoured
            found.append((way - 0.5 * mentioned + _unusual(state, field), table.name, field))
    return min(found)[2] if found else None


def _bought(state: State) -> str:
    """The table of what was sold, where a verb alone says that somebody bought."""
    measure = state.named.folded_revenue() if state.buys else None
    return state.named.rows(measure)[0] if measure is not None else ""


def _years_only(atom: Atom) -> bool:
    value = atom.value
    if isinstance(value, Weekdays):
        return False
    return value.grain == "year" if isinstance(value, Every) else value.unit == "year"


def _unusual(state: State, field: Field) -> float:
    """How far a column's name is from that of a row's usual date."""
    element = state.schema.element(field.table, field.column)
    words = english_words(element)
    if state.says(element):
        return -_SAID
    if any(word.startswith("birth") for word in words):
        return 1.0  # when somebody was born says nothing about when they became a customer
    ranks = [place for place, usual in enumerate(_USUAL) if any(word.startswith(usual) for word in words)]
    return 0.05 * (min(ranks) if ranks else len(_USUAL)) + 0.02 * len(words)


def _group(state: State, field: Field, every: Every) -> None:
    grain: Grain = every.grain or "month"  # type: ignore[assignment]
    if not is_date(state.info(field)):
        grain = ""
    dimension = Dimension(field, grain)
    if dimension not in state.dimensions:
        state.dimensions.append(dimension)


def _narrowed(state: State, field: Field, span: Span | Weekdays) -> Period | Condition:
    if isinstance(span, Weekdays):
        compare: Compare = "=" if len(span.days) == 1 else "in"
        return Condition(plain(field), compare, span.days, span.negated, grain="weekday")
    if is_date(state.info(field)):
        start, end = span.start.isoformat() if span.start else "", span.end.isoformat() if span.end else ""
        return Period(field, start, end, span.relative, span.negated)
    years = _years(plain(field), span, text=state.info(field).type == "text")
    return msgspec.structs.replace(years, negated=span.negated)


def _narrow(state: State, one: Period | Condition, *, alternative: bool) -> None:
    """Adds a period; after an `or` it is an alternative to the one before."""
    if alternative and isinstance(one, Period) and state.periods:
        state.conditions.append(AnyOf((state.periods.pop(), one)))
    elif alternative and state.conditions and isinstance(last := state.conditions[-1], Condition):
        state.conditions[-1] = AnyOf((last, one))
    elif isinstance(one, Period):
        state.periods.append(one)
    else:
        state.conditions.append(one)


def _years(what: Expression, span: Span, *, text: bool) -> Condition:
    """A span of whole years over a column of years."""

    def year(number: int) -> int | str:
        return str(number) if text else number

    first = year(span.start.year) if span.start else None
    last = year(span.end.year - 1) if span.end else None
    if first is None:
        return Condition(what, "<=", (last,))
    if last is None:
        return Condition(what, ">=", (first,))
    return Condition(what, "=", (first,)) if first == last else Condition(what, "between", (first, last))
