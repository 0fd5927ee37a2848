"""Which columns hold dates, and which hold years as numbers or texts."""

from __future__ import annotations

from prosa.analysts.rules.measures import english_words
from prosa.analysts.rules.reading import Field
from prosa.analysts.rules.readings.state import State
from prosa.results import NUMERIC
from prosa.sources.base import ColumnInfo

_YEARS = range(1500, 2201)


def is_dated(state: State, field: Field) -> bool:
    """Whether a period can be about a column."""
    return is_date(state.info(field)) or is_year(state, field)


def is_date(column: ColumnInfo) -> bool:
    """Whether a column holds dates that engines compare: of a date type, or ISO 8601 texts."""
    if column.type in ("date", "timestamp"):
        return True
    return column.role == "date" and column.type == "text" and isinstance(column.min, str) and column.min[4:5] == "-"


def only_date(state: State, table: str) -> Field | None:
    """The date of a table's rows, where they have one only."""
    dates = [Field(table, column.name) for column in state.table(table).columns if is_date(column)]
    return dates[0] if len(dates) == 1 else None


def is_year(state: State, field: Field) -> bool:
    """Whether a column holds years: it is called so and all its values are."""
    info = state.info(field)
    if "year" not in english_words(state.schema.element(field.table, field.column)):
        return False
    if info.type in NUMERIC:
        known = isinstance(info.min, int | float) and isinstance(info.max, int | float)
        return known and info.min in _YEARS and info.max in _YEARS
    return info.type == "text" and isinstance(info.min, str) and info.min.isdigit() and len(info.min) == 4
