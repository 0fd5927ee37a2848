"""Superlatives: the first and the last, the oldest, the dearest, the most of something."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.data import data
from prosa.analysts.rules.periods import Every
from prosa.analysts.rules.reading import Expression, Measure, Order, plain
from prosa.analysts.rules.readings.adjectives import column_for, is_max, is_of
from prosa.analysts.rules.readings.calendar import is_dated
from prosa.analysts.rules.readings.dating import dates_of
from prosa.analysts.rules.readings.state import State, field_of, is_plural
from prosa.analysts.rules.readings.totals import count, folds_here, measured
from prosa.analysts.rules.schema import is_date
from prosa.analysts.rules.words import fold

_ORDINALS = {int(place): frozenset(words.split()) for place, words in data("numbers")["ordinals"].items()}
_HAVING = frozenset({"com", "tem", "teve", "possui", "with", "has"})


def came_last(state: State) -> bool:
    """`which store opened last`: a date that was just named, and the end of it that is meant."""
    atom, before = state.peek(), state.before()
    if atom is None or before is None or not atom.has("first", "last") or before.kind != "column":
        return False
    field = field_of(before)
    after = state.peek(1)
    if field not in state.shown or not is_dated(state, field) or (after is not None and after.kind == "number"):
        return False
    state.skip()
    state.shown.remove(field)
    _first_by(state, plain(field), descending=atom.has("last"))
    return True


def came_first(state: State) -> bool:
    """`last order of Ana Souza`: the row with the latest date; `first order of each customer`: their first dates."""
    atom, rows = state.peek(), state.peek(1)
    if atom is None or rows is None or not atom.has("first", "last") or rows.kind != "table" or is_plural(rows):
        return False
    dated = next(iter(dates_of(state, rows.target.table)), None)
    if dated is None:
        return False
    state.skip(2)
    state.mention(dated.table)
    if any(one.has("group") for one in state.loud[state.place :]):
        state.measures.append(Measure("max" if atom.has("last") else "min", dated.table, plain(dated)))
        return True
    state.subject = state.subject or dated.table
    _first_by(state, plain(dated), descending=atom.has("last"))
    return True


def nth(state: State) -> bool:
    """`second most expensive product`, `terceira maior loja`: the row at that place of a ranking."""
    atom = state.peek()
    if atom is None or not atom.has("nth"):
        return False
    following = [one for one in (state.peek(1), state.peek(2)) if one is not None]
    if not any(one.has("superlative", "highest", "lowest", "most", "least", "best_selling") for one in following):
        return False
    state.skip()
    word = fold(atom.text)
    state.offset = next(place for place, words in _ORDINALS.items() if word in words)
    return True


def commonest(state: State) -> bool:
    """`the most common city`, `o tipo mais frequente`."""
    atom = state.peek()
    if atom is None or not atom.has("commonest", "rarest"):
        return False
    before, after = state.before(), state.peek(1)
    target = after if after is not None and after.kind == "column" else None
    back = before if before is not None and before.kind == "column" and field_of(before) in state.shown else None
    if target is None and back is None:
        state.skip()
        state.ignored.append(atom)
        return True
    field = field_of(target or back)  # type: ignore[arg-type]
    state.skip(2 if target else 1)
    state.kinds.append(field)
    if field not in state.shown:
        state.shown.append(field)
    state.order = Order(count(field.table), atom.has("commonest"))
    state.limit = state.limit or 1
    return True


def extreme_behind(state: State) -> bool:
    """`carro com o consumo mais alto`, `modelo que tem a potência mínima`: the adjective stands behind what the row has
    most or least of."""
    atom, column = state.peek(), state.before()
    if atom is None or column is None or not atom.has("highest", "lowest", "max", "min") or column.end != atom.start:
        return False
    if column.kind != "column" or not state.numeric(field := field_of(column)):
        return False
    having = {fold(one.text).split()[-1] for one in state.atoms if column.start - 3 <= one.start < column.start}
    rest = [one for one in state.shown if one != field]
    if not _HAVING & having or not (rest or state.subject):
        return False
    state.skip()
    if field in state.hints:
        state.hints.remove(field)
        state.trust("hint")
    state.shown = rest
    _first_by(state, plain(field), descending=atom.has("highest", "max"))
    return True


def superlative(state: State) -> bool:
    """`the oldest customer`, `produto mais caro`: an adjective that names its measure; `with the highest price`."""
    atom = state.peek()
    if atom is None:
        return False
    timed = any(isinstance(one.value, Every) for one, _ in state.unplaced)
    named = state.subject or state.shown or timed
    if atom.has("highest", "lowest", "max", "min") and named and (timed or not folds_here(state)):
        return _extreme(state, atom)
    if not atom.has("superlative"):
        return False
    after = state.peek(state.passes("of", ahead=1))
    of_rows = after is not None and (after.kind == "table" or (_names_things(state, after) and _goes_by(state, atom)))
    if atom.has("highest", "lowest") and folds_here(state) and not of_rows:
        return False
    return _adjective(state, atom)


def _extreme(state: State, atom: Atom) -> bool:
    """The row with the highest or lowest of something."""
    ahead = state.passes("of", ahead=1)
    target = state.peek(ahead)
    if target is not None and target.has("sum", "avg", "count"):
        return _extreme_fold(state, atom, ahead)
    by: Measure | Expression | None = None
    if target is not None and target.kind == "column":
        by = plain(field_of(target))
    elif target is not None and target.kind == "measure":
        by = state.named.folded(target.target, "sum")
    if by is None:
        return atom.has("superlative") and _adjective(state, atom)
    state.skip(ahead + 1)
    _first_by(state, by, descending=atom.has("highest", "max"))
    return True


def _extreme_fold(state: State, atom: Atom, ahead: int) -> bool:
    """`with the highest average price`, `com o maior total de vendas`."""
    word = state.peek(ahead)
    assert word is not None
    after = state.peek(state.passes("of", ahead=ahead + 1))
    if after is None or after.kind not in ("column", "measure", "table"):
        return False
    fold = next((name for name in ("sum", "avg") if word.has(name)), None)
    measure = measured(state, after, fold) if fold else count(after.target.table)  # type: ignore[arg-type]
    if measure is None:
        return False
    state.skip(state.passes("of", ahead=ahead + 1) + 1)
    state.mention(measure.table)
    _first_by(state, measure, descending=atom.has("highest", "max"))
    return True


def _first_by(state: State, by: Measure | Expression, *, descending: bool) -> None:
    if state.dimensions and not state.measures:
        state.doubt("ranked_groups")
    state.order = Order(by, descending)
    state.limit = state.limit or 1
    state.filtering = True


def _adjective(state: State, atom: Atom) -> bool:
    """The adjective's column, in the table that it stands beside."""
    after, before = state.peek(1), state.before()
    if after is not None and after.kind == "column" and is_of(state, atom.text, field_of(after)):
        state.skip(2)
        if not any(one.target.table for one in state.loud[: state.place - 2]):
            state.shown.append(field_of(after))  # `cheapest price` asks for nothing else
        _first_by(state, plain(field_of(after)), descending=is_max(atom.text))
        return True
    near = next((one.target.table for one in (after, before) if one is not None and one.kind == "table"), state.subject)
    choice = None if _measure_follows(state, atom) else column_for(state, atom.text, near or _any_table(state))
    if choice is None and not _by_follows(state, atom):
        return _worth_most(state, atom, after)
    if choice is None:
        return True
    field, descending = choice
    state.skip()
    state.spoken = True
    names = not state.shown and after is not None and _names_things(state, after)  # `cheapest plan`
    if not near and not state.shown and not names and (after is None or after.kind != "table"):
        state.shown.append(field)
    _first_by(state, plain(field), descending=descending)
    if names:
        state.filtering = False
    return True


def _worth_most(state: State, atom: Atom, after: Atom | None) -> bool:
    """`the largest order`, `maior pedido`: the one that brought the most, where a table's rows are sales."""
    if after is None or after.kind != "table" or not atom.has("highest", "lowest"):
        return False
    worth = state.named.worth(after.target.table)
    if worth is None:
        return False
    state.skip()
    _first_by(state, worth, descending=atom.has("highest"))
    state.filtering = False
    return True


def _measure_follows(state: State, atom: Atom) -> bool:
    """`as 5 maiores lojas em faturamento` are not those with the most square metres."""
    following = [one for one in state.atoms if one.start > atom.start and one.text not in ("by", "in", "por", "em")]
    return [one.kind for one in following[:2]] == ["table", "measure"]


def _by_follows(state: State, atom: Atom) -> bool:
    """`biggest stores by size`: the measure comes later."""
    if not atom.has("highest", "lowest") or not (_goes_by(state, atom) or _measure_follows(state, atom)):
        return False
    state.skip()
    state.direction = ("desc" if atom.has("highest") else "asc") + " plural"
    after = state.peek()
    if after is not None and after.kind in ("table", "column") and not is_plural(after):
        state.limit = state.limit or 1
    return True


def _goes_by(state: State, atom: Atom) -> bool:
    return any(one.has("group") and one.text in ("by", "por") and one.start > atom.start for one in state.atoms)


def _names_things(state: State, atom: Atom) -> bool:
    """Whether a column holds names or kinds of things, rather than numbers and dates."""
    if atom.kind != "column":
        return False
    field = field_of(atom)
    return not state.numeric(field) and not is_dated(state, field)


def _any_table(state: State) -> str:
    tables = [atom.target.table for atom in state.atoms if atom.target.table]
    return tables[0] if tables else ""


def most(state: State) -> bool:
    """`the most orders`, `fewest employees`, `vendeu mais`, `mais pedidos`."""
    atom = state.peek()
    if atom is None or not atom.has("most", "least"):
        return False
    before = state.before()
    target = state.peek(state.passes("of", ahead=1))
    if (done := _often_done(state, before, target)) is not None:
        return _most_often(state, done, descending=atom.has("most"))
    by: Measure | Expression | None = None
    length = 1
    if target is not None and target.kind in ("table", "column", "measure"):
        by = _amount(state, target)
        length = state.passes("of", ahead=1) + 1
    if by is None and before is not None and before.kind == "measure":
        by, length = state.named.folded(before.target, "sum"), 1
    if by is None:
        state.skip()
        state.ignored.append(atom)
        return True
    state.skip(length)
    if isinstance(by, Measure):
        state.mention(by.table)
    _first_by(state, by, descending=atom.has("most"))
    return True


def _often_done(state: State, before: Atom | None, after: Atom | None) -> Atom | None:
    """The participle beside `most`, which names the date on which something is done: `most returned products`. What
    sold most is told by its worth."""
    for atom in (after, before):
        dated = atom is not None and atom.kind == "column" and is_date(state.info(field_of(atom)))
        if atom is not None and dated and not state.named.sells(fold(atom.text)):
            return atom
    return None


def _most_often(state: State, done: Atom, *, descending: bool) -> bool:
    """Ranks by how many rows say that it was done; a plural asks for several."""
    measure = count(done.target.table)
    state.skip(2 if done is state.peek(1) else 1)
    state.shown = [field for field in state.shown if field != field_of(done)]
    if not state.subject and not state.shown:
        state.subject = next(
            (table for table in state.context if table != measure.table), ""
        )  # `qual loja devolve mais`
    state.measures = [*(one for one in state.measures if one != measure), measure]
    state.order = Order(measure, descending)
    state.direction = state.direction or "plural"
    state.filtering = False
    return True


def _amount(state: State, atom: Atom) -> Measure | Expression | None:
    """What having most of something counts: rows of a table, a measure, or the number in a column."""
    if atom.kind == "table":
        return state.named.rows_counted(atom.target.table)
    if atom.kind == "measure":
        return state.named.folded(atom.target, "sum")
    field = field_of(atom)
    if state.numeric(field):
        return plain(field)
    own = field.table == state.subject or any(shown.table == field.table for shown in state.shown)
    return None if own else Measure("distinct", field.table, plain(field))
