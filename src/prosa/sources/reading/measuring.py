"""What the cells of a decided column need of its type: decimal places, digits, clock, zones, blanks; from all rows."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from prosa.sources.naming import literal
from prosa.sources.reading.cells import BLANKS, in_list, trimmed
from prosa.sources.reading.column_types import CHUNK, Column, Raw
from prosa.sources.reading.dates import MIDNIGHT, ZONE
from prosa.sources.reading.lexicon import TEXT_NULLS
from prosa.sources.reading.workspace import Workspace

_LONGEST_DECIMAL, _MOST_PLACES = 18, 6
_NATIVE = {"date": "DATE", "time": "TIME", "boolean": "BOOLEAN"}
_FIGURES = 6


class Measured(msgspec.Struct, frozen=True):
    """Over all cells of a column: how many have blanks around them; of numbers, the most digits behind and before the
    decimal mark and how many have other than `.0` there; of times, how many are not midnight and how many zones."""

    column: Column
    padded: int = 0
    places: int = 0
    fractions: int = 0
    digits: int = 0
    clocks: int = 0
    zones: int = 0

    @property
    def native(self) -> str:
        """The column's DuckDB type: numbers exact as far as 18 digits go, times that are all midnight days."""
        form = self.column.format
        if form is None:
            return self.column.native or "VARCHAR"
        if form.kind == "number":
            return self._number(form.key, form.hint)
        if form.kind in ("timestamp", "zoned", "half_days"):
            return "TIMESTAMP" if self.clocks else "DATE"
        return _NATIVE[form.kind]

    @property
    def value(self) -> str:
        """SQL of the value."""
        text, form = self.column.text, self.column.format
        if self.column.native:
            return text
        if form is None:
            text = trimmed(text) if self.padded else text
            return f"CASE WHEN {in_list(text, TEXT_NULLS)} THEN NULL ELSE {text} END"
        if form.hint == "percent":
            exact = "DOUBLE" if self.native == "DOUBLE" else f"DECIMAL({_LONGEST_DECIMAL},{self.places})"
            return f"CAST({form.value(text, exact)} / 100 AS {self.native})"
        if form.kind == "zoned" and self.zones <= 1:
            local = f"regexp_replace({form.canonical(text)}, {literal(f'(?i){ZONE}$')}, '')"
            return f"TRY_CAST({local} AS {self.native})"
        value = form.value(text, self.native)
        return f"CAST({value} AS DATE)" if self.native == "DATE" and form.kind != "date" else value

    def _number(self, key: str, hint: str) -> str:
        places = self.places + (2 if hint == "percent" else 0)
        if key == "integer" or places == 0 or (places == 1 and not self.fractions):
            return "BIGINT" if self.digits <= _LONGEST_DECIMAL else "DOUBLE"
        if key == "float" or places > _MOST_PLACES or self.digits + places > _LONGEST_DECIMAL:
            return "DOUBLE"
        return f"DECIMAL({_LONGEST_DECIMAL},{places})"


def measure(work: Workspace, raw: Raw, columns: Sequence[Column]) -> list[Measured]:
    """The figures of every column, in a statement for some hundred columns."""
    found: list[Measured] = []
    for start in range(0, len(columns), CHUNK):
        chunk = columns[start : start + CHUNK]
        cells = ", ".join(f"{_cell(column)} AS m{column.place}" for column in chunk)
        parts = ", ".join(part for column in chunk for part in _figures(column))
        row = work.row(f"SELECT {parts} FROM (SELECT {cells} FROM {raw.relation})")
        for place, column in enumerate(chunk):
            found.append(Measured(column, *(cell or 0 for cell in row[place * _FIGURES : (place + 1) * _FIGURES])))
    return found


def _cell(column: Column) -> str:
    form = column.format
    if form and form.kind == "number":
        return f"CASE WHEN {form.check(column.text)} THEN {form.canonical(column.text)} END"
    return column.text


def _figures(column: Column) -> list[str]:
    cell, form = f"m{column.place}", column.format
    parts = ["0"] * _FIGURES
    if form is None:
        if not column.padded and not column.native:
            parts[0] = f"count(*) FILTER (WHERE {_has_blanks(cell)})"
    elif form.kind == "number" and form.key != "integer":
        point = f"instr({cell}, '.')"
        parts[1] = f"max(CASE WHEN {point} > 0 THEN strlen({cell}) - {point} END)"
        parts[2] = f"count(*) FILTER (WHERE {point} > 0 AND NOT ends_with({cell}, '.0'))"
        parts[3] = f"max(CASE WHEN {point} > 0 THEN {point} - 1 ELSE strlen({cell}) END)"
    elif form.kind in ("timestamp", "zoned", "half_days"):
        parts[4] = f"count(*) FILTER (WHERE {form.check(cell)} AND NOT regexp_matches({cell}, {literal(MIDNIGHT)}))"
    if form and form.kind == "zoned":
        parts[5] = f"count(DISTINCT regexp_extract({cell}, {literal(f'(?i){ZONE}$')}))"
    return parts


def _has_blanks(text: str) -> str:
    """SQL that is true where a text begins or ends with a blank; cheaper than to trim it and compare."""
    wide = " OR ".join(f"starts_with({text}, {literal(blank)})" for blank in BLANKS if blank > "~")
    ends = " OR ".join(f"ends_with({text}, {literal(blank)})" for blank in BLANKS)
    return f"({text} <> '' AND ({text} < '!' OR {wide} OR {ends}))"
