"""What a follow-up asks of the rows of the answer before: `their names`, `how many of them?`, `the average`."""

from __future__ import annotations

import msgspec

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.data import data
from prosa.analysts.rules.frame import fields
from prosa.analysts.rules.lexicon import keys
from prosa.analysts.rules.reading import (
    AnyOf,
    Condition,
    Dimension,
    Expression,
    Field,
    Measure,
    Order,
    Period,
    Reading,
    plain,
)
from prosa.analysts.rules.readings.state import State
from prosa.analysts.rules.readings.totals import FOLDS
from prosa.analysts.rules.understanding import Understanding

_EACH = frozenset({"each", "cada"})
_SMALL = ("open", "and", "comma", "of", "in", "with", "be", "filler")


def base_of(reading: Reading) -> str:
    """The table whose rows a reading is about."""
    if reading.measures:
        return reading.measures[0].table
    if reading.order is not None:
        return reading.order.by.table
    told = [*reading.shown, *(one.field for one in reading.dimensions)]
    return reading.subject or (told[0].table if told else "")


def refers(understood: Understanding) -> str:
    """The word by which a question speaks of the rows of the answer before: `their names`, `which of those`, `quantos
    deles`; empty where there is none. Behind a table of this question such a word refers to that one, unless it
    parts them: `each of them`."""
    words, norms = set(data("operations")["refers"].split()), [token.norm for token in understood.tokens]
    places = [
        place
        for place, norm in enumerate(norms)
        if norm in words and " ".join(norms[place : place + 2]) not in data("operations")["ahead"]
    ]
    if not places or not understood.rows:
        return ""
    atoms = [atom for atom in understood.rows[0].atoms if atom.end <= places[0]]
    owned = understood.tokens[places[0]].norm in data("operations")["owned"].split()
    own = any(atom.kind == "table" or (owned and _says_its_table(atom, understood)) for atom in atoms)
    parted = any(atom.has("group") and _EACH.intersection(atom.text.split()) for atom in atoms[-2:])
    return understood.tokens[places[0]].text if parted or not own else ""


def leans(understood: Understanding) -> bool:
    """Whether a question of a conversation names neither a table nor a value, so that it may speak of rows that were
    asked about before: `what is the smallest weight?`"""
    atoms = understood.rows[0].atoms if understood.rows else ()
    return not any(atom.kind in ("table", "measure", "value") for atom in atoms)


def _says_its_table(atom: Atom, understood: Understanding) -> bool:
    """`names of singers and their songs`: a column that is said with its table."""
    if atom.kind != "column":
        return False
    table = understood.schema.element(atom.target.table)
    said = {key for token in understood.tokens[atom.start : atom.end] for key in keys(token.norm, understood.language)}
    return any(said & word.keys.keys() for word in table.words)


def about_them(previous: Reading, state: State, understood: Understanding) -> Reading:
    """What this question asks of the rows that the last one was about."""
    kept = other_rows(previous, state)
    also = _adds(understood)
    if state.measures:
        groups = tuple(state.dimensions) or (named(previous, state) if state.each or also else ())
        if also and previous.measures:
            state.measures = [*previous.measures, *(one for one in state.measures if one not in previous.measures)]
        measures = tuple(counted(previous, state))
        return msgspec.structs.replace(
            kept, measures=measures, dimensions=groups, shown=(), subject="", order=None, limit=None, distinct=False
        )
    asked = list(state.shown)
    if not asked and state.subject and state.subject != base_of(previous):
        asked = [state.display(state.subject)]
    if not asked:
        return other_order(kept, state)
    shown = tuple(dict.fromkeys((*previous.shown, *asked) if also else asked))
    ranked = previous.order if previous.limit else None
    return msgspec.structs.replace(
        kept,
        shown=shown,
        measures=(),
        dimensions=(),
        order=state.order or ranked,
        links=_still_meant(previous, {field.table for field in shown}),
    )


def _adds(understood: Understanding) -> bool:
    """Whether a question asks for more beside the last answer: `also show their names`, `add their prices`."""
    words = {token.norm for token in understood.tokens}
    return (
        bool(words & set(data("operations")["also"].split()))
        or understood.tokens[0].norm in data("operations")["adding"]
    )


def _still_meant(previous: Reading, shown: set[str]) -> tuple[str, ...]:
    """The tables that rows must have a partner in, so that `their names` are those of the rows before."""
    base = base_of(previous)
    return previous.links if not base or base in (*shown, *previous.links) else (*previous.links, base)


def counted(previous: Reading, state: State) -> list[Measure]:
    """`how many are there?` after a list of kinds counts the kinds rather than the rows they stand in."""
    kinds = previous.shown[0] if len(previous.shown) == 1 else None
    if (
        kinds is None
        or state.each
        or kinds == state.display(kinds.table)
        or any(one.kind == "table" for one in state.loud)
    ):
        return state.measures
    if not previous.distinct and state.info(kinds).role not in ("category", "flag"):
        return state.measures
    counts = Measure("distinct", kinds.table, plain(kinds))
    return [counts if one == Measure("count", kinds.table) else one for one in state.measures]


def numbers_folded(previous: Reading, state: State) -> Reading | None:
    """`give me the average`, `what are the maximum and the minimum?` after a list of numbers."""
    folds = [fold for atom in state.loud for name, fold in FOLDS.items() if atom.has(name)]
    rest = [
        atom
        for atom in state.loud
        if not atom.has(*FOLDS, *_SMALL) and not (atom.kind == "unknown" and atom not in state.unknown)
    ]
    numbers = [field for field in previous.shown if state.numeric(field)]
    if not folds or rest or not numbers or previous.limit is not None:
        return None
    measures = tuple(Measure(fold, field.table, plain(field)) for field in numbers for fold in dict.fromkeys(folds))
    return msgspec.structs.replace(
        previous,
        measures=measures,
        shown=(),
        subject="",
        order=None,
        distinct=False,
        links=_still_meant(previous, {field.table for field in numbers}),
    )


def named(previous: Reading, state: State) -> tuple[Dimension, ...]:
    """What the last answer's rows are called, to group by."""
    if previous.dimensions:
        return previous.dimensions
    shown = previous.shown or ((state.display(previous.subject),) if previous.subject else ())
    return tuple(Dimension(field, entity=field == state.display(field.table)) for field in shown)


def other_rows(reading: Reading, state: State) -> Reading:
    """New conditions and periods instead of those on the same columns."""
    told = {about for one in (*state.conditions, *state.periods) for about in _about(one)}
    kept = [one for one in reading.conditions if not told.intersection(_about(one))]
    periods = tuple(state.periods) or tuple(one for one in reading.periods if not told.intersection(_about(one)))
    return msgspec.structs.replace(
        reading,
        conditions=(*kept, *state.conditions),
        periods=periods,
        exists=(*reading.exists, *state.exists),
        having=tuple(state.having) or reading.having,
    )


def _about(one: Condition | AnyOf | Period) -> set[tuple[Field, str]]:
    """The columns that are narrowed down; a date may be by its weekday and by a period."""
    return {(field, one.grain if isinstance(one, Condition) else "") for field in fields(one)}


def other_order(reading: Reading, state: State) -> Reading:
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
