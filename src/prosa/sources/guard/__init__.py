"""The only door to data: a statement is read, judged node by node, written anew, and judged again.

What runs is the text that the guard wrote, never the one that came in, so that it has no comments and no spelling that
sqlglot and an engine could read in two ways. docs/guard.md tells what is refused and why.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from prosa.sources.base import Dialect, Grant, GuardedQuery
from prosa.sources.guard.calls import check_calls
from prosa.sources.guard.columns import check_columns
from prosa.sources.guard.forms import constant_answer, spelled_out
from prosa.sources.guard.grammar import grammar
from prosa.sources.guard.kept import check_kept
from prosa.sources.guard.narrowing import is_narrowed, narrow, restricted
from prosa.sources.guard.reading import Statement, is_ordered, opened, read
from prosa.sources.guard.refusals import refused
from prosa.sources.guard.tables import Reading, read_tables, spell_out
from prosa.sources.guard.tree import check_tree
from prosa.sources.guard.typed import looks_like_sql

__all__ = ["check", "is_ordered", "looks_like_sql"]


def check(sql: str, grant: Grant) -> GuardedQuery:
    """The statement, fit to run for whoever holds the grant. QueryRefused with the reason where it is not."""
    try:
        return _checked(sql, grant)
    except RecursionError as error:
        raise refused("too_complex") from error


def _checked(sql: str, grant: Grant) -> GuardedQuery:
    text = opened(sql)
    if constant := constant_answer(text, grant.dialect):
        return GuardedQuery(constant, grant.dialect, (), grant.fingerprint, grant.catalog_fingerprint)
    statement = read(spelled_out(text, grant) or text, grant.dialect)
    spell_out(statement.tree, grant.dialect)
    reading = _judge(statement, grant)
    check_columns(statement.tree, reading, grant)
    written = _write(statement._replace(tree=narrow(statement.tree, reading, grant)), grant.dialect)
    again = read(written, grant.dialect)
    check_kept(statement.tokens, again.tokens)
    reading = _judge(again, grant)
    _check_narrow(again.tree, reading, grant)
    tables = tuple(dict.fromkeys(reading.tables.values()))
    return GuardedQuery(written, grant.dialect, tables, grant.fingerprint, grant.catalog_fingerprint)


def _judge(statement: Statement, grant: Grant) -> Reading:
    check_calls(statement.tree, statement.tokens, grant.dialect)
    check_tree(statement.tree, grant.dialect)
    return read_tables(statement.tree, grant)


def _write(statement: Statement, dialect: Dialect) -> str:
    try:
        sql = statement.tree.sql(
            grammar(dialect),
            copy=False,
            comments=False,
            normalize_functions=False,
            unsupported_level=ErrorLevel.RAISE,
        )
    except SqlglotError as error:
        raise refused("construct_not_allowed", "…") from error
    return f"{statement.prefix} {sql}".lstrip()


def _check_narrow(tree: exp.Expr, reading: Reading, grant: Grant) -> None:
    for node in tree.find_all(exp.Table):
        table = reading.tables.get(id(node))
        if table is not None and restricted(grant, table) and not is_narrowed(node, grant.tables[table]):
            raise refused("construct_not_allowed", node.sql())
