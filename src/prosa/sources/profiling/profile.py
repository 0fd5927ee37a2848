"""Puts a source's tables together: figures of every column, roles, keys and display columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prosa.sources.base import ColumnInfo, ForeignKey, TableInfo
from prosa.sources.profiling.figures import Figures
from prosa.sources.profiling.roles import role, words
from prosa.sources.reading.tables import ReadColumn, ReadTable

ALL_VALUES = 200_000
"""So many texts are kept of one source at most."""

Measure = Callable[[ReadTable, int], tuple[int, list[Figures]]]
"""Rows and figures of a table, with at most so many texts kept."""


def profile(tables: Sequence[ReadTable], measure: Measure) -> tuple[TableInfo, ...]:
    """The tables with all that is known of them."""
    budget = ALL_VALUES
    found: list[TableInfo] = []
    for place, table in enumerate(tables):
        rows, figures = measure(table, max(200, budget // (len(tables) - place)))
        budget -= sum(len(figure.values) for figure in figures)
        found.append(_table(table, rows, figures))
    return tuple(found)


def _table(table: ReadTable, rows: int, figures: list[Figures]) -> TableInfo:
    primary = table.primary_key or _inferred_key(table, figures)
    foreign = {name for key in table.foreign_keys for name in key.columns}
    columns = tuple(
        _column(column, figure, is_key=column.name in foreign or column.name in primary)
        for column, figure in zip(table.columns, figures, strict=True)
    )
    keys: tuple[ForeignKey, ...] = table.foreign_keys
    display = _display(table.name, columns)
    return TableInfo(table.name, "", columns, rows, primary, keys, display, table.comment)


def _column(column: ReadColumn, figures: Figures, *, is_key: bool) -> ColumnInfo:
    return ColumnInfo(
        name=column.name,
        type=column.type,
        role=role(column, figures, is_key=is_key),
        native=column.native,
        nulls=figures.nulls,
        distinct=figures.distinct,
        min=figures.min,
        max=figures.max,
        samples=figures.samples,
        values=figures.values,
        all_values=figures.all_values,
        comment=column.comment,
    )


def _inferred_key(table: ReadTable, figures: list[Figures]) -> tuple[str, ...]:
    own = words(table.name)
    for column, figure in zip(table.columns, figures, strict=True):
        parts = words(column.name)
        if figure.unique and column.type in ("integer", "text") and parts and parts[-1] in ("id", "key", "code", "codigo"):
            return (column.name,)
    del own
    return ()


def _display(table: str, columns: tuple[ColumnInfo, ...]) -> str | None:
    names = [column for column in columns if column.role == "name"]
    return names[0].name if names else None
