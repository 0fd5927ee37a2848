"""Whether a text file is words to read or rows to query: sources and documents must not disagree about it."""

from __future__ import annotations

import re
from collections import Counter

_MARKS = "\t;|,"
_LINES = 40
_SHARE = 0.9
_MARKUP = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.I | re.S)
_ENDS = (".", "!", "?", ":", "…", "”", '"', ")")
_LONG = 12


def is_markup(text: str) -> bool:
    """Whether a text begins as a web page does."""
    return _MARKUP.match(text) is not None


def is_noise(text: str) -> bool:
    """Whether a decoded text is really binary."""
    odd = sum(ord(letter) < 9 or 13 < ord(letter) < 27 or letter == "�" for letter in text)
    return odd > len(text) * 0.02


def is_prose(text: str) -> bool:
    """Whether the beginning of a text is prose: its lines have no number of cells in common, and among them is a
    sentence or a line of many words."""
    lines = [line for line in text.splitlines()[:_LINES] if line.strip()]
    if not lines or text.lstrip()[:1] in ("{", "["):
        return False
    if len(lines) > 1 and any(_is_table(lines, mark) for mark in _MARKS):
        return False
    return any((line.rstrip().endswith(_ENDS) and " " in line) or len(line.split()) >= _LONG for line in lines)


def _is_table(lines: list[str], mark: str) -> bool:
    """Whether nearly all lines have the same number of cells, and more than one."""
    counts = Counter(line.count(mark) for line in lines)
    cells, often = counts.most_common(1)[0]
    return cells > 0 and often >= len(lines) * _SHARE and not (mark == "," and _is_wordy(lines))


def _is_wordy(lines: list[str]) -> bool:
    """Commas stand in sentences as well: there, a space follows each of them, and the line ends as a sentence."""
    spaced = sum(line.count(", ") == line.count(",") and line.rstrip().endswith(_ENDS[:3]) for line in lines)
    return spaced >= len(lines) * _SHARE
