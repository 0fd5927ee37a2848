"""The column that an adjective speaks of: `oldest` of a table with ages, or with birth dates."""

from __future__ import annotations

from prosa.analysts.rules import lexicon
from prosa.analysts.rules.grammar import grammar
from prosa.analysts.rules.links import closeness
from prosa.analysts.rules.reading import Field
from prosa.analysts.rules.readings.state import State
from prosa.analysts.rules.words import normal
from prosa.results import NUMERIC
from prosa.sources.base import ColumnInfo

_CLOSE = 0.55


def column_for(state: State, phrase: str, table: str) -> tuple[Field, bool] | None:
    """The column for a superlative and whether its highest value is meant; None where the table has none."""
    entry = _entry(phrase, "superlatives")
    if entry is None or not table:
        return None
    for near in (table, *_parents(state, table)):
        for side, words in entry.items():
            field = _closest(state, near, words)
            if field is not None:
                return field, side == "max"
    date = state.schema.only_date(table)
    side = next((side for side, words in entry.items() if "date" in words), "")
    return (date, side == "max") if date is not None and side else None


def _parents(state: State, table: str) -> list[str]:
    """The tables that each row has one partner in, where what is said of it may stand: a player's person."""
    return [edge.one for edge in state.schema.joins.of(table) if edge.many == table and edge.single]


def compared_for(state: State, phrase: str, table: str) -> tuple[Field, str] | None:
    """The column for a comparative and the comparison it makes; None where the table has none."""
    entry = _entry(phrase, "comparatives")
    if entry is None or not table:
        return None
    for near in (table, *_parents(state, table)):
        for side, words in entry.items():
            field = _closest(state, near, words)
            if field is not None:
                return field, side
    return None


def _entry(phrase: str, table: str) -> dict[str, str] | None:
    for language in ("en", "pt"):
        known: dict[str, dict[str, str]] = getattr(grammar(language), table)
        if phrase in known:
            return known[phrase]
    return None


def _closest(state: State, table: str, concepts: str) -> Field | None:
    """The number or date column of a table that fits one of the concepts, the earlier concept first."""
    for concept in concepts.split(";"):
        keys = [lexicon.keys(word, "en") for word in normal(concept).split()]
        scored = [
            (closeness(keys, element), element.column)
            for element in state.schema.columns(table)
            if element.column is not None and _ordered(element.column)
        ]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if best[0] >= _CLOSE and best[1] is not None:
            return Field(table, best[1].name)
    return None


def is_max(phrase: str) -> bool:
    """Whether a superlative asks for the highest value of the column that it names first."""
    return next(iter(_entry(phrase, "superlatives") or {"max": ""})) == "max" or _late(phrase)


def _late(phrase: str) -> bool:
    entry = _entry(phrase, "superlatives") or {}
    return "max" in entry and "date" in entry["max"]


def is_of(state: State, phrase: str, field: Field) -> bool:
    """Whether a column is what a superlative speaks of: a date for `latest`."""
    info = state.info(field)
    if not _ordered(info):
        return False
    concepts = ";".join((_entry(phrase, "superlatives") or {}).values())
    element = state.schema.element(field.table, field.column)
    keys = [[lexicon.keys(word, "en") for word in normal(one).split()] for one in concepts.split(";")]
    return (info.role == "date" and "date" in concepts) or any(closeness(one, element) >= _CLOSE for one in keys if one)


def _ordered(column: ColumnInfo) -> bool:
    """Whether a column's values have a highest and a lowest that mean something."""
    return column.role != "id" and (
        column.type in NUMERIC or column.role == "date" or column.type in ("date", "timestamp")
    )
