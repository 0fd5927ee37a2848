"""A catalog as the analyst sees it: every table and column as words that a question can meet. Built once a catalog."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from prosa.analysts.rules import lexicon
from prosa.analysts.rules.data import data
from prosa.analysts.rules.joins import Graph, trusted
from prosa.analysts.rules.lexicon import Keys
from prosa.analysts.rules.reading import Field
from prosa.analysts.rules.values import Values
from prosa.analysts.rules.words import fold, normal, singular, stem, stem_pt
from prosa.results import NUMERIC
from prosa.sources.base import Catalog, ColumnInfo, TableInfo

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAMES = frozenset({"name", "nome"})
_FIRST = frozenset({"first", "given", "primeiro"})
_LAST = frozenset({"last", "family", "surname", "ultimo", "sobrenome"})
_COST, _GENERIC_COST, _TABLE_COST = 0.7, 0.35, 0.04
"""What a word of a name costs that the question leaves out: by itself, a word like `code`, a word of the table."""

CALLED = 0.85
"""How surely the column that names a table's rows is meant by `name`, and its key by `id`, where no column is called
so."""


_ROWS = (("row", "en"), ("record", "en"), ("linha", "pt"), ("registro", "pt"))
"""What the rows of a table are called where there is one table alone."""

_RATES = ("rate", "percentage")
"""What may be said behind the name of a column of shares: `discount rate`."""


class SchemaWord(NamedTuple):
    """A word of a name, and what it costs when a question leaves it out. `own` words tell a column from the others of
    its table; the table's own words may be said with it."""

    keys: Keys
    cost: float
    own: bool = True


class Element(NamedTuple):
    """A table, or a column of one. `weight` is less than 1 for what a column may be called beside its name."""

    table: TableInfo
    column: ColumnInfo | None
    words: tuple[SchemaWord, ...]
    name: str
    weight: float = 1.0

    @property
    def id(self) -> tuple[str, str]:
        return self.table.name, self.column.name if self.column else ""


class Schema:
    """All elements of a catalog, found by the keys of their words, and all values that questions may name."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.language = _language(catalog)
        self._vocabulary = self._known_words()
        self.elements: list[Element] = []
        self._places: dict[str, set[int]] = defaultdict(set)
        self._columns: dict[str, list[Element]] = defaultdict(list)
        self._by_id: dict[tuple[str, str], Element] = {}
        for table in catalog.tables:
            self._add(table, None)
            for column in table.columns:
                self._add(table, column)

    @cached_property
    def values(self) -> Values:
        """The values of the data, indexed when the first question needs them."""
        return Values(self.catalog, self.language)

    @cached_property
    def joins(self) -> Graph:
        """The foreign keys as a graph."""
        return Graph(self.catalog)

    def dates(self, table: str) -> list[Field]:
        """The columns of a table that hold dates."""
        return [Field(table, column.name) for column in self.table(table).columns if is_date(column)]

    def only_date(self, table: str) -> Field | None:
        """The date of a table's rows, where they have one only."""
        dates = self.dates(table)
        return dates[0] if len(dates) == 1 else None

    @cached_property
    def shared(self) -> frozenset[str]:
        """The column names, as people write them, that several tables have; keys left aside."""
        counts = Counter(
            spelled(column.name).casefold()
            for table in self.catalog.tables
            for column in table.columns
            if not self.points(table.name, column.name)
        )
        return frozenset(name for name, count in counts.items() if count > 1)

    @cached_property
    def pointers(self) -> dict[tuple[str, str], str]:
        """The columns that are a foreign key by themselves, and the table that each points at."""
        return {
            (table.name, key.columns[0]): key.table
            for table in self.catalog.tables
            for key in table.foreign_keys
            if len(key.columns) == 1 and key.table != table.name and trusted(key, self.table(key.table))
        }

    def points(self, table: str, column: str) -> bool:
        """Whether a column is a foreign key and not also what names its table's rows."""
        return (table, column) in self.pointers and self.table(table).display != column

    @cached_property
    def _namesakes(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (table.name, column.name)
            for table in self.catalog.tables
            for column in table.columns
            if singular(normal(column.name)) == singular(normal(table.name))
        )

    def full_name(self, table: str) -> tuple[Field, ...]:
        """The columns that name a person together, first and last; empty where the table has no such two."""
        words = {column.name: set(self.words(column.name)) for column in self.table(table).columns}
        parts = [
            next((name for name, said in words.items() if said & _NAMES and said & which), "")
            for which in (_FIRST, _LAST)
        ]
        return tuple(Field(table, name) for name in parts) if all(parts) else ()

    def is_namesake(self, element: Element) -> bool:
        """Whether a column is called like its table: `city.city`."""
        return element.id in self._namesakes

    def near(self, keys: Keys) -> set[int]:
        """The elements that have a word of these keys, by their places in `elements`."""
        return set().union(*(self._places[key] for key in keys if key in self._places))

    def columns(self, table: str) -> list[Element]:
        """The elements of a table's columns."""
        return self._columns[table]

    def table(self, name: str) -> TableInfo:
        """The table of that name, which the catalog has."""
        found = self.catalog.table(name)
        assert found is not None, name
        return found

    def column(self, field: Field) -> ColumnInfo:
        """What the profile knows of a column, which the catalog has."""
        found = self.table(field.table).column(field.column)
        assert found is not None, field
        return found

    def element(self, table: str, column: str = "") -> Element:
        """The element of a table or of one of its columns. KeyError where there is none."""
        return self._by_id[table, column]

    def _add(self, table: TableInfo, column: ColumnInfo | None) -> None:
        names = self.words(table.name)
        words = self._of_column(self.words(column.name), names) if column else self._of_table(names)
        element = Element(table, column, words, normal(column.name if column else table.name))
        self._by_id[element.id] = element
        self._index(element)
        for phrase in self._in_english(self.words(column.name) if column else names):
            whole = self._of_column(phrase, names) if column else self._of_table(phrase)
            self._index(Element(table, column, whole, "", lexicon.BRIDGED))
        if column is None and len(self.catalog.tables) == 1:
            for word, language in _ROWS:
                self._index(Element(table, None, (SchemaWord(lexicon.keys(word, language), 0.0),), word, CALLED))
        if column is not None:
            self._columns[table.name].append(element)
            if (short := normal(column.name)) not in (" ".join(self.words(column.name)), "") and short.isalpha():
                self._index(Element(table, column, self._of_column([short], names), short))  # `mpg`, as it is written
            if (
                column.name == table.display
                and column.role == "name"
                and not any("=name" in word.keys for word in words)
            ):
                self._index(Element(table, column, self._of_column(["name"], names), "", CALLED))
            for rate in _RATES if is_share(column) else ():
                called = self._of_column([*self.words(column.name), rate], names)
                self._index(Element(table, column, called, "", CALLED))
            if table.primary_key == (column.name,) and not self._says_id(table):
                self._index(Element(table, column, self._of_column(["id"], names), "", CALLED))

    def _in_english(self, words: Sequence[str]) -> list[Sequence[str]]:
        """What a Portuguese name of several words is called in English as a whole: `notas fiscais` are invoices."""
        if self.language != "pt" or len(words) < 2:
            return []
        return list(lexicon.bridge().get(tuple(map(stem_pt, words)), ()))

    def _says_id(self, table: TableInfo) -> bool:
        return any({"id", "code"}.intersection(self.words(column.name)) for column in table.columns)

    def _index(self, element: Element) -> None:
        self.elements.append(element)
        for word in element.words:
            for key in word.keys:
                self._places[key].add(len(self.elements) - 1)

    def _of_table(self, names: Sequence[str]) -> tuple[SchemaWord, ...]:
        return tuple(SchemaWord(self._keys(word), self._cost(word)) for word in telling(names))

    def _of_column(self, names: Sequence[str], table: Sequence[str]) -> tuple[SchemaWord, ...]:
        around = {stem(word) for word in table}
        own = [SchemaWord(self._keys(word), self._cost(word)) for word in telling(names) if stem(word) not in around]
        said = [SchemaWord(self._keys(word), _TABLE_COST, own=not own) for word in names if stem(word) in around]
        unsaid = {stem(word) for word in names}
        free = [SchemaWord(self._keys(word), 0.0, own=False) for word in table if stem(word) not in unsaid]
        return (*own, *said, *free)

    def _keys(self, word: str) -> Keys:
        return lexicon.keys(word, self.language)

    def _cost(self, word: str) -> float:
        if len(word) <= 2 and word not in ("id", "no"):
            return _TABLE_COST
        return _GENERIC_COST if any(key in lexicon.generic() for key in self._keys(word)) else _COST

    def words(self, name: str) -> list[str]:
        """A name as whole folded words: cut at case, underscores and digits, short forms written out."""
        if (short := name.lower()) != (whole := " ".join(lexicon.expanded(short, self.language))):
            return whole.split()
        result: list[str] = []
        for part in normal(_CAMEL.sub(" ", name)).replace("_", " ").split():
            for piece in self._cut(part):
                result += lexicon.expanded(piece, self.language)
        return result or [fold(name)]

    def _cut(self, word: str) -> Sequence[str]:
        """A word that was written together (`countryname`) as the fewest known words; itself where that fails."""
        if len(word) < 5 or word in self._vocabulary:
            return (word,)
        best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 14), end - 1):
                before, piece = best[start], word[start:end]
                if before is None or not self._is_piece(piece, end == len(word)):
                    continue
                if best[end] is None or len(before) + 1 < len(best[end] or ()):
                    best[end] = (*before, piece)
        return best[-1] or (word,)

    def _is_piece(self, piece: str, last: bool) -> bool:
        if len(piece) < 3:
            return last and piece in ("id", "no")
        return piece in self._vocabulary

    def _known_words(self) -> frozenset[str]:
        short = data("synonyms")["abbreviations"]
        tables = " ".join(_CAMEL.sub(" ", table.name) for table in self.catalog.tables)
        names = set(normal(tables.replace("_", " ")).split())
        singular = {name[:-1] for name in names if name.endswith("s")}
        return lexicon.english() | frozenset(short) | names | singular


def spelled(name: str) -> str:
    """A name as people write it: words apart, lower case unless it is all capitals."""
    words = " ".join(_CASE.sub(" ", name.replace("_", " ")).split())
    return words if words.isupper() and len(words) <= 4 else words.lower()


def telling(words: Sequence[str]) -> list[str]:
    """The words without those that say nothing, unless nothing else is left."""
    return [word for word in words if word not in lexicon.filler()] or list(words)


def _language(catalog: Catalog) -> str:
    """The language of the names: Portuguese where the bridge knows more of them as Portuguese than as English."""
    names = [name for table in catalog.tables for name in (table.name, *(column.name for column in table.columns))]
    words = {
        word for name in names for word in normal(_CAMEL.sub(" ", name)).replace("_", " ").split() if len(word) > 3
    }
    english = sum(word in lexicon.english() or stem(word) in lexicon.english() for word in words)
    portuguese = sum(stem_pt(word) in lexicon.portuguese() and word not in lexicon.english() for word in words)
    return "pt" if portuguese > english else "en"


def is_share(column: ColumnInfo) -> bool:
    """Whether a column holds parts of a whole: fractions, or what is written with a percent sign."""
    if column.type not in NUMERIC or column.role != "measure":
        return False
    low, high = column.min, column.max
    fractions = isinstance(low, int | float) and isinstance(high, int | float) and low >= 0 and high <= 1
    return fractions or column.format == "percent"


def is_date(column: ColumnInfo) -> bool:
    """Whether a column holds dates that engines compare: of a date type, or ISO 8601 texts."""
    if column.type in ("date", "timestamp"):
        return True
    return column.role == "date" and column.type == "text" and isinstance(column.min, str) and column.min[4:5] == "-"
