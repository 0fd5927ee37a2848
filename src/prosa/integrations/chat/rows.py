"""Rows of other people's code: data frames of pandas or polars, Arrow tables, lists of dicts, as columns and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prosa.exports import small_csv
from prosa.results import Cell, Column, plain


def table(rows: Any) -> tuple[list[str], list[list[Any]]]:
    """Column names and rows. TypeError for what is no table."""
    if hasattr(rows, "to_pylist"):  # pyarrow
        return _from_dicts(rows.to_pylist(), rows.column_names)
    if hasattr(rows, "to_dicts"):  # polars
        return _from_dicts(rows.to_dicts(), rows.columns)
    if hasattr(rows, "itertuples"):  # pandas
        return [str(name) for name in rows.columns], [list(row) for row in rows.itertuples(index=False, name=None)]
    if isinstance(rows, Sequence) and not isinstance(rows, (str, bytes)) and all(isinstance(row, dict) for row in rows):
        return _from_dicts(rows, list(dict.fromkeys(name for row in rows for name in row)))
    raise TypeError(f"no table: {type(rows).__name__}")


def _from_dicts(rows: Sequence[dict[str, Any]], names: Sequence[Any]) -> tuple[list[str], list[list[Any]]]:
    return [str(name) for name in names], [[row.get(name) for name in names] for row in rows]


def csv_bytes(rows: Any) -> bytes:
    """RFC 4180, UTF-8; what a spreadsheet would run as a formula is disarmed. TypeError for what is no table."""
    names, cells = table(rows)
    return small_csv.written(names, ([plain(cell) for cell in row] for row in cells)).encode()


def preview(rows: Any, most: int) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...], int]:
    """Columns, the first rows as plain cells, and how many there are."""
    names, cells = table(rows)
    first = tuple(tuple(plain(cell) for cell in row) for row in cells[:most])
    columns = tuple(Column(name, _kind([row[place] for row in first])) for place, name in enumerate(names))
    return columns, first, len(cells)


def _kind(cells: list[Cell]) -> Any:
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return "integer"
    return "float" if kinds and kinds <= {int, float} else "text"
