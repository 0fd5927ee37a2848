"""The values that describe documents: what a reader finds, what is kept of it, and how much is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

Kind = Literal["pdf", "docx", "html", "md", "txt"]
Language = Literal["en", "pt"]

Progress = Callable[[int, int], None]
"""Called with work done and work in all (pages, or parts of a file); may raise to stop."""


class Limits(msgspec.Struct, frozen=True):
    """How much one document may be: `size` in bytes, `pages`; of a packed one, how many times its size may come out
    (`ratio`) and how many bytes in all (`expanded`)."""

    size: int = 50 << 20
    pages: int = 2_000
    ratio: int = 100
    expanded: int = 500 << 20


class Block(msgspec.Struct, frozen=True):
    """A paragraph, list item, table row or, where `level` is 1 to 6, a heading; `page` counts from 1."""

    text: str
    level: int = 0
    page: int | None = None


class Content(msgspec.Struct, frozen=True):
    """What a reader found in a file. `pages` is None for kinds that have none; `silent` counts pages without text."""

    blocks: tuple[Block, ...]
    title: str = ""
    pages: int | None = None
    silent: int = 0


class Piece(msgspec.Struct, frozen=True):
    """A passage: a few sentences that stand together, under the headings that lead to it (outermost first). `stems` are
    the words of the text, a sentence a line, and `topics` those of its headings, as the index compares them."""

    text: str
    stems: str
    headings: tuple[str, ...] = ()
    topics: str = ""
    page: int | None = None


class ReadDocument(msgspec.Struct, frozen=True):
    """A document as the index takes it. `notices` are (code, values) pairs for people."""

    kind: Kind
    language: Language
    pieces: tuple[Piece, ...]
    title: str = ""
    pages: int | None = None
    notices: tuple[tuple[str, dict[str, Any]], ...] = ()


def ignore(done: int, total: int) -> None:
    """Progress that nobody watches."""
