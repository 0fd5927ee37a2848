"""Rows of raw cells that are no data: totals at the end, and the header where it comes again."""

from __future__ import annotations

from collections.abc import Sequence

from prosa.sources.naming import fold, literal
from prosa.sources.reading.lexicon import TOTALS
from prosa.sources.reading.notices import Notices
from prosa.sources.reading.numbers import NUMBERS
from prosa.sources.reading.workspace import Workspace

_LAST_ROWS = 5


def leave_out(work: Workspace, relation: str, names: Sequence[str], table: str, notices: Notices) -> None:
    """Takes them out of a table whose columns `c0`, `c1` … have these names in the file, and tells so."""
    if len(names) < 2:
        return
    last = f"SELECT rowid, * FROM {relation} WHERE rowid > (SELECT max(rowid) FROM {relation}) - {_LAST_ROWS}"
    totals = [str(row[0]) for row in work.con.execute(last).fetchall() if _is_total(row[1:])]
    if totals:
        work.con.execute(f"DELETE FROM {relation} WHERE rowid IN ({', '.join(totals)})")
        notices.add("total_rows", table, count=len(totals))
    _leave_out_headers(work, relation, names, table, notices)


def _leave_out_headers(work: Workspace, relation: str, names: Sequence[str], table: str, notices: Notices) -> None:
    if not all(names):
        return
    same = " AND ".join(f"c{place} = {literal(name)}" for place, name in enumerate(names))
    (count,) = work.row(f"SELECT count(*) FROM {relation} WHERE {same}")
    if count:
        work.con.execute(f"DELETE FROM {relation} WHERE {same}")
        notices.add("header_repeated", table, count=count)


def _is_total(cells: Sequence[str | None]) -> bool:
    """A row that begins with a word for total, ends with a number and leaves some other cell blank."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if len(filled) < 2 or len(filled) == len(cells):
        return False
    return fold(filled[0]).rstrip(" :") in TOTALS and any(form.fits(filled[-1]) for form in NUMBERS)
