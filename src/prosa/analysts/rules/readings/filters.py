"""What narrows the rows down: values, comparisons, periods, absence."""

from __future__ import annotations

import re

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.lexicon import keys
from prosa.analysts.rules.periods import Span
from prosa.analysts.rules.reading import Condition, Exists, Field, plain
from prosa.analysts.rules.readings.comparing import comparison
from prosa.analysts.rules.readings.state import BUYING, State, field_of
from prosa.analysts.rules.weekdays import Weekdays
from prosa.analysts.rules.words import fold, infinitive, kin, stem, stem_pt

_LINKING = ("be", "eq", "of", "in", "with", "either", "as")
_NEVER = frozenset({"never", "nunca", "jamais"})
_NOT = _NEVER | {"not", "nao"}
_NONE = frozenset({"nenhum", "nenhuma"})
_ENDING = re.compile(r"(ad|id)[oa]s?$|(ar|er|ir)(am)?$")
"""What Portuguese verbs add to their roots: `emprestados` is kin to `empréstimo`."""
_BEEN = frozenset({"been", "was", "were", "foi", "foram", "had", "have", "has"})
_SAME = 2
_NOBODY = frozenset({"nobody", "no one", "ninguem"})
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


def without(state: State) -> bool:
    """`without orders`, `who never placed an order`, `sem e-mail`."""
    atom = state.peek()
    if atom is None or not atom.has("without", "not"):
        return False
    ahead = state.passes("with", "in", "of", "be", "distinct", ahead=1)
    target = state.peek(ahead)
    if target is not None and target.has("group") and target.text in ("by", "por"):
        ahead = state.passes("group", ahead=ahead)  # `not used by any customer`
        target = state.peek(ahead)
    if target is not None and target.has("without") and target.text in _NONE:
        ahead += 1  # `não usados por nenhum cliente` denies once, whatever it says twice
        target = state.peek(ahead)
    if (undone := _never_done(state, atom)) is not None:
        return undone
    if target is None:
        return False
    value = state.peek(ahead + 1)
    if atom.has("not") and target.kind == "unknown" and value is not None and value.kind == "value":
        state.unknown.append(target)  # `não são cidadãos franceses` denies the value behind the word
        state.skip(ahead + 1)
        state.negated = True
        return True
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
    if target.kind == "column" and atom.has("not") and state.info(field_of(target)).role == "flag":
        state.skip(ahead)
        state.negated = True
        return flagged(state)
    missing = target.kind == "column" and bool(state.info(field_of(target)).nulls)
    if missing and atom.has("without") and not _NOT.intersection(atom.text.split()):
        state.skip(ahead + 1)
        state.condition(Condition(plain(field_of(target)), "null"))
        return True
    if atom.has("not") and (target.kind == "value" or comparison(state, ahead) is not None):
        # `never` denies all rows of a thing, which a condition on the row at hand can't.
        if _NEVER.intersection(atom.text.split()) and any(field.table == target.target.table for field in state.shown):
            state.doubt("never_one_row")
        state.skip()
        state.negated = True
        return True
    return False


def happened(state: State) -> bool:
    """`clientes que devolveram`, `books that were lent`: a verb alone that names a table of what happens."""
    atom = state.peek()
    return atom is not None and atom.has("with") and bool(_verb_alone(state, atom, denied=False))


def _never_done(state: State, atom: Atom) -> bool | None:
    """`customers who never rented`, `produtos que ninguém comprou`: the same, denied. None where no verb alone follows,
    since what follows says more."""
    denies = _NOT.intersection(atom.text.split()) or atom.text in _NOBODY
    return _verb_alone(state, atom, denied=True) if denies else None


def _verb_alone(state: State, atom: Atom, *, denied: bool) -> bool | None:
    after = next((one for one in state.atoms if one.start >= atom.end and fold(one.text) not in _BEEN), None)
    own = state.subject or (state.shown[0].table if state.shown else "")
    if after is None or after.kind not in ("silent", "unknown") or not own:
        return None
    length = 2 if after.kind == "unknown" else 1
    follows = state.peek(length)
    if follows is not None and follows.kind != "period":
        return None
    table, sure = _done(state, fold(after.text), own)
    if not table:
        return None
    state.skip(length)
    state.exists.append(Exists(table, negated=denied))
    state.filtering = state.lacking = True
    if not sure and atom.text not in _NOBODY:
        state.doubt("occasions_unsaid")
    return True


def _done(state: State, verb: str, own: str) -> tuple[str, bool]:
    """The table whose rows say that something was done, and whether it is called so: one named like the verb, the
    nearest where there are several, else what was sold."""
    roots = {stem(verb), stem_pt(verb), _ENDING.sub("", infinitive(verb)), *keys(infinitive(verb), "pt")}
    named = {table: _called(state, table, roots) for table in _belonging(state, own)}
    likely = [table for table, likeness in named.items() if likeness]
    ways = [state.schema.joins.distance(own, table) for table in likely]
    if likely and ways.count(ways[0]) == 1:
        return likely[0], named[likely[0]] == _SAME
    measure = state.named.folded_revenue()
    if not likely and measure is not None and verb in BUYING:
        # Customers have orders; products have lines of them.
        sold = (state.named.rows(measure)[0], measure.table)
        return min(sold, key=lambda table: state.schema.joins.distance(own, table) or 0.0), False
    return "", False


def _called(state: State, table: str, roots: set[str]) -> int:
    """Whether a table is called like a verb: the same word, one of its family, or not at all."""
    names = {
        key.removeprefix("p:") for word in state.schema.element(table).words for key in word.keys if key[:1] != "="
    }
    if names & roots:
        return _SAME
    return int(any(kin(root, name) for root in roots for name in names))


def _belonging(state: State, own: str) -> list[str]:
    """The tables whose rows belong to one row of a table, the nearest first: a customer's orders, their items, their
    returns."""
    found = [own]
    for table in found:  # grows by what hangs on each
        found += [edge.many for edge in state.schema.joins.of(table) if edge.one == table and edge.many not in found]
    return found[1:]


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


def _value_after(state: State, ahead: int) -> bool:
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
