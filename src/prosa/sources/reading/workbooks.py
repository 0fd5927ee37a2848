"""Workbooks (xlsx, xlsb, xls, ods) as tables: each visible sheet with rows is one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import fastexcel
import pyarrow as pa

from prosa.errors import SourceError
from prosa.sources.reading import archives, extras, header
from prosa.sources.reading.column_types import Raw
from prosa.sources.reading.finishing import finish
from prosa.sources.reading.layout import MOST_COLUMNS
from prosa.sources.reading.notices import Notices
from prosa.sources.reading.tables import ReadTable
from prosa.sources.reading.workspace import Fraction, Workspace, part

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The compound file of old Office formats, and of new ones behind a password ([MS-CFB], [MS-OFFCRYPTO])."""
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_DAY_ZERO = "1899-12-3"

Name = Callable[[str], str]


class Sheet:
    """A sheet with its cells as text, the first rows looked at."""

    def __init__(self, title: str, cells: pa.Table) -> None:
        self.title = title
        self.cells = cells
        head = [
            ["" if cell is None else cell for cell in row.values()]
            for row in cells.slice(0, header.LOOKED_AT).to_pylist()
        ]
        self.header = header.find(head)

    @property
    def rows(self) -> int:
        return int(self.cells.num_rows) - self.header.first


def sheets(path: Path, notices: Notices) -> list[Sheet]:
    """The visible sheets that hold a table. SourceError."""
    data = path.read_bytes()
    if data.startswith(OLE) and _LOCKED in data:
        raise SourceError("source_password", name=path.name)
    if not data.startswith(OLE):
        archives.check(path)
    try:
        reader = fastexcel.read_excel(data)
        found = [_sheet(reader, title, path) for title in reader.sheet_names]
    except fastexcel.FastExcelError as error:
        raise _unreadable(error, path) from error
    shown = [sheet for sheet, visible in found if visible and sheet.cells.num_rows]
    hidden = [sheet.title for sheet, visible in found if not visible]
    if hidden:
        notices.add("sheets_hidden", "", count=len(hidden), sheets=", ".join(hidden[:5]))
    full = [sheet for sheet in shown if sheet.rows > 0] or shown[:1]
    if not full:
        raise SourceError("source_empty", name=path.name)
    return full


def _sheet(reader: fastexcel.ExcelReader, title: str, path: Path) -> tuple[Sheet, bool]:
    sheet = reader.load_sheet(title, header_row=None, dtypes="string", skip_whitespace_tail_rows=True)
    if sheet.width > MOST_COLUMNS:
        raise SourceError("source_too_wide", name=path.name, count=sheet.width, limit=MOST_COLUMNS)
    cells = pa.table(sheet.to_arrow())
    cells = cells.rename_columns([f"c{place}" for place in range(cells.num_columns)])
    return Sheet(title, cells), sheet.visible == "visible"


def _unreadable(error: Exception, path: Path) -> SourceError:
    words = str(error)
    if "assword" in words:
        return SourceError("source_password", name=path.name)
    return SourceError("source_broken", name=path.name)


def read(work: Workspace, sheet: Sheet, table: str, notices: Notices, tell: Fraction) -> ReadTable:
    """Makes a table of a sheet. Times of day lose the day zero that spreadsheets store with them."""
    relation = f"stage.x{work.fresh()}"
    width = sheet.cells.num_columns
    cells = ", ".join(_cell(f"c{place}") for place in range(width))
    work.con.register("incoming", sheet.cells.slice(sheet.header.first))
    work.run(f"CREATE TABLE {relation} AS SELECT {cells} FROM incoming", part(tell, 0.0, 0.3))
    work.con.unregister("incoming")
    names = [*sheet.header.names, *[""] * (width - len(sheet.header.names))]
    if sheet.header.titles:
        titles = sheet.header.titles
        notices.add("titles_left_out", table, count=len(titles), line=titles[0][:80])
    if not sheet.header.given:
        notices.add("no_header", table, file=sheet.title)
    extras.leave_out(work, relation, names, table, notices)
    found = finish(work, Raw(relation, names), table, notices, part(tell, 0.3, 1.0))
    work.con.execute(f"DROP TABLE {relation}")
    return found


def _cell(column: str) -> str:
    timed = f"starts_with({column}, '{_DAY_ZERO}')"
    return f"CASE WHEN {timed} THEN substr({column}, 12) ELSE coalesce({column}, '') END AS {column}"
