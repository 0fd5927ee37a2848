"""How many of one thing there are to one of another: `average number of orders per customer`."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.periods import Every
from prosa.analysts.rules.reading import Field, Measure, plain
from prosa.analysts.rules.readings.state import State, field_of
from prosa.analysts.rules.words import fold


def average_count(state: State) -> bool:
    """`average number of orders per customer`, `média de itens por pedido`: the one divided by the other."""
    atom = state.peek()
    ahead = state.passes("avg", "count", "of")
    what = state.peek(ahead)
    if atom is None or what is None:
        return False
    if _number_of_rows(state, what, ahead):
        state.ignored.append(atom)
        return False
    before = [state.peek(place) for place in range(ahead)]
    behind = state.passes("group", ahead=ahead + 1)
    one = state.peek(behind)
    averaged = any(word is not None and word.has("avg") for word in before)
    if averaged and one is not None and one.kind == "period" and isinstance(one.value, Every):
        return _by_time(state, what, behind)
    if not averaged or one is None or behind == ahead + 1 or one.kind != "table":
        return False
    top = _amount(state, what)
    if top is None or top.table == one.target.table:
        return False
    state.skip(behind + 1)
    _divide(state, atom, _lines(state, what, one) or top, one.target.table)
    return True


def _by_time(state: State, what: Atom, behind: int) -> bool:
    """`average number of orders per month`: what the months have each is averaged when the reading is whole."""
    top = _amount(state, what)
    if top is None:
        return False
    state.skip(behind)
    state.mention(top.table)
    state.measures.append(top)
    state.averaged.append(top)
    return True


def _divide(state: State, atom: Atom, top: Measure, one: str) -> None:
    """Adds the measure, where rows belong to the other table by a column."""
    key = _key(state, top.table, one)
    if key is None:
        state.ignored.append(atom)
        return
    bottom = Measure("distinct", top.table, plain(key))
    state.measures.append(Measure("ratio", top.table, top=top, bottom=bottom, name="per"))


def _amount(state: State, atom: Atom) -> Measure | None:
    """What is counted: the rows of a table, or the units that were sold."""
    units = state.named.units
    if units is not None and (
        (atom.kind == "measure" and atom.target.column == "units")
        or (atom.kind == "column" and units.fields == (field_of(atom),))
    ):
        return Measure("sum", units.table, units, name="units")
    measure = state.named.rows_counted(atom.target.table) if atom.kind == "table" else None
    return measure if measure is not None and measure.fold == "count" else None


def _number_of_rows(state: State, atom: Atom, ahead: int) -> bool:
    """Whether `number` was taken for a column, where it counts rows of another table: `average number of stores`."""
    if atom.kind != "column" or fold(atom.text) not in ("number", "numero"):
        return False
    behind = state.passes("avg", "of", ahead=ahead + 1)
    rows = state.peek(behind)
    return behind > ahead + 1 and rows is not None and rows.kind == "table" and rows.target.table != atom.target.table


def _lines(state: State, what: Atom, one: Atom) -> Measure | None:
    """The rows of a table between two that is called like the first: the items of an order are its lines rather than
    products."""
    if what.kind != "table" or state.calls(what.text, what.target.table, partly=True):
        return None
    between = sorted(state.schema.joins.bridges(what.target.table, one.target.table))
    return next((Measure("count", table) for table in between if state.calls(what.text, table, partly=True)), None)


def _key(state: State, many: str, one: str) -> Field | None:
    """The column by which rows belong to one of the other table; None where there is no such column or several."""
    keys = [Field(*column) for column, other in state.schema.pointers.items() if (column[0], other) == (many, one)]
    return keys[0] if len(keys) == 1 else None
