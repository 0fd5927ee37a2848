"""Puts a source's tables together: figures of every column, roles, keys and display columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from prosa.sources.base import ColumnInfo, ForeignKey, TableInfo
from prosa.sources.naming import words
from prosa.sources.profiling import keys
from prosa.sources.profiling.figures import Figures
from prosa.sources.profiling.keys import KeyColumn
from prosa.sources.profiling.lexicon import has
from prosa.sources.profiling.roles import role
from prosa.sources.reading.tables import ReadColumn, ReadTable

ALL_VALUES = 200_000
"""So many texts are kept of one source at most."""
_LEAST_VALUES = 200


class Engine(Protocol):
    """What counts: DuckDB or SQLite, with the source open."""

    def measure(self, table: ReadTable, budget: int) -> list[Figures] | None:
        """The figures of the columns, with at most `budget` texts; None where a view can't be read."""

    def includes(self, child: ReadTable, column: str, parent: ReadTable, key: str) -> bool:
        """Whether every value of the child's column is among the parent's."""


class Profiled(msgspec.Struct):
    """A table with its figures, on its way to a `TableInfo`."""

    table: ReadTable
    figures: list[Figures]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()

    @property
    def columns(self) -> list[KeyColumn]:
        return [_key_column(self.table, c, f) for c, f in zip(self.table.columns, self.figures, strict=True)]

    @property
    def key(self) -> str | None:
        """The name of a primary key of one column."""
        return self.primary_key[0] if len(self.primary_key) == 1 else None


def profile(tables: Sequence[ReadTable], engine: Engine, tell: Callable[[float], None]) -> tuple[TableInfo, ...]:
    """The tables with all that is known of them; views that can't be read are left out."""
    budget = ALL_VALUES
    found: list[Profiled] = []
    for place, table in enumerate(tables):
        tell(0.8 * place / len(tables))
        figures = engine.measure(table, max(_LEAST_VALUES, budget // (len(tables) - place)))
        if figures is not None:
            budget -= sum(len(figure.values) for figure in figures)
            found.append(Profiled(table, figures, _primary_key(table, figures)))
    _relate(found, engine, tell)
    return tuple(_info(table) for table in found)


def _primary_key(table: ReadTable, figures: Sequence[Figures]) -> tuple[str, ...]:
    if table.primary_key or table.view:
        return table.primary_key
    columns = [_key_column(table, column, figure) for column, figure in zip(table.columns, figures, strict=True)]
    name = keys.primary_key(table.name, columns)
    return (name,) if name else ()


def _key_column(table: ReadTable, column: ReadColumn, figures: Figures) -> KeyColumn:
    return KeyColumn(
        table=table.name,
        name=column.name,
        type=column.type,
        unique=figures.unique or column.name in table.unique or (column.name,) == table.primary_key,
        filled=figures.nulls < figures.count,
        distinct=figures.distinct,
        min=figures.min,
        max=figures.max,
    )


def _relate(tables: Sequence[Profiled], engine: Engine, tell: Callable[[float], None]) -> None:
    """Gives every table its foreign keys, declared and inferred."""
    by_name = {table.table.name: table for table in tables}
    columns = {name: table.columns for name, table in by_name.items()}
    primary = [column for name, table in by_name.items() for column in columns[name] if column.name == table.key]
    others = [
        column
        for name, table in by_name.items()
        for column in columns[name]
        if column.unique and column.name != table.key and not table.table.view
    ]
    targets = keys.Targets(primary, others)

    def included(column: KeyColumn, target: KeyColumn) -> bool:
        child, parent = by_name[column.table].table, by_name[target.table].table
        return engine.includes(child, column.name, parent, target.name)

    for place, table in enumerate(tables):
        tell(0.8 + 0.2 * place / len(tables))
        declared = [key for key in table.table.foreign_keys if key.table in by_name]
        taken = {name for key in declared for name in key.columns}
        inferred = [
            ForeignKey((column.name,), target.table, (target.name,))
            for column in columns[table.table.name]
            if column.name not in taken and (target := keys.foreign_key(column, targets, included, table.key))
        ]
        table.foreign_keys = (*declared, *inferred)


def _info(found: Profiled) -> TableInfo:
    table = found.table
    foreign = {name for key in found.foreign_keys for name in key.columns}
    columns = tuple(
        _column(column, figures, is_key=column.name in foreign or column.name in found.primary_key)
        for column, figures in zip(table.columns, found.figures, strict=True)
    )
    rows = found.figures[0].count if found.figures else 0
    return TableInfo(
        table.name,
        "",
        columns,
        rows,
        found.primary_key,
        found.foreign_keys,
        _display(table.name, columns),
        table.comment,
    )


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
        format=column.format,
    )


def _display(table: str, columns: Sequence[ColumnInfo]) -> str | None:
    """The column that names a row to people: one called name or title, best after the table itself."""
    ranked = [(_display_rank(table, column), -place, column.name) for place, column in enumerate(columns)]
    best = max(ranked, default=(0, 0, ""))
    return best[2] if best[0] > 0 else None


def _display_rank(table: str, column: ColumnInfo) -> int:
    if column.type != "text" or column.role != "name":
        return 0
    parts = words(column.name)
    if not has(parts, "name"):
        return 1
    rest = [part for part in parts if not has([part], "name")]
    return 5 if not rest else 4 if keys.matches(rest, table) else 3 if has(parts[-1:], "name") else 2
