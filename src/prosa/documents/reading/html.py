"""HTML by libxml2: what a reader of the page would see, in its order. Nothing is loaded, nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree, html

from prosa.documents.decoding import decoded
from prosa.documents.values import Block, Content, Limits, Progress
from prosa.errors import SourceError

_UNSEEN = frozenset({
    "script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "embed", "canvas", "audio",
    "video", "select", "option",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
})  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CELLS = frozenset({"td", "th"})
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def content(path: Path, limits: Limits, progress: Progress) -> Content:
    """The visible text of the page. SourceError where there is no page."""
    progress(0, 1)
    data = path.read_bytes()
    declared = _CHARSET.search(data[:4096])
    text = decoded(data, declared[1].decode() if declared else "")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise SourceError("document_empty", name=path.name) from error
    title = " ".join((root.findtext(".//title") or "").split())
    return Content(tuple(_Walk().blocks(root)), title)


class _Walk:
    """Gathers words until the element around them ends."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._level = 0

    def blocks(self, root: Any) -> Iterator[Block]:
        unseen: Any = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if unseen is not None:
                if event == "end" and element is unseen:
                    unseen = None
                    self._words.append(element.tail or "")
                continue
            if event == "start" and _is_unseen(element):
                unseen = element
            elif event == "start":
                yield from self._start(element)
            else:
                yield from self._end(element)
        yield from self._flush()

    def _start(self, element: Any) -> Iterator[Block]:
        tag = element.tag
        if tag == "br":
            self._words.append("\n")
        elif tag not in _INLINE and tag not in _CELLS:
            yield from self._flush()
        self._level = _HEADINGS.get(tag, self._level)
        self._words.append(element.text or "")

    def _end(self, element: Any) -> Iterator[Block]:
        tag = element.tag
        if tag in _CELLS:
            if element.getnext() is not None:
                self._words.append(" | ")
        elif tag not in _INLINE and tag != "br":
            yield from self._flush()
        if tag in _HEADINGS:
            self._level = 0
        self._words.append(element.tail or "")

    def _flush(self) -> Iterator[Block]:
        lines = (" ".join(line.split()) for line in "".join(_flat(self._words)).split("\v"))
        text = "\n".join(line for line in lines if line.strip("| "))
        self._words.clear()
        if text:
            yield Block(" ".join(text.split()) if self._level else text, self._level)


def _flat(words: list[str]) -> Iterator[str]:
    """Line breaks of the source mean nothing; those of `<br>` do."""
    for word in words:
        yield "\v" if word == "\n" else word


def _is_unseen(element: Any) -> bool:
    if element.tag in _UNSEEN or element.get("hidden") is not None:
        return True
    return _HIDDEN.search(element.get("style") or "") is not None
