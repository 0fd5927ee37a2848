"""Which tables a statement reads. A name is a query of the statement itself only where that query can be seen.

Engines differ in what a query may see of itself: DuckDB reads the real table behind `WITH RECURSIVE secret AS (SELECT *
FROM secret)`. So here a query sees the ones before it, and itself only in the second half of its own UNION.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import NamedTuple

from sqlglot import exp

from prosa.sources.base import Dialect, Grant
from prosa.sources.guard.refusals import not_granted

DEFAULT_SCHEMA: dict[Dialect, str] = {"duckdb": "main", "sqlite": "main", "postgres": "public", "mysql": ""}

_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_Queries = dict[str, exp.CTE]


class Reading(NamedTuple):
    """What stands behind the table names of a statement: granted tables, and queries of the statement itself; each by
    the identity of its node."""

    tables: dict[int, str]
    queries: dict[int, exp.CTE]


def fold(name: str) -> str:
    """A name without case as engines see it: only ASCII letters have case, so that no other letter equals one."""
    return name.translate(_ASCII_LOWER)


def spelling(identifier: exp.Expr, dialect: Dialect) -> str:
    """An identifier as the engine compares it."""
    if dialect == "mysql" or (dialect == "postgres" and identifier.args.get("quoted")):
        return identifier.name
    return fold(identifier.name)


def _granted_as(name: str, dialect: Dialect) -> str:
    return fold(name) if dialect in ("duckdb", "sqlite") else name


def spell_out(tree: exp.Expr, dialect: Dialect) -> None:
    """Writes SQLite's `x IN name` as the query that it means, so that the name is seen as a table."""
    if dialect != "sqlite":
        return
    for node in list(tree.find_all(exp.In)):
        field = node.args.get("field")
        if isinstance(field, exp.Column):
            table = exp.Table(this=field.this, db=field.args.get("table"), catalog=field.args.get("db"))
            node.set("field", None)
            node.set("query", exp.Subquery(this=exp.select("*").from_(table)))


def read_tables(tree: exp.Expr, grant: Grant) -> Reading:
    """Every table that the statement reads. QueryRefused for the first that is not granted."""
    known = {_granted_as(name, grant.dialect): name for name in grant.tables}
    reading = Reading({}, {})
    for table, visible in _references(tree, grant.dialect):
        name = spelling(table.this, grant.dialect)
        schema = _schema(table, grant.dialect)
        if schema is None and name in visible:
            reading.queries[id(table)] = visible[name]
        elif (granted := known.get(f"{schema}.{name}" if schema else name)) is not None:
            reading.tables[id(table)] = granted
        else:
            raise not_granted("table_not_granted", _dotted(table), grant.tables)
    return reading


def _schema(table: exp.Expr, dialect: Dialect) -> str | None:
    """The schema that a table is qualified with, empty for the default one; None where there is none. Another schema of
    DuckDB or SQLite is another file, and no grant names its tables."""
    parts = [part for key in ("catalog", "db") if (part := table.args.get(key)) is not None]
    named = [spelling(part, dialect) for part in parts]
    if not named or named == [DEFAULT_SCHEMA[dialect]]:
        return "" if named else None
    return "\0" if DEFAULT_SCHEMA[dialect] == "main" else ".".join(named)


def _dotted(table: exp.Expr) -> str:
    parts = [table.args.get(key) for key in ("catalog", "db", "this")]
    return ".".join(part.name for part in parts if part is not None)


def _references(tree: exp.Expr, dialect: Dialect) -> Iterator[tuple[exp.Expr, _Queries]]:
    """Table names with the queries that each can see."""
    nothing: _Queries = {}
    waiting: list[tuple[exp.Expr, _Queries, _Queries]] = [(tree, nothing, nothing)]
    while waiting:
        node, visible, itself = waiting.pop()
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            yield node, visible
        if isinstance(clause := node.args.get("with_"), exp.With):
            for cte in clause.expressions:
                own = spelling(cte.args["alias"].this, dialect)
                recursive = bool(clause.args.get("recursive")) or dialect == "sqlite"
                repeats = recursive and isinstance(cte.this, exp.Union)
                waiting.append((cte.this, visible, {own: cte} if repeats else nothing))
                visible = {**visible, own: cte}
        for key, value in node.args.items():
            if key != "with_":
                seen = {**visible, **itself} if itself and key == "expression" else visible
                parts = value if isinstance(value, list) else [value]
                waiting.extend((part, seen, nothing) for part in parts if _may_hold_tables(part))


def _may_hold_tables(part: object) -> bool:
    return isinstance(part, exp.Expr) and not isinstance(part, exp.Identifier | exp.Literal)
