"""How a delimited text file is laid out: delimiter, quotes, header and where the data begin, from its first rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from prosa.errors import SourceError
from prosa.sources.reading import header
from prosa.sources.reading.cells import BLANKS
from prosa.sources.reading.decoding import TextFile

MOST_COLUMNS = 2_000
_SAMPLES = (1 << 18, 1 << 22, 1 << 24)
_ENOUGH_ROWS = 30
_DELIMITERS = (",", ";", "\t", "|")
_MARKUP = ("<!doctype", "<html", "<?xml", "<table")


class Layout(msgspec.Struct, frozen=True):
    """`skip` is the number of UTF-8 bytes before the first row of data; `quote` is empty where quotes mean nothing."""

    delimiter: str
    quote: str
    escape: str
    header: header.Header
    width: int
    skip: int


def detect(file: TextFile, delimiter: str = "") -> Layout:
    """The layout of a file; a delimiter that its ending promises is preferred. SourceError where it is no table."""
    text = _sample(file)
    if text.lstrip(BLANKS)[:200].lower().startswith(_MARKUP):
        raise SourceError("source_markup", name=file.path.name)
    if not text.strip(BLANKS):
        raise SourceError("source_empty", name=file.path.name)
    told, text_after = _told(text)
    quote, escape = _quotes(text_after)
    best = told or _delimiter(text_after, quote, escape, delimiter)
    return _layout(file, text, len(text) - len(text_after), best, quote, escape)


def unquoted(file: TextFile, layout: Layout) -> Layout:
    """The same where quotes are letters like others."""
    text = _sample(file)
    return _layout(file, text, len(text) - len(_told(text)[1]), layout.delimiter, "", "")


def rows(text: str, delimiter: str, quote: str, escape: str) -> list[list[str]]:
    """The rows of a text, as the csv module reads them."""
    return list(csv.reader(io.StringIO(text, newline=""), **_dialect(delimiter, quote, escape)))


def _sample(file: TextFile) -> str:
    """The first lines, whole ones, and enough of them."""
    text = ""
    for length in _SAMPLES:
        text = file.head(length)
        whole = len(text.encode()) < length - 4
        if whole:
            return text
        if text.count("\n") + text.count("\r") > _ENOUGH_ROWS:
            break
    end = max(text.rfind("\n"), text.rfind("\r"))
    return text[: end + 1] if end > 0 else text


def _told(text: str) -> tuple[str, str]:
    """The delimiter that Excel's first line `sep=;` tells, and the text behind that line."""
    first, newline, rest = text.partition("\n")
    line = first.strip(BLANKS).strip('"')
    if newline and len(line) == 5 and line.lower().startswith("sep=") and line[4] in _DELIMITERS:
        return line[4], rest
    return "", text


def _quotes(text: str) -> tuple[str, str]:
    """The quote, and the character that escapes it where it is not doubled."""
    double, single = (sum(text.count(mark + end) for end in (*_DELIMITERS, "\n", "\r")) for mark in "\"'")
    if single > 3 and double == 0 and text.count("'") > text.count("\n"):
        return "'", ""
    return '"', "\\" if '\\"' in text and '""' not in text.replace('\\""', "") else ""


def _delimiter(text: str, quote: str, escape: str, promised: str) -> str:
    """The delimiter under which most rows have the same number of cells, and the cells mean most."""
    scores = {mark: _score(rows(text, mark, quote, escape), mark) for mark in _DELIMITERS}
    if promised and scores[promised] >= 0.5:
        return promised
    best = max(_DELIMITERS, key=lambda mark: scores[mark])
    return best if scores[best] >= 0.5 else promised or ","


def _score(found: Sequence[Sequence[str]], mark: str) -> float:
    lengths = Counter(len(row) for row in found if any(row))
    lengths.pop(1, None)
    if not lengths:
        return 0.0
    width, count = max(lengths.items(), key=lambda item: (item[1], item[0]))
    cells = [cell.strip(BLANKS) for row in found[:200] if len(row) == width for cell in row]
    torn = sum(
        any(other in cell for other in _DELIMITERS if other != mark) and not header.typed(cell) for cell in cells
    )
    filled = [row for row in found if any(row)]
    return count / len(filled) * (1 - torn / max(1, len(cells)))


def _layout(file: TextFile, text: str, start: int, delimiter: str, quote: str, escape: str) -> Layout:
    body = text[start:]
    reader = csv.reader(lines := list(io.StringIO(body, newline="")), **_dialect(delimiter, quote, escape))
    ends: list[int] = []
    found: list[list[str]] = []
    for row in reader:
        found.append(row)
        ends.append(reader.line_num)
    head = header.find(found)
    width = max(len(head.names), _commonest(found[head.first :]))
    if width > MOST_COLUMNS:
        raise SourceError("source_too_wide", name=file.path.name, count=width, limit=MOST_COLUMNS)
    before = sum(map(len, lines[: ends[head.first - 1]])) if head.first else 0
    return Layout(delimiter, quote, escape, head, width, len(text[: start + before].encode()))


def _commonest(found: Sequence[Sequence[str]]) -> int:
    """The commonest length of a row, blank cells at its end left out."""
    lengths = Counter(len(row) for row in found if any(row))
    return lengths.most_common(1)[0][0] if lengths else 0


def _dialect(delimiter: str, quote: str, escape: str) -> dict[str, Any]:
    csv.field_size_limit(1 << 24)
    if not quote:
        return {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
    return {"delimiter": delimiter, "quotechar": quote, "doublequote": not escape, "escapechar": escape or None}
