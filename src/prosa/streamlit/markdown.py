"""Text of agents and data as Markdown that loads nothing: an image would send what is in its address to its host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from prosa.exports.markers import PREFIX

CURSOR = " ▌"

_FENCE = re.compile(r"^(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n]*\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])")
_CODE = re.compile(r"^(?:`{3,}|~{3,}).*?(?:^(?:`{3,}|~{3,})[ \t]*$|\Z)|`[^`\n]+`", re.MULTILINE | re.DOTALL)


class CodeBlock(NamedTuple):
    """A fenced block of a text."""

    language: str
    code: str


def safe(text: str) -> str:
    """Without images and without `$`, which would turn amounts of money into formulas; links stay."""
    parts, place = [], 0
    for code in _CODE.finditer(text):
        parts += [text[place : code.start()].replace("$", "\\$"), code[0]]
        place = code.end()
    parts.append(text[place:].replace("$", "\\$"))
    # Also in code, since a browser's idea of where code ends may not be ours.
    return "".join(parts).replace("![", "!\\[")


def escaped(text: str) -> str:
    """A text that is no Markdown, so that it is shown as it is."""
    return _SIGNS.sub(r"\\\1", text)


def code_blocks(text: str) -> Iterator[CodeBlock]:
    """The closed fenced blocks of a text."""
    for found in _FENCE.finditer(text):
        yield CodeBlock(found[2].lower(), found[3])


def growing(text: str) -> str:
    """A text that is not complete yet: without a download marker that is just being written, and with the cursor."""
    start = text.rfind("\n") + 1
    line = text[start:]
    if line and (PREFIX.startswith(line) or line.startswith(PREFIX)):
        text = text[:start].rstrip()
    return f"{text}{CURSOR}"
