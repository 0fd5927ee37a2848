"""An answer as one running Markdown text, for protocols that know nothing but words."""

from __future__ import annotations

from typing import Any

from prosa import locales
from prosa.events import Clarification, Completed, Event, FileReady, Passage, Sources, Started, Text


class Words:
    """Gives each event's share of the text. Sources and files come as lists at the end; `base` is put before the
    addresses of our own files, since whoever reads the text may be on another host."""

    def __init__(self, base: str = "") -> None:
        self._base = base
        self._locale = locales.EN
        self._block: int | None = None
        self._passages: list[Passage] = []
        self._files: list[FileReady] = []

    def of(self, event: Event) -> str:
        """What to append for an event; mostly nothing."""
        match event:
            case Started():
                self._locale = event.locale
            case Text():
                return self._text(event)
            case Sources():
                self._passages += event.passages
            case FileReady():
                self._files.append(event)
            case Clarification():
                return self._apart(event.words)
            case Completed():
                return self._end()
        return ""

    def _text(self, event: Text) -> str:
        if event.block == self._block or not event.delta:
            return event.delta
        apart = self._apart(event.delta)
        self._block = event.block
        return apart

    def _apart(self, text: str) -> str:
        before, self._block = self._block, -1
        return text if before is None else f"\n\n{text}"

    def _end(self) -> str:
        cited = dict.fromkeys(f"- {_cited(passage, self._locale)}" for passage in self._passages)
        files = [f"- {link(file.name, address(self._base, file.url))}" for file in self._files]
        lists = [("sources", [*cited]), ("files", files)]
        return "".join(
            self._apart("\n".join([locales.text(f"chat.{name}", self._locale), "", *lines]))
            for name, lines in lists
            if lines
        )


def source(passage: Passage) -> dict[str, Any]:
    """A cited passage as the wires tell it that have a place for it."""
    return {
        "document": passage.document,
        "page": passage.page,
        "passage": passage.passage,
        "score": passage.score,
    }


def link(name: str, url: str) -> str:
    """A Markdown link whose name may hold anything."""
    safe = name.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"[{safe}]({url.replace(' ', '%20').replace(')', '%29')})"


def address(base: str, url: str) -> str:
    """An address of ours as one that leads here from anywhere."""
    return f"{base.rstrip('/')}{url}" if url.startswith("/") else url


def _cited(passage: Passage, locale: str) -> str:
    if passage.page is None:
        return passage.document
    return locales.text("chat.page", locale, document=passage.document, page=passage.page)
