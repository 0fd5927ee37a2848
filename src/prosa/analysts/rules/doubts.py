"""When not to answer: a question back where two readings are close, a no where the best one is not sure enough."""

from __future__ import annotations

from prosa import locales
from prosa.analysts.base import Refusal
from prosa.analysts.rules.phrasing import sentence
from prosa.analysts.rules.ranking import Scored, leftover
from prosa.analysts.rules.understanding import Understanding
from prosa.events import Clarification, Option, Word

SURE = 0.62
"""Below this a reading is not good enough to answer with."""
CLOSE = 0.985
"""A second reading at least this near to the first one, by ratio, is worth asking about."""
_MOST_OPTIONS = 4
_MOST_TABLES = 8


def about(understood: Understanding, question: str) -> Clarification | Refusal | None:
    """What speaks against answering with the first reading; None where nothing does."""
    readings = understood.readings
    if not readings:
        return _refusal(understood, None)
    best = readings[0]
    if best.confidence < SURE:
        return _refusal(understood, best)
    close = [one for one in readings if one.confidence >= CLOSE * best.confidence]
    if len(close) > 1:
        return _which(close[:_MOST_OPTIONS], understood, question)
    return None


def _which(close: list[Scored], understood: Understanding, question: str) -> Clarification:
    labels = understood.labels
    options = tuple(Option(sentence(one.reading, labels), question, one.sql) for one in close)
    return Clarification(locales.text("refusals.which", labels.locale), options)


def _refusal(understood: Understanding, best: Scored | None) -> Refusal:
    locale = understood.labels.locale
    unknown = best.unknown if best else _strange(understood)
    code, words = _reason(understood, best, unknown)
    parts = [words]
    if best is not None and not unknown:
        parts.append(locales.text("refusals.nearest", locale, reading=sentence(best.reading, understood.labels)))
    parts.append(locales.text("refusals.offer", locale, tables=_tables(understood)))
    return Refusal(code, " ".join(parts), unknown=unknown)


def _reason(understood: Understanding, best: Scored | None, unknown: tuple[Word, ...]) -> tuple[str, str]:
    locale = understood.labels.locale
    if unknown:
        return "unknown_words", locales.text(
            "refusals.unknown_words", locale, words=_quoted([one.text for one in unknown], locale)
        )
    if best is not None and best.state.ignored:
        ignored = [leftover(atom, understood.tokens) for atom in best.state.ignored]
        return "ignored_words", locales.text("refusals.ignored_words", locale, words=_quoted(ignored, locale))
    code = "unsure" if best is not None else understood.failure or "nothing_asked"
    return code, locales.text(f"refusals.{code}", locale, tables=_tables(understood))


def _strange(understood: Understanding) -> tuple[Word, ...]:
    """The words of the likeliest row of atoms that nothing explains."""
    return ()


def _quoted(words: list[str], locale: str) -> str:
    marks = [f"“{word}”" for word in dict.fromkeys(words)]
    return locales.text("reading.and", locale).join([part for part in (", ".join(marks[:-1]), marks[-1]) if part])


def _tables(understood: Understanding) -> str:
    names = [understood.labels.table(table.name) for table in understood.schema.catalog.tables]
    return ", ".join(names[:_MOST_TABLES]) + (" …" if len(names) > _MOST_TABLES else "")
