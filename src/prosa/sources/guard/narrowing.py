"""Hides the columns that are not granted: each table of which only some may be read becomes a query of just those.

The engine then resolves `*`, whole rows, natural joins and every other way to name a column within that query, so that
nothing here has to know how each of them works.
"""

from __future__ import annotations

from sqlglot import exp

from prosa.sources.base import Grant
from prosa.sources.guard.refusals import refused
from prosa.sources.guard.tables import DEFAULT_SCHEMA, Reading, spelling

_MOVED = ("pivots", "joins", "laterals", "sample")
_KNOWN = frozenset({"this", "db", "catalog", "alias", "indexed", *_MOVED})


def restricted(grant: Grant, table: str) -> bool:
    """Whether a granted table has columns that must stay hidden."""
    return grant.tables[table] is not None and table not in grant.complete


def narrow(tree: exp.Expr, reading: Reading, grant: Grant) -> exp.Expr:
    """The tree with every restricted table behind a query of its granted columns."""
    nodes = [node for node in tree.find_all(exp.Table) if id(node) in reading.tables]
    hidden = [node for node in nodes if restricted(grant, reading.tables[id(node)])]
    if hidden:
        _drop_schema(tree, grant)
    for node in hidden:
        node.replace(_projection(node, grant.tables[reading.tables[id(node)]]))
    return tree


def is_narrowed(node: exp.Expr, columns: tuple[str, ...]) -> bool:
    """Whether a table stands behind a query of granted columns and nothing else."""
    select = node.parent.parent if node.parent else None
    if not isinstance(select, exp.Select) or not isinstance(select.parent, exp.Subquery):
        return False
    used = [key for key, value in select.args.items() if value and key not in ("expressions", "from_", "kind")]
    plain = [part.name for part in select.expressions if type(part) is exp.Column and not part.table]
    return not used and len(plain) == len(select.expressions) and set(plain) <= set(columns)


def _projection(table: exp.Expr, columns: tuple[str, ...]) -> exp.Expr:
    if any(value for key, value in table.args.items() if key not in _KNOWN):
        raise refused("construct_not_allowed", table.sql())
    source = exp.Table(this=table.this.copy(), db=table.args.get("db"), catalog=table.args.get("catalog"))
    select = exp.Select(
        expressions=[exp.Column(this=exp.to_identifier(name, quoted=True)) for name in columns],
        from_=exp.From(this=source),
    )
    alias = table.args.get("alias") or exp.TableAlias(this=table.this.copy())
    if not alias.args.get("this"):
        alias.set("this", table.this.copy())
    moved = {key: value for key in _MOVED if (value := table.args.get(key))}
    return exp.Subquery(this=select, alias=alias, **moved)


def _drop_schema(tree: exp.Expr, grant: Grant) -> None:
    """`main.t.a` names a column of the table itself, which the query then stands for."""
    for column in tree.find_all(exp.Column):
        schema = column.args.get("db")
        if schema is not None and spelling(schema, grant.dialect) == DEFAULT_SCHEMA[grant.dialect]:
            column.set("db", None)
