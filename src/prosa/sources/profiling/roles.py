"""Which part a column plays: id, name, measure, date, category, flag or text, by its name, type and values."""

from __future__ import annotations

from prosa.results import NUMERIC
from prosa.sources.base import Role
from prosa.sources.naming import fold, words
from prosa.sources.profiling.figures import Figures
from prosa.sources.profiling.lexicon import flag_pairs, has
from prosa.sources.reading.tables import ReadColumn

_FEW, _SHARE, _MOST_CATEGORIES = 30, 0.2, 1_000
"""A text repeats where it has so few different values, or so small a share of the rows' number, up to so many."""
_LONG = 60
_SPELLINGS = 8
"""Of yes and no, in capitals or not, with accents or not."""
_YEARS = (1000, 2200)


def role(column: ReadColumn, figures: Figures, *, is_key: bool) -> Role:
    """The column's role; `is_key` for columns of a primary or foreign key."""
    parts = words(column.name)
    if is_key:
        return "name" if column.type == "text" and parts and has(parts[-1:], "name") else "id"
    if column.type in ("date", "timestamp"):
        return "date"
    if column.type == "boolean" or _is_flag(parts, figures):
        return "flag"
    if column.type in NUMERIC:
        return _of_number(column, parts, figures)
    return _of_text(column, parts, figures) if column.type == "text" else "text"


def _is_flag(parts: list[str], figures: Figures) -> bool:
    if figures.min in (0, 1) and figures.max in (0, 1):
        return figures.distinct == 2 or has(parts, "flag")
    if not figures.all_values or not 2 <= len(figures.values) <= _SPELLINGS:
        return False
    return frozenset(fold(value) for value in figures.values) in flag_pairs()


def _of_number(column: ReadColumn, parts: list[str], figures: Figures) -> Role:
    if column.type == "integer" and has(parts, "year") and _within(figures, *_YEARS):
        return "date"
    if column.type == "integer" and parts and has([parts[0], parts[-1]], "id"):
        return "id"
    return "category" if column.type == "integer" and has(parts, "category") else "measure"


def _of_text(column: ReadColumn, parts: list[str], figures: Figures) -> Role:
    if column.native == "UUID":
        return "id"
    if has(parts, "text") or figures.length > _LONG:
        return "text"
    if has(parts, "name"):
        return "name"
    if has(parts, "category"):
        return "category"
    if figures.unique or figures.looks_unique:
        return "id" if has(parts, "id") or not _has_letters(figures) else "name"
    if _repeats(figures):
        return "category"
    return "id" if has(parts, "id") else "text"


def _repeats(figures: Figures) -> bool:
    filled = figures.count - figures.nulls
    return (figures.distinct or 0) <= min(_MOST_CATEGORIES, max(_FEW, filled * _SHARE))


def _has_letters(figures: Figures) -> bool:
    return any(c.isalpha() for sample in figures.samples for c in str(sample))


def _within(figures: Figures, low: int, high: int) -> bool:
    return isinstance(figures.min, int) and isinstance(figures.max, int) and low <= figures.min <= figures.max <= high
