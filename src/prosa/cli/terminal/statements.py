"""SQL for people: one clause a line, with the terminal's own colours. Not a word of the statement changes."""

from __future__ import annotations

import re

from rich.syntax import Syntax

from prosa.cli.terminal.cells import clean

_TOKEN = re.compile(
    r"""
    '(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*`     # texts and names in quotes
    | (?P<open>\() | (?P<close>\))
    | \s+(?P<clause>(?:(?:LEFT|RIGHT|FULL|INNER|CROSS)\s+(?:OUTER\s+)?)?JOIN|FROM|WHERE|GROUP\s+BY|HAVING|QUALIFY
        |ORDER\s+BY|LIMIT|UNION(?:\s+ALL)?|INTERSECT|EXCEPT)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def in_lines(sql: str) -> str:
    """The statement with a line break, in place of the space, before each clause outside parentheses."""
    if "\n" in sql:
        return sql
    depth, parts, end = 0, [], 0
    for found in _TOKEN.finditer(sql):
        depth += bool(found["open"]) - bool(found["close"])
        if found["clause"] and depth == 0:
            parts.append(sql[end : found.start()])
            end = found.start("clause")
    return "\n".join([*parts, sql[end:]])


def highlighted(sql: str) -> Syntax:
    """A statement in colours; a stream without colours shows it plain."""
    return Syntax(clean(sql, lines=True), "sql", theme="ansi_dark", background_color="default", word_wrap=True)
