"""The check of an answer's words: every number in a sentence is looked for in the full results.

What a number is stands in `numbers`, where it may come from in `facts`. Nothing here runs a query.
"""

from __future__ import annotations

from collections.abc import Sequence

from prosa.events import Span
from prosa.grounding.facts import Facts
from prosa.grounding.numbers import find
from prosa.results import Result

__all__ = ["check"]


def check(
    sentence: str, results: Sequence[Result], question: str, locale: str, texts: Sequence[str] = ()
) -> tuple[Span, ...]:
    """Every number, percentage, date and year of the sentence, and whether the results, the statements behind them, the
    question or the texts of cited passages hold it. A held result longer than its head is decoded: call from a thread
    where there is one."""
    facts = Facts(results, question, locale, texts)
    spans = []
    for found in find(sentence, locale):
        spans.append(Span(found.start, found.end, facts.confirm(found, sentence)))
    return tuple(spans)
