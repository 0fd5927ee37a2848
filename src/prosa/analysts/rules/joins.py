"""How tables hang together: the graph of foreign keys, the smallest tree over some tables, and where it fans out."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from prosa.analysts.rules.data import data
from prosa.analysts.rules.words import normal
from prosa.sources.base import Catalog, ForeignKey, TableInfo

_KEY_WORDS = frozenset(data("operations")["keys"].split())
DECLARED, _INFERRED = 1.0, 1.3


class Edge(NamedTuple):
    """A foreign key: many rows of `many` point at one row of `one`; `single` where at most one row does, `firm` where
    the row pointed at is truly only one."""

    many: str
    many_columns: tuple[str, ...]
    one: str
    one_columns: tuple[str, ...]
    cost: float
    single: bool
    firm: bool = True

    def other(self, table: str) -> str:
        """The table at the far end."""
        return self.one if table == self.many else self.many


class Step(NamedTuple):
    """One join of a tree, from a table that is already there; `fans_out` where it may bring several rows for one."""

    edge: Edge
    near: str
    far: str

    @property
    def fans_out(self) -> bool:
        return not (self.edge.single if self.far == self.edge.many else self.edge.firm)


class Tree(NamedTuple):
    """Tables joined from a root, each step from a table before it."""

    root: str
    steps: tuple[Step, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.root, *(step.far for step in self.steps))

    @property
    def fans_out(self) -> bool:
        return any(step.fans_out for step in self.steps)


class Graph:
    """The foreign keys of a catalog, walked both ways."""

    def __init__(self, catalog: Catalog) -> None:
        self._edges: dict[str, list[Edge]] = defaultdict(list)
        for table in catalog.tables:
            for key in table.foreign_keys:
                other = catalog.table(key.table)
                if other is not None and key.table != table.name and trusted(key, other):
                    self._add(_edge(table, key, other))
        self._distances: dict[str, dict[str, float]] = {}

    def _add(self, edge: Edge) -> None:
        self._edges[edge.many].append(edge)
        self._edges[edge.one].append(edge)

    def distance(self, one: str, other: str) -> float | None:
        """The cost of the cheapest way between two tables; None where there is none."""
        if one not in self._distances:
            self._distances[one] = self._from(one)
        return self._distances[one].get(other)

    def edges(self, one: str, other: str) -> list[Edge]:
        """All foreign keys between two tables."""
        return [edge for edge in self._edges[one] if edge.other(one) == other]

    def of(self, table: str) -> list[Edge]:
        """All foreign keys of a table and to it."""
        return self._edges[table]

    def bridges(self, one: str, other: str) -> set[str]:
        """The tables that join two others directly."""
        near = {edge.other(one) for edge in self._edges[one]}
        return near & {edge.other(other) for edge in self._edges[other]}

    def connect(
        self, tables: Iterable[str], preferred: Sequence[Edge] = (), favoured: Iterable[str] = ()
    ) -> tuple[Edge, ...] | None:
        """The edges of a small tree over the tables, or None where they don't hang together. Of several foreign keys
        between the same two tables a preferred one is taken, else the first; ways through favoured tables come before
        others of the same length."""
        wanted = list(dict.fromkeys(tables))
        inside, edges = {wanted[0]}, []
        waiting = set(wanted[1:])
        while waiting:
            path = self._shortest(inside, waiting, preferred, frozenset(favoured))
            if path is None:
                return None
            for edge in path:
                edges.append(edge)
                inside |= {edge.many, edge.one}
            waiting -= inside
        return tuple(edges)

    def leads_to_one(self, many: str, one: str) -> bool:
        """Whether each row of a table has at most one row of the other."""
        edges = self.connect([many, one]) if many != one else ()
        return edges is not None and not rooted(many, edges).fans_out

    def _from(self, start: str) -> dict[str, float]:
        costs = {start: 0.0}
        heap = [(0.0, start)]
        while heap:
            cost, table = heapq.heappop(heap)
            if cost > costs[table]:
                continue
            for edge in self._edges[table]:
                far, total = edge.other(table), cost + edge.cost
                if total < costs.get(far, float("inf")):
                    costs[far] = total
                    heapq.heappush(heap, (total, far))
        return costs

    def _shortest(
        self, inside: set[str], wanted: set[str], preferred: Sequence[Edge], favoured: frozenset[str]
    ) -> list[Edge] | None:
        heap: list[tuple[float, int, str, list[Edge]]] = [(0.0, 0, table, []) for table in sorted(inside)]
        seen: set[str] = set()
        pushed = 0
        while heap:
            cost, _, table, path = heapq.heappop(heap)
            if table in wanted:
                return path
            if table in seen:
                continue
            seen.add(table)
            for edge in self._edges[table]:
                far = edge.other(table)
                if far not in seen:
                    pushed += 1
                    bonus = 0.5 * (edge in preferred) + 0.2 * (far in favoured)
                    heapq.heappush(heap, (cost + edge.cost - bonus, pushed, far, [*path, edge]))
        return None


def trusted(key: ForeignKey, other: TableInfo) -> bool:
    """Whether to join by a foreign key: an inferred one must point at a key, for equal cities or countries are none."""
    if key.declared or set(key.references) == set(other.primary_key):
        return True
    words = normal(" ".join(key.references).replace("_", " ")).split()
    return bool(_KEY_WORDS.intersection(words) or words[-1][-2:] == "id")


def rooted(root: str, edges: Sequence[Edge]) -> Tree:
    """The tree as steps from a root."""
    steps: list[Step] = []
    inside, left = {root}, list(edges)
    while left:
        edge = next(edge for edge in left if edge.many in inside or edge.one in inside)
        near = edge.many if edge.many in inside else edge.one
        steps.append(Step(edge, near, edge.other(near)))
        inside.add(edge.other(near))
        left.remove(edge)
    return Tree(root, tuple(steps))


def grain(tables: Sequence[str], edges: Sequence[Edge]) -> Tree | None:
    """The tree seen from the table whose rows nothing multiplies; None where every root fans out."""
    for root in dict.fromkeys([*tables, *(name for edge in edges for name in (edge.many, edge.one))]):
        tree = rooted(root, edges)
        if not tree.fans_out:
            return tree
    return None


def _edge(table: TableInfo, key: ForeignKey, other: TableInfo) -> Edge:
    cost = DECLARED if key.declared else _INFERRED
    single, firm = _unique(table, key.columns), _unique(other, key.references)
    return Edge(table.name, key.columns, key.table, key.references, cost, single, firm)


def _unique(table: TableInfo, names: tuple[str, ...]) -> bool:
    """Whether the columns tell all rows apart."""
    if table.primary_key and set(table.primary_key) <= set(names):
        return True
    column = table.column(names[0]) if len(names) == 1 else None
    return column is not None and table.rows > 1 and column.distinct == table.rows
