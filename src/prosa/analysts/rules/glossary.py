"""What people call things here: measures and synonyms of a file that the user gives.

    [measures]
    "net revenue" = "sum(order_items.quantity * order_items.unit_price)"

    [synonyms]
    "shopper" = "customers"
    "ticket" = "orders.total"
    "vip" = "customers.segment = gold"

A synonym stands for a table, a column, or a value of a column. Entries about tables or columns that a database does not
have are left aside there, so that one file serves many.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from prosa.analysts.rules.grammar import Grammar
from prosa.analysts.rules.links import Link, Target, content
from prosa.analysts.rules.reading import Expression, Field, Fold, Measure, plain
from prosa.analysts.rules.words import Token, normal, singular, singular_pt
from prosa.errors import ConfigError
from prosa.sources.base import Catalog

PREFIX = "glossary:"
"""What the names of the glossary's measures begin with, so that none is taken for one that a catalog derives."""
_FOLDED = re.compile(r"(sum|avg|min|max|median)\s*\((.+)\)", re.IGNORECASE | re.DOTALL)
_COUNTED = re.compile(r"count\s*\(\s*(\w+)(?:\.(\w+))?\s*\)", re.IGNORECASE)
_COLUMN = re.compile(r"([^\W\d]\w*)\.([^\W\d]\w*)")
_ARITHMETIC = re.compile(r"[\d\s+\-*/().]*")
_MEANING = re.compile(r"([^\W\d]\w*)(?:\.([^\W\d]\w*)(?:\s*=\s*(.+))?)?")
_LONGEST = 5

Words = tuple[str, ...]


class _Meant(NamedTuple):
    table: str
    column: str = ""
    value: str = ""


class Glossary:
    """A glossary file, read and checked."""

    def __init__(self, measures: dict[str, str], synonyms: dict[str, str]) -> None:
        self._measures = {name: _measure(name, text) for name, text in measures.items()}
        self._synonyms = {_key(name.split()): _meaning(name, text) for name, text in synonyms.items()}
        self._names = {_key(name.split()): name for name in measures}

    @classmethod
    def read(cls, path: Path) -> Glossary:
        """The glossary of a TOML file. ConfigError where it can't be read or an entry makes no sense."""
        try:
            raw = tomllib.loads(path.read_text("utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError("glossary_unreadable", file=str(path)) from error
        for section, entries in raw.items():
            strings = isinstance(entries, dict) and all(isinstance(text, str) for text in entries.values())
            if section not in ("measures", "synonyms") or not strings:
                raise ConfigError("glossary_section", file=str(path), section=section)
        return cls(raw.get("measures", {}), raw.get("synonyms", {}))

    def links(self, tokens: Sequence[Token], grammar: Grammar, catalog: Catalog) -> list[Link]:
        """The spans of a question that the glossary explains."""
        found = []
        for start, token in enumerate(tokens):
            for end in range(start + 1, min(len(tokens), start + _LONGEST) + 1):
                if token.kind == "word" and tokens[end - 1].kind == "word":
                    words = content(tokens[start:end], grammar)
                    target = self._target(_key(words), catalog)
                    if target is not None and words:
                        found.append(Link(start, end, target, 1.0, len(words)))
        return found

    def measure(self, name: str, catalog: Catalog) -> Measure | None:
        """A measure by its name, where the catalog has all that it is made of."""
        measure = self._measures.get(name.removeprefix(PREFIX))
        if measure is None or not _known(catalog, measure):
            return None
        return measure

    def _target(self, words: Words, catalog: Catalog) -> Target | None:
        name = self._names.get(words)
        if name is not None and (measure := self.measure(name, catalog)) is not None:
            return Target("measure", measure.table, PREFIX + name)
        meant = self._synonyms.get(words)
        if meant is None or (table := catalog.table(meant.table)) is None:
            return None
        if not meant.column:
            return Target("table", table.name)
        column = table.column(meant.column)
        if column is None:
            return None
        kind = "value" if meant.value else "column"
        return Target(kind, table.name, column.name, meant.value)  # type: ignore[arg-type]


def _key(words: Sequence[str]) -> Words:
    """Words without case, accents and plural, as questions write them."""
    return tuple(singular(singular_pt(word)) for word in normal(" ".join(words)).split() if word not in ("de", "of"))


def _measure(name: str, text: str) -> Measure:
    """`sum(table.a * table.b)` or `count(table)` as a measure. ConfigError."""
    counted = _COUNTED.fullmatch(text.strip())
    title = PREFIX + name
    if counted:
        table, column = counted.groups()
        return (
            Measure("distinct", table, plain(Field(table, column)), name=title)
            if column
            else Measure("count", table, name=title)
        )
    folded = _FOLDED.fullmatch(text.strip())
    inner = folded.group(2) if folded else ""
    fields = list(dict.fromkeys(Field(*match.groups()) for match in _COLUMN.finditer(inner)))
    rest = _COLUMN.sub("", inner)
    if folded is None or not fields or not _ARITHMETIC.fullmatch(rest) or not _balanced(rest):
        raise ConfigError("glossary_measure", name=name, got=text)
    places = {field: f"{{{place}}}" for place, field in enumerate(fields)}
    template = _COLUMN.sub(lambda match: places[Field(*match.groups())], inner)
    fold: Fold = folded.group(1).lower()  # type: ignore[assignment]
    expression = Expression(
        tuple(fields), template if len(fields) == 1 and template == "{0}" else f"({template})", title
    )
    return Measure(fold, fields[0].table, expression, name=title)


def _balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0 and "--" not in text and "/*" not in text


def _meaning(name: str, text: str) -> _Meant:
    match = _MEANING.fullmatch(text.strip())
    if match is None:
        raise ConfigError("glossary_synonym", name=name, got=text)
    table, column, value = match.groups()
    return _Meant(table, column or "", (value or "").strip().strip("'\""))


def _known(catalog: Catalog, measure: Measure) -> bool:
    fields = measure.expression.fields if measure.expression else ()
    tables = {measure.table, *(field.table for field in fields)}
    if any(catalog.table(name) is None for name in tables):
        return False
    return all((table := catalog.table(field.table)) and table.column(field.column) for field in fields)
