"""A result's table for a terminal."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from prosa import locales
from prosa.cli.terminal.cells import clean, column_texts
from prosa.events import Table as TableEvent
from prosa.results import NUMERIC, Column

FEW = 20
"""A table of at most so many rows is shown whole; of a longer one the first ten."""
FIRST = 10


def shown_rows(table: TableEvent, limit: int | None) -> int:
    """How many of the event's rows a person sees; `limit` is the one they asked for."""
    wished = limit or (FEW if table.total <= FEW else FIRST)
    return min(wished, len(table.rows))


def grid(table: TableEvent, locale: str, rows: int) -> Table:
    """The first `rows` rows: numbers to the right, missing values visible."""
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for column in table.columns:
        right = column.type in NUMERIC
        drawn.add_column(Text(clean(column.name)), justify="right" if right else "left", overflow="ellipsis")
    texts = [_texts(table, place, column, locale, rows) for place, column in enumerate(table.columns)]
    for row in zip(*texts, strict=True):
        drawn.add_row(*row)
    return drawn


def _texts(table: TableEvent, place: int, column: Column, locale: str, rows: int) -> list[Text]:
    cells: list[Any] = [row[place] for row in table.rows[:rows]]
    missing = locales.text("cli.null", locale)
    return [
        Text(missing, style="dim italic") if text is None else Text(text)
        for text in column_texts(column, cells, locale)
    ]


def caption(table: TableEvent, rows: int, locale: str) -> str:
    """How much of the result the table shows."""
    total = locales.number(table.total, locale)
    if rows < table.total:
        return locales.text("cli.first_of", locale, shown=rows, total=total)
    words = locales.text("cli.rows", locale, count=table.total, total=total)
    return f"{words} {locales.text('cli.truncated', locale)}" if table.truncated else words
