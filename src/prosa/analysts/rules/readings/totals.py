"""Counts and folds: how many, total, average, least and most, and measures that have a name."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.periods import Every
from prosa.analysts.rules.reading import Field, Fold, Measure, plain
from prosa.analysts.rules.readings.occasions import new_ones
from prosa.analysts.rules.readings.state import State, field_of, is_plural

_LISTING = (["list"], ["liste"], ["listar"], ["enumerate"], ["enumere"])
_SMALL = ("of", "in", "with", "be", "open")
FOLDS: dict[str, Fold] = {
    "sum": "sum",
    "avg": "avg",
    "median": "median",
    "min": "min",
    "max": "max",
    "highest": "max",
    "lowest": "min",
}


def counted(state: State) -> bool:
    """`how many orders`, `number of different cities`, `quantos pedidos`."""
    atom = state.peek()
    if atom is None or not atom.has("count"):
        return False
    state.skip()
    state.skip_ops(*_SMALL, "count")
    unlike = state.skip_ops("distinct", "of") > 0
    new_ones(state)
    measure = _counted(state, unlike)
    if measure is None:
        state.ignored.append(atom)
    elif measure not in state.measures:
        state.measures.append(measure)
    return True


def _counted(state: State, unlike: bool) -> Measure | None:
    """What is counted: the last of the names that stand side by side; values before it narrow down."""
    before, head = _head(state)
    if head is None:
        table = before[0].target.table if before else state.base
        if before and before[0].text.islower():
            state.doubt("counted_value")  # `how many papers` may mean documents rather than the kind called Paper
        return count(table) if table else None
    for atom in before:
        if atom.kind == "table":
            state.mention(atom.target.table)
    if any(atom.kind == "value" for atom in before):
        _narrow_by(state, before)
    state.skip(len(before) + 1 if not any(atom.kind == "value" for atom in before) else 1)
    if head.kind == "table":
        state.mention(head.target.table)
        return state.named.rows_counted(head.target.table)
    if head.kind == "measure":
        return state.named.counted(head.target)
    return _count_of(state, field_of(head), unlike)


def _head(state: State) -> tuple[list[Atom], Atom | None]:
    """The values and tables that stand before the head without anything between, and the head."""
    run: list[Atom] = []
    while (atom := state.peek(len(run))) is not None and atom.target.table:
        if run and (atom.start != run[-1].end or (run[-1].kind != "value" and is_plural(run[-1]))):
            # Said in the plural it is the thing itself, and not what kind of thing follows.
            break
        run.append(atom)
    names = [atom for atom in run if atom.kind != "value" and not _only_says_yes(state, atom)]
    if not names:
        return run, None
    place = run.index(names[-1])
    return run[:place], names[-1]


def _only_says_yes(state: State, atom: Atom) -> bool:
    """Whether it is a yes-or-no column, which narrows down and is not counted itself: `active customers`."""
    return atom.kind == "column" and state.info(field_of(atom)).role == "flag"


def _narrow_by(state: State, before: list[Atom]) -> None:
    from prosa.analysts.rules.readings.filters import valued

    for atom in before:
        if atom.kind != "value" or not valued(state):
            state.skip()


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
    if atom is None or not atom.has(*FOLDS):
        return False
    if atom.has("sum") and state.measures and not _targets(state, 1)[0]:
        state.skip()  # `how many orders in total`
        return True
    if _nested(state):
        state.ignored.append(atom)
    folds, ahead = _folds(state)
    if _behind(state, folds, ahead) or _timed(state, folds, ahead):
        return True
    if not atom.has("sum", "avg", "median") and not folds_here(state):
        return False
    targets, end = _targets(state, ahead)
    if not targets:
        return False
    state.skip(end)
    for target in targets:
        for fold in folds:
            _add(state, target, fold)
    return True


def _timed(state: State, folds: list[Fold], ahead: int) -> bool:
    """`average monthly revenue`, `média mensal de pedidos`: the time stands between the average and what it is of."""
    every = state.peek(ahead)
    behind = state.passes("count", "of", ahead=ahead + 1)
    what = state.peek(behind)
    if every is None or what is None or folds != ["avg"] or what.kind not in ("measure", "table"):
        return False
    if every.kind != "period" or not isinstance(every.value, Every):
        return False
    if what.kind == "table":
        state.mention(what.target.table)
        state.measures.append(count(what.target.table))
        state.averaged.append(count(what.target.table))
    else:
        _add(state, what, "avg")
    state.skip(behind + 1)
    state.unplaced.append((every, False))
    return True


def folds_here(state: State) -> bool:
    """Whether a highest or lowest at this place is a number to show, rather than a row to find: it comes first, or in
    a list of numbers."""
    before = state.before()
    if before is None or (before.has("open") and not before.has("with")):
        return True
    if not before.has("and", "comma") or state.filtering:
        return False
    grouped = any(atom.has("group") for atom in state.atoms)
    return bool(state.measures) or not state.shown or grouped or bool(state.dimensions)


def _folds(state: State) -> tuple[list[Fold], int]:
    """The folds named one after the other, and how many atoms they take."""
    folds: list[Fold] = []
    ahead = end = 0
    while (atom := state.peek(ahead)) is not None and atom.has("and", "comma", "of", *FOLDS):
        fold = next((FOLDS[name] for name in atom.names if name in FOLDS), None)
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
    number, behind = state.peek(ahead), state.peek(ahead + 1)
    if number is not None and number.has("count") and behind is not None and behind.kind == "column":
        ahead += state.numeric(field_of(behind))
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
        dated = state.info(field_of(atom)).role == "date"
        return state.numeric(field_of(atom)) or (dated and not state.names_rows(atom.text))
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
        if fold == "avg" and atom.target.column in ("revenue", "units", "profit"):
            state.averaged += [one for one in [state.named.folded(atom.target, "sum")] if one is not None]
        return state.named.folded(atom.target, fold)
    if atom.kind == "table":
        state.mention(atom.target.table)
        after = state.peek()
        lists_on = after is not None and after.has("and", "comma")
        if fold != "sum" or lists_on:
            return None
        return state.named.of_plain_rows(atom.target.table) or count(atom.target.table)
    field = field_of(atom)
    return Measure(fold, field.table, plain(field))


def _nested(state: State) -> bool:
    """`the maximum total amount`: a fold of folds, which one SELECT can't give."""
    first, second = state.peek(), state.peek(1)
    if first is None or second is None or not first.has("avg", "min", "max", "highest", "lowest"):
        return False
    counted = state.peek(2)
    if second.has("count") and counted is not None and counted.kind == "column" and state.numeric(field_of(counted)):
        return False  # `average number of seats`: the column has counted them already
    return second.has("sum", "avg", "count") and second.start <= first.end + 1


def _behind(state: State, folds: list[Fold], length: int) -> bool:
    """`preço máximo e mínimo`, `sales total`: folds behind their column take it back from what is shown."""
    before, atom = state.before(), state.peek()
    if before is None or atom is None or before.end != atom.start or not _foldable(state, before):
        return False
    if before.kind == "column":
        if field_of(before) not in state.shown:
            return False
        state.shown.remove(field_of(before))
    elif before.kind == "measure" and state.measures:
        state.measures.pop()
    else:
        return False
    state.skip(length)
    for fold in folds:
        _add(state, before, fold)
    return True


def named(state: State) -> bool:
    """`revenue`, `faturamento`: a measure that the catalog derives."""
    atom = state.peek()
    if atom is None or atom.kind != "measure":
        return False
    if _says_of_what(state, atom):
        state.skip()
        return True
    state.skip()
    if state.named.is_verb(atom.target):
        if not state.how_much:
            state.mention(atom.target.table)
            return True
        state.how_much = False
    measure = state.named.folded(atom.target, "sum")
    after = state.peek()
    if after is not None and after.kind == "column" and after.start == atom.end:
        state.doubt("measure_beside")
    if measure is not None and (_listed_with_rows(state, measure, atom) or _listed_alone(state, measure, atom)):
        return True
    if measure is not None and measure not in state.measures:
        state.measures.append(measure)
    return True


def _listed_alone(state: State, measure: Measure, atom: Atom) -> bool:
    """`list sales`, `liste as vendas de 2025`: the rows, unless numbers of groups are to be listed."""
    first = state.atoms[0]
    lists = first.text.casefold().split()[:1] in _LISTING and state.loud[: state.place - 1] in ([], [first])
    so_many = state.limit is not None and bool(state.direction)  # `last 5 sales`
    if not (lists or so_many) or not state.named.counts_rows(atom.text) or any(one.has("group") for one in state.loud):
        return False
    if any(one.kind == "period" and isinstance(one.value, Every) for one in state.loud):
        return False
    state.subject = state.named.rows(measure)[0]
    state.mention(state.subject)
    state.plural = True
    return True


def _listed_with_rows(state: State, measure: Measure, atom: Atom) -> bool:
    """`songs and sale amounts`: a number that each of the rows just named has by itself is shown beside it."""
    before = [one for one in state.loud if one.end <= atom.start][-2:]
    if len(before) < 2 or before[0].kind != "table" or not before[1].has("and", "comma", "their") or state.measures:
        return False
    own = measure.expression is not None and measure.expression.template == "{0}" and measure.table == state.subject
    if not own or before[0].target.table != state.subject:
        return False
    assert measure.expression is not None
    fields = (*(state.shown or [state.display(state.subject)]), measure.expression.fields[0])
    state.shown = list(dict.fromkeys(fields))
    return True


def _says_of_what(state: State, atom: Atom) -> bool:
    """Whether a measure's word only says of what: `sales target`, `meta de vendas`, `preço unitário das vendas`."""
    after, before = state.peek(1), state.before()
    if before is not None and before.has("of"):
        before = state.before(2)
    beside = [one for one in (before, after) if one is not None and one.kind in ("table", "column")]
    if any(state.named.is_plan(one.target.table) for one in beside):
        return True
    own = before is not None and before.kind == "column" and before.target.table == atom.target.table
    return own and not state.filtering and state.before() is not before


def amount(state: State) -> bool:
    """`how much did we sell`, `quanto faturamos`."""
    atom = state.peek()
    if atom is None or not atom.has("how_much"):
        return False
    state.skip()
    state.how_much = True
    return True
