"""Columns that no table of the statement has: named early, with the nearest one, instead of left to the engine.

This only ever helps: where a name can't be traced with certainty it passes, and what is not granted is hidden by
`narrowing` whatever happens here.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from prosa.sources.base import Grant
from prosa.sources.guard.refusals import not_granted
from prosa.sources.guard.tables import Reading, fold

Names = tuple[str, ...] | None
"""The columns of something that can be selected from; None where they can't be told."""

_PSEUDO = frozenset({"rowid", "_rowid_", "oid", "ctid"})
_UNTRACED = (exp.Lambda, exp.Comprehension, exp.Columns, exp.Pivot, exp.Kwarg, exp.PropertyEQ)


def check_columns(tree: exp.Expr, reading: Reading, grant: Grant) -> None:
    """QueryRefused for a column that certainly no table of its query has."""
    if all(columns is None for columns in grant.tables.values()):
        return
    tracing = _Tracing(reading, grant)
    for column in tree.find_all(exp.Column):
        if isinstance(column.this, exp.Identifier) and not column.args.get("db"):
            tracing.check(column)


class _Tracing:
    """Traces names to tables; remembers what it found of each query."""

    def __init__(self, reading: Reading, grant: Grant) -> None:
        self._reading = reading
        self._grant = grant
        self._outputs: dict[int, Names] = {}
        self._scopes: dict[int, dict[str, Names]] = {}

    def check(self, column: exp.Expr) -> None:
        name, table = fold(column.name), fold(column.text("table"))
        string = self._grant.dialect == "sqlite" and column.this.args.get("quoted")
        queries = _enclosing(column)
        if not queries or name in _PSEUDO or (string and not table):
            return
        scopes = [self._scope(query) for query in queries]
        if table:
            visible = [scope[table] for scope in scopes if table in scope][:1]
        else:
            visible = [names for scope in scopes for names in scope.values()]
            if any(name in scope or name in _titles(query) for scope, query in zip(scopes, queries, strict=True)):
                return
        known = [names for names in visible if names is not None]
        if known and len(known) == len(visible) and not any(name in map(fold, names) for names in known):
            raise not_granted("column_not_granted", column.name, dict.fromkeys(n for names in known for n in names))

    def _scope(self, query: exp.Expr) -> dict[str, Names]:
        """What a SELECT reads from, by the name that its columns are qualified with."""
        if id(query) not in self._scopes:
            sources = {fold(source.alias_or_name): self._columns(source) for source in _sources(query)}
            self._scopes[id(query)] = sources
        return self._scopes[id(query)]

    def _columns(self, source: exp.Expr) -> Names:
        alias = source.args.get("alias")
        if source.args.get("pivots"):
            return None
        if isinstance(alias, exp.TableAlias) and alias.args.get("columns"):
            return tuple(part.name for part in alias.args["columns"])
        if isinstance(source, exp.Subquery):
            return self._output(source.this)
        if cte := self._reading.queries.get(id(source)):
            return self._query_columns(cte)
        table = self._reading.tables.get(id(source))
        return None if table is None else self._grant.tables[table]

    def _query_columns(self, cte: exp.Expr) -> Names:
        listed = cte.args["alias"].args.get("columns")
        return tuple(part.name for part in listed) if listed else self._output(cte.this)

    def _output(self, query: exp.Expr) -> Names:
        """The names of a query's result; None while it is being found, which ends a query's search for itself."""
        if id(query) not in self._outputs:
            self._outputs[id(query)] = None
            self._outputs[id(query)] = self._find_output(query)
        return self._outputs[id(query)]

    def _find_output(self, query: exp.Expr) -> Names:
        if isinstance(query, exp.Subquery):
            return self._columns(query)
        if isinstance(query, exp.SetOperation):
            return None if query.args.get("by_name") else self._output(query.this)
        if not isinstance(query, exp.Select):
            return None
        names: list[str] = []
        for part in query.expressions:
            found = self._part(part, query)
            if found is None:
                return None
            names.extend(found)
        return tuple(names)

    def _part(self, part: exp.Expr, query: exp.Expr) -> Names:
        if isinstance(part, exp.Star) and not any(part.args.values()):
            found = list(self._scope(query).values())
        elif isinstance(part, exp.Column) and isinstance(part.this, exp.Star):
            found = [self._scope(query).get(fold(part.text("table")))]
        else:
            return (part.alias_or_name,) if isinstance(part, exp.Alias | exp.Column) else None
        if any(names is None for names in found):
            return None
        return tuple(name for names in found if names for name in names)


def _enclosing(column: exp.Expr) -> list[exp.Expr]:
    """The SELECTs around a column, innermost first; none where something between gives names of its own."""
    found: list[exp.Expr] = []
    node = column.parent
    while node is not None:
        if isinstance(node, _UNTRACED) or node.args.get("pivots"):
            return []
        if isinstance(node, exp.Select):
            found.append(node)
        # A query in WITH does not see the tables of the one that it stands before.
        node = node.parent.parent if isinstance(node, exp.With) and node.parent else node.parent
    return found


def _sources(query: exp.Expr) -> Iterator[exp.Expr]:
    clause = query.args.get("from_")
    first = [clause.this] if clause is not None else []
    for source in first + [join.this for join in query.args.get("joins") or []] + (query.args.get("laterals") or []):
        yield from _joined(source)


def _joined(source: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(source, exp.Subquery) and isinstance(source.this, exp.Table) and not source.alias:
        yield from _joined(source.this)
    else:
        yield source
    for join in source.args.get("joins") or []:
        yield from _joined(join.this)


def _titles(query: exp.Expr) -> set[str]:
    return {fold(part.alias) for part in query.expressions if part.alias}
