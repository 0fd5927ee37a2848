"""For each: groups by columns, by the rows of a table, by periods."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.periods import Every
from prosa.analysts.rules.reading import Dimension, Measure, Order, plain
from prosa.analysts.rules.readings.filters import valued
from prosa.analysts.rules.readings.state import State, field_of, is_plural

_PARTICIPLES = (
    "ed",
    "ade",
    "wn",
    "ld",
    "ught",
    "ado",
    "ada",
    "ados",
    "adas",
    "ido",
    "ida",
    "idos",
    "idas",
    "eito",
    "eita",
    "eitos",
    "eitas",
)
_EACH = frozenset({"each", "every", "cada"})
_PER = frozenset({"per", "by", "por"})
_SMALL = ("of", "in", "distinct")


def grouped(state: State) -> bool:
    """`by store and month`, `for each customer`, `por loja`, `per year`; `top 5 customers by revenue` sorts instead."""
    atom = state.peek()
    if atom is None:
        return False
    if atom.kind == "period" and isinstance(atom.value, Every):
        state.skip()
        _by_period(state, atom)
        if _groups_on(state):
            state.skip()
            _group_by(state)
        return True
    if not atom.has("group"):
        return False
    ahead = state.passes(*_SMALL, ahead=1)
    target = state.peek(ahead)
    if target is not None and target.has("count") and state.direction and state.order is None:
        ahead = state.passes("of", ahead=ahead + 1)
        target = state.peek(ahead)
    if target is not None and target.kind == "value" and _EACH.intersection(atom.text.split()):
        return _each_of_some(state, ahead)
    if target is None or not _groupable(target) or _narrows(state, ahead):
        return False
    if _is_agent(state, atom, target):
        state.skip()
        return True
    if _said_already(state, target):
        state.skip(ahead + 1)
        return True
    if _ranks(state, atom, target):
        state.skip(ahead + 1)
        return _rank_by(state, target)
    state.skip(ahead)
    before = len(state.dimensions)
    _group_by(state)
    each = _EACH.intersection(atom.text.split()) or (_first_ones(state) and atom.text in _PER)
    if each and len(state.dimensions) == before + 1:
        state.each_group = state.dimensions[-1]
    return True


def _groups_on(state: State) -> bool:
    """`by month and store`: one thing more to group by follows, rather than another number to show."""
    after, follows = state.peek(), state.peek(1)
    if after is None or follows is None or not after.has("and", "comma") or not state.measures or _has_fold(state):
        return False
    if follows.kind == "column":
        return not state.numeric(field_of(follows))
    return follows.kind == "table" and not is_plural(follows)


def _each_of_some(state: State, ahead: int) -> bool:
    """`for each Orange county campus`: values before what is grouped by narrow it down."""
    head = ahead + 1
    while (atom := state.peek(head)) is not None and atom.kind == "value":
        head += 1
    if atom is None or atom.kind not in ("table", "column") or atom.start > state.loud[state.place + head - 1].end:
        return False
    state.skip(ahead)
    while valued(state):
        pass
    if (after := state.peek()) is not None and after.kind in ("table", "column"):
        _group_by(state)
    return True


def _is_agent(state: State, atom: Atom, target: Atom) -> bool:
    """`loans provided by branches`, `vendas feitas por clientes`: a plural behind a participle says who did it."""
    before = [one for one in state.atoms if one.end == atom.start and one.kind in ("silent", "unknown", "table")]
    if atom.text not in ("by", "por") or not before or target.kind != "table":
        return False
    if not before[-1].text.casefold().endswith(_PARTICIPLES):
        return False
    behind = [one for one in state.loud if one.start >= target.end]
    return is_plural(target) or (bool(behind) and (behind[0].kind == "value" or behind[0].has("with")))


def each_of_them(state: State) -> bool:
    """`department names, and how many employees are in each`: for each of what was named before."""
    atom, after = state.peek(), state.peek(1)
    if atom is None or not atom.has("group") or not {"each", "cada"}.intersection(atom.text.split()):
        return False
    named = state.shown or state.subject or state.dimensions or state.base
    if not named or (after is not None and after.target.table and not state.base):
        return False
    state.each = True
    state.skip()
    return True


def _said_already(state: State, target: Atom) -> bool:
    """`biggest stores by size` names once more what the superlative goes by."""
    return target.kind == "column" and state.order is not None and state.order.by == plain(field_of(target))


def _groupable(atom: Atom) -> bool:
    return atom.kind in ("column", "table", "measure") or (atom.kind == "period" and isinstance(atom.value, Every))


def _narrows(state: State, ahead: int) -> bool:
    """Whether what follows `by` gets a value, so that it says who did it: `taught by the teacher named Smith`."""
    after = state.peek(state.passes("be", "eq", "with", ahead=ahead + 1))
    target = state.peek(ahead)
    if after is None or target is None or after.kind not in ("value", "number"):
        return False
    if after.kind == "number":
        return after.start == target.end and target.kind == "column"
    return after.start <= target.end + 2 and (not after.target.table or after.target.table == target.target.table)


def _first_ones(state: State) -> bool:
    """Whether only so many of what was named are asked for."""
    return state.limit is not None and bool(state.subject or state.shown)


def _ranks(state: State, atom: Atom, target: Atom) -> bool:
    """Whether `by` says what a ranking goes by, rather than what to group by."""
    if atom.text not in _PER or state.order is not None:
        return False
    if target.kind == "measure" and state.subject and not state.measures:
        return True  # `customers by revenue`
    if not state.direction:
        return False
    # `top 2 products per store` wants two for each; `top 5 customers by orders` counts the orders.
    if target.kind == "table" and (atom.text == "per" or not is_plural(target)):
        return not state.subject or state.limit is None
    return (
        target.kind == "measure"
        or (target.kind == "column" and state.numeric(field_of(target)))
        or target.kind == "table"
    )


def _rank_by(state: State, target: Atom) -> bool:
    descending = not state.direction.startswith("asc")
    if target.kind == "column" and field_of(target).table == state.subject and not state.shown:
        state.order = Order(plain(field_of(target)), descending)
        return True
    by = _measure_of(state, target)
    if by is None:
        return False
    state.order = Order(by, descending)
    if by not in state.measures:
        state.measures.append(by)
    return True


def _measure_of(state: State, atom: Atom) -> Measure | None:
    from prosa.analysts.rules.readings.totals import count

    if atom.kind == "measure":
        return state.named.folded(atom.target, "sum")
    if atom.kind == "table":
        state.mention(atom.target.table)
        return count(atom.target.table)
    field = field_of(atom)
    return Measure("sum", field.table, plain(field))


def _group_by(state: State) -> None:
    """Everything that is grouped by, with commas and `and` between."""
    while (atom := state.peek()) is not None and _groupable(atom):
        state.skip()
        if atom.kind == "period":
            _by_period(state, atom)
        elif atom.kind == "table" and _names_column(state, atom):
            continue
        elif atom.kind == "table":
            _by_table(state, atom.target.table)
        elif atom.kind == "column":
            field = state.told(atom)
            _add(state, Dimension(field, entity=field != field_of(atom)))
        after, follows = state.peek(), state.peek(1)
        if after is None or not after.has("and", "comma") or follows is None or not _groupable(follows):
            return
        if follows.kind == "measure" or _has_fold(state):
            return
        state.skip()


def _names_column(state: State, atom: Atom) -> bool:
    """`each pet category`: a table right before a column of its own says of what."""
    after = state.peek()
    return (
        after is not None
        and after.kind == "column"
        and after.start == atom.end
        and after.target.table == atom.target.table
    )


def _has_fold(state: State) -> bool:
    after = state.peek(1)
    return after is not None and after.has("count", "sum", "avg", "min", "max")


def _by_table(state: State, table: str) -> None:
    state.mention(table)
    _add(state, Dimension(state.display(table), entity=True))


def _by_period(state: State, atom: Atom) -> None:
    state.unplaced.append((atom, False))


def _add(state: State, dimension: Dimension) -> None:
    if dimension not in state.dimensions:
        state.dimensions.append(dimension)
