"""Workbooks: one sheet or more of typed cells and a sheet "About", streamed as a zip with nothing on disk."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Sequence
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from prosa import locales
from prosa.errors import UsageError
from prosa.exports import provenance, workbook
from prosa.exports.batches import columns, rows, slices
from prosa.exports.formats import Sink
from prosa.exports.markup import words
from prosa.exports.options import Options
from prosa.exports.stream import SinkFile
from prosa.exports.texts import text
from prosa.exports.worksheet import Place, Style, cells

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
SHEET_BYTES = 2_000_000_000
"""A sheet ends before its XML reaches 2 GiB: a larger member of the zip needs zip64, which Excel can't read here."""
ABOUT = "About"

_NOTES = ("cut", "replaced", "digits", "dates")
_SAMPLE = 200
_NARROWEST, _WIDEST = 9, 60
_ABOUT_WIDTHS = (24, 90)


def write(reader: pa.RecordBatchReader, sink: Sink, options: Options) -> int:
    """Every row in typed cells. UsageError `export_too_wide` beyond 16,384 columns."""
    if len(reader.schema) > MOST_COLUMNS:
        raise UsageError("export_too_wide", columns=len(reader.schema), limit=MOST_COLUMNS)
    with SinkFile(sink) as file:
        book = _Book(reader.schema, file, options)
        for batch in slices(reader):
            book.add(batch)
        return book.finish()


class _Book:
    def __init__(self, schema: pa.Schema, file: SinkFile, options: Options) -> None:
        self._schema = schema
        self._options = options
        self._columns = columns(schema, options)
        self._letters = [workbook.letters(place) for place in range(len(schema))]
        # Level 1 writes 3 times as fast as the default, and repetitive XML shrinks nearly as well.
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._names: list[str] = []
        self._sheet: IO[bytes] | None = None
        self._row = self._size = self._total = 0
        self._widths: list[int] = []
        self._notes: Counter[str] = Counter()
        at = options.provenance.at if options.provenance else ""
        # File type sniffers look at the first member; the order of the others is free (ECMA-376 part 2).
        self._part("_rels/.rels", workbook.root_relations())
        self._part("docProps/core.xml", workbook.core(words(options.title), at))

    def add(self, batch: pa.RecordBatch) -> None:
        while batch.num_rows:
            sheet = self._open_sheet(batch)
            fitting = batch.slice(0, MOST_ROWS - self._row)
            data = self._cells(fitting)
            sheet.write(data)
            self._row += fitting.num_rows
            self._total += fitting.num_rows
            self._size += len(data)
            batch = batch.slice(fitting.num_rows)

    def finish(self) -> int:
        """Closes the file; the number of rows in it."""
        if not self._names:
            self._begin_sheet(())
        self._close_sheet()
        self._about()
        self._part("xl/styles.xml", workbook.styles(self._options.locale))
        self._part("xl/workbook.xml", workbook.workbook(self._names))
        self._part("xl/_rels/workbook.xml.rels", workbook.book_relations(len(self._names)))
        self._part("[Content_Types].xml", workbook.content_types(len(self._names)))
        self._zip.close()
        return self._total

    def _open_sheet(self, batch: pa.RecordBatch) -> IO[bytes]:
        if self._row >= MOST_ROWS or self._size >= SHEET_BYTES:
            self._close_sheet()
        return self._sheet or self._begin_sheet(batch.slice(0, _SAMPLE).columns)

    def _begin_sheet(self, sample: Sequence[pa.Array]) -> IO[bytes]:
        first = not self._names
        if first:
            self._widths = _widths([column.name for column in self._columns], sample)
        name = locales.text("exports.sheet", self._options.locale)
        self._sheet = self._new_sheet(name if first else f"{name} {len(self._names) + 1}")
        self._sheet.write(workbook.sheet_head(self._widths, first=first, frozen=True))
        self._sheet.write(workbook.row(1, [column.name for column in self._columns], Style.header))
        self._row, self._size = 1, 0
        return self._sheet

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.write(workbook.SHEET_END)
            self._sheet.close()
        self._sheet = None

    def _cells(self, batch: pa.RecordBatch) -> memoryview:
        numbers = text(pa.array(range(self._row + 1, self._row + 1 + batch.num_rows), pa.int32()))
        pieces = ['<row r="', numbers, '">']
        for column, described, name in zip(batch.columns, self._columns, self._letters, strict=True):
            pieces += cells(column, Place(name, numbers, described.format, self._notes))
        return rows([*pieces, "</row>"])

    def _about(self) -> None:
        with self._new_sheet(ABOUT) as sheet:
            sheet.write(workbook.sheet_head(_ABOUT_WIDTHS))
            for number, line in enumerate(self._facts(), 1):
                sheet.write(workbook.row(number, line, Style.wrapped))
            sheet.write(workbook.SHEET_END)

    def _facts(self) -> list[Sequence[str | int]]:
        locale = self._options.locale
        lines: list[Sequence[str | int]] = [fact[1:] for fact in provenance.facts(self._options, self._total)]
        lines += [(), [locales.text(f"exports.{name}", locale) for name in ("column", "type")]]
        described = zip(self._columns, self._schema, strict=True)
        lines += [(column.name, _type(column.type, field.type, locale)) for column, field in described]
        counted = [(note, self._notes[note]) for note in _NOTES if self._notes[note]]
        lines += [()] * bool(counted)
        lines += [(locales.text(f"exports.note_{note}", locale, count=count, n=count),) for note, count in counted]
        return lines

    def _new_sheet(self, name: str) -> IO[bytes]:
        self._names.append(name)
        sheet: IO[bytes] = self._zip.open(f"xl/worksheets/sheet{len(self._names)}.xml", "w")
        return sheet

    def _part(self, name: str, content: str) -> None:
        with self._zip.open(name, "w") as part:
            part.write(content.encode())


def _type(name: str, kind: pa.DataType, locale: str) -> str:
    zone = getattr(kind, "tz", None)
    described = locales.text(f"answers.type_{name}", locale)
    return f"{described}, {locales.text('exports.zone', locale, zone=zone)}" if zone else described


def _widths(names: Sequence[str], sample: Sequence[pa.Array]) -> list[int]:
    """Columns as wide as their first rows and names, within reason. In characters."""
    longest = [pc.max(pc.utf8_length(text(column))).as_py() or 0 for column in sample] or [0] * len(names)
    pairs = zip(names, longest, strict=True)
    return [min(max(len(name) + 2, letters + 2, _NARROWEST), _WIDEST) for name, letters in pairs]
