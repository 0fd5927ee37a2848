"""Plain cells as CSV (RFC 4180): a table's first rows, or rows that somebody's agent holds in this process.

Whole results are written by the workers, see `formats.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from prosa.exports import formulas

_BREAKING = re.compile(r'[,"\r\n]')
_LIKE, _NUMBER = re.compile(formulas.LIKE), re.compile(formulas.NUMBER)


def written(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """The lines, each ended by LF. Text that a spreadsheet would run as a formula gets a `'` before it."""
    lines = [[_shown(cell) for cell in row] for row in (columns, *rows)]
    # Not the csv module's writer: with LF as line end it leaves a bare CR unquoted, at which readers break the row.
    return "".join(",".join(cells if len(cells) > 1 else [cells[0] or '""']) + "\n" for cells in lines if cells)


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return _quoted(msgspec.json.encode(cell).decode())
    risky = _LIKE.match(cell) and not _NUMBER.fullmatch(cell)
    return _quoted(("'" if risky else "") + cell.replace("\0", ""))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _BREAKING.search(text) else text
