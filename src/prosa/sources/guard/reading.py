"""From text to one syntax tree: characters, length, nesting, comments and the count of statements are judged here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from prosa.sources.base import Dialect
from prosa.sources.guard.grammar import grammar
from prosa.sources.guard.refusals import refused

LONGEST = 100_000
DEEPEST = 60
"""How many parentheses, brackets and CASEs may be open at once."""
LONGEST_SIGNS = 20
"""How many NOT and unary signs may stand in a row."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SIGNS = frozenset({TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE})
_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END})
_READING = frozenset({"SELECT", "WITH", "FROM", "VALUES", "TABLE", "PIVOT", "UNPIVOT", "("})

_MYSQL_CODE = re.compile(r"/\*(?:M?!|\+)")
"""How comments begin that MySQL and MariaDB run."""

_BLANK = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*(?!M?!|\+).*?\*/)*", re.DOTALL)

PREFIXES: dict[Dialect, tuple[str, ...]] = {
    "duckdb": ("EXPLAIN ANALYZE", "EXPLAIN", "DESCRIBE", "SUMMARIZE"),
    "sqlite": ("EXPLAIN QUERY PLAN", "EXPLAIN"),
    "postgres": ("EXPLAIN ANALYZE", "EXPLAIN"),
    "mysql": ("EXPLAIN FORMAT=JSON", "EXPLAIN FORMAT=TREE", "EXPLAIN"),
}
"""Words that tell about a query and may stand before one, the longest first."""


class Statement(NamedTuple):
    """One statement: its words before the query, the query's tree, and its tokens."""

    prefix: str
    tree: exp.Expr
    tokens: Sequence[Token]


def opened(sql: str) -> str:
    """The text from its first word on. QueryRefused where it is empty, too long, or has characters of no text."""
    if len(sql) > LONGEST:
        raise refused("too_long", length=len(sql), limit=LONGEST)
    if control := _CONTROL.search(sql):
        raise refused("characters", f"U+{ord(control.group()):04X}")
    blank = _BLANK.match(sql)
    text = sql[blank.end() if blank else 0 :]
    if not text.strip("; \n\t\r"):
        raise refused("empty")
    return text


def read(text: str, dialect: Dialect) -> Statement:
    """The one statement of a text. QueryRefused where there is none, more than one, or one that does not read."""
    prefix, query = _prefix(text, dialect)
    tokens = _tokens(query, dialect)
    first = tokens[0].text.upper()
    if first not in _READING:
        raise refused("not_read_only", first.split()[0] if first.split() else first)
    return Statement(prefix, _parsed(query, tokens, dialect), tokens)


def _prefix(text: str, dialect: Dialect) -> tuple[str, str]:
    for prefix in PREFIXES[dialect]:
        pattern = r"\s+".join(re.escape(word) for word in prefix.split())
        if found := re.match(pattern + r"\b", text, re.IGNORECASE):
            return prefix, text[found.end() :]
    return "", text


def _tokens(sql: str, dialect: Dialect) -> list[Token]:
    try:
        tokens = list(grammar(dialect).tokenize(sql))
    except SqlglotError as error:
        raise refused("unfinished") from error
    while tokens and tokens[-1].token_type == TokenType.SEMICOLON:
        tokens.pop()
    if not tokens:
        raise refused("empty")
    if any(token.token_type == TokenType.SEMICOLON for token in tokens):
        raise refused("many_statements")
    _check_gaps(sql, tokens, dialect)
    _check_nesting(tokens)
    return tokens


def _parsed(sql: str, tokens: list[Token], dialect: Dialect) -> exp.Expr:
    try:
        trees = grammar(dialect).parser().parse(tokens, sql)
    except RecursionError as error:
        raise refused("too_complex") from error
    except SqlglotError as error:
        raise refused("syntax", _place(error)) from error
    except Exception as error:  # sqlglot's builders fail in ways of their own on odd arguments
        raise refused("syntax", "…") from error
    if len(trees) != 1 or trees[0] is None:
        raise refused("many_statements")
    return trees[0]


def _check_gaps(sql: str, tokens: Sequence[Token], dialect: Dialect) -> None:
    """What lies between tokens is white space or a comment; some comments are code to MySQL."""
    if dialect != "mysql" or "/*" not in sql:
        return
    end = 0
    for token in [*tokens, None]:
        gap = sql[end : token.start] if token else sql[end:]
        if code := _MYSQL_CODE.search(gap):
            raise refused("comment", code.group())
        end = token.end + 1 if token else end


def _check_nesting(tokens: Sequence[Token]) -> None:
    depth = signs = 0
    for token in tokens:
        kind = token.token_type
        signs = signs + 1 if kind in _SIGNS else 0
        if kind in _OPENING:
            depth += 1
        elif kind in _CLOSING:
            depth -= 1
        if depth > DEEPEST or signs > LONGEST_SIGNS:
            raise refused("too_complex")


def _place(error: SqlglotError) -> str:
    """Where reading stopped, in the statement's own words."""
    found = [problem.get("highlight") for problem in getattr(error, "errors", ())]
    return next((str(words) for words in found if words), "…")


def is_ordered(sql: str, dialect: Dialect) -> bool:
    """Whether a query says itself in which order its rows come. QueryRefused where it does not read."""
    return read(opened(sql), dialect).tree.args.get("order") is not None
