"""The words of a statement, apart from its tree: whatever stands before a parenthesis must be a function that is
allowed, a word of the language, or the name of a table whose columns are being listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from prosa.sources.base import Dialect
from prosa.sources.guard.functions import BEFORE_PARENTHESIS, FUNCTIONS
from prosa.sources.guard.refusals import refused


def check_calls(tree: exp.Expr, tokens: Sequence[Token], dialect: Dialect) -> None:
    """QueryRefused for a call of a function that is not allowed, however it is written or quoted."""
    allowed = FUNCTIONS[dialect]
    strange: Counter[str] = Counter()
    for token, following in pairwise(tokens):
        if following.token_type == TokenType.L_PAREN and token.token_type != TokenType.NUMBER:
            name = token.text.lower()
            if not (name in allowed or _of_the_language(token, name)):
                strange[name] += 1
    if strange:
        strange -= _listed(tree)
    for name in strange:
        raise refused("function_not_allowed", name)


def _of_the_language(token: Token, name: str) -> bool:
    if token.token_type in (TokenType.IDENTIFIER, TokenType.STRING):
        return False
    return name.rpartition(" ")[2] in BEFORE_PARENTHESIS or not (name[:1].isalpha() or name[:1] == "_")


def _listed(tree: exp.Expr) -> Counter[str]:
    """Names of tables and queries that have their columns listed in parentheses, as in `x(a, b)`."""
    aliases = tree.find_all(exp.TableAlias)
    return Counter(alias.name.lower() for alias in aliases if alias.args.get("columns"))
