"""The values of a catalog's columns, found by words: whole, in the plural, translated, or with a small slip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from prosa.analysts.rules import lexicon
from prosa.analysts.rules.data import data
from prosa.analysts.rules.words import normal, singular, stem, stem_pt
from prosa.sources.base import Catalog, ColumnInfo

MOST = 100_000
"""Values kept in all; about 140 MB (`bench/analyst.py`). Beyond that the columns with the most values are left out."""

_LONGEST = 60
_SLIP_LETTERS, _EDIT_LETTERS = 5, 6
_SLIP_SCORE = 87
_NAME_WORDS, _PART_LETTERS = 6, 3
_MOST_NAMESAKES = 4
"""How many names may have a word in common, so that it is asked which one is meant."""
EXACT, FORM, TRANSLATED, PART, SLIP, ALIKE = 1.0, 0.95, 0.92, 0.88, 0.9, 0.84
"""How surely words mean a value: the same words, another number or gender, a translation, one word
of a name, a small slip, a word that means the same."""


class Value(NamedTuple):
    """A stored text and the column that has it."""

    table: str
    column: str
    text: str


class Found(NamedTuple):
    """A value that words may mean, and how surely."""

    value: Value
    score: float


class Values:
    """An index over the text values of a catalog, whose names are in `language`."""

    def __init__(self, catalog: Catalog, language: str = "en") -> None:
        self._language = language
        self._exact: dict[str, list[Value]] = defaultdict(list)
        self._forms: dict[str, set[str]] = defaultdict(set)
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        self._parts: dict[str, set[str]] = defaultdict(set)
        self._lengths: dict[str, set[int]] = defaultdict(set)
        for table, column, texts in _columns(catalog):
            for text in texts:
                self._add(Value(table, column.name, text), named=column.role == "name")
        for norm in self._exact:
            self._by_letter[norm[0]].append(norm)

    def _add(self, value: Value, *, named: bool) -> None:
        norm = normal(value.text)
        if not norm or len(norm) > _LONGEST:
            return
        if norm not in self._exact:
            words = norm.split()
            self._lengths[_root(words[0])].add(len(words))
            self._forms[_form(words, "en")].add(norm)
            self._forms[_form(words, "pt")].add(norm)
        if named and len(words := norm.split()) <= _NAME_WORDS:
            for word in words if len(words) > 1 else ():
                self._parts[word].add(norm)
        self._exact[norm].append(value)

    def lengths(self, first: str) -> Iterable[int]:
        """How many words the values have that begin with this word, in any number and gender."""
        return self._lengths.get(_root(first), ())

    def find(self, words: tuple[str, ...], language: str) -> list[Found]:
        """The values that these folded words mean, the surest first."""
        norm = " ".join(words)
        found = [Found(value, EXACT) for value in self._exact.get(norm, ())]
        if not found:
            found = [
                Found(value, FORM)
                for form in sorted(self._forms.get(_form(words, language), ()))
                for value in self._exact[form]
            ]
        known = {(hit.value.table, hit.value.column) for hit in found}
        found += [
            Found(value, TRANSLATED)
            for form in [*_translations(words, language), *self._in_portuguese(words, language)]
            for value in self._exact.get(form, ())
            if (value.table, value.column) not in known
        ]
        return found or self._alike(words)

    def _in_portuguese(self, words: tuple[str, ...], language: str) -> list[str]:
        """The values of Portuguese data that an English phrase stands for: `pending` for `Pendente`. Data with names in
        English is not searched so: `tables` are no city of Mesa."""
        if language == "pt" or self._language != "pt":
            return []
        sources = lexicon.portuguese_for(words)
        return [form for source in sources for form in sorted(self._forms.get(f"pt {' '.join(source)}", ()))]

    def _alike(self, words: tuple[str, ...]) -> list[Found]:
        """`puppy` where the data says dog."""
        return [
            Found(value, ALIKE)
            for phrase in lexicon.synonyms().get(tuple(map(stem, words)), ())
            for value in self._exact.get(" ".join(phrase), ())
        ]

    def named(self, word: str) -> list[Found]:
        """The few names of several words that have this word: `Saramago` for a José Saramago."""
        whole = self._parts.get(word, set())
        if not 0 < len(whole) <= _MOST_NAMESAKES or len(word) < _PART_LETTERS:
            return []
        return [Found(value, PART) for name in sorted(whole) for value in self._exact[name]]

    def slips(self, norm: str) -> list[Found]:
        """The values that differ from a text by a small slip of writing: nearly all letters are the same, or one was
        left out, added, changed or swapped with its neighbour and only one value is that near."""
        if len(norm) < _SLIP_LETTERS:
            return []
        alike = self._by_letter.get(norm[0], ())
        near = process.extract(norm, alike, scorer=fuzz.ratio, score_cutoff=_SLIP_SCORE, limit=3)
        if not near and len(norm) >= _EDIT_LETTERS:
            edited = process.extract(norm, alike, scorer=OSA.distance, score_cutoff=1, limit=2)
            near = [(text, _SLIP_SCORE, place) for text, _, place in edited] if len(edited) == 1 else []
        return [Found(value, SLIP * score / 100) for text, score, _ in near for value in self._exact[text]]


def _columns(catalog: Catalog) -> list[tuple[str, ColumnInfo, tuple[str, ...]]]:
    """The columns whose values are kept, within the bound, those with the fewest values first."""
    columns = [
        (table.name, column, column.values)
        for table in catalog.tables
        for column in table.columns
        if column.values and column.type in ("text", "null")
    ]
    kept, room = [], MOST
    # Columns with few values are those that questions filter by; long lists of names go first when room is short.
    for entry in sorted(columns, key=lambda entry: len(entry[2])):
        if len(entry[2]) <= room:
            kept.append(entry)
            room -= len(entry[2])
    order = {(table.name, column.name): place for table in catalog.tables for place, column in enumerate(table.columns)}
    return sorted(kept, key=lambda entry: (entry[0], order[entry[0], entry[1].name]))


def _root(word: str) -> str:
    return stem_pt(stem(word))


def _form(words: Iterable[str], language: str) -> str:
    """Words without number and gender, as the language has them."""
    return f"{language} " + " ".join(stem_pt(word) if language == "pt" else singular(word) for word in words)


def _translations(words: tuple[str, ...], language: str) -> list[str]:
    forms = list(_codes().get(words, ()))
    if len(words) == 1:
        forms += _demonyms().get(words[0], _demonyms().get(stem_pt(words[0]), ()))
    if language == "pt":
        forms += [" ".join(phrase) for phrase in lexicon.bridge().get(tuple(map(stem_pt, words)), ())]
    for named_in in ("en", "pt"):
        forms += _territories(named_in).get(" ".join(words), [])
    return list(dict.fromkeys(forms))


@cache
def _codes() -> dict[tuple[str, ...], tuple[str, ...]]:
    return {
        tuple(word.split()): tuple(stored)
        for words, stored in _lines("codes")
        for word in words
    }  # fmt: skip


@cache
def _demonyms() -> dict[str, tuple[str, ...]]:
    """By whole word and by Portuguese root, so that number and gender don't matter."""
    table = {word: tuple(stored) for words, stored in _lines("demonyms") for word in words}
    return table | {stem_pt(word): stored for word, stored in table.items()}


def _lines(name: str) -> list[tuple[list[str], list[str]]]:
    result = []
    for line in data("values")[name].strip().splitlines():
        left, _, right = line.partition(":")
        result.append(([normal(word) for word in left.split(",")], [normal(word) for word in right.split(",")]))
    return result


@cache
def _territories(language: str) -> dict[str, list[str]]:
    """Country names of one language to those of the other and to the codes (CLDR, by Babel)."""
    from babel import Locale

    own, other = (Locale("pt"), Locale("en")) if language == "pt" else (Locale("en"), Locale("pt"))
    names: dict[str, list[str]] = defaultdict(list)
    for code, name in own.territories.items():
        if len(code) == 2 and code in other.territories:
            names[normal(name)] += [normal(other.territories[code]), code.lower()]
    return names
