"""Nothing that was written may get lost: every name, text and number of a statement must come back in what the guard
writes. Where sqlglot reads a part in a way of its own and drops it, the statement would mean something else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from sqlglot.tokenizer_core import Token, TokenType

from prosa.sources.guard.refusals import refused

_WORDS = frozenset({TokenType.VAR, TokenType.IDENTIFIER, TokenType.STRING, TokenType.NUMBER})

_SYNTAX = {
    "nulls", "first", "last", "if", "position", "trim", "both", "leading", "trailing", "zone", "convert",
    "main", "public", "indexed",
}  # fmt: skip
"""Words that are written in another way, or left out where they say nothing: of the language, and what `narrowing`
drops around a table."""

_INTERVAL = re.compile(r"\s*[+-]?\d+\s+\w+\s*")
"""`'3 days'`, which is written as `'3' DAYS`."""


def check_kept(before: Sequence[Token], after: Sequence[Token]) -> None:
    """QueryRefused for the first word of one statement that the other does not have as often."""
    wanted = Counter(_word(*pair) for pair in _pairs(before) if pair[1].token_type in _WORDS)
    wanted.subtract(_word(*pair) for pair in _pairs(after))
    for word, missing in wanted.items():
        if missing > 0 and word not in _SYNTAX and not _INTERVAL.fullmatch(word):
            raise refused("construct_not_allowed", word)


def _pairs(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Each token with the one before it."""
    return zip([tokens[0], *tokens], tokens, strict=False)


def _word(before: Token, token: Token) -> str:
    """A word without case; a number by its value, also where it stands between quotes or begins with its point."""
    word = token.text.lower()
    if not word[:1].isdigit():
        return word
    point = "." if before.token_type == TokenType.DOT and token.token_type == TokenType.NUMBER else ""
    try:
        return str(float(point + word.replace("_", "")))
    except ValueError:
        return word
