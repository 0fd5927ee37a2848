"""What a share is of, and whose it is; what is made of both is in `derivations`."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.reading import Dimension
from prosa.analysts.rules.readings.state import State, field_of
from prosa.analysts.rules.readings.totals import count, measured


def shared(state: State) -> None:
    """What a share is of: rows that are counted, or a number that is added."""
    ahead = state.passes("of", "in", "distinct")
    target = state.peek(ahead)
    if target is None or state.measures or _share_in(state, ahead) or _share_of_some(state, ahead):
        return
    if target.kind not in ("table", "measure", "column"):
        return
    measure = count(target.target.table) if target.kind == "table" else measured(state, target, "sum")
    if target.kind == "column" and not state.numeric(field_of(target)):
        return
    if measure is not None:
        state.skip(ahead + 1)
        state.mention(measure.table)
        state.measures.append(measure)


def _share_in(state: State, ahead: int) -> bool:
    """`participação das lojas no faturamento`, `share of Centro in revenue`: whose share it is stands before what is
    shared."""
    whose, narrowed, end = _whose(state, ahead)
    small, number = state.peek(end), state.peek(end + 1)
    if end == ahead or small is None or number is None or not small.has("in") or not _added(state, number):
        return False
    measure = measured(state, number, "sum")
    if measure is None:
        return False
    state.measures.append(measure)
    if whose is not None and not narrowed:
        field = state.display(whose.target.table) if whose.kind == "table" else field_of(whose)
        state.mention(field.table)
        state.dimensions.append(Dimension(field, entity=whose.kind == "table"))
        state.skip(end)
    else:
        state.skip(ahead)  # values are left to be read as the conditions that they are
    return True


def _whose(state: State, ahead: int) -> tuple[Atom | None, bool, int]:
    """The table or column that a share is told for, whether values narrow it down, and the place behind it all."""
    whose, narrowed = None, False
    while (atom := state.peek(ahead)) is not None:
        after = state.peek(ahead + 1)
        if _narrows(state, atom):
            narrowed = True
        elif whose is None and atom.kind in ("table", "column") and not _added(state, atom):
            whose = atom
        elif not atom.has("of", "in") or after is None or not _narrows(state, after):
            break
        ahead += 1
    return whose, narrowed, ahead


def _share_of_some(state: State, ahead: int) -> bool:
    """`share of organic products`, `percentage of cancelled orders`: what narrows the rows down stands before them."""
    head = ahead
    while (atom := state.peek(head)) is not None and _narrows(state, atom):
        head += 1
    if head == ahead or atom is None or atom.kind != "table":
        return False
    state.measures.append(count(atom.target.table))
    state.skip(ahead)
    return True


def _narrows(state: State, atom: Atom) -> bool:
    return atom.kind == "value" or (atom.kind == "column" and state.info(field_of(atom)).role == "flag")


def _added(state: State, atom: Atom) -> bool:
    return atom.kind == "measure" or (atom.kind == "column" and state.numeric(field_of(atom)))
