"""A `table` event as what `st.dataframe` draws: typed columns, names that are unique, formats for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from prosa import locales
from prosa.events import Table
from prosa.results import NUMERIC, Cell, Column
from prosa.sources.naming import unique

if TYPE_CHECKING:
    import pyarrow as pa

_NUMBERS = {"percent": "percent", "year": "%d", "id": "%d"}
_DATES = {
    locales.EN: {"month": "MMM YYYY", "quarter": "[Q]Q YYYY"},
    locales.PT: {"month": "MM/YYYY", "quarter": "[T]Q YYYY"},
}


def frame(table: Table) -> pa.Table:
    """The preview's rows as an Arrow table."""
    import pyarrow as pa

    names = unique(column.name for column in table.columns)
    columns = [_array(column, [row[place] for row in table.rows]) for place, column in enumerate(table.columns)]
    return pa.table(columns, names=names)


def column_config(table: Table, locale: str) -> dict[str, Any]:
    """How each column is written, by name."""
    import streamlit as st

    config: dict[str, Any] = {}
    for name, column in zip(unique(column.name for column in table.columns), table.columns, strict=True):
        if column.type in NUMERIC:
            config[name] = st.column_config.NumberColumn(format=_NUMBERS.get(column.format) or _plain_id(name))
        elif column.type == "date":
            config[name] = st.column_config.DateColumn(format=_DATES[locale].get(column.format, "localized"))
        elif column.type == "timestamp":
            config[name] = st.column_config.DatetimeColumn(format="localized")
    return config


def _plain_id(name: str) -> str:
    """Identifiers are never grouped."""
    return "%d" if name.lower() == "id" or name.lower().endswith("_id") else "localized"


def _array(column: Column, cells: Sequence[Cell]) -> Any:
    import pyarrow as pa

    try:
        return pa.array([_value(column, cell) for cell in cells])
    except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError, OverflowError):
        return pa.array([_text(cell) for cell in cells], pa.string())


def _value(column: Column, cell: Cell) -> Any:
    if cell is None:
        return None
    if column.type == "date":
        return date.fromisoformat(cell)
    if column.type == "timestamp":
        return datetime.fromisoformat(cell)
    if column.type in NUMERIC and isinstance(cell, str):
        raise ValueError(cell)  # more digits than a browser's number keeps
    return _text(cell) if isinstance(cell, list | dict) else cell


def _text(cell: Cell) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    return msgspec.json.encode(cell).decode()
