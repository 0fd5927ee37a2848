"""Sentences of a passage, with their places. Made for ordinary prose in two languages, not for poetry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from prosa.documents.words import table

_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|\n")
_SPACES = 4
_SHORTENED = 4
"""So long a word before a number may be a shortened one: no. 5, fig. 2."""
_LAST_WORD = re.compile(r"(?:[^\W\d_]\.)*[^\W_]+$")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of every sentence; a line's end is a sentence's end, too."""
    start = 0
    for match in _END.finditer(text):
        if match.group() != "\n" and _goes_on(text, start, match.start(), match.end()):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _goes_on(text: str, start: int, dot: int, end: int) -> bool:
    """Whether a dot belongs to an abbreviation, an initial or a numbered item."""
    if text[dot] != ".":
        return False
    following = text[end : end + _SPACES].lstrip(" ")[:1]
    if following.islower():
        return True
    word = _LAST_WORD.search(text, max(start, dot - 12), dot)
    if word is None:
        return False
    bare = word.group().lower()
    if following.isdigit() and len(bare) <= _SHORTENED:
        return True
    return bare in _abbreviations() or (len(bare) == 1 and bare.isalpha()) or (bare.isdigit() and word.start() == start)


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(str(table()["abbreviations"]["words"]).split())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
