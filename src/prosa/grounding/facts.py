"""What a number in an answer may rest on: cells, exact figures, totals and shares of the results, the statements'
own conditions, and the question."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from prosa.grounding.numbers import Found, find
from prosa.results import NUMERIC, Cell, Result

_LITERAL = re.compile(r"(?<![\w.\"])\d+(?:\.\d+)?(?![\w\"])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_EXACT = 1e-15
"""How far apart two floats may be that mean one number: about their last bit."""

_LARGE = 100
"""From here on a number may be shown without its decimals."""


class Facts:
    """The facts of one answer; whole columns are decoded only for what the first rows and figures don't confirm."""

    def __init__(self, results: Sequence[Result], question: str, locale: str, texts: Sequence[str] = ()) -> None:
        self._results = results
        self._question = find(question, locale)
        self._passages = [" ".join(text.split()) for text in texts]

    def confirm(self, found: Found, sentence: str) -> bool:
        """Whether anything known holds this number."""
        if self._quoted(found, sentence) or self._asked(found) or self._written(found, sentence):
            return True
        if found.first is not None and self._dated(found):
            return True
        if found.kind in ("day", "month"):
            return False
        if found.kind == "percent":
            return any(_equal(found, share * 100) for share in self._shares) or self._deep(found)
        return any(_equal(found, number) for number in self._numbers) or self._deep(found)

    def _quoted(self, found: Found, sentence: str) -> bool:
        """Whether the number is part of a text cell that the sentence repeats."""
        for text in self._texts:
            place = sentence.find(text)
            while place >= 0:
                if place <= found.start and found.end <= place + len(text):
                    return True
                place = sentence.find(text, place + 1)
        return False

    def _asked(self, found: Found) -> bool:
        return any(
            found.value == other.value and (found.first is None or found.first == other.first)
            for other in self._question
        )

    def _written(self, found: Found, sentence: str) -> bool:
        """Whether a cited passage holds the number just as the sentence writes it."""
        as_written = re.compile(rf"(?<![\w.,]){re.escape(sentence[found.start : found.end])}(?![\w]|[.,]\d)")
        return any(as_written.search(passage) for passage in self._passages)

    def _dated(self, found: Found) -> bool:
        assert found.first is not None
        if found.kind == "day":
            return found.first in self._days
        months = {(day.year, day.month) for day in self._days}
        if found.kind == "month":
            return (found.first.year, found.first.month) in months
        return found.first.year in {year for year, _ in months}

    @cached_property
    def _numbers(self) -> frozenset[float]:
        return frozenset(number for cell in self._cells() if (number := _number(cell)) is not None)

    @cached_property
    def _shares(self) -> frozenset[float]:
        """Fractions: cells as they are, and each cell's part of its column's sum."""
        shares = set(self._numbers)
        for result in self._results:
            for place, figures in enumerate(result.stats):
                whole = _number(figures.sum)
                if whole:
                    parts = (_number(row[place]) for row in result.head)
                    shares.update(part / whole for part in parts if part is not None)
        return frozenset(shares)

    @cached_property
    def _days(self) -> frozenset[date]:
        texts = [cell for cell in self._cells() if isinstance(cell, str)]
        texts += [result.recipe.sql for result in self._results]
        return frozenset(day for text in texts for day in _dates_in(text))

    @cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(
            cell
            for cell in self._cells()
            if isinstance(cell, str) and 1 < len(cell) <= 200 and any(map(str.isdigit, cell))
        ) | frozenset(column.name for result in self._results for column in result.columns)

    def _cells(self) -> Iterator[Cell]:
        for result in self._results:
            yield result.total
            for row in result.head:
                yield from row
            for figures in result.stats:
                yield from (figures.min, figures.max, figures.sum, figures.mean, figures.nulls)
            yield from map(float, _LITERAL.findall(result.recipe.sql))

    def _deep(self, found: Found) -> bool:
        """Looks into all rows of held results that are longer than their head."""
        for result in self._results:
            if result.snapshot is not None and result.total > len(result.head):
                for place, column in self._columns(result):
                    if any(_holds(column, value, slack) for value, slack in _wanted(found, result, place)):
                        return True
        return False

    def _columns(self, result: Result) -> Iterable[tuple[int, Any]]:
        import pyarrow as pa

        table: Any = pa.ipc.open_stream(pa.py_buffer(result.snapshot)).read_all()
        numeric = [place for place, column in enumerate(result.columns) if column.type in NUMERIC]
        return [(place, table.column(place).cast(pa.float64())) for place in numeric]


def _wanted(found: Found, result: Result, place: int) -> list[tuple[float, float]]:
    if found.kind != "percent":
        slack = found.slack if found.slack < 0.5 or abs(found.value) >= _LARGE else 1e-9
        return [(found.value, slack)]
    whole = _number(result.stats[place].sum)
    shares = [(found.value / 100, found.slack / 100)]
    return [*shares, (found.value / 100 * whole, found.slack / 100 * abs(whole))] if whole else shares


def _holds(column: Any, value: float, slack: float) -> bool:
    import pyarrow.compute as pc

    margin = slack * (1 + 1e-9) + abs(value) * _EXACT
    within = pc.and_(pc.greater_equal(column, value - margin), pc.less_equal(column, value + margin))
    return bool(pc.any(within).as_py())


def _equal(found: Found, fact: float) -> bool:
    rounded = found.slack >= 0.5 and abs(found.value) < _LARGE and found.kind != "percent"
    slack = 0.0 if rounded else found.slack
    return math.isclose(found.value, fact, rel_tol=_EXACT, abs_tol=slack * (1 + 1e-9))


def _number(cell: Cell) -> float | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    if isinstance(cell, str) and cell[:1] in "-0123456789" and len(cell) <= 40:
        try:
            return float(cell)
        except ValueError:
            return None
    return None


def _dates_in(text: str) -> Iterator[date]:
    for match in _DATE.findall(text):
        try:
            yield date.fromisoformat(match)
        except ValueError:
            continue
