"""Plain cells as CSV (RFC 4180): a table's first rows, or rows that somebody's agent holds in this process.

Whole results are written by the workers, see `formats.py`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

import msgspec

_FORMULA_LIKE = re.compile("[=+\\-@|%\t\r\0\uff1d\uff0b\uff0d\uff20\uff5c\uff05]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?%?")


def written(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """The lines, each ended by LF. Text that a spreadsheet would run as a formula gets a `'` before it."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow([_shown(column) for column in columns])
    writer.writerows([_shown(cell) for cell in row] for row in rows)
    return lines.getvalue()


def _shown(cell: Any) -> Any:
    if isinstance(cell, str):
        risky = _FORMULA_LIKE.match(cell) and not _NUMBER.fullmatch(cell)
        return f"'{cell}" if risky else cell.replace("\0", "")
    return msgspec.json.encode(cell).decode() if isinstance(cell, (list, dict, bool)) else cell
