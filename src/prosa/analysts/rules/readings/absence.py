"""What there is none of: `without orders`, `who never bought`, `not organic`; and what happened at all."""

from __future__ import annotations

import re

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.lexicon import keys
from prosa.analysts.rules.reading import Condition, Exists, plain
from prosa.analysts.rules.readings.comparing import comparison
from prosa.analysts.rules.readings.filters import flagged, value_after, valued_column
from prosa.analysts.rules.readings.state import BUYING, State, field_of
from prosa.analysts.rules.words import fold, infinitive, kin, stem, stem_pt

_NEVER = frozenset({"never", "nunca", "jamais"})
_NOT = _NEVER | {"not", "nao"}
_NONE = frozenset({"nenhum", "nenhuma"})
_NOBODY = frozenset({"nobody", "no one", "ninguem"})
_BEEN = frozenset({"been", "was", "were", "foi", "foram", "had", "have", "has"})
_ENDING = re.compile(r"(ad|id)[oa]s?$|(ar|er|ir)(am)?$")
"""What Portuguese verbs add to their roots: `emprestados` is kin to `empréstimo`."""
_SAME = 2


def without(state: State) -> bool:
    """`without orders`, `who never placed an order`, `sem e-mail`."""
    atom = state.peek()
    if atom is None or not atom.has("without", "not"):
        return False
    ahead = _passed(state)
    if (undone := _never_done(state, atom)) is not None:
        return undone
    target = state.peek(ahead)
    if target is None:
        return False
    return (
        _lacks_rows(state, atom, target, ahead)
        or _lacks_value(state, atom, target, ahead)
        or (atom.has("not") and _denies(state, atom, target, ahead))
    )


def _passed(state: State) -> int:
    """How many places ahead stands what is denied."""
    ahead = state.passes("with", "in", "of", "be", "distinct", ahead=1)
    target = state.peek(ahead)
    if target is not None and target.has("group") and target.text in ("by", "por"):
        ahead = state.passes("group", ahead=ahead)  # `not used by any customer`
        target = state.peek(ahead)
    # `Não usados por nenhum cliente` denies once, whatever it says twice.
    return ahead + (target is not None and target.has("without") and target.text in _NONE)


def _lacks_rows(state: State, atom: Atom, target: Atom, ahead: int) -> bool:
    """`without orders`, `without Kettle`: there are no such rows."""
    table = target.target.table
    if target.kind in ("table", "measure") and table != state.subject:
        state.skip(ahead + 1)
        state.exists.append(Exists(table, negated=True))
        state.filtering = state.lacking = True
        return True
    if target.kind == "value" and atom.has("without") and table:
        state.skip(ahead + 1)
        having = Condition(plain(field_of(target)), "=", (target.target.value,))
        state.exists.append(Exists(table, (having,), negated=True))
        state.filtering = True
        return True
    return False


def _lacks_value(state: State, atom: Atom, target: Atom, ahead: int) -> bool:
    """`sem e-mail`: the column is empty; `without status open`: it holds something else."""
    if target.kind != "column":
        return False
    if value_after(state, ahead):
        state.skip(ahead)
        state.negated = True
        return valued_column(state)
    bare = atom.has("without") and not _NOT.intersection(atom.text.split())
    if not bare or not state.info(field_of(target)).nulls:
        return False
    state.skip(ahead + 1)
    state.condition(Condition(plain(field_of(target)), "null"))
    return True


def _denies(state: State, atom: Atom, target: Atom, ahead: int) -> bool:
    """`not organic`, `not from Brazil`, `not more than 5`: the next condition is turned round."""
    value = state.peek(ahead + 1)
    if target.kind == "unknown" and value is not None and value.kind == "value":
        state.unknown.append(target)  # `não são cidadãos franceses` denies the value behind the word
        state.skip(ahead + 1)
        state.negated = True
        return True
    if target.kind == "column" and state.info(field_of(target)).role == "flag":
        state.skip(ahead)
        state.negated = True
        return flagged(state)
    if target.kind != "value" and comparison(state, ahead) is None:
        return False
    # `never` denies all rows of a thing, which a condition on the row at hand can't.
    if _NEVER.intersection(atom.text.split()) and any(field.table == target.target.table for field in state.shown):
        state.doubt("never_one_row")
    state.skip()
    state.negated = True
    return True


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
