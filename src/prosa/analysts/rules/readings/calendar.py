"""Which columns hold dates, and which hold years as numbers or texts."""

from __future__ import annotations

from prosa.analysts.rules.measures import english_words
from prosa.analysts.rules.reading import Field
from prosa.analysts.rules.readings.state import State
from prosa.analysts.rules.schema import is_date
from prosa.results import NUMERIC

_YEARS = range(1500, 2201)


def is_dated(state: State, field: Field) -> bool:
    """Whether a period can be about a column."""
    return is_date(state.info(field)) or is_year(state, field)


def is_year(state: State, field: Field) -> bool:
    """Whether a column holds years: it is called so and all its values are."""
    info = state.info(field)
    if "year" not in english_words(state.schema.element(field.table, field.column)):
        return False
    if info.type in NUMERIC:
        known = isinstance(info.min, int | float) and isinstance(info.max, int | float)
        return known and info.min in _YEARS and info.max in _YEARS
    return info.type == "text" and isinstance(info.min, str) and info.min.isdigit() and len(info.min) == 4
