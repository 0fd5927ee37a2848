"""Counts and folds: how many, total, average, least and most, and measures that have a name."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.reading import Expression, Field, Fold, Measure, plain
from prosa.analysts.rules.readings.state import State, field_of

_SMALL = ("of", "in", "with", "be", "open")
_FOLDS: dict[str, Fold] = {"sum": "sum", "avg": "avg", "min": "min", "max": "max", "highest": "max", "lowest": "min"}


def counted(state: State) -> bool:
    """`how many orders`, `number of different cities`, `quantos pedidos`."""
    atom = state.peek()
    if atom is None or not atom.has("count"):
        return False
    state.skip()
    state.skip_ops(*_SMALL)
    unlike = state.skip_ops("distinct", "of") > 0
    measure = _counted(state, unlike)
    if measure is None:
        state.ignored.append(atom)
    elif measure not in state.measures:
        state.measures.append(measure)
    return True


def _counted(state: State, unlike: bool) -> Measure | None:
    atom = state.peek()
    skipped = 0
    while atom is not None and atom.kind == "value" and atom.target.table:
        skipped += 1
        atom = state.peek(skipped)
    if atom is None:
        return None
    if atom.kind == "table":
        if not skipped:
            state.skip()
        state.mention(atom.target.table)
        return count(atom.target.table)
    if atom.kind == "column" and not skipped:
        state.skip()
        return _count_of(state, field_of(atom), unlike)
    if atom.kind == "measure" and not skipped:
        state.skip()
        return state.named.counted(atom.target)
    return count(_first_value(state)) if skipped else None


def _first_value(state: State) -> str:
    atom = state.peek()
    assert atom is not None
    return atom.target.table


def count(table: str) -> Measure:
    """How many rows a table has."""
    return Measure("count", table)


def _count_of(state: State, field: Field, unlike: bool) -> Measure:
    """What counting a column means: adding it where it holds numbers of things, else its different values."""
    if state.numeric(field) and not unlike:
        return Measure("sum", field.table, plain(field))
    table = state.table(field.table)
    if table.primary_key == (field.column,):
        return count(field.table)
    return Measure("distinct", field.table, plain(field))


def folded(state: State) -> bool:
    """`average price`, `total of the sales`, `maximum and minimum age`, `preço médio`."""
    atom = state.peek()
    if atom is None or not atom.has(*_FOLDS):
        return False
    if atom.has("highest", "lowest") and (state.shown or state.subject or state.measures and not _chained(state)):
        return False
    folds, ahead = _folds(state)
    targets, end = _targets(state, ahead)
    if not targets:
        return _after(state, folds[0])
    state.skip(end)
    for target in targets:
        for fold in folds:
            _add(state, target, fold)
    return True


def _chained(state: State) -> bool:
    before = state.before()
    return before is not None and before.has("and", "comma")


def _folds(state: State) -> tuple[list[Fold], int]:
    """The folds named one after the other, and how many atoms they take."""
    folds: list[Fold] = []
    ahead = end = 0
    while (atom := state.peek(ahead)) is not None and atom.has("and", "comma", "of", *_FOLDS):
        fold = next((_FOLDS[name] for name in atom.names if name in _FOLDS), None)
        if fold:
            folds.append(fold)
            end = ahead + 1
        elif atom.has("of") and folds:
            end = ahead + 1
        ahead += 1
    return folds, end


def _targets(state: State, ahead: int) -> tuple[list[Atom], int]:
    """The columns, tables or measures that the folds are for, and how many atoms they take with the folds."""
    targets: list[Atom] = []
    ahead = state.passes("of", "distinct", "in", ahead=ahead)
    while (atom := state.peek(ahead)) is not None:
        if not _foldable(state, atom):
            break
        targets.append(atom)
        ahead += 1
        after = state.peek(ahead)
        follows = state.peek(ahead + 1)
        if after is None or not after.has("and", "comma") or follows is None or follows.kind != "column":
            break
        if not _foldable(state, follows) or _counts_something(state, ahead + 2):
            break
        ahead += 1
    return targets, ahead


def _counts_something(state: State, ahead: int) -> bool:
    """Whether a comparison or a value follows, so that the column before it narrows down instead."""
    atom = state.peek(ahead)
    return atom is not None and (
        atom.kind in ("value", "number") or atom.has("gt", "ge", "lt", "le", "eq", "be", "between")
    )


def _foldable(state: State, atom: Atom) -> bool:
    if atom.kind == "column":
        return state.numeric(field_of(atom)) or state.info(field_of(atom)).role == "date"
    return atom.kind in ("measure", "table")


def _add(state: State, atom: Atom, fold: Fold) -> None:
    measure = measured(state, atom, fold)
    if measure is None:
        state.ignored.append(atom)
    elif measure not in state.measures:
        state.measures.append(measure)


def measured(state: State, atom: Atom, fold: Fold) -> Measure | None:
    """A fold of what a link names; None where it has none."""
    if atom.kind == "measure":
        return state.named.folded(atom.target, fold)
    if atom.kind == "table":
        state.mention(atom.target.table)
        return count(atom.target.table) if fold == "sum" else state.named.main(atom.target.table, fold)
    field = field_of(atom)
    return Measure(fold, field.table, plain(field))


def _after(state: State, fold: Fold) -> bool:
    """`preço médio`, `sales total`: the fold behind its column takes the column back from what is shown."""
    before = state.before()
    if before is None or before.kind not in ("column", "measure") or not _foldable(state, before):
        return False
    if before.kind == "column":
        field = field_of(before)
        if field not in state.shown:
            return False
        state.shown.remove(field)
    elif state.measures:
        state.measures.pop()
    state.skip()
    _add(state, before, fold)
    return True


def named(state: State) -> bool:
    """`revenue`, `faturamento`: a measure that the catalog derives."""
    atom = state.peek()
    if atom is None or atom.kind != "measure":
        return False
    state.skip()
    if state.named.is_verb(atom.target):
        state.mention(atom.target.table)
        return True
    measure = state.named.folded(atom.target, "sum")
    if measure is not None and measure not in state.measures:
        state.measures.append(measure)
    return True


def expression_of(state: State, atom: Atom) -> Expression | None:
    """What a link gives for one row, for sorting and comparing row by row."""
    if atom.kind == "column":
        return plain(field_of(atom))
    return None
