"""The catalog as a model sees it: the tables that the question is likely about, and a search for the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from rapidfuzz import process

from prosa.analysts.llm.envelope import short
from prosa.analysts.llm.job import Sees
from prosa.analysts.rules.words import fold, stem, stem_pt
from prosa.sources.base import Catalog, ColumnInfo, TableInfo

MOST_TABLES = 12
MOST_COLUMNS = 60
_FEW = 3
_FEW_VALUES = 12
_TABLE_WORD, _COLUMN_WORD, _VALUE = 3.0, 1.0, 2.0
_WORD = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def chosen(question: str, catalog: Catalog, most: int = MOST_TABLES) -> list[TableInfo]:
    """The tables whose names, columns and values share words with the question, the likeliest first, each followed by
    the tables that it points at; all tables where there are few."""
    if len(catalog.tables) <= most:
        return list(catalog.tables)
    scores = _scores(keys(question), fold(question), catalog)
    ranked = sorted(catalog.tables, key=lambda table: (-scores[table.name], -len(table.foreign_keys), table.name))
    kept: dict[str, TableInfo] = {}
    for table in ranked:
        for one in (table, *_pointed_at(table, catalog)):
            if len(kept) < most:
                kept.setdefault(one.name, one)
    return list(kept.values())


def search(words: str, catalog: Catalog, most: int = MOST_TABLES) -> list[TableInfo]:
    """The tables that share words with what a model looks for."""
    scores = _scores(keys(words), fold(words), catalog)
    found = [table for table in catalog.tables if scores[table.name] > 0]
    return sorted(found, key=lambda table: (-scores[table.name], table.name))[:most]


def described(table: TableInfo, sees: Sees) -> dict[str, Any]:
    """One table with its columns, keys and, where rows may be seen, a few values."""
    seen: dict[str, Any] = {"table": table.name}
    if sees != "schema":
        seen["rows"] = table.rows
    if table.comment:
        seen["comment"] = short(table.comment)
    seen["columns"] = [_column(column, sees) for column in table.columns[:MOST_COLUMNS]]
    if len(table.columns) > MOST_COLUMNS:
        seen["more_columns"] = [column.name for column in table.columns[MOST_COLUMNS : 4 * MOST_COLUMNS]]
    if table.primary_key:
        seen["primary_key"] = list(table.primary_key)
    if table.foreign_keys:
        seen["foreign_keys"] = [
            {"columns": list(key.columns), "points_at": key.table, "references": list(key.references)}
            for key in table.foreign_keys
        ]
    return seen


def nearest(name: str, known: Iterable[str], most: int = 5) -> list[str]:
    """The names that look most like one that does not exist."""
    return [found for found, _, _ in process.extract(name, list(known), limit=most, score_cutoff=50)]


def keys(text: str) -> Counter[str]:
    """The stems of a text's words, English and Portuguese."""
    words = (fold(word) for word in _WORD.findall(_CAMEL.sub(" ", text).replace("_", " ")))
    return Counter(key for word in words if len(word) > 1 for key in _stems(word))


@lru_cache(16384)
def _stems(word: str) -> frozenset[str]:
    return frozenset((stem(word), stem_pt(word)))


def _scores(wanted: Counter[str], text: str, catalog: Catalog) -> dict[str, float]:
    return {table.name: _score(wanted, text, table) for table in catalog.tables}


def _score(wanted: Counter[str], text: str, table: TableInfo) -> float:
    own = _TABLE_WORD * len(wanted.keys() & keys(table.name).keys())
    for column in table.columns:
        own += _COLUMN_WORD * len(wanted.keys() & keys(column.name).keys())
        own += _VALUE * sum(len(value) > 2 and fold(value) in text for value in column.values[:_FEW_VALUES])
    return own


def _pointed_at(table: TableInfo, catalog: Catalog) -> list[TableInfo]:
    found = (catalog.table(key.table) for key in table.foreign_keys)
    return [one for one in found if one is not None]


def _column(column: ColumnInfo, sees: Sees) -> dict[str, Any]:
    seen: dict[str, Any] = {"name": column.name, "type": column.native or column.type, "role": column.role}
    if column.comment:
        seen["comment"] = short(column.comment)
    if sees != "schema" and column.type not in ("text", "blob"):
        seen |= {name: short(value) for name, value in (("min", column.min), ("max", column.max)) if value is not None}
    if sees == "preview":
        seen |= _values(column)
    return seen


def _values(column: ColumnInfo) -> dict[str, Any]:
    if column.all_values and 0 < len(column.values) <= _FEW_VALUES:
        return {"values": _shortened(column.values)}
    return {"samples": _shortened(column.samples[:_FEW])} if column.samples else {}


def _shortened(cells: Sequence[Any]) -> list[Any]:
    return [short(cell) for cell in cells]
