"""PDF by PDFium, the reader inside Chromium: the text layer, page by page, and headings by their letters' size."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from ctypes import c_int
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from prosa.documents.values import Block, Content, Limits, Progress
from prosa.errors import SourceError

_EDGES = 2
"""So many lines at either end of a page may be a running header or footer."""
_FEWEST = 3
_LARGER = 1.15
_BOLD = 600
_LONGEST_HEADING = 120
_SAME_SIZE = 6
"""The level of headings that are bold and no larger than the text."""
_DIGITS = re.compile(r"\d+")
_BULLET = re.compile(r"\s*(?:[•●▪◦‣·–—*-]|\(?(?:\d{1,2}|[a-z])[.)])\s+")
_NUMBERED = re.compile(r"\s*\d+(?:\.\d+)+\.?\s+\S")
_HYPHEN = "￾\x02\xad"


class Line(NamedTuple):
    """A line of a page, its letters' size in points and whether they are bold."""

    text: str
    size: float
    bold: bool


def content(path: Path, limits: Limits, progress: Progress) -> Content:
    """The text of every page. SourceError: locked, damaged, too many pages."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        locked = error.err_code == pdfium_c.FPDF_ERR_PASSWORD
        raise SourceError("document_locked" if locked else "document_broken", name=path.name) from error
    try:
        count = len(document)
        if not count:
            raise SourceError("document_broken", name=path.name)
        if count > limits.pages:
            raise SourceError("document_too_long", name=path.name, pages=count, limit=limits.pages)
        pages = [_page(document, number, progress, count) for number in range(count)]
        title = (document.get_metadata_value("Title") or "").strip()
    finally:
        document.close()
    silent = sum(not page for page in pages)
    return Content(tuple(_blocks(_without_edges(pages))), title, count, silent)


def _page(document: pdfium.PdfDocument, number: int, progress: Progress, count: int) -> list[Line]:
    """The lines of a page; none where the page itself is damaged."""
    progress(number, count)
    try:
        page = document[number]
        text = page.get_textpage()
    except pdfium.PdfiumError:
        return []
    try:
        return list(_lines(text))
    finally:
        text.close()
        page.close()


def _lines(page: pdfium.PdfTextPage) -> Iterator[Line]:
    place = 0
    flags = c_int()
    for raw in page.get_text_range().split("\n"):
        line = raw.rstrip("\r")
        first = place + len(line) - len(line.lstrip())
        place += len(raw) + 1
        if line.strip():
            size = pdfium_c.FPDFText_GetFontSize(page, first)
            weight = pdfium_c.FPDFText_GetFontWeight(page, first)
            bold = weight >= _BOLD or "bold" in _font(page, first, flags)
            yield Line(line, round(size, 1), bold)


def _font(page: pdfium.PdfTextPage, place: int, flags: c_int) -> str:
    """The name of a letter's font, in lower case."""
    length = pdfium_c.FPDFText_GetFontInfo(page, place, None, 0, flags)
    if not length:
        return ""
    name = bytearray(length)
    buffer = (pdfium_c.c_char * length).from_buffer(name)
    pdfium_c.FPDFText_GetFontInfo(page, place, buffer, length, flags)
    return name.rstrip(b"\0").decode("utf-8", "replace").lower()


def _without_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without lines that stand at the edge of most of them, whatever number is in those. A page that has no
    other lines keeps them."""
    seen = Counter(key for page in pages for key in {_edge(line) for line in _edges(page)})
    often = {key for key, count in seen.items() if count >= max(_FEWEST, len(pages) * 0.6)}
    bare = ([line for line in page if not (line in _edges(page) and _edge(line) in often)] for page in pages)
    return [left or list(page) for left, page in zip(bare, pages, strict=True)]


def _edges(page: Sequence[Line]) -> Sequence[Line]:
    return [*page[:_EDGES], *page[-_EDGES:]]


def _edge(line: Line) -> str:
    return _DIGITS.sub("#", line.text.strip())


def _blocks(pages: Sequence[Sequence[Line]]) -> Iterator[Block]:
    body = _body(pages)
    larger = sorted({line.size for page in pages for line in page if _is_larger(line, body)}, reverse=True)
    levels = {size: min(level, _SAME_SIZE - 1) for level, size in enumerate(larger, 1)}
    for number, page in enumerate(pages, 1):
        yield from _paragraphs(page, number, body, levels)


def _body(pages: Iterable[Iterable[Line]]) -> float:
    """The size that most letters have."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_larger(line: Line, body: float) -> bool:
    return line.size >= body * _LARGER and len(line.text) <= _LONGEST_HEADING


def _paragraphs(page: Sequence[Line], number: int, body: float, levels: dict[float, int]) -> Iterator[Block]:
    widest = max((len(line.text) for line in page), default=0)
    text, heading = "", Block("")
    for place, line in enumerate(page):
        level = _level(line, body, levels)
        if level != heading.level or level == _SAME_SIZE:
            yield from _finished(text, number)
            yield from [heading] if heading.level else []
            text, heading = "", Block("", level, number)
        if level:
            heading = Block(_joined(heading.text, line.text), level, number)
            continue
        starts = _BULLET.match(line.text) is not None or _NUMBERED.match(line.text) is not None
        if text and (starts or _ended(text, page[place - 1], line, widest)):
            yield from _finished(text, number)
            text = ""
        text = _joined(text, line.text)
    yield from [heading] if heading.level else _finished(text, number)


def _level(line: Line, body: float, levels: dict[float, int]) -> int:
    """The heading's level; 0 for a line of a paragraph. Bold lines of the body's size are headings where they are short
    and no sentence."""
    if _is_larger(line, body):
        return levels[line.size]
    bare = line.text.strip()
    short = len(bare) <= 80 and not bare.endswith((".", ",", ";", ":"))
    return _SAME_SIZE if line.bold and short and not _BULLET.match(line.text) else 0


def _ended(text: str, before: Line, line: Line, widest: int) -> bool:
    """Whether a paragraph ended before this line: its last line is short and ends a sentence, or the letters change."""
    if before.size != line.size:
        return True
    short = len(before.text) < widest * 0.75
    return short and (text.rstrip().endswith((".", "!", "?", ":", ";")) or line.text[:1].isupper())


def _joined(text: str, line: str) -> str:
    """A paragraph with one more line; a word that was parted is whole again."""
    line = " ".join(line.split())
    if not text:
        return line
    if text[-1] in _HYPHEN:
        return text[:-1] + line
    if text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower():
        return text[:-1] + line
    return f"{text} {line}"


def _finished(text: str, page: int) -> Iterator[Block]:
    clean = "".join(sign for sign in text if sign not in _HYPHEN).strip()
    if clean:
        yield Block(clean, 0, page)
