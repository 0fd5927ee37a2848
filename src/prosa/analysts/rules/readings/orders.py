"""The order of rows: sorting, rankings, top and bottom, best sellers."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.reading import Expression, Field, Measure, Order, plain
from prosa.analysts.rules.readings.state import State, field_of
from prosa.analysts.rules.readings.totals import count, measured

_SMALL = ("of", "in", "with", "be", "and", "comma")
_UP = ("asc",)
_DOWN = ("desc",)
_GOING = frozenset({"crescente", "crescentes", "decrescente", "decrescentes"})
MANY = 10
"""How many rows a ranking shows when nobody says a number."""


def ranking(state: State) -> bool:
    """`ranking of stores by revenue`: all of them, the highest first."""
    atom = state.peek()
    if atom is None or not atom.has("ranking"):
        return False
    state.skip()
    state.direction = "desc"
    return True


def sorting(state: State) -> bool:
    """`sorted by age`, `in descending order of price`, `ordenado por nome`, `em ordem alfabética`."""
    atom = state.peek()
    if atom is None or not atom.has("order", "asc", "desc"):
        return False
    before, descending = state.before(), None
    ahead = 0
    while (word := state.peek(ahead)) is not None and word.has(
        "order", "asc", "desc", "of", "in", "group", "comma", "be"
    ):
        descending = _direction(word, descending)
        ahead += 1
    extreme = state.peek(ahead)
    if atom.has("order") and extreme is not None and extreme.has("highest", "lowest") and state.peek(ahead + 1) is None:
        descending = extreme.has("highest")
        ahead += 1
    if atom.has("order") and ahead == 1 and state.peek(1) is None:
        return False
    state.skip(ahead)
    by = _described(state, atom, before) or _sorted_by(state)
    if by is None and descending is not None and state.order is not None:
        state.order = Order(state.order.by, descending)  # `ordene as lojas por nomes decrescentes`
        return True
    if by is None and state.measures:
        by = state.measures[-1]
    if by is None and state.shown:
        by = plain(_shown_by(state, atom))
    while (word := state.peek()) is not None and word.has("asc", "desc"):
        descending = _direction(word, descending)
        state.skip()
    state.order = Order(by, bool(descending)) if by is not None else state.order
    state.direction = "" if by is not None else "desc" if descending else "asc"
    return True


def _described(state: State, atom: Atom, before: Atom | None) -> Expression | None:
    """`preços decrescentes dos produtos`: an adjective behind a column says how that column goes."""
    if before is None or before.kind != "column" or before.end != atom.start:
        return None
    described = atom.text.split()[0] in _GOING and field_of(before) in state.shown
    return plain(field_of(before)) if described else None


def _shown_by(state: State, atom: Atom) -> Field:
    """What `sorted` and `from highest to lowest` go by where nothing is said: the last thing shown, or its numbers."""
    numbers = [field for field in state.shown if state.numeric(field)]
    if atom.text.split()[0] in ("from", "de"):
        return numbers[-1] if numbers else state.shown[-1]
    return state.shown[-1] if atom.has("order") else state.shown[0]


def _direction(atom: Atom, known: bool | None) -> bool | None:
    if atom.has(*_DOWN):
        return True
    return False if atom.has(*_UP) else known


def _sorted_by(state: State) -> Measure | Expression | None:
    """What is sorted by, read past: a count, a fold, a measure or a column."""
    state.skip_ops(*_SMALL)
    atom = state.peek()
    if atom is None:
        return None
    if atom.has("count"):
        after = state.peek(1)
        state.skip()
        if after is not None and after.kind == "table":
            state.skip()
            state.mention(after.target.table)
            return count(after.target.table)
        return _first_count(state)
    if atom.has("sum", "avg", "min", "max"):
        return _fold_at(state, atom)
    if atom.kind == "measure":
        state.skip()
        return state.named.folded(atom.target, "sum")
    if atom.kind == "column":
        state.skip()
        return plain(field_of(atom))
    if atom.kind == "table":
        state.skip()
        return plain(state.display(atom.target.table))
    return None


def _first_count(state: State) -> Measure | None:
    return next((measure for measure in state.measures if measure.fold in ("count", "distinct")), None)


def _fold_at(state: State, atom: Atom) -> Measure | None:
    fold = next(name for name in ("sum", "avg", "min", "max") if atom.has(name))
    after = state.peek(state.passes("of", ahead=1))
    if after is None or after.kind not in ("column", "measure", "table"):
        state.skip()
        return next((measure for measure in state.measures if measure.fold == fold), None)
    state.skip(state.passes("of", ahead=1) + 1)
    return measured(state, after, fold)  # type: ignore[arg-type]


def best_sellers(state: State) -> bool:
    """`best-selling products`, `os 5 produtos mais vendidos`."""
    atom = state.peek()
    number = _number_before(state, "best_selling", "worst_selling")
    if number is not None:
        atom = state.peek(1)
    if atom is None or not atom.has("best_selling", "worst_selling"):
        return False
    measure = state.named.best()
    state.skip(2 if number is not None else 1)
    if measure is None:
        state.ignored.append(atom)
        return True
    state.order = Order(measure, atom.has("best_selling"))
    if measure not in state.measures:
        state.measures.append(measure)
    state.limit = number or state.limit
    state.direction = state.direction or "plural"
    state.filtering = False
    return True


def _number_before(state: State, *names: str) -> int | None:
    """The number at the reader's place, where a phrase of these operations follows at once."""
    atom, after = state.peek(), state.peek(1)
    if atom is None or after is None or atom.kind != "number" or not after.has(*names):
        return None
    return _whole(atom)


def _whole(atom: Atom) -> int | None:
    value = atom.value
    return int(value) if isinstance(value, float | int) and value == int(value) and 0 < value <= 10_000 else None


def top_of(state: State) -> bool:
    """`top 5 customers`, `os 10 melhores clientes`, `bottom three`, `the 3 oldest`."""
    atom = state.peek()
    if atom is None:
        return False
    after = state.peek(1)
    if atom.has("top", "bottom", "first", "last"):
        if after is not None and after.kind == "number" and _whole(after):
            return _ranked(state, atom, _whole(after), 2)
        return atom.has("top", "bottom") and _ranked(state, atom, None, 1)
    if atom.kind == "number" and _whole(atom) and after is not None:
        if after.has("top", "bottom", "first", "last") and not after.has("superlative"):
            return _ranked(state, after, _whole(atom), 2)
        if after.has("highest", "lowest", "superlative", "most", "least", "commonest") and not _compared(state):
            state.limit = _whole(atom)
            state.skip()
            return True
        later = state.peek(2)
        if (
            after.kind == "table"
            and later is not None
            and later.has("best_selling", "superlative", "with", "top", "bottom", "most", "least")
        ):
            return _number_of(state, _whole(atom), later)
    return False


def _number_of(state: State, number: int | None, later: Atom) -> bool:
    """`5 products with the highest price`: the number limits when a superlative follows the table."""
    follows = state.peek(3)
    ranks = ("best_selling", "superlative", "top", "bottom", "highest", "lowest", "most", "least", "max", "min")
    if not later.has(*ranks) and (follows is None or not follows.has(*ranks)):
        return False
    state.limit = number
    state.skip()
    return True


def _compared(state: State) -> bool:
    before = state.before()
    return before is not None and before.has("gt", "ge", "lt", "le", "eq")


def _ranked(state: State, atom: Atom, number: int | None, length: int) -> bool:
    state.limit = number or state.limit
    state.direction = "asc" if atom.has("bottom", "first") else "desc"
    if atom.has("first", "last"):
        state.direction = "first" if atom.has("first") else "last"
    elif number is None:
        state.direction += " plural"
    state.skip(length)
    return True
