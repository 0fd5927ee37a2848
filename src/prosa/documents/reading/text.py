"""Plain text: paragraphs between empty lines; a short line alone that is no sentence is a heading. A form feed ends a
page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from prosa.documents.decoding import decoded
from prosa.documents.values import Block, Content, Limits, Progress
from prosa.errors import SourceError

_EMPTY = re.compile(r"\n[ \t]*\n+")
_RULE = re.compile(r"\n[ \t]*(?:=|-|~){3,}[ \t]*$")
_LONGEST_HEADING = 80
_SHORT = 40
"""A line that ends so early ends there on purpose."""


def content(path: Path, limits: Limits, progress: Progress) -> Content:
    """The text. SourceError: too many pages."""
    progress(0, 1)
    text = decoded(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    pages = text.split("\f")
    if len(pages) > limits.pages:
        raise SourceError("document_too_long", name=path.name, pages=len(pages), limit=limits.pages)
    paged = len(pages) > 1
    blocks = [block for number, page in enumerate(pages, 1) for block in _blocks(page, number if paged else None)]
    return Content(tuple(blocks), pages=len(pages) if paged else None)


def _blocks(text: str, page: int | None) -> Iterator[Block]:
    for part in _EMPTY.split(text.strip("\n")):
        bare = _RULE.sub("", part).strip()
        if not bare:
            continue
        if "\n" not in bare and _is_heading(bare, ruled=bare != part.strip()):
            yield Block(bare, 2, page)
        else:
            yield Block(_paragraph(bare), 0, page)


def _is_heading(line: str, *, ruled: bool) -> bool:
    return ruled or (len(line) <= _LONGEST_HEADING and line[-1] not in ".!?:;,)" and line.count(" ") < 12)


def _paragraph(text: str) -> str:
    """Lines that were wrapped are one again; those that end early stay."""
    parts: list[str] = []
    for line in (" ".join(line.split()) for line in text.split("\n")):
        if parts and len(parts[-1].rpartition("\n")[2]) > _SHORT and not line.startswith(("-", "*", "•")):
            parts.append(f" {line}")
        else:
            parts.append(f"\n{line}" if parts else line)
    return "".join(parts)
