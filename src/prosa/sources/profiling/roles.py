"""Which part a column plays: id, name, measure, date, category, flag or text, by its name, type and values."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources

from prosa.results import NUMERIC
from prosa.sources.base import Role
from prosa.sources.profiling.figures import Figures
from prosa.sources.reading.tables import ReadColumn

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_FEW, _SHARE, _MOST_CATEGORIES = 30, 0.2, 1_000
_LONG = 60


def fold(text: str) -> str:
    """Lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def words(name: str) -> list[str]:
    """The words of a column's or table's name."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return [word.lower() for word in _HUMP.split(bare) if word]


def role(column: ReadColumn, figures: Figures, *, is_key: bool) -> Role:
    """The column's role; `is_key` for columns of a primary or foreign key."""
    parts = words(column.name)
    if is_key or "UUID" in column.native:
        return "id"
    if column.type in ("date", "timestamp"):
        return "date"
    if column.type == "boolean" or _is_flag(parts, figures):
        return "flag"
    if column.type in NUMERIC:
        return _of_number(column, parts, figures)
    return _of_text(parts, figures) if column.type == "text" else "text"


def _is_flag(parts: list[str], figures: Figures) -> bool:
    if figures.min in (0, 1) and figures.max in (0, 1):
        return figures.distinct == 2 or _has(parts, "flag")
    texts = frozenset(fold(value) for value in figures.values)
    return figures.all_values and len(texts) == 2 and texts in _flag_pairs()


def _of_number(column: ReadColumn, parts: list[str], figures: Figures) -> Role:
    if column.type == "integer" and _has(parts, "year") and _within(figures, 1000, 2200):
        return "date"
    if column.type == "integer" and parts and parts[-1] in _lexicon()["id"]:
        return "id"
    if column.type == "integer" and _has(parts, "category"):
        return "category"
    return "measure"


def _of_text(parts: list[str], figures: Figures) -> Role:
    distinct, filled = figures.distinct or 0, figures.count - figures.nulls
    repeats = distinct <= _MOST_CATEGORIES and distinct <= max(min(_FEW, filled // 2), filled * _SHARE)
    if _has(parts, "text") or figures.length > _LONG:
        return "text"
    if _has(parts, "name"):
        return "name"
    if repeats or _has(parts, "category"):
        return "category"
    if _has(parts, "id"):
        return "id"
    return "name" if figures.unique else "text"


def _within(figures: Figures, low: int, high: int) -> bool:
    return isinstance(figures.min, int) and isinstance(figures.max, int) and low <= figures.min <= figures.max <= high


def _has(parts: list[str], role: str) -> bool:
    return not _lexicon()[role].isdisjoint(parts)


@cache
def _flag_pairs() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for pair in _data()["flag_values"])


@cache
def _lexicon() -> dict[str, frozenset[str]]:
    return {role: frozenset(found) for role, found in _data().items() if role != "flag_values"}


@cache
def _data() -> dict[str, list[str]]:
    return tomllib.loads(resources.files(__package__).joinpath("roles.toml").read_text("utf-8"))
