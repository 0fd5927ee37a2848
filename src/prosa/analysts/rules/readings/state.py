"""A reading in the making: where the reader stands in the row of atoms, and what it has gathered so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from prosa.analysts.rules import lexicon
from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.data import data
from prosa.analysts.rules.links import POINTER
from prosa.analysts.rules.measures import Measures, english_words, is_money
from prosa.analysts.rules.reading import (
    AnyOf,
    Condition,
    Dimension,
    Exists,
    Field,
    Having,
    Measure,
    Order,
    Period,
)
from prosa.analysts.rules.schema import Element, Schema
from prosa.analysts.rules.words import fold, kin, normal, singular, stem, stem_pt
from prosa.results import NUMERIC
from prosa.sources.base import ColumnInfo, TableInfo

STRONG = frozenset(data("operations")["strong"].split())
"""Operations that change the answer: a reading that leaves one out has misread the question."""
BUYING = frozenset(data("operations")["buying"].split())
"""Verbs that say that something was sold, of whoever bought it."""
_PLURALS_PT = ("ais", "eis", "ois", "uis")


@dataclass
class State:
    """What has been gathered. `filtering` is set once the question has begun to narrow down, `lacking` once it
    says what must not be there, `grouping` after a condition on groups; `averaged` are sums that an average was
    asked of; `done` is the date on which something was done to the rows that are meant; `kinds` are columns
    whose values are counted, not the rows they name; `side_by_side` are tables that
    were listed with an `and`."""

    atoms: tuple[Atom, ...]
    schema: Schema
    named: Measures
    place: int = 0
    base: str = ""
    filtering: bool = False
    negated: bool = False
    alternative: bool = False
    lacking: bool = False
    grouping: bool = False
    subject: str = ""
    shown: list[Field] = field(default_factory=list)
    dimensions: list[Dimension] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    conditions: list[Condition | AnyOf] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    unplaced: list[tuple[Atom, bool]] = field(default_factory=list)
    dated: list[tuple[Field, Atom, bool]] = field(default_factory=list)
    exists: list[Exists] = field(default_factory=list)
    having: list[Having] = field(default_factory=list)
    order: Order | None = None
    direction: str = ""
    limit: int | None = None
    offset: int = 0
    plural: bool = False
    spoken: bool = False
    how_much: bool = False
    chart: str = ""
    everything: bool = False
    both: bool = False
    each: bool = False
    each_group: Dimension | None = None
    derivations: list[tuple[str, Atom]] = field(default_factory=list)
    within: bool = False
    distinct: bool = False
    done: Field | None = None
    averaged: list[Measure] = field(default_factory=list)
    context: list[str] = field(default_factory=list)
    side_by_side: list[str] = field(default_factory=list)
    hints: list[Field] = field(default_factory=list)
    kinds: list[Field] = field(default_factory=list)
    ignored: list[Atom] = field(default_factory=list)
    unknown: list[Atom] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    loud: list[Atom] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.loud = [atom for atom in self.atoms if atom.kind != "silent"]

    # Where the reader stands

    def peek(self, ahead: int = 0) -> Atom | None:
        """The atom so many places ahead, silent ones left out."""
        place = self.place + ahead
        return self.loud[place] if place < len(self.loud) else None

    def skip(self, count: int = 1) -> None:
        """Goes past so many atoms that are not silent."""
        self.place = min(self.place + count, len(self.loud))

    def skip_ops(self, *names: str, most: int = 3) -> int:
        """Goes past small words of these operations; how many there were."""
        passed = 0
        while passed < most and (atom := self.peek()) is not None and atom.has(*names):
            self.skip()
            passed += 1
        return passed

    def passes(self, *names: str, ahead: int = 0) -> int:
        """How many places ahead the first atom stands that is none of these small words."""
        while (atom := self.peek(ahead)) is not None and atom.has(*names):
            ahead += 1
        return ahead

    def before(self, back: int = 1) -> Atom | None:
        """The atom read last, or so many before, silent ones left out."""
        return self.loud[self.place - back] if self.place >= back else None

    # What the catalog says

    def table(self, name: str) -> TableInfo:
        found = self.schema.catalog.table(name)
        assert found is not None, name
        return found

    def info(self, field: Field) -> ColumnInfo:
        found = self.table(field.table).column(field.column)
        assert found is not None, field
        return found

    def numeric(self, field: Field) -> bool:
        """Whether the column holds numbers that can be added or compared as such."""
        info = self.info(field)
        return info.type in NUMERIC and (info.role != "id" or self._counts_things(field))

    def _counts_things(self, field: Field) -> bool:
        """Whether a column taken for a key counts something: `num_pages` of a table that has its own key."""
        words = self.schema.words(field.column)
        keys = self.table(field.table).primary_key
        return (
            len(words) > 1
            and words[0] in ("number", "numero", "quantity", "quantidade", "count")
            and field.column not in keys
        )

    def is_money(self, field: Field) -> bool:
        """Whether the column holds money, by its name."""
        return is_money(english_words(self.schema.element(field.table, field.column)))

    def display(self, table: str) -> Field:
        """The column that names the rows of a table; a key that only points elsewhere does not."""
        info = self.table(table)
        if info.display:
            return Field(table, info.display)
        names = [column.name for column in info.columns if column.role == "name"]
        keys = list(info.primary_key) or [info.columns[0].name]
        return Field(table, (names or keys)[0])

    def told(self, atom: Atom) -> Field:
        """The column of a link; for a number that only points at another table, what names that table's rows, unless
        the number itself was asked for."""
        field = Field(atom.target.table, atom.target.column)
        other = self.schema.pointers.get((field.table, field.column), "")
        if not other or atom.score > POINTER or not self.schema.points(field.table, field.column):
            return field
        called = {key for word in self.schema.element(other).words for key in word.keys}
        own = [word for word in self.schema.element(field.table, field.column).words if word.own]
        if not any(called & word.keys.keys() for word in own):
            return field  # a vote that points at a student is no student
        named = self.display(other)
        numbered = self.info(field).type in NUMERIC and self.info(named).type not in NUMERIC
        return named if numbered else field

    def yes(self, field: Field) -> Any:
        """What a yes-or-no column stores for yes; None where that can't be told."""
        info = self.info(field)
        if info.type == "boolean":
            return True
        if info.type in NUMERIC:
            return 1 if info.max == 1 else None
        return next((text for text in info.values if normal(text) in ("y", "yes", "t", "true", "s", "sim", "1")), None)

    # What has been gathered

    @cached_property
    def _said(self) -> frozenset[str]:
        """The stems of the words that no link explains."""
        words = [fold(atom.text) for atom in self.atoms if atom.kind in ("unknown", "silent")]
        return frozenset(key for word in words if len(word) > 3 for key in (stem(word), stem_pt(word)))

    def says(self, element: Element) -> bool:
        """Whether the question has a word that is kin to one of the name's own: `published` to a publication year."""
        names = [key.removeprefix("p:") for word in element.words if word.own for key in word.keys if key[:1] != "="]
        return any(kin(said, name) for said in self._said for name in names)

    @cached_property
    def favoured(self) -> tuple[str, ...]:
        """The tables that the question mentions, and those named like words that it uses otherwise: `registered`."""
        said = {stem(fold(atom.text)) for atom in self.atoms if atom.kind in ("unknown", "silent")}
        near = self.schema.near({word: 1.0 for word in said if len(word) > 3})
        elements = [self.schema.elements[place] for place in sorted(near)]
        hinted = [element.table.name for element in elements if element.column is None]
        linked = [atom.target.table for atom in self.atoms if atom.kind == "table"]
        return tuple(dict.fromkeys([*linked, *hinted]))

    @cached_property
    def buys(self) -> bool:
        """Whether a verb says that somebody bought: `customers who bought in 2025`."""
        return any(fold(atom.text) in BUYING for atom in self.atoms if atom.kind in ("silent", "unknown"))

    def calls(self, text: str, table: str, *, partly: bool = False) -> bool:
        """Whether a word of either language is a table's name, or with `partly` one of its words."""
        said = lexicon.keys(fold(text), "en").keys() | lexicon.keys(fold(text), "pt").keys()
        words = [bool(said & word.keys.keys()) for word in self.schema.element(table).words]
        return any(words) if partly else all(words)

    def names_rows(self, text: str) -> bool:
        """Whether a word is a table's name, whatever else it may be: the `highest order` is not the latest
        `ordered_on`."""
        return any(self.calls(text, table.name) for table in self.schema.catalog.tables)

    def mention(self, table: str) -> None:
        """Remembers that the question named a table."""
        if table not in self.context:
            self.context.append(table)

    def doubt(self, name: str) -> None:
        """Remembers that something had to be taken for granted; `data/weights.toml` says how much that counts."""
        self.doubts.append(name)

    def trust(self, name: str) -> None:
        """Takes one such doubt back."""
        if name in self.doubts:
            self.doubts.remove(name)

    def condition(self, condition: Condition) -> None:
        """Adds a condition: negated after a `not`, an alternative to the last one after an `or`."""
        if self.negated:
            condition = msgspec.structs.replace(condition, negated=not condition.negated)
            self.negated = False
        if self.within and self.conditions and isinstance(self.conditions[-1], Condition):
            compared = self.conditions[-1]
            self.conditions[-1] = msgspec.structs.replace(compared, within=(*compared.within, condition))
            return
        if self.lacking and self._of_what_lacks(condition.table):
            last = self.exists[-1]
            self.exists[-1] = Exists(last.table, (*last.conditions, condition), last.negated)
        elif self.alternative:
            self._either(condition)
        else:
            self.conditions.append(condition)
        self.alternative = False
        self.filtering = True

    def _of_what_lacks(self, table: str) -> bool:
        """Whether a condition narrows down what there is none of, as in `customers without orders in Camden`: the way
        to its table goes through the table that lacks rows."""
        lacking, own = self.exists[-1].table, self.subject or (self.shown[0].table if self.shown else "")
        if table == lacking or not own:
            return table == lacking
        way = self.schema.joins.connect([own, table]) or ()
        return own != lacking and any(lacking in (edge.many, edge.one) for edge in way)

    def _either(self, condition: Condition) -> None:
        """Makes the condition an alternative to the last one; after a group's condition that can't be said."""
        if not self.conditions or self.grouping:
            self.doubt("odd_or")
            self.conditions.append(condition)
            return
        last = self.conditions[-1]
        parts = last.conditions if isinstance(last, AnyOf) else (last,)
        self.conditions[-1] = AnyOf((*parts, condition))

    def keep(self, having: Having) -> None:
        """Adds a condition on groups."""
        if self.alternative or self.negated:
            self.doubt("odd_or")
        self.having.append(having)
        self.filtering = self.grouping = True
        self.alternative = False


Construct = Callable[[State], bool]
"""Reads what begins at the reader's place and goes past it; False where something else begins there."""


def field_of(atom: Atom) -> Field:
    """The column of a link."""
    return Field(atom.target.table, atom.target.column)


def is_plural(atom: Atom) -> bool:
    """Whether a name is said in the plural, of either language: `orders`, `hospitais`."""
    word = fold(atom.text)
    return singular(word) != word or (word.endswith(_PLURALS_PT) and stem_pt(word) != word)
