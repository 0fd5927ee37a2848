"""The words that files use for missing values, dates and totals: `words.toml`, read once."""

from __future__ import annotations

import tomllib
from importlib import resources

_DATA: dict[str, dict[str, list[str]]] = tomllib.loads(
    resources.files(__package__).joinpath("words.toml").read_text("utf-8")
)

TEXT_NULLS = tuple(_DATA["missing"]["text"])
VALUE_NULLS = (*TEXT_NULLS, *_DATA["missing"]["value"])
PORTUGUESE = frozenset(_DATA["header"]["portuguese"])
DATE_NAMES = frozenset(_DATA["header"]["dates"])
TOTALS = frozenset(_DATA["rows"]["totals"])
UNNAMED_SHEETS = frozenset(_DATA["sheets"]["unnamed"])
