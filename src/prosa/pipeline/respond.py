"""The last stage: sentences, each shown with what the check of its numbers found."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from prosa import locales
from prosa.analysts.base import Say
from prosa.events import Checked, Span, Text
from prosa.grounding import Check
from prosa.question import Emit
from prosa.results import Result

_PARAGRAPH = "\n\n"


class Speech:
    """Says sentences in one block. `say` takes them at once; `speak` checks and shows what waits, in order. Without
    results there is nothing that numbers could be checked against, and no check is told of; `texts` are passages that
    numbers may come from as well."""

    def __init__(
        self,
        emit: Emit,
        question: str,
        locale: str,
        results: Sequence[Result] | None = None,
        texts: Sequence[str] = (),
    ) -> None:
        self._emit = emit
        self._check = Check(results, question, locale, texts) if results is not None else None
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue()
        self._length = 0
        self._gap = " "
        self.sentences = 0
        self.unconfirmed = 0

    def say(self, sentence: str) -> None:
        """Hands over one finished sentence."""
        self._waiting.put_nowait(sentence.strip())

    def pause(self) -> None:
        """The next sentence begins a paragraph."""
        self._waiting.put_nowait(_PARAGRAPH)

    def end(self) -> None:
        """No sentence follows."""
        self._waiting.put_nowait(None)

    async def speak(self) -> None:
        """Checks and shows sentences as they come, until `end`."""
        while (sentence := await self._waiting.get()) is not None:
            if sentence == _PARAGRAPH:
                self._gap = _PARAGRAPH
            elif sentence:
                await self._show(sentence)
                self._gap = " "

    async def _show(self, sentence: str) -> None:
        spans = await self._check(sentence) if self._check is not None else ()
        delta = f"{self._gap}{sentence}" if self._length else sentence
        start = self._length + len(delta) - len(sentence)
        self._emit(Text(0, delta))
        placed = tuple(Span(span.start + start, span.end + start, span.confirmed) for span in spans)
        if placed:
            self._emit(Checked(0, placed))
        self._length += len(delta)
        self.sentences += 1
        self.unconfirmed += sum(not span.confirmed for span in spans)


def plainly(results: Sequence[Result], locale: str, say: Say) -> None:
    """What can be said of any result: its only cell, or how many rows it has."""
    for result in results:
        if result.total == 1 and len(result.columns) == 1:
            cell, name = result.head[0][0], result.columns[0].name
            say(locales.text("answers.only_cell", locale, name=name, value=_cell(cell, locale)))
        else:
            n = locales.number(result.total, locale)
            say(locales.text("answers.rows", locale, count=result.total, n=n))
        if result.truncated:
            say(locales.text("answers.truncated", locale, n=locales.number(result.total, locale)))


def _cell(cell: object, locale: str) -> str:
    if cell is None:
        return locales.text("answers.nothing", locale)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return locales.number(cell, locale)
    return cell if isinstance(cell, str) else msgspec.json.encode(cell).decode()
