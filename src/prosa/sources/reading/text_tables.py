"""Text files as tables: one file, or several with the same header as one table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from prosa.results import plain
from prosa.sources.naming import fold, literal, unique
from prosa.sources.reading import extras
from prosa.sources.reading.column_types import Raw
from prosa.sources.reading.decoding import TextFile
from prosa.sources.reading.delimited import Staged, stage
from prosa.sources.reading.finishing import finish
from prosa.sources.reading.layout import Layout, detect
from prosa.sources.reading.notices import Notices
from prosa.sources.reading.tables import ReadTable
from prosa.sources.reading.workspace import Fraction, Workspace, part

FILE_COLUMN = "_file"
_PROMISED = {".tsv": "\t", ".tab": "\t"}


class TextTable(msgspec.Struct, frozen=True):
    """A text file and how it is laid out."""

    file: TextFile
    layout: Layout

    @classmethod
    def of(cls, path: Path) -> TextTable:
        """Looks at the beginning of a file. SourceError."""
        file = TextFile(path)
        return cls(file, detect(file, _PROMISED.get(path.suffix.lower(), "")))

    @property
    def names(self) -> list[str]:
        """The columns' names as the file has them, none for those without."""
        given = self.layout.header.names
        return [*given, *[""] * (self.layout.width - len(given))]

    def alike(self, other: TextTable) -> bool:
        """Whether both have the same columns, in any order and case."""
        mine, others = (sorted(fold(name) for name in table.names) for table in (self, other))
        return mine == others and self.layout.header.given == other.layout.header.given


def read(work: Workspace, tables: Sequence[TextTable], table: str, notices: Notices, tell: Fraction) -> ReadTable:
    """Reads one file, or several alike with a column more that names each row's file."""
    share = 0.6 / len(tables)
    staged: list[Staged] = []
    for number, text in enumerate(tables):
        progress = part(tell, number * share, (number + 1) * share)
        found = stage(work, text.file, text.layout, work.fresh(), progress)
        _tell(text, found, table, notices)
        extras.leave_out(work, found.relation, text.names, table, notices)
        staged.append(found)
    width = max(found.width for found in staged)
    names = [*tables[0].names, *[""] * (width - len(tables[0].names))]
    relation = staged[0].relation
    if len(tables) > 1:
        relation, names = _united(work, tables, staged), [*names, FILE_COLUMN]
    raw = Raw(relation, names, tables[0].layout.delimiter)
    read_table = finish(work, raw, table, notices, part(tell, 0.6, 1.0))
    for found in staged:
        work.con.execute(f"DROP TABLE {found.relation}")
    return read_table


def _united(work: Workspace, tables: Sequence[TextTable], staged: Sequence[Staged]) -> str:
    """A view over the raw cells of all files: the columns of the first, what is beyond them, and the file's name."""
    first = [fold(name) for name in unique(tables[0].names)]
    width = max(found.width for found in staged)
    parts = []
    for text, found in zip(tables, staged, strict=True):
        own = {fold(name): place for place, name in enumerate(unique(text.names))}
        places = [own[name] for name in first]
        places += [place for place in range(width) if place not in places]
        cells = [f"{f'c{place}' if place < found.width else 'NULL'} AS c{n}" for n, place in enumerate(places)]
        stem = literal(str(plain(_stem(text.file.path))))
        parts.append(f"SELECT {', '.join(cells)}, {stem} AS c{width} FROM {found.relation}")
    view = f"stage.all_{work.fresh()}"
    work.con.execute(f"CREATE VIEW {view} AS {' UNION ALL '.join(parts)}")
    return view


def _stem(path: Path) -> str:
    return Path(path.stem).stem if path.suffix.lower() == ".gz" else path.stem


def _tell(text: TextTable, found: Staged, table: str, notices: Notices) -> None:
    """Notices of what was left out or may be wrong."""
    head = text.layout.header
    file = text.file.path.name
    if head.titles:
        notices.add("titles_left_out", table, count=len(head.titles), line=head.titles[0][:80])
    if not head.given and head.names:
        notices.add("no_header", table, file=file)
    if found.short:
        notices.add("rows_short", table, count=found.short, example=found.short_example)
    if found.long:
        notices.add("rows_long", table, count=found.long, example=found.long_example)
    if found.swallowed:
        notices.add("quotes_unbalanced", table, count=found.swallowed)
    for line in found.notes:
        notices.add("note_left_out", table, line=line[:120])
    if text.layout.quote and not found.layout.quote:
        notices.add("quotes_ignored", table, file=file)
    if found.rescued and text.file.encoding == "utf-8":
        notices.add("encoding_mixed", table, file=file)
    if found.nuls:
        notices.add("nuls_left_out", table, count=found.nuls)
