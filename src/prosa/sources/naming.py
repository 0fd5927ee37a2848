"""Names: a table's from a file's, and columns' from a header's, made unique. Nothing is read here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

_NOT_WORD = re.compile(r"[^a-z0-9]+")


def slug(text: str, fallback: str = "data") -> str:
    """`text` as a lower-case name of ASCII letters, digits and underscores that does not begin with a digit."""
    folded = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    name = _NOT_WORD.sub("_", folded).strip("_")[:60].strip("_")
    if not name:
        return fallback
    return f"t_{name}" if name[0].isdigit() else name


def unique(names: Iterable[str], fallback: Callable[[int], str] = "column_{}".format) -> list[str]:
    """The names with the empty ones filled and a `_2`, `_3` … behind those that came before, in any case."""
    taken: set[str] = set()
    found: list[str] = []
    for place, name in enumerate(names, 1):
        base = name or fallback(place)
        candidate, count = base, 1
        while candidate.casefold() in taken:
            count += 1
            candidate = f"{base}_{count}"
        taken.add(candidate.casefold())
        found.append(candidate)
    return found


def quoted(name: str) -> str:
    """A name as an SQL identifier, for DuckDB and SQLite alike."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal, for the places where an engine takes no parameter."""
    return "'" + text.replace("'", "''") + "'"
