"""Markdown by markdown-it: CommonMark and tables. Raw HTML is left out, images give their description."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from prosa.documents.decoding import decoded
from prosa.documents.values import Block, Content, Limits, Progress

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}
_SHOWN = frozenset({"text", "code_inline", "image"})


def content(path: Path, limits: Limits, progress: Progress) -> Content:
    """The words without their marks."""
    progress(0, 1)
    source = decoded(path.read_bytes()).replace("\r\n", "\n")
    tokens = MarkdownIt("commonmark").enable("table").parse(_FRONT_MATTER.sub("", source))
    blocks = tuple(_blocks(tokens))
    title = next((block.text for block in blocks if block.level == 1), "")
    return Content(blocks, title)


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    level, row = 0, None
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "tr_open":
            row = list[str]()
        elif token.type == "tr_close" and row is not None:
            yield Block(" | ".join(row))
            row = None
        elif token.type in ("fence", "code_block") and token.content.strip():
            yield Block(token.content.strip())
        elif token.type == "inline":
            text = _plain(token)
            if row is not None:
                row.append(text)
            elif text:
                yield Block(text, level)


def _plain(inline: Token) -> str:
    parts = []
    for token in inline.children or ():
        if token.type in _SHOWN:
            parts.append(token.content)
        parts.append(_BREAKS.get(token.type, ""))
    return "\n".join(" ".join(line.split()) for line in "".join(parts).split("\n")).strip()
