"""What a cell of text can be: the shape of a format, the words for a missing value, and the words for yes and no."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Literal

import msgspec

from prosa.sources.naming import literal

BLANKS = " \t\r\n\u00a0\ufeff"

Sql = Callable[[str], str]
Kind = Literal["number", "date", "timestamp", "half_days", "zoned", "time", "boolean"]


class Format(msgspec.Struct, frozen=True, dict=True):
    """A way to write a value. `pattern` is in the syntax that Python's `re` and DuckDB's RE2 share; `canonical` makes,
    from the SQL of a trimmed text, that of the same value as DuckDB writes it.

    `rival` is a format that the same cells may fit; `decimal` a number's decimal mark; `hint` the `format` of
    `results.Column`; `only_named` says that the column's name has to speak for it.
    """

    key: str
    kind: Kind
    pattern: str
    canonical: Sql
    rival: str = ""
    decimal: str = ""
    hint: str = ""
    only_named: bool = False

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)

    def fits(self, cell: str) -> bool:
        """Whether a trimmed cell has this form. A day that no calendar has still fits."""
        return self._compiled.fullmatch(cell) is not None

    def check(self, text: str) -> str:
        """SQL that is true where the text has a value in this format."""
        matched = f"regexp_full_match({text}, {literal(f'(?i){self.pattern}')})"
        if self.kind == "number":
            return matched
        return f"({matched} AND {self.value(text)} IS NOT NULL)"

    def value(self, text: str, native: str = "") -> str:
        """SQL of the value, or NULL where there is none. `native` is a number's type."""
        canonical = self.canonical(text)
        match self.kind:
            case "number":
                return f"TRY_CAST({canonical} AS {native})"
            case "date":
                return f"TRY_CAST({canonical} AS DATE)"
            case "time":
                return f"TRY_CAST({canonical} AS TIME)"
            case "timestamp":
                return f"TRY_CAST({canonical} AS TIMESTAMP)"
            case "half_days":
                halved = f"regexp_matches({text}, '(?i)[ap]\\.?m\\.?$')"
                return f"CASE WHEN {halved} THEN {_half_days(canonical)} ELSE TRY_CAST({canonical} AS TIMESTAMP) END"
            case "zoned":
                return f"timezone('UTC', TRY_CAST({canonical} AS TIMESTAMPTZ))"
            case "boolean":
                return canonical


def _half_days(iso: str) -> str:
    """SQL for times with AM and PM."""
    tidy = f"replace(regexp_replace(upper({iso}), '[T,]\\s*', ' '), '.', '')"
    masks = ", ".join(literal(f"%Y-%m-%d %I:%M{rest}") for rest in (":%S %p", " %p", ":%S%p", "%p"))
    return f"try_strptime({tidy}, [{masks}])"


def trimmed(column: str) -> str:
    """SQL of a cell without the blanks around it."""
    return f"trim({column}, {literal(BLANKS)})"


def as_is(text: str) -> str:
    """SQL of a text that DuckDB reads as it stands."""
    return text


def in_list(text: str, words: tuple[str, ...]) -> str:
    """SQL that is true where the text is one of the words, in any case. Only short texts are looked up; a pattern takes
    far less memory than IN, which keeps a vector for each word and column."""
    longest = max(len(word.encode()) for word in words)
    pattern = literal(f"(?i){'|'.join(map(re.escape, words))}")
    return f"CASE WHEN strlen({text}) <= {longest} THEN regexp_full_match({text}, {pattern}) ELSE false END"


def _yes_or_no(yes: tuple[str, ...], no: tuple[str, ...]) -> Format:
    def value(text: str) -> str:
        return f"CASE WHEN {in_list(text, yes)} THEN true WHEN {in_list(text, no)} THEN false END"

    return Format(f"boolean_{yes[0]}", "boolean", "|".join((*yes, *no)), value)


BOOLEANS = (
    _yes_or_no(("true", "t"), ("false", "f")),
    _yes_or_no(("yes", "y"), ("no", "n")),
    _yes_or_no(("sim", "s"), ("não", "nao", "n")),
    _yes_or_no(("verdadeiro", "v"), ("falso", "f")),
)
"""Letters count only where both are there: a column of nothing but `S` may be sizes or initials."""
