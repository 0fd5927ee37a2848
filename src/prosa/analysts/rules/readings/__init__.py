"""From a row of atoms to a reading: constructs are tried in order at each place, and what none takes is left over."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.data import data
from prosa.analysts.rules.measures import Measures
from prosa.analysts.rules.reading import Reading
from prosa.analysts.rules.readings import (
    absence,
    comparisons,
    derivations,
    filters,
    groups,
    lists,
    lookups,
    occasions,
    orders,
    per,
    superlatives,
    totals,
)
from prosa.analysts.rules.readings.finish import finish
from prosa.analysts.rules.readings.state import STRONG, Construct, State
from prosa.analysts.rules.schema import Schema
from prosa.analysts.rules.words import fold

CONSTRUCTS: tuple[Construct, ...] = (
    derivations.whether,
    lookups.where,
    lookups.when,
    lookups.who,
    derivations.combination,
    derivations.derivation,
    orders.ranking,
    orders.sorting,
    orders.best_sellers,
    superlatives.came_last,
    superlatives.came_first,
    superlatives.nth,
    orders.top_of,
    superlatives.commonest,
    superlatives.extreme_behind,
    superlatives.superlative,
    superlatives.most,
    comparisons.averages,
    comparisons.parted,
    per.average_count,
    totals.amount,
    totals.counted,
    totals.folded,
    comparisons.compared_group,
    derivations.missing,
    comparisons.numbered,
    comparisons.dated_column,
    comparisons.compared_column,
    comparisons.compared_amount,
    comparisons.compared_number,
    comparisons.above_average,
    comparisons.so_often,
    filters.valued_column,
    filters.value,
    filters.period,
    occasions.done,
    occasions.new_ones,
    absence.without,
    absence.happened,
    filters.given,
    groups.grouped,
    groups.each_of_them,
    lists.all_columns,
    lists.with_theirs,
    totals.named,
    lists.column,
    lists.table,
    lists.distinct,
    lists.chart,
    filters.marker,
)


_WHETHER = frozenset(data("operations")["whether"].split())
_ANY = frozenset(data("operations")["any"].split())
_LEAST = 2


def read(atoms: tuple[Atom, ...], schema: Schema, named: Measures) -> tuple[Reading, State] | None:
    """The reading of one row of atoms with what was left over; None where it asks for nothing."""
    state = gathered(atoms, schema, named)
    reading = finish(state)
    return (reading, state) if reading else None


def gathered(atoms: tuple[Atom, ...], schema: Schema, named: Measures, base: str = "") -> State:
    """What one row of atoms says, not yet put together; `base` is the table that an earlier question was about."""
    state = State(atoms, schema, named, base=base)
    if _asks_whether(atoms):
        state.derivations.append(("exists", atoms[0]._replace(kind="op", names=("whether",))))
    while state.peek() is not None:
        if not any(construct(state) for construct in CONSTRUCTS):
            _left(state)
    return state


def _asks_whether(atoms: tuple[Atom, ...]) -> bool:
    """`did we …`, `há …`, `vendemos algum …`; but `há quantos …` counts."""
    if len(atoms) < _LEAST or any(atom.has("count", "how_much") for atom in atoms):
        return False
    first, second = (fold(atom.text) for atom in atoms[:_LEAST])
    sells = atoms[0].kind == "measure" and atoms[0].target.value == "verb" and second in _ANY
    return sells or (atoms[0].kind == "silent" and first in _WHETHER)


def _left(state: State) -> None:
    atom = state.peek()
    assert atom is not None
    if atom.kind in ("unknown", "value", "number", "date", "period"):
        state.unknown.append(atom)
    elif atom.kind == "op" and STRONG.intersection(atom.names):
        state.ignored.append(atom)
    state.skip()
