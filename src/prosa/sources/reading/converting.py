"""Files that DuckDB has to hold a copy of (text, JSON, workbooks) or can read in place (Parquet): each into tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from prosa.errors import SourceError
from prosa.sources.base import Piece
from prosa.sources.naming import slug
from prosa.sources.reading import json_files, kinds, parquet_files, text_tables, workbooks
from prosa.sources.reading.decoding import TextFile
from prosa.sources.reading.kinds import FoundFile
from prosa.sources.reading.lexicon import UNNAMED_SHEETS
from prosa.sources.reading.locate import Located
from prosa.sources.reading.notices import Notices
from prosa.sources.reading.tables import ReadTable
from prosa.sources.reading.text_tables import TextTable
from prosa.sources.reading.workspace import Fraction, Workspace, part


class Converted(msgspec.Struct):
    """Tables and where their rows lie; `stem` is what the file's own name makes of a table's."""

    tables: list[ReadTable]
    pieces: list[Piece]
    stem: str = ""

    def add(self, table: ReadTable, piece: Piece) -> None:
        self.tables.append(table)
        self.pieces.append(piece)


def convert(work: Workspace, located: Located, data: Path, notices: Notices, tell: Fraction) -> Converted:
    """Reads every file. `data` is where the converted tables will lie in the end. In a folder, what can't be read is
    left out and told, as long as anything can. SourceError."""
    job = _Job(work, data, notices, alone=located.how == "file")
    groups = _pattern_groups(job, located.files) if located.how == "pattern" else [[file] for file in located.files]
    sizes = [sum(file.path.stat().st_size for file in group) for group in groups]
    done, total = 0, max(1, sum(sizes))
    for group, size in zip(groups, sizes, strict=True):
        job.read(group, part(tell, done / total, (done + size) / total))
        done += size
    left_out = [*located.left_out, *job.left_out]
    if job.failed and not job.found.tables:
        raise job.failed
    if left_out:
        notices.add("files_left_out", "", count=len(left_out), files=", ".join(left_out[:5]))
    return job.found


class _Job:
    """Reads groups of files that make one table each, or several where the file is a workbook or an object."""

    def __init__(self, work: Workspace, data: Path, notices: Notices, *, alone: bool) -> None:
        self.work = work
        self.found = Converted([], [])
        self.left_out: list[str] = []
        self.failed: SourceError | None = None
        self._data, self._notices, self._alone = data, notices, alone
        self._taken: set[str] = set()

    def read(self, group: Sequence[FoundFile], tell: Fraction) -> None:
        first = group[0]
        stem = slug(_common([kinds.stem(file.path) for file in group]))
        if first.misnamed:
            self._notices.add("wrong_ending", "", file=first.path.name, kind=first.kind)
        self.found.stem = stem
        try:
            _READERS[first.kind](self, group, stem, tell)
        except SourceError as error:
            if self._alone:
                raise
            self.failed = self.failed or error
            self.left_out += [file.path.name for file in group]

    def name(self, wish: str) -> str:
        """The wish as a table's name that no other has yet."""
        base = name = slug(wish)
        count = 1
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._taken.add(name)
        return name

    def text(self, group: Sequence[FoundFile], stem: str, tell: Fraction) -> None:
        tables = [TextTable.of(file.path) for file in group]
        prose = group[0].path.suffix.lower() == ".txt" and tables[0].layout.width < 2
        if prose and not self._alone:
            self.left_out.append(group[0].path.name)
            return
        self._keep(text_tables.read(self.work, tables, self.name(stem), self._notices, tell))

    def json(self, group: Sequence[FoundFile], stem: str, tell: Fraction) -> None:
        for file in group:
            text = TextFile(file.path)
            for table in json_files.read(self.work, text, stem, self.name, self._notices, tell):
                self._keep(table)

    def workbook(self, group: Sequence[FoundFile], stem: str, tell: Fraction) -> None:
        for file in group:
            sheets = workbooks.sheets(file.path, self._notices)
            for number, sheet in enumerate(sheets):
                title = slug(sheet.title, "sheet")
                if len(sheets) == 1 and title.rstrip("_0123456789") in UNNAMED_SHEETS:
                    title = stem
                elif not self._alone:
                    title = f"{stem}_{title}"
                share = part(tell, number / len(sheets), (number + 1) / len(sheets))
                self._keep(workbooks.read(self.work, sheet, self.name(title), self._notices, share))

    def parquet(self, group: Sequence[FoundFile], stem: str, tell: Fraction) -> None:
        paths = [file.path for file in group]
        table = parquet_files.table(self.name(stem), paths, parquet_files.schema(self.work, paths[0]))
        self.found.add(table, Piece(table.name, "parquet", tuple(map(str, paths))))

    def _keep(self, table: ReadTable) -> None:
        self.found.add(table, Piece(table.name, "duckdb", (str(self._data),), table.inner))


_READERS: dict[str, Callable[[_Job, Sequence[FoundFile], str, Fraction], None]] = {
    "csv": _Job.text,
    "json": _Job.json,
    "xlsx": _Job.workbook,
    "parquet": _Job.parquet,
}


def _pattern_groups(job: _Job, files: Sequence[FoundFile]) -> list[list[FoundFile]]:
    """Files of a pattern that have the same columns make one table."""
    groups: list[list[FoundFile]] = []
    heads: list[TextTable | parquet_files.Schema | None] = []
    for file in files:
        try:
            head = _head(job, file)
        except SourceError as error:
            job.failed = job.failed or error
            job.left_out.append(file.path.name)
            continue
        place = next((n for n, other in enumerate(heads) if _alike(head, other)), None)
        if place is None:
            groups.append([file])
            heads.append(head)
        else:
            groups[place].append(file)
    return groups


def _head(job: _Job, file: FoundFile) -> TextTable | parquet_files.Schema | None:
    if file.kind == "csv":
        return TextTable.of(file.path)
    return parquet_files.schema(job.work, file.path) if file.kind == "parquet" else None


def _alike(one: TextTable | parquet_files.Schema | None, other: TextTable | parquet_files.Schema | None) -> bool:
    if isinstance(one, TextTable) and isinstance(other, TextTable):
        return one.alike(other)
    return one is not None and one == other


def _common(stems: Sequence[str]) -> str:
    """What the names of several files have in common at their start, without a number at its end; else the first."""
    if len(stems) == 1:
        return stems[0]
    low, high = min(stems), max(stems)
    same = next((n for n, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))
    return low[:same].rstrip("_-. 0123456789") or stems[0]
