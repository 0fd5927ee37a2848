"""Questions about tables that have a form of their own (SHOW, DESCRIBE, PRAGMA), as queries that only tell what is
granted. The engine's own answer would list every table there is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from prosa.sources.base import Dialect, Grant
from prosa.sources.guard.refusals import not_granted
from prosa.sources.guard.tables import fold

_NAME = r"""(?P<name>"(?:[^"]|"")+"|`[^`]+`|\[[^\]]+\]|'[^']+'|\w+)"""
_MAIN = r"(?:main\s*\.\s*)?"
_END = r"[\s;]*"


def _forms(*patterns: str) -> re.Pattern[str]:
    spaced = "|".join(pattern.replace(" ", r"\s+") for pattern in patterns)
    return re.compile(f"(?:{spaced}){_END}", re.IGNORECASE)


_NEVER = re.compile(r"(?!)")
_LISTS: dict[Dialect, re.Pattern[str]] = {
    "duckdb": _forms("show tables", "show all tables", "pragma show_tables"),
    "sqlite": _forms("pragma table_list"),
    "postgres": _NEVER,
    "mysql": _forms("show tables", "show full tables"),
}
_COLUMNS: dict[Dialect, re.Pattern[str]] = {
    "duckdb": _forms(
        r"(?:(?:describe|desc|show|summarize) (?:table )?|pragma table_info\s*\(\s*)" + _MAIN + _NAME + r"\s*\)?"
    ),
    "sqlite": _forms("pragma " + _MAIN + r"table_x?info\s*\(\s*" + _NAME + r"\s*\)"),
    "postgres": _NEVER,
    "mysql": _forms("(?:describe|desc|show columns from|show full columns from) " + _NAME),
}
"""The forms by dialect, with the one name that they may have."""

_CONSTANTS: dict[Dialect, re.Pattern[str]] = {
    "duckdb": _NEVER,
    "sqlite": _NEVER,
    "postgres": _forms("show (?:server_version|server_encoding|timezone|datestyle)"),
    "mysql": _NEVER,
}
"""What an engine may tell about itself: nothing that helps an attacker, and no table."""


def constant_answer(text: str, dialect: Dialect) -> str | None:
    """A statement that reads no table and passes as it is; None for all others."""
    return " ".join(text.strip("; \n\t\r").split()) if _CONSTANTS[dialect].fullmatch(text) else None


def spelled_out(text: str, grant: Grant) -> str | None:
    """The query that such a form stands for; None where the statement is none of them. QueryRefused for a table that
    is not granted."""
    if _LISTS[grant.dialect].fullmatch(text):
        return _listing(list(grant.tables), grant.dialect)
    found = _COLUMNS[grant.dialect].fullmatch(text)
    return _columns(_granted(_bare(found["name"]), grant), text, grant) if found else None


def _bare(name: str) -> str:
    return name[1:-1].replace('""', '"') if name[0] in "\"'`[" else name


def _granted(name: str, grant: Grant) -> str:
    for table in map(str, grant.tables):
        if fold(table) == fold(name):
            return table
    raise not_granted("table_not_granted", name, grant.tables)


def _columns(table: str, text: str, grant: Grant) -> str:
    query = f"SELECT * FROM {exp.to_identifier(table, quoted=True).sql(grant.dialect)}"  # noqa: S608 - quoted
    if grant.dialect == "duckdb":
        return f"{'SUMMARIZE' if text[:1] in 'Ss' and text[1:2] in 'Uu' else 'DESCRIBE'} {query}"
    columns = grant.tables[table]
    return f"{query} LIMIT 0" if columns is None else _listing(columns, grant.dialect)


def _listing(names: Sequence[str], dialect: Dialect) -> str:
    """A query that gives the names, one a row."""
    if not names:
        return "SELECT NULL AS name LIMIT 0"
    texts = [exp.Literal.string(name).sql(dialect) for name in names]
    if dialect == "mysql":
        return " UNION ALL ".join(f"SELECT {text} AS name" for text in texts)
    rows = ", ".join(f"({text})" for text in texts)
    if dialect == "sqlite":
        return f"SELECT column1 AS name FROM (VALUES {rows})"  # noqa: S608 - quoted texts
    return f"SELECT name FROM (VALUES {rows}) AS names(name)"  # noqa: S608 - quoted texts
