"""What narrows the rows down: values, flags, periods, and the small words between them."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.periods import Span
from prosa.analysts.rules.reading import Condition, Field, plain
from prosa.analysts.rules.readings.state import State, field_of
from prosa.analysts.rules.weekdays import Weekdays
from prosa.analysts.rules.words import fold

_LINKING = ("be", "eq", "of", "in", "with", "either", "as")
_ARTICLES = frozenset({"a", "as", "o", "os", "the"})
_LIKE = {"contains": "%{}%", "starts": "{}%", "ends": "%{}"}
_MARKERS = (
    "filler",
    "whether",
    "with",
    "in",
    "of",
    "and",
    "or",
    "but",
    "either",
    "be",
    "open",
    "their",
    "than",
    "as",
    "comma",
    "eq",
)


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
    state.doubt("value_not_found")
    state.condition(Condition(plain(field), "=", (value.value,)))
    return True


def _like(state: State, field: Field, word: Atom, ahead: int, *, negated: bool) -> bool:
    """`whose email contains "wrau"`, `começa com A`."""
    letter = next((one for one in state.atoms if one.start >= word.end), None)
    ahead = state.passes("of", "with", "in", ahead=ahead + 1)
    text = state.peek(ahead)
    if letter is not None and letter.kind == "silent" and len(letter.text) == 1 and letter.text.isalpha():
        text, ahead = letter._replace(value=letter.text), ahead - 1
    if text is None or text.kind not in ("value", "unknown", "number", "silent"):
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
        state.condition(Condition(what, "in", tuple(unlike), all_of=anded, both=anded and state.both))
    else:
        state.condition(Condition(what, "=", (unlike[0],)))
    return True


def _joined_by_and(state: State, last: Atom) -> bool:
    between = [one for one in state.atoms if one.end <= last.start and one.kind == "op"]
    return bool(between) and between[-1].has("and")


def _next_value(state: State, first: Atom) -> Atom | None:
    ahead = state.passes("and", "or", "comma", "in", "either")
    ahead = state.passes("of", "in", ahead=ahead) if ahead else 0  # `do Porto ou de Londres` says its `de` again
    atom = state.peek(ahead)
    if not ahead or atom is None or atom.kind != "value" or atom.target[1:3] != first.target[1:3]:
        return None
    state.skip(ahead + 1)
    return atom


def period(state: State) -> bool:
    """`in 2025`, `last month`, `founded before 2003`: placed on a date column when the reading is whole."""
    atom, denied = state.peek(), False
    if atom is not None and atom.has("not", "ne"):
        word, atom, denied = atom, state.peek(1), True
        if atom is None or not _next_to(state, word, atom):
            return False
    if atom is None or atom.kind != "period" or not isinstance(atom.value, Span | Weekdays):
        return False
    if denied:
        state.skip()
        atom = atom._replace(value=atom.value._replace(negated=True))
    state.skip()
    state.unplaced.append((atom, state.alternative))
    state.alternative = False
    state.filtering = state.filtering or bool(state.subject or state.shown)
    return True


def _next_to(state: State, one: Atom, other: Atom) -> bool:
    """Whether nothing but articles stands between: `exceto às segundas`, while `not sold in 2025` denies the sale."""
    between = [atom for atom in state.atoms if one.end <= atom.start < other.start]
    return all(fold(atom.text) in _ARTICLES for atom in between)


def flagged(state: State) -> bool:
    """`not organic`: a yes-or-no column that says no."""
    atom = state.peek()
    assert atom is not None
    yes = state.yes(field_of(atom))
    if yes is None:
        return False
    state.skip()
    state.condition(Condition(plain(field_of(atom)), "=", (yes,)))
    return True


def given(state: State) -> bool:
    """`customers with e-mail`: those that have one."""
    atom, target = state.peek(), state.peek(1)
    if atom is None or target is None or not atom.has("with") or target.kind != "column":
        return False
    after = state.peek(2)
    ends = after is None or after.has("and", "or", "but", "comma", "in", "group", "order")
    if not ends or not state.info(field_of(target)).nulls or state.numeric(field_of(target)):
        return False
    if not (state.subject or any(measure.fold == "count" for measure in state.measures)):
        return False
    state.skip(2)
    state.condition(Condition(plain(field_of(target)), "null", negated=True))
    return True


def value_after(state: State, ahead: int) -> bool:
    value = state.peek(state.passes(*_LINKING, ahead=ahead + 1))
    return value is not None and value.kind in ("value", "number")


def _by_somebody(state: State) -> bool:
    """`books by José Saramago`: the word before a value says who, not what to group by."""
    ahead = state.passes("both", ahead=1)
    after, follows = state.peek(ahead), state.peek(ahead + 1)
    if after is None:
        return False
    if after.has("most", "least", "gt", "ge", "lt", "le", "between"):
        return True
    return after.kind == "value" or (follows is not None and follows.kind in ("value", "number"))


def marker(state: State) -> bool:
    """Small words: some begin the part of the question that narrows down, others part it."""
    atom = state.peek()
    if atom is not None and atom.has("group") and _by_somebody(state):
        state.skip()
        return True
    after = state.peek(1)
    if atom is not None and atom.has("both"):
        shared = atom.text != "both"
        state.both = state.both or shared or after is None or after.kind not in ("column", "table")
        state.skip()
        return True
    if atom is not None and atom.has("and", "comma", "but", "order"):
        state.within = False
    if atom is None or not atom.has(*_MARKERS) or atom.has("not"):
        return False
    if atom.has("when_is") and not state.place:
        return False  # `quando` that begins a question asks for a time, which rows alone don't answer
    state.skip()
    if atom.has("with"):
        state.filtering = bool(state.subject or state.shown or state.measures or state.dimensions)
    elif atom.has("open"):
        state.filtering = False
    state.alternative = atom.has("or") and not _opens_a_choice(state)
    return True


def _opens_a_choice(state: State) -> bool:
    """Whether this `or` is the first of two, as in `ou Porto ou Recife`, where English says `either`."""
    return not (state.conditions or state.unplaced) and any(one.has("or") for one in state.loud[state.place :])
