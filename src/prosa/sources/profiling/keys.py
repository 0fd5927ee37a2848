"""Primary and foreign keys that no schema declares: proposed by names and types, confirmed by all values.

What a name points at: `customer_id`, `cod_cliente` or `idCliente` is a mark (id, cod) and an entity (customer,
cliente), and a table is the entity's when its name is that, in singular or plural."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from prosa.results import Cell, ColumnType
from prosa.sources.naming import fold, words
from prosa.sources.profiling.lexicon import has, is_mark, is_prefix, points_at_own, singulars

_SHORTEST = 3
KEY_TYPES: frozenset[ColumnType] = frozenset({"integer", "text"})


class KeyColumn(msgspec.Struct, frozen=True):
    """What of a column counts for keys."""

    table: str
    name: str
    type: ColumnType
    unique: bool = False
    filled: bool = True
    distinct: int | None = None
    min: Cell = None
    max: Cell = None


Included = Callable[[KeyColumn, KeyColumn], bool]
"""Whether every value of the first column is among those of the second."""


def may_be_key(column: str) -> bool:
    """Whether a column's name says that it names rows by a number or code."""
    return bool(_split(column)[0]) or has(words(column), "id")


def primary_key(table: str, columns: Sequence[KeyColumn]) -> str | None:
    """The unique column whose name says that it is the table's key."""
    ranked = [(_own_rank(table, column), -place, column.name) for place, column in enumerate(columns)]
    best = max(ranked, default=(0, 0, ""))
    return best[2] if best[0] > 0 else None


def _own_rank(table: str, column: KeyColumn) -> int:
    _, entity = _split(column.name)
    if not column.unique or column.type not in KEY_TYPES or not may_be_key(column.name):
        return 0
    strength = matches(entity, table)
    return 4 if strength == 3 else 3 if not entity else 2 if strength else 1


def _split(name: str) -> tuple[list[str], list[str]]:
    """The marks in a column's name and the other words."""
    parts = [part for word in words(name) for part in _glued(word)]
    return [part for part in parts if is_mark(part)], [part for part in parts if not is_mark(part)]


def _glued(word: str) -> list[str]:
    """`customerid` and `idcliente` as two words."""
    if len(word) > 4 and word.endswith("id") and not word.endswith(("aid", "oid", "uid", "rid", "lid")):
        return [word[:-2], "id"]
    return ["id", word[2:]] if len(word) > 5 and word.startswith("id") and not word.startswith("ide") else [word]


def matches(entity: Sequence[str], table: str) -> int:
    """How well an entity's words name a table: 3 wholly, 2 with a role before it (`ship_country`), 1 as the last word
    of the table's name, 0 not at all."""
    parts = words(table)
    while len(parts) > 1 and is_prefix(parts[0]):
        parts = parts[1:]
    if not entity or not parts:
        return 0
    if _same(entity, parts):
        return 3
    if len(entity) > len(parts) and _same(entity[-len(parts) :], parts):
        return 2
    if len(parts) > len(entity) and _same(entity, parts[-len(entity) :]):
        return 1
    return int(len(entity) == len(parts) == 1 and len(entity[0]) >= _SHORTEST and parts[0].startswith(entity[0]))


def _same(left: Sequence[str], right: Sequence[str]) -> bool:
    if len(left) != len(right):
        return "".join(left) == "".join(right)
    return all(singulars(one) & singulars(other) for one, other in zip(left, right, strict=True))


class Targets:
    """Columns that can be pointed at, by the words that would point at them. `primary` are the tables' single keys,
    `others` further unique columns."""

    def __init__(self, primary: Sequence[KeyColumn], others: Sequence[KeyColumn]) -> None:
        self._primary = [column for column in primary if column.type in KEY_TYPES]
        self._by_name: dict[str, list[KeyColumn]] = {}
        for column in (*self._primary, *filter(_is_alternate, others)):
            if _split(column.name)[1] and column.type in KEY_TYPES:
                self._by_name.setdefault(fold(column.name), []).append(column)
        self._by_last_word: dict[str, list[KeyColumn]] = {}
        for column in self._primary:
            for word in singulars((words(column.table) or [""])[-1]):
                self._by_last_word.setdefault(word, []).append(column)

    def of(self, column: KeyColumn) -> list[KeyColumn]:
        """What a column may point at, the likeliest first."""
        marks, entity = _split(column.name)
        ranked: dict[KeyColumn, float] = {}
        for target in self._by_name.get(fold(column.name), ()):
            ranked[target] = 2.5 + matches(entity, target.table)
        for target in self._named(entity):
            strength = matches(entity, target.table)
            if target.table != column.table and (strength == 3 or (marks and strength)):
                ranked[target] = max(ranked.get(target, 0), strength)
        if marks and points_at_own(entity):
            ranked |= {target: 1.5 for target in self._primary if target.table == column.table and target != column}
        found = [target for target in ranked if _possible(column, target)]
        return sorted(found, key=lambda target: -ranked[target])

    def _named(self, entity: Sequence[str]) -> list[KeyColumn]:
        if not entity:
            return []
        found = [target for word in singulars(entity[-1]) for target in self._by_last_word.get(word, ())]
        whole = "".join(entity)
        return list(dict.fromkeys([*found, *(t for t in self._primary if len(entity) > 1 and fold(t.table) == whole)]))


def _is_alternate(column: KeyColumn) -> bool:
    """Whether a unique column may be pointed at besides its table's key: a code, or the table's word for its rows."""
    parts = words(column.name)
    if matches([part for part in parts if not has([part], "name")], column.table) >= 2:
        return True
    return not has(parts, "name") and may_be_key(column.name)


def _possible(column: KeyColumn, target: KeyColumn) -> bool:
    """Whether the figures leave it open that all values of a column are among the target's."""
    if (column.table, column.name) == (target.table, target.name) or column.type != target.type or not column.filled:
        return False
    if column.distinct and target.distinct and column.distinct > target.distinct * 1.1:
        return False
    return _not_below(column.min, target.min) and _not_below(target.max, column.max)


def _not_below(high: Cell, low: Cell) -> bool:
    return type(high) is not type(low) or high is None or high >= low


def foreign_key(column: KeyColumn, targets: Targets, included: Included, own: str | None) -> KeyColumn | None:
    """What a column points at, if anything; `own` is its table's primary key."""
    if column.type not in KEY_TYPES:
        return None
    if column.name == own and (not _split(column.name)[1] or matches(_split(column.name)[1], column.table) >= 2):
        return None
    return next((target for target in targets.of(column) if included(column, target)), None)
