"""Names: a table's from a file's, columns' from a header's, made unique; and the words in them. Nothing is read
here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
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


def fold(text: str) -> str:
    """Lower case without accents."""
    return _bare(text.casefold())


def words(name: str) -> list[str]:
    """The words of a column's or table's name, folded: split at what is no letter or digit and at humps."""
    return [word.lower() for word in _HUMP.split(_bare(name)) if word]


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
