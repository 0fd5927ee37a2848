"""Whether a person typed SQL where a question was expected. "Select", "show" and "from" begin questions as well."""

from __future__ import annotations

import re

from sqlglot import exp

from prosa.errors import QueryRefused
from prosa.sources.base import Dialect
from prosa.sources.guard.reading import opened, read

_GRAMMARS: tuple[Dialect, ...] = ("duckdb", "sqlite")

_SHAPES = (
    r"insert\s+(or\s+\w+\s+)?into\s+\S+.*\b(values|select|default)\b",
    r"replace\s+into\s+\S+.*\b(values|select)\b",
    r"update\s+\S+\s+set\s+\S+\s*=",
    r"delete\s+from\s+\S+\s*(where\b.*[=<>]|where\b.*\b(is|in|like|between)\b|;|$)",
    r"(drop|truncate)\s+(table|view|index|schema|database|trigger)\s+(if\s+exists\s+)?[\w.\"`\[\]]+\s*(cascade\s*)?(;|$)",
    r"create\s+(or\s+replace\s+)?(temp\w*\s+|unique\s+)?(table|view|index|macro|function|trigger)\b.*(\(|\bas\b)",
    r"alter\s+table\s+\S+\s+(add|drop|rename|alter)\b",
    r"(attach|detach|copy|install|load|export|import)\b.*('|;\s*$)",
    r"pragma\s+[\w.]+\s*([=(;]|$)",
    r"(begin|commit|rollback|vacuum|reindex|checkpoint|analyze)\s*(transaction\s*)?;\s*$",
    r"(?-i:BEGIN|COMMIT|ROLLBACK|VACUUM|REINDEX|CHECKPOINT|ANALYZE)\s*$",
    r"set\s+\w+\s*=\s*\S+\s*;?$",
    r"call\s+\w+\s*\(",
    r"show\s+(all\s+|full\s+)?(tables|databases)\s*;?$",
    r"show\s+(full\s+)?columns\s+(from|in)\s+\S+\s*;?$",
    r"show\s+create\s+table\s+\S+\s*;?$",
)
"""Statements that read nothing, or tell about tables. Each is SQL by its shape: it needs no grammar to be refused."""

_STATEMENT = re.compile("|".join(_SHAPES), re.IGNORECASE | re.DOTALL)

_QUERY = re.compile(
    r"""[(\s]*(?: select\b | with\s+(?:recursive\s+)?[\w"]+\s*(?:\([^)]*\)\s*)?as\b | values\s*\( | from\b.*\bselect\b
      | (?-i:FROM|TABLE)\s | (?:un)?pivot\b.*\bon\b | (?:explain|describe|summarize)\b.*\bselect\b )""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
"""How a query begins. It must read as one, too."""

_SQL_ALL_THE_SAME = frozenset({"query_many_statements", "query_too_complex"})


def looks_like_sql(text: str) -> bool:
    """Whether the text is a statement: begins like one and reads as one. The guard then decides whether it may run."""
    try:
        start = opened(text)
    except QueryRefused:
        return False
    if _STATEMENT.match(start):
        return True
    return bool(_QUERY.match(start)) and any(_reads(start, dialect) for dialect in _GRAMMARS)


def _reads(text: str, dialect: Dialect) -> bool:
    try:
        tree = read(text, dialect).tree
    except QueryRefused as error:
        return error.code in _SQL_ALL_THE_SAME
    words_alone = isinstance(tree, exp.Select) and tree.args.get("from_") is None
    return not words_alone or re.search(r"[\d'(]", text) is not None
