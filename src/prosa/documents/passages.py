"""Blocks to passages: a few sentences each, within one page and one heading, none longer than it need be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prosa.documents.sentences import sentences
from prosa.documents.values import Block, Content, Language, Piece
from prosa.documents.words import language_of, stems

_FULL = 700
"""In characters: a passage that has so many takes no further block."""
_MOST = 1_200
_DEEPEST = 6


def language(content: Content) -> Language:
    """The language that a document is written in."""
    words, length = [], 0
    for block in content.blocks:
        words.append(block.text)
        length += len(block.text)
        if length > 20_000:
            break
    return language_of(" ".join(words))


def pieces(blocks: Iterable[Block], spoken: Language) -> Iterator[Piece]:
    """The passages of a document, in its order."""
    path: list[tuple[int, str]] = []
    waiting: list[str] = []
    page: int | None = None

    def flush() -> Iterator[Piece]:
        if waiting:
            yield _piece("\n".join(waiting), tuple(text for _, text in path), page, spoken)
            waiting.clear()

    for block in blocks:
        if block.level or block.page != page:
            yield from flush()
        page = block.page
        if block.level:
            path = [(level, text) for level, text in path if level < block.level][:_DEEPEST]
            path.append((block.level, block.text[:200]))
            continue
        for part in _parts(block.text):
            if sum(map(len, waiting)) + len(part) > _MOST:
                yield from flush()
            waiting.append(part)
            if sum(map(len, waiting)) >= _FULL:
                yield from flush()
    yield from flush()


def _piece(text: str, headings: tuple[str, ...], page: int | None, spoken: Language) -> Piece:
    topics = " ".join(stems(" ".join(headings), spoken))
    lines = (" ".join(stems(text[start:end], spoken)) for start, end in sentences(text))
    return Piece(text, "\n".join(lines), headings, topics, page)


def _parts(text: str) -> Iterator[str]:
    """A block as it is or, where it is long, cut between sentences; a sentence without end is cut anywhere."""
    if len(text) <= _MOST:
        yield text
        return
    part = ""
    for start, end in sentences(text):
        sentence = text[start:end]
        if part and len(part) + len(sentence) > _FULL:
            yield part
            part = ""
        while len(sentence) > _MOST:
            cut = sentence.rfind(" ", 1, _MOST) + 1 or _MOST
            yield sentence[:cut].rstrip()
            sentence = sentence[cut:]
        part = f"{part} {sentence}" if part else sentence
    if part:
        yield part
