"""A table's first rows as Markdown, short enough for a model, with the handle by which other tools find all of them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from prosa import locales
from prosa.events import Table
from prosa.results import Cell

MOST_ROWS = 20
LONGEST_CELL = 120
LONGEST_ANSWER = 4_096


def told(table: Table, locale: str) -> str:
    """The rows, how many there are in all, and the result's id."""
    counted = locales.text("tools.total", locale, count=table.total, n=locales.number(table.total, locale))
    cut = [locales.text("tools.truncated", locale)] if table.truncated else []
    handle = locales.text("tools.result", locale, id=table.result_id)
    head = [_line([column.name for column in table.columns]), _line(["---"] * len(table.columns))]
    rows = _fitting([_line(row) for row in table.rows[:MOST_ROWS]], LONGEST_ANSWER - sum(map(len, head)))
    return "\n".join([*head, *rows, "", " ".join([counted, *cut]), handle])


def _line(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(cell: Cell) -> str:
    text = "" if cell is None else cell if isinstance(cell, str) else msgspec.json.encode(cell).decode("utf-8")
    text = " ".join(text.split()).replace("|", "\\|")
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _fitting(lines: list[str], room: int) -> list[str]:
    """As many whole lines as fit into `room` characters."""
    kept = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept
