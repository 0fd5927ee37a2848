"""The check of an answer's words: every number in a sentence is looked for in the full results.

What a number is stands in `numbers`, where it may come from in `facts`. Nothing here runs a query.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from prosa.events import Span
from prosa.grounding.facts import Facts
from prosa.grounding.numbers import find
from prosa.results import Result

__all__ = ["Check"]


class Check:
    """The check of one answer, sentence by sentence: what its results, the statements behind them, the question and the
    texts of cited passages hold is read once."""

    def __init__(self, results: Sequence[Result], question: str, locale: str, texts: Sequence[str] = ()) -> None:
        self._facts = Facts(results, question, locale, texts)
        self._locale = locale
        self._long = any(result.held and result.total > len(result.head) for result in results)

    async def __call__(self, sentence: str) -> tuple[Span, ...]:
        """Every number, percentage, date and year of the sentence, and whether it was found."""
        # To hand a short check to a thread and take it back costs more than the check; a long result is decoded for it.
        return await asyncio.to_thread(self.spans, sentence) if self._long else self.spans(sentence)

    def spans(self, sentence: str) -> tuple[Span, ...]:
        """The same, in the caller's thread."""
        return tuple(
            Span(found.start, found.end, self._facts.confirm(found, sentence)) for found in find(sentence, self._locale)
        )
