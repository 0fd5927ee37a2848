"""Walks every node of a statement: its kind must be known, its raw words harmless, and the whole not too deep."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sqlglot import exp

from prosa.sources.base import Dialect
from prosa.sources.guard.functions import FUNCTIONS, SPECIAL_NAMES, TABLE_FUNCTIONS
from prosa.sources.guard.nodes import ALLOWED, TYPES, WRITES
from prosa.sources.guard.refusals import refused
from prosa.sources.guard.sizes import check_call, check_pattern

DEEPEST = 250

_WORDS = re.compile(r"[\w$ ]*", re.ASCII)
_NUMBER = re.compile(r"[0-9.][\w.]*(?:[eE][+-]?[0-9_]+)?", re.ASCII)
_TEXTS = (exp.Literal, exp.Identifier, exp.ByteString, exp.RawString)
"""Nodes whose raw text is written between quotes, or judged by a check of its own."""


def check_tree(tree: exp.Expr, dialect: Dialect) -> None:
    """QueryRefused for the first node that is not known to be harmless."""
    waiting: list[tuple[exp.Expr, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        kind = node.__class__
        if kind not in ALLOWED:
            raise _unknown(node)
        if depth > DEEPEST:
            raise refused("too_complex")
        if kind in _CHECKS:
            _CHECKS[kind](node, dialect)
        for part in _parts(node):
            waiting.append((part, depth + 1))


def _parts(node: exp.Expr) -> Iterator[exp.Expr]:
    for value in node.args.values():
        if isinstance(value, exp.Expr):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, exp.Expr):
                    yield item
                elif isinstance(item, str):
                    _check_words(node, item)
        elif isinstance(value, str):
            _check_words(node, value)


def _check_words(node: exp.Expr, words: str) -> None:
    if not _WORDS.fullmatch(words) and not isinstance(node, _TEXTS):
        raise refused("construct_not_allowed", words)


def _unknown(node: exp.Expr) -> Exception:
    if isinstance(node, exp.Func):
        return refused("function_not_allowed", node.sql_name())
    return refused("not_read_only" if node.__class__ in WRITES else "construct_not_allowed", node.key.upper())


def _identifier(node: exp.Expr, dialect: Dialect) -> None:
    """Engines read some letters beyond ASCII as white space, so that a name could hide a whole clause."""
    plain = node.name[:1] != "$" and all(letter.isalnum() or letter in "_$" for letter in node.name)
    if not plain and not node.args.get("quoted"):
        raise refused("characters", node.name)


def _literal(node: exp.Expr, dialect: Dialect) -> None:
    if not node.args.get("is_string") and not _NUMBER.fullmatch(node.name):
        raise refused("syntax", node.name)


def _column(node: exp.Expr, dialect: Dialect) -> None:
    name = node.args["this"]
    bare = isinstance(name, exp.Identifier) and not name.args.get("quoted") and not node.args.get("table")
    if bare and name.name.lower() in SPECIAL_NAMES[dialect]:
        raise refused("function_not_allowed", name.name)


def _type(node: exp.Expr, dialect: Dialect) -> None:
    kind = node.args["this"]
    if not isinstance(kind, exp.DataType.Type) or kind.name not in TYPES:
        raise refused("construct_not_allowed", node.sql())


def _table(node: exp.Expr, dialect: Dialect) -> None:
    """A table is a name, or one of the few functions that may stand for one."""
    what = node.args["this"]
    named = isinstance(what, exp.Identifier)
    if not named and not (isinstance(what, exp.Anonymous) and what.name.lower() in TABLE_FUNCTIONS[dialect]):
        raise refused("function_not_allowed", what.name)


def _call(node: exp.Expr, dialect: Dialect) -> None:
    if node.name.lower() not in FUNCTIONS[dialect]:
        raise refused("function_not_allowed", node.name)
    if not (dialect == "mysql" and node.name.lower() == "format"):
        check_call(node)


def _pattern(node: exp.Expr, dialect: Dialect) -> None:
    check_pattern(node)


_CHECKS: dict[type[exp.Expr], Callable[[exp.Expr, Dialect], None]] = {
    exp.Identifier: _identifier,
    exp.Literal: _literal,
    exp.Column: _column,
    exp.DataType: _type,
    exp.Table: _table,
    exp.Anonymous: _call,
    exp.Like: _pattern,
    exp.ILike: _pattern,
    exp.Glob: _pattern,
}
