"""What narrows the rows down: values, comparisons, periods, absence."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.periods import Span
from prosa.analysts.rules.reading import Compare, Condition, Exists, Expression, Field, Having, Measure, plain
from prosa.analysts.rules.readings.adjectives import compared_for
from prosa.analysts.rules.readings.calendar import is_dated
from prosa.analysts.rules.readings.comparing import OPERATORS, Comparison, comparison
from prosa.analysts.rules.readings.state import State, field_of
from prosa.analysts.rules.readings.totals import count

_SMALL = ("be", "with", "of")
_LINKING = ("be", "eq", "of", "in", "with", "either", "as")
_NEVER = frozenset({"never", "nunca", "jamais"})
_NOT = frozenset({"not", "nao", "never", "nunca"})
_LIKE = {"contains": "%{}%", "starts": "{}%", "ends": "%{}"}
_MARKERS = (
    "with", "in", "of", "and", "or", "but", "both", "either", "be", "open", "their", "than", "as", "comma", "eq", "not",
    "where_is", "when_is",
)  # fmt: skip


def averages(state: State) -> bool:
    """`above the average age`, `acima da média de preço`: the column may come after the average."""
    atom = state.peek()
    if atom is None or not atom.has("above_average", "below_average"):
        return False
    target = state.peek(state.passes("of", ahead=1))
    if target is None or target.kind != "column" or not state.numeric(field_of(target)):
        return False
    state.skip(state.passes("of", ahead=1) + 1)
    _drop_same(state, field_of(target))
    compare: Compare = ">" if atom.has("above_average") else "<"
    state.condition(Condition(plain(field_of(target)), compare, against="avg"))
    return True


def _drop_same(state: State, field: Field) -> None:
    """`age above the average age` names its column twice."""
    if state.hints and state.hints[-1] == field:
        state.hints.pop()
        state.doubts /= 0.8


def compared_group(state: State) -> bool:
    """`with more than 5 orders`, `that have at least two models`: groups, by how many rows they have."""
    found = comparison(state, bare=_has_them(state))
    if found is None or found.average:
        return False
    target = state.peek(state.passes("of", "distinct", ahead=found.length))
    if target is None or target.kind not in ("table", "measure", "column"):
        return False
    measure = _grouped_measure(state, target)
    if measure is None:
        return False
    state.skip(state.passes("of", "distinct", ahead=found.length) + 1)
    state.mention(measure.table)
    state.keep(Having(measure, found.compare, found.values))
    return True


def _has_them(state: State) -> bool:
    before = state.before()
    return before is not None and before.has("with") and bool(state.subject or state.shown)


def _grouped_measure(state: State, target: Atom) -> Measure | None:
    if target.kind == "measure":
        return state.named.folded(target.target, "sum")
    if target.kind == "table":
        return None if _names_itself(state, target.target.table) else count(target.target.table)
    field = field_of(target)
    tables = {state.subject, *(field.table for field in state.shown)} - {""}
    if state.numeric(field) or field.table in tables or not tables:
        return None
    return Measure("distinct", field.table, plain(field))


def _names_itself(state: State, table: str) -> bool:
    """Whether counting a table's rows would count each row of what is shown once; its kinds can be counted."""
    if table == state.subject:
        return True
    shown = [field for field in state.shown if field.table == table]
    state.kinds += [
        field for field in shown if field != state.display(table) and field.column not in state.table(table).primary_key
    ]
    return any(field not in state.kinds for field in shown)


def compared_column(state: State) -> bool:
    """`price over 50`, `age between 20 and 30`, `more than 4 cylinders`, `year 2014`, `average price above 10`."""
    atom = state.peek()
    if atom is None:
        return False
    if atom.kind == "column" and _comparable(state, atom):
        found = comparison(state, 1, bare=True)
        if found is None:
            return _negated_equality(state, atom)
        if _counts_next(state, found):
            return False
        state.skip(found.length)
        _compare(state, plain(field_of(atom)), found)
        return True
    found = comparison(state)
    if found is None or found.average:
        return False
    target = state.peek(state.passes("of", "in", ahead=found.length))
    if target is None or target.kind != "column" or not state.numeric(field_of(target)):
        return False
    state.skip(state.passes("of", "in", ahead=found.length) + 1)
    _compare(state, plain(field_of(target)), found)
    return True


def dated_column(state: State) -> bool:
    """`opened after 2020`, `signed up in March`: a date or year column with its period."""
    atom = state.peek()
    if atom is None or atom.kind != "column" or not is_dated(state, field_of(atom)):
        return False
    ahead = state.passes(*_SMALL, ahead=1)
    after = state.peek(ahead)
    if after is None or after.kind != "period" or not isinstance(after.value, Span):
        return False
    state.skip(ahead + 1)
    state.dated.append((field_of(atom), after, state.alternative))
    state.alternative = False
    state.filtering = True
    return True


def _counts_next(state: State, found: Comparison) -> bool:
    """Whether the number counts what comes after it: `airlines with at least 10 flights`."""
    last, after = state.peek(found.length - 1), state.peek(found.length)
    if found.average or last is None or after is None or last.kind != "number" or after.start > last.end + 1:
        return False
    return after.kind in ("table", "measure") or (after.kind == "column" and after.start == last.end)


def _comparable(state: State, atom: Atom) -> bool:
    info = state.info(field_of(atom))
    return state.numeric(field_of(atom)) or info.role in ("id", "date") or info.type in ("date", "timestamp", "integer")


def _negated_equality(state: State, atom: Atom) -> bool:
    """`id is not 5`."""
    ahead = state.passes("be", ahead=1)
    word = state.peek(ahead)
    if word is None or not word.has("not"):
        return False
    found = comparison(state, ahead + 1, bare=True)
    if found is None:
        return False
    state.skip(found.length)
    state.negated = True
    _compare(state, plain(field_of(atom)), found)
    return True


def _compare(state: State, what: Expression, found: Comparison) -> None:
    state.condition(Condition(what, found.compare, found.values, against="avg" if found.average else ""))


def compared_amount(state: State) -> bool:
    """`older than 30`, `mais caros que 100`: an adjective that names its column."""
    atom = state.peek()
    if atom is None or not atom.has("comparative"):
        return False
    table = _near_table(state)
    choice = compared_for(state, atom.text, table)
    after = state.peek(1)
    if choice is None or after is None or after.kind != "number":
        return False
    field, side = choice
    state.skip(2)
    state.condition(Condition(plain(field), OPERATORS[side], (after.value,)))
    return True


def _near_table(state: State) -> str:
    before = [atom for atom in state.loud[: state.place] if atom.kind in ("table", "column")]
    after = [atom for atom in state.loud[state.place :] if atom.kind in ("table", "column")]
    return before[-1].target.table if before else after[0].target.table if after else ""


def compared_number(state: State) -> bool:
    """`products under 50`, `with total sales above 1000`: what is compared stands before it or goes unsaid."""
    found = comparison(state)
    if found is None or found.average or not found.values:
        return False
    if _counts_next(state, found):
        return False
    before = state.before()
    last = state.measures[-1] if state.measures else None
    if last is not None and before is not None and before.kind in ("column", "measure", "table") and state.filtering:
        state.skip(found.length)
        state.measures.pop()
        state.keep(Having(last, found.compare, found.values))
        return True
    field = _unsaid(state)
    if field is None:
        return False
    state.skip(found.length)
    state.doubts *= 0.92
    _compare(state, plain(field), found)
    return True


def _unsaid(state: State) -> Field | None:
    """The one column that a bare amount can mean."""
    table = state.subject or (state.context[-1] if state.context else "")
    return state.named.unsaid(table) if table else None


def valued_column(state: State) -> bool:
    """`name is Smith`, `status cancelled`, `type of "cat"`: a column and its value."""
    atom = state.peek()
    if atom is None or atom.kind != "column":
        return False
    ahead, negated = _to_value(state)
    value = state.peek(ahead)
    field = field_of(atom)
    if value is not None and value.has(*_LIKE):
        return _like(state, field, value, ahead, negated=negated)
    if value is None or value.kind != "value":
        return False
    if value.target.table and value.target[1:3] != (field.table, field.column):
        return False
    state.skip(ahead)
    state.negated = state.negated or negated
    if value.target.table:
        return valued(state)
    state.skip()
    state.doubts *= 0.9
    state.condition(Condition(plain(field), "=", (value.value,)))
    return True


def _like(state: State, field: Field, word: Atom, ahead: int, *, negated: bool) -> bool:
    """`whose email contains "wrau"`, `começa com A`."""
    ahead = state.passes("of", "with", "in", ahead=ahead + 1)
    text = state.peek(ahead)
    if text is None or text.kind not in ("value", "unknown", "number"):
        return False
    state.skip(ahead + 1)
    pattern = next(_LIKE[name] for name in word.names if name in _LIKE)
    state.negated = state.negated or negated
    said = text.value if text.kind != "value" or not text.target.table else text.text
    state.condition(Condition(plain(field), "like", (pattern.format(said),)))
    return True


def _to_value(state: State) -> tuple[int, bool]:
    ahead, negated = 1, False
    while (word := state.peek(ahead)) is not None and word.has(*_LINKING, "not", "ne"):
        negated = negated or word.has("not", "ne")
        ahead += 1
    return ahead, negated


def value(state: State) -> bool:
    """`from France`, `cancelled or returned`, `não de São Paulo`: values of the data."""
    atom = state.peek()
    if atom is not None and atom.has("ne"):
        ahead = state.passes("in", "of", ahead=1)
        after = state.peek(ahead)
        if after is not None and after.kind == "value" and after.target.table:
            state.skip(ahead)
            state.negated = True
            return valued(state)
    return valued(state)


def valued(state: State) -> bool:
    """A value at the reader's place, and those of the same column that follow."""
    atom = state.peek()
    if atom is None or atom.kind != "value" or not atom.target.table:
        return False
    state.skip()
    texts = [atom.target.value]
    anded = False
    while (more := _next_value(state, atom)) is not None:
        texts.append(more.target.value)
        anded = anded or _joined_by_and(state, more)
    after = state.peek()
    if after is not None and after.kind == "column" and after.target[1:3] == atom.target[1:3]:
        state.skip()
    what = plain(field_of(atom))
    unlike = list(dict.fromkeys(texts))
    if len(unlike) > 1:
        state.condition(Condition(what, "in", tuple(unlike), all_of=anded))
    else:
        state.condition(Condition(what, "=", (unlike[0],)))
    return True


def _joined_by_and(state: State, last: Atom) -> bool:
    between = [one for one in state.atoms if one.end <= last.start and one.kind == "op"]
    return bool(between) and between[-1].has("and")


def _next_value(state: State, first: Atom) -> Atom | None:
    ahead = state.passes("and", "or", "comma", "in", "either")
    atom = state.peek(ahead)
    if not ahead or atom is None or atom.kind != "value" or atom.target[1:3] != first.target[1:3]:
        return None
    state.skip(ahead + 1)
    return atom


def period(state: State) -> bool:
    """`in 2025`, `last month`, `founded before 2003`: placed on a date column when the reading is whole."""
    atom = state.peek()
    if atom is None or atom.kind != "period" or not isinstance(atom.value, Span):
        return False
    state.skip()
    state.unplaced.append((atom, state.alternative))
    state.alternative = False
    state.filtering = state.filtering or bool(state.subject or state.shown)
    return True


def without(state: State) -> bool:
    """`without orders`, `who never placed an order`, `sem e-mail`."""
    atom = state.peek()
    if atom is None or not atom.has("without", "not"):
        return False
    ahead = state.passes("with", "in", "of", "be", "distinct", ahead=1)
    target = state.peek(ahead)
    if target is None:
        return False
    if target.kind in ("table", "measure") and target.target.table != state.subject:
        state.skip(ahead + 1)
        state.exists.append(Exists(target.target.table, negated=True))
        state.filtering = state.lacking = True
        return True
    if target.kind == "column" and _value_after(state, ahead):
        state.skip(ahead)
        state.negated = True
        return valued_column(state)
    if target.kind == "value" and atom.has("without") and target.target.table:
        state.skip(ahead + 1)
        having = Condition(plain(field_of(target)), "=", (target.target.value,))
        state.exists.append(Exists(target.target.table, (having,), negated=True))
        state.filtering = True
        return True
    missing = target.kind == "column" and bool(state.info(field_of(target)).nulls)
    if missing and atom.has("without") and not _NOT.intersection(atom.text.split()):
        state.skip(ahead + 1)
        state.condition(Condition(plain(field_of(target)), "null"))
        return True
    if atom.has("not") and (target.kind == "value" or comparison(state, ahead) is not None):
        # `never` denies all rows of a thing, which a condition on the row at hand can't.
        if _NEVER.intersection(atom.text.split()) and any(field.table == target.target.table for field in state.shown):
            state.doubts *= 0.5
        state.skip()
        state.negated = True
        return True
    return False


def _value_after(state: State, ahead: int) -> bool:
    value = state.peek(state.passes(*_LINKING, ahead=ahead + 1))
    return value is not None and value.kind in ("value", "number")


def _by_somebody(state: State) -> bool:
    """`books by José Saramago`: the word before a value says who, not what to group by."""
    after, follows = state.peek(1), state.peek(2)
    if after is None or after.kind not in ("value", "table", "column"):
        return False
    return after.kind == "value" or (follows is not None and follows.kind == "value")


def marker(state: State) -> bool:
    """Small words: some begin the part of the question that narrows down, others part it."""
    atom = state.peek()
    if atom is not None and atom.has("group") and _by_somebody(state):
        state.skip()
        return True
    if atom is None or not atom.has(*_MARKERS) or atom.has("not", "both", "where_is", "when_is"):
        return False
    state.skip()
    if atom.has("with"):
        state.filtering = bool(state.subject or state.shown or state.measures or state.dimensions)
    elif atom.has("open"):
        state.filtering = False
    state.alternative = atom.has("or")
    return True
