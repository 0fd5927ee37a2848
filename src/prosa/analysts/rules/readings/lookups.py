"""Where, when, who: what is asked of a thing without naming a column."""

from __future__ import annotations

from prosa.analysts.rules import lexicon
from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.data import data
from prosa.analysts.rules.links import closeness
from prosa.analysts.rules.reading import Field, Order, plain
from prosa.analysts.rules.readings.calendar import is_dated
from prosa.analysts.rules.readings.dating import dates_of
from prosa.analysts.rules.readings.state import State, field_of
from prosa.analysts.rules.readings.totals import count
from prosa.analysts.rules.words import normal

_CLOSE = 0.7
"""How near a column's name must be to a kind of place: an e-mail address is none."""
_WHO = ("who ", "quem ")


def where(state: State) -> bool:
    """`where is Camden?`, `onde fica a loja Camden?`: the nearest thing to a place that is known of it."""
    atom, thing = state.peek(), _thing(state)
    if atom is None or state.place or not atom.has("where_is") or thing is None:
        return False
    table = thing.target.table
    named = {field_of(one) for one in state.loud if one.kind == "value"}
    field = _place(state, table, named)
    if field is None or (field.table != table and not _singled_out(state)):
        return False
    state.skip()
    ahead = state.passes("in", "of")
    if (after := state.peek(ahead)) is not None and after.has("most", "least"):
        state.skip(ahead + 1)
        _commonest(state, field, descending=after.has("most"))
        return True
    if not _singled_out(state):
        state.shown.append(state.display(table))
    state.shown.append(field)
    if named and state.display(table) not in named:
        # `where is London?` names where rows are, not a row, and many may say the same of it.
        state.distinct = True
        state.doubt("other_shown")
    return True


def _commonest(state: State, field: Field, *, descending: bool) -> None:
    """`where do most customers live?`: the place that most rows have."""
    state.kinds.append(field)
    state.shown.append(field)
    state.order = Order(count(field.table), descending)
    state.limit = 1


def when(state: State) -> bool:
    """`when was order 3 placed?`, `quando foi feito o pedido 3?`: the date of what happened."""
    atom, thing = state.peek(), _thing(state)
    if atom is None or state.place or not atom.has("when_is") or thing is None:
        return False
    # `When are invoices paid?` asks for a rule, and `paid` is what many invoices are.
    if not _singled_out(state, by_name=True):
        return False
    found = _dates(state, thing)
    if not found:
        return False
    if len(found) > 1:
        state.doubt("occasions_unsaid")
    state.skip()
    end, after = state.peek(), state.peek(1)
    if end is not None and end.has("first", "last") and after is not None and after.kind == "table":
        state.skip()
        state.order, state.limit = Order(plain(found[0]), end.has("last")), 1
    state.shown.append(found[0])
    return True


def _dates(state: State, thing: Atom) -> list[Field]:
    """The dates that may be meant: one that is named, those that a word speaks of, or those of the rows that are
    named. What a person did is not told by the dates of the person."""
    named = [field_of(one) for one in state.loud if one.kind == "column" and is_dated(state, field_of(one))]
    if named:
        return named[:1]
    table = thing.target.table
    found = dates_of(state, table)
    said = any(state.says(state.schema.element(field.table, field.column)) for field in found)
    own = {table, *_parents(state, table)}
    others = any(one.target.table and one.target.table not in own for one in state.loud)
    return found if said or (thing.kind == "table" and not others and not state.buys) else []


def who(state: State) -> bool:
    """`who is Ana Souza?`, `quem é Ana Souza?`: all that is known of a person."""
    atom, person = state.peek(), state.peek(1)
    if atom is None or person is None or state.place or state.peek(2) is not None:
        return False
    if not atom.has("open") or not atom.text.startswith(_WHO) or person.kind != "value":
        return False
    table = person.target.table
    if not table or state.info(field_of(person)).role != "name":
        return False
    state.skip()
    state.subject = table
    state.everything = True
    return True


def _thing(state: State) -> Atom | None:
    """What is asked about: the first table that is named, else the first value."""
    found = [one for one in state.loud if one.kind in ("table", "value") and one.target.table]
    return min(found, key=lambda one: one.kind != "table", default=None)


def _singled_out(state: State, *, by_name: bool = False) -> bool:
    """Whether the question says which of the rows it means, by any value or only by a name."""
    return any(
        one.kind == "number"
        or one.has("superlative", "highest", "lowest", "first", "last")
        or (one.kind == "value" and (not by_name or state.info(field_of(one)).role == "name"))
        for one in state.loud
    )


def _parents(state: State, table: str) -> list[str]:
    """The tables that each row has one partner in."""
    return list(dict.fromkeys(edge.one for edge in state.schema.joins.of(table) if edge.many == table and edge.firm))


def _place(state: State, table: str, named: set[Field]) -> Field | None:
    """The smallest place that a table's rows have a column for, or else the only table that they belong to."""
    own = _smallest_place(state, table, named)
    if own is not None:
        return own
    above = [found for parent in _parents(state, table) if (found := _smallest_place(state, parent, named)) is not None]
    return above[0] if len(above) == 1 else None


def _smallest_place(state: State, table: str, named: set[Field]) -> Field | None:
    for place in data("words")["places"]:
        keys = [lexicon.keys(word, "en") for word in normal(place).split()]
        for element in state.schema.columns(table):
            field = Field(*element.id)
            known = field not in named and not state.schema.points(*element.id) and state.info(field).role != "id"
            if known and closeness(keys, element) >= _CLOSE:
                return field
    return None
