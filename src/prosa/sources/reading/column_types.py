"""Decides what the columns of raw text are, by all their cells: a sample proposes formats, the whole column
confirms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from prosa.sources.naming import words
from prosa.sources.reading.cells import BLANKS, BOOLEANS, Format, in_list, trimmed
from prosa.sources.reading.dates import DATES
from prosa.sources.reading.lexicon import DATE_NAMES, PORTUGUESE, VALUE_NULLS
from prosa.sources.reading.numbers import NUMBERS
from prosa.sources.reading.workspace import Workspace

FORMATS = (*BOOLEANS, *NUMBERS, *DATES)
CHUNK = 100
"""So many columns are looked at in one statement."""
_BY_KEY = {form.key: form for form in FORMATS}
_SAMPLED_CELLS, _MOST_SAMPLED = 200_000, 1_000
_NEARLY, _LOOKED_AT = 0.6, 200


class Column(msgspec.Struct):
    """A column while it is decided. `native` is its type where the reader knows it and nothing is to be decided;
    `padded` says that some cells have blanks around them; `format` is None for text; `open_to` the other format that
    all its cells fit as well; `nearly` the one that most fit."""

    place: int
    name: str
    native: str = ""
    padded: bool = False
    sample: set[str] = msgspec.field(default_factory=set)
    refused: set[str] = msgspec.field(default_factory=set)
    settled: bool = False
    format: Format | None = None
    open_to: Format | None = None
    nearly: Format | None = None

    @property
    def text(self) -> str:
        """SQL of the cell without blanks around it. (Trimming is the dearest step: it is left out where it can be.)"""
        return trimmed(f"c{self.place}") if self.padded else f"c{self.place}"

    @property
    def example(self) -> str:
        return min(self.sample, default="")

    def fitting(self, forms: Sequence[Format]) -> list[Format]:
        """Those of the formats that all cells seen so far have."""
        if not self.sample:
            return []
        named = not DATE_NAMES.isdisjoint(words(self.name))
        forms = [form for form in forms if form.key not in self.refused and (named or not form.only_named)]
        found = [form for form in forms if all(map(form.fits, self.sample))]
        if len({cell.lower() for cell in self.sample}) == 1 and len(self.example) == 1:
            found = [form for form in found if form.kind != "boolean"]
        return sorted(found, key=lambda form: not form.only_named)


class Raw(msgspec.Struct, frozen=True):
    """A table of raw cells: `names` are those of its columns `c0`, `c1` …, empty where there is none; `natives` the
    types of those that are no text; `forms` are the ways in which its texts may be values."""

    relation: str
    names: Sequence[str]
    delimiter: str = ""
    natives: Sequence[str] = ()
    forms: Sequence[Format] = FORMATS


def decide(work: Workspace, raw: Raw) -> list[Column]:
    """What each column is."""
    columns = [Column(place, name) for place, name in enumerate(raw.names)]
    for column, native in zip(columns, raw.natives, strict=False):
        column.native, column.settled = native, bool(native)
    texts = [column for column in columns if not column.native]
    _sample(work, raw.relation, texts)
    for start in range(0, len(texts), CHUNK):
        _settle(work, raw, texts[start : start + CHUNK])
    _resolve(texts, raw.delimiter)
    return columns


def _sample(work: Workspace, relation: str, columns: Sequence[Column]) -> None:
    """Takes the first rows and as many by chance from the whole table."""
    if not columns:
        return
    count = min(_MOST_SAMPLED, max(20, _SAMPLED_CELLS // len(columns)))
    cells = ", ".join(f"c{column.place}" for column in columns)
    for part in (f"LIMIT {count}", f"USING SAMPLE reservoir({count} ROWS) REPEATABLE (7)"):
        for row in work.con.execute(f"SELECT {cells} FROM {relation} {part}").fetchall():
            for column, cell in zip(columns, row, strict=True):
                _add(column, [cell])


def _add(column: Column, cells: Iterable[str | None]) -> None:
    for cell in cells:
        bare = (cell or "").strip(BLANKS)
        column.padded = column.padded or bare != (cell or "")
        if bare.lower() not in VALUE_NULLS:
            column.sample.add(bare)


def _settle(work: Workspace, raw: Raw, columns: Sequence[Column]) -> None:
    """Confirms or widens until nothing is open. Each round refuses a format or adds a cell that needs a wider one."""
    while open_ones := [column for column in columns if not column.settled]:
        trials = [(column, form) for column in open_ones for form in _trials(column, raw.forms)]
        if not trials:
            return
        row = _misses(work, raw.relation, trials)
        for place, (column, form) in enumerate(trials):
            _judge(column, form, *row[place * 3 : place * 3 + 3])


def _trials(column: Column, forms: Sequence[Format]) -> list[Format | None]:
    """The formats to try on the whole column; None tries whether it is empty."""
    if not column.sample:
        return [None]
    fitting = column.fitting(forms)
    if not fitting:
        column.settled = True
        column.nearly = _best(column, forms)
        return []
    rival = _BY_KEY.get(fitting[0].rival)
    return [fitting[0], rival] if rival in fitting else [fitting[0]]


def _misses(work: Workspace, relation: str, trials: Sequence[tuple[Column, Format | None]]) -> tuple[Any, ...]:
    """For each trial: how many cells have no value in the format, and two of them."""
    cells = [f"{_missing(column, form)} AS m{place}" for place, (column, form) in enumerate(trials)]
    counts = [f"count(m{place}), min(m{place}), max(m{place})" for place in range(len(trials))]
    return work.row(f"SELECT {', '.join(counts)} FROM (SELECT {', '.join(cells)} FROM {relation})")


def _missing(column: Column, form: Format | None) -> str:
    """SQL of a cell that is given but has no value in the format. (In a CASE the dearer test comes only if needed.)"""
    given = f"NOT {in_list(column.text, VALUE_NULLS)}"
    return f"CASE WHEN {f'NOT {form.check(column.text)} AND {given}' if form else given} THEN {column.text} END"


def _judge(column: Column, form: Format | None, misses: int, *examples: str) -> None:
    if form is None:
        column.settled = not misses
    elif not misses and column.settled:
        column.open_to = form
    elif not misses:
        column.settled, column.format = True, form
    elif not any(example != example.strip(BLANKS) for example in examples) and any(map(form.fits, examples)):
        column.refused.add(form.key)
    if not column.settled:
        _add(column, examples)


def _best(column: Column, forms: Sequence[Format]) -> Format | None:
    """The format that most cells have, by a few of them."""
    cells = sorted(column.sample)[:: 1 + len(column.sample) // _LOOKED_AT]
    counts = [(sum(map(form.fits, cells)), form) for form in forms if not form.only_named]
    most, form = max(counts, key=lambda pair: pair[0])
    return form if most > len(cells) * _NEARLY else None


def _resolve(columns: Sequence[Column], delimiter: str) -> None:
    """Settles what a column's own cells leave open, by the other columns and by signs of Portuguese."""
    commas, days = _votes(columns)
    portuguese = delimiter == ";" or commas > 0 or _speak_portuguese(columns)
    for column in columns:
        if column.format is None or column.open_to is None:
            continue
        numeric = column.format.kind == "number"
        vote = commas if numeric else days
        wanted = vote > 0 or (vote == 0 and portuguese)
        is_wanted = column.format.decimal == "," if numeric else column.format.key.startswith("dmy")
        if wanted != is_wanted:
            column.format, column.open_to = column.open_to, column.format
        if vote or (numeric and not any(mark in cell for cell in column.sample for mark in ".,")):
            column.open_to = None


def _votes(columns: Sequence[Column]) -> tuple[int, int]:
    """How many more columns surely have decimal commas than dots, and days before months than behind."""
    sure = [column.format for column in columns if column.format and column.open_to is None]
    commas = sum((form.decimal == ",") - (form.decimal == ".") for form in sure if form.kind == "number")
    days = sum(form.key.startswith("dmy") - form.key.startswith("mdy") for form in sure)
    return commas, days


def _speak_portuguese(columns: Sequence[Column]) -> bool:
    """Whether two words of the header are Portuguese (one may be English too, as `data` is) or a sum is in reais."""
    found = PORTUGUESE.intersection(word for column in columns for word in words(column.name))
    return len(found) > 1 or any("R$" in cell for column in columns for cell in column.sample)


def misses(work: Workspace, raw: Raw, column: Column) -> tuple[int, str]:
    """How many cells of a text are not what most are, and one of them."""
    count, example, _ = _misses(work, raw.relation, [(column, column.nearly)])
    return count, example
