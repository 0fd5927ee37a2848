"""The SQL in what an agent says: a fenced block, else the first statement that reads as one."""

from __future__ import annotations

import re

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from prosa.sources.base import Dialect, Grant, GuardedQuery
from prosa.sources.guard import check

_FENCE = re.compile(r"```[ \t]*sql[^\n]*\n(.*?)```", re.IGNORECASE | re.DOTALL)
_BEGINS = re.compile(r"\b(?:SELECT|WITH|SHOW|DESCRIBE|EXPLAIN)\b", re.IGNORECASE)
_ENDS = re.compile(r";|\n[ \t]*\n")
_MOST_TRIES = 50
_LONGEST = 20_000

_DIALECTS: tuple[Dialect, ...] = ("sqlite", "duckdb", "postgres", "mysql")


def fenced(text: str) -> str | None:
    """The last closed block of SQL."""
    found = [body.strip() for body in _FENCE.findall(text)]
    return next((body for body in reversed(found) if body), None)


def bare(text: str) -> str | None:
    """The first statement outside a fence, up to a semicolon or an empty line, that sqlglot reads."""
    for place, begin in enumerate(_BEGINS.finditer(text)):
        if place >= _MOST_TRIES:
            break
        rest = text[begin.start() : begin.start() + _LONGEST]
        end = _ENDS.search(rest)
        candidate = rest[: end.start()] if end else rest
        if _reads(candidate):
            return candidate.strip()
    return None


def _reads(candidate: str) -> bool:
    try:
        tree = sqlglot.parse_one(candidate)
    except (SqlglotError, RecursionError):
        return False
    if isinstance(tree, exp.Command):
        # sqlglot keeps SHOW and EXPLAIN as they are, so any sentence would do; only short ones of capitals are meant.
        return bool(re.match(r"(SHOW|EXPLAIN)\s+[\w\s.\"`]+$", candidate.strip()))
    if isinstance(tree, exp.Describe):
        return bool(re.fullmatch(r"DESCRIBE\s+(TABLE\s+)?[\w.\"`]+", candidate.strip(), re.IGNORECASE))
    # "Select the best of them" reads as SELECT of a column; a statement has FROM, or computes something.
    return isinstance(tree, exp.Query) and (tree.find(exp.From) is not None or tree.find(exp.Literal) is not None)


def columns(sql: str, dialect: str) -> list[str]:
    """The names of a statement's columns, as far as it tells: none where it asks for all there are."""
    try:
        tree = sqlglot.parse_one(sql, dialect=dialect)
    except (SqlglotError, RecursionError):
        return []
    names = tree.named_selects if isinstance(tree, exp.Query) else []
    return names if all(name and name != "*" for name in names) else []


def dialect_of(runner: object) -> Dialect:
    """What a runner speaks: as its `dialect` says, else as its module is named, else DuckDB."""
    said = f"{getattr(runner, 'dialect', '')} {type(runner).__module__} {type(runner).__name__}".lower()
    return next((dialect for dialect in _DIALECTS if dialect in said), "duckdb")


def guarded(sql: str, dialect: Dialect) -> GuardedQuery:
    """The statement if it only reads. Which tables it may read is the runner's business. QueryRefused."""
    try:
        tables = [
            table.name for tree in sqlglot.parse(sql, dialect=dialect) if tree for table in tree.find_all(exp.Table)
        ]
    except (SqlglotError, RecursionError):
        tables = []  # the guard says what is wrong with it
    return check(sql, Grant.of(dialect, tables))
