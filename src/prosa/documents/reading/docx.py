"""DOCX by python-docx: paragraphs, lists and tables in their order, headings by style. What tracked changes have
removed is not read, what they have added is.

Elements: ECMA-376 Part 1, 17.3 (paragraphs) and 17.4 (tables).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from prosa.documents.values import Block, Content, Limits, Progress
from prosa.errors import SourceError

_SPACES = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_PARAGRAPH, _TABLE, _ROW, _CELL, _TEXT = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "t"))
_BREAK, _RENDERED, _TYPE = qn("w:br"), qn("w:lastRenderedPageBreak"), qn("w:type")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ENCRYPTED = 0x1
_STEP = 200
_BROKEN = (
    OpcError, zipfile.BadZipFile, zlib.error, etree.LxmlError, NotImplementedError, AttributeError, LookupError,
    TypeError, ValueError, OSError,
)  # fmt: skip
"""What a damaged file raises. python-docx (1.2) takes every part for what it is called: where its root is another
element, an attribute is missing."""


def content(path: Path, limits: Limits, progress: Progress) -> Content:
    """The text of the body. SourceError: damaged, or far larger inside than outside."""
    _check(path, limits)
    try:
        found = _read(path, progress)
    except _BROKEN as error:
        raise SourceError("document_broken", name=path.name) from error
    if found.pages is not None and found.pages > limits.pages:
        raise SourceError("document_too_long", name=path.name, pages=found.pages, limit=limits.pages)
    return found


def _read(path: Path, progress: Progress) -> Content:
    document = docx.Document(str(path))
    reader = _Reader(document)
    blocks = tuple(reader.blocks(document.element.body, progress))
    return Content(blocks, (document.core_properties.title or "").strip(), reader.page if reader.paged else None)


def _check(path: Path, limits: Limits) -> None:
    """Nothing is unpacked that is too large: the reader takes no more out than the directory says there is."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise SourceError("document_broken", name=path.name) from error
    if any(info.flag_bits & _ENCRYPTED for info in inside):
        raise SourceError("document_locked", name=path.name)
    size = sum(info.file_size for info in inside)
    if size > limits.expanded or size > max(path.stat().st_size, 1 << 14) * limits.ratio:
        raise SourceError("document_expands", name=path.name)


class _Reader:
    """Walks the body. `paged` where Word has left marks of its pages; then `page` counts them, and a block belongs to
    the one on which it began."""

    def __init__(self, document: Any) -> None:
        self._styles = {style.style_id: _level(style) for style in document.styles if style.style_id}
        self.paged = next(document.element.body.iter(_RENDERED), None) is not None
        self.page = self._began = 1

    def blocks(self, body: Any, progress: Progress) -> Iterator[Block]:
        total = len(body)
        for number, element in enumerate(body):
            if number % _STEP == 0:
                progress(number, total)
            yield from self._block(element)

    def _block(self, element: Any) -> Iterator[Block]:
        if element.tag == _PARAGRAPH:
            yield from self._paragraph(element)
        elif element.tag == _TABLE:
            for row in element.iter(_ROW):
                yield from self._row(row)
        elif isinstance(element.tag, str):  # content controls and the like hold paragraphs
            for inner in element.iter(_PARAGRAPH):
                yield from self._paragraph(inner)

    def _paragraph(self, element: Any) -> Iterator[Block]:
        level = self._styles.get(element.style or "", 0)
        text = self._text(element)
        if text:
            yield Block(text, level, self._began if self.paged else None)

    def _row(self, row: Any) -> Iterator[Block]:
        cells = [" ".join(self._text(cell).split()) for cell in row.iterchildren(_CELL)]
        if any(cells):
            yield Block(" | ".join(cells), 0, self._began if self.paged else None)

    def _text(self, element: Any) -> str:
        parts: list[str] = []
        for inner in element.iter(_TEXT, _RENDERED, *_SPACES):
            if next(inner.iterancestors(_FALLBACK), None) is not None:
                continue
            if inner.tag == _RENDERED or (inner.tag == _BREAK and inner.get(_TYPE) == "page"):
                self.page += inner.tag == _RENDERED
            else:
                self._began = self._began if parts else self.page
                parts.append(_SPACES.get(inner.tag) or inner.text or "")
        lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
        return "\n".join(line for line in lines if line)


def _level(style: Any) -> int:
    """A heading style's level, whatever language it was named in; 0 for all others."""
    name = style.name or ""
    if name == "Title":
        return 1
    number = name.removeprefix("Heading ")
    return min(int(number), 6) if number != name and number.isdecimal() else 0
