"""When not to answer: a question back where two readings are close, a no where the best one is not sure enough."""

from __future__ import annotations

from datetime import date
from itertools import chain

from prosa import locales
from prosa.analysts.base import Refusal
from prosa.analysts.rules.phrasing import sentence, span
from prosa.analysts.rules.ranking import Scored, leftover, odds
from prosa.analysts.rules.reading import Period, Reading, alternatives
from prosa.analysts.rules.readings.state import State
from prosa.analysts.rules.understanding import Understanding
from prosa.events import Clarification, Option, Word

SURE = 0.48
"""Below this a reading is not good enough to answer with."""
ASKABLE = 0.25
"""Below `SURE`, a reading that explains every word is still good enough to ask about, beside another one."""
CLOSE = 0.04
"""A second reading at least this near to the first one, in log-odds, is worth asking about."""
_MOST_OPTIONS = 4
_MOST_TABLES = 8


def about(understood: Understanding, question: str) -> Clarification | Refusal | None:
    """What speaks against answering with the first reading; None where nothing does."""
    readings = understood.readings
    if understood.writes:
        locale = understood.labels.locale
        return Refusal("write", locales.text("refusals.write", locale))
    if not readings:
        return _refusal(understood, None)
    best = readings[0]
    close = [one for one in readings if odds(best.confidence) - odds(one.confidence) <= CLOSE]
    if len(close) > 1 and (best.confidence >= SURE or _worth_asking(best)):
        return _which(close[:_MOST_OPTIONS], understood, question)
    return _refusal(understood, best) if best.confidence < SURE else _out_of_range(best, understood)


def _worth_asking(best: Scored) -> bool:
    """Whether the doubt is in the choice, not in words that were left aside."""
    return best.confidence >= ASKABLE and not best.unknown and not best.state.ignored


def adrift(word: str, understood: Understanding) -> Refusal:
    """A no where a word stands for the rows of an answer before that can't be taken up: there was none, or the question
    asks of them what is not understood."""
    locale = understood.labels.locale
    return Refusal("adrift", locales.text("refusals.adrift", locale, words=_quoted([word], locale)))


def data_ends(understood: Understanding) -> date | None:
    """The last day of the data, where the question counts back from a today by which the data has ended already."""
    if not understood.readings:
        return None
    for one in chain.from_iterable(_periods(understood.readings[0].reading)):
        info = understood.schema.column(one.field)
        if one.relative and one.start and isinstance(info.max, str) and one.start > info.max[:10]:
            return date.fromisoformat(info.max[:10])
    return None


def _which(close: list[Scored], understood: Understanding, question: str) -> Clarification:
    labels = understood.labels
    first = close[0].state
    options = tuple(
        Option(sentence(one.reading, labels).rstrip("."), _reworded(question, one.state, first, understood), one.sql)
        for one in close
    )  # fmt: skip
    return Clarification(locales.text("refusals.which", labels.locale), options)


def _reworded(question: str, state: State, first: State, understood: Understanding) -> str:
    """The question with the words that the readings see differently replaced by the names that this one sees."""
    other = state if state is not first else None
    rivals = [atom for atom in (other or first).atoms if atom.target.table]
    text = question
    for atom in reversed(rivals):
        alike = [one for one in first.atoms if one.start == atom.start and one.target == atom.target]
        if other is not None and alike:
            continue
        if other is None and not understood.contested(atom):
            continue
        start, end = understood.tokens[atom.start].start, understood.tokens[atom.end - 1].end
        text = text[:start] + understood.labels.target(atom.target) + text[end:]
    return text


def _out_of_range(best: Scored, understood: Understanding) -> Refusal | None:
    """A no where the data has nothing of the asked period, before or after."""
    for periods in _periods(best.reading):
        info = understood.schema.column(periods[0].field)
        if not isinstance(info.min, str) or not isinstance(info.max, str):
            continue
        first, last = info.min[:10], info.max[:10]
        if all(_outside(one, first, last) for one in periods):
            return _nothing_then(periods[0], first, last, understood)
    return None


def _periods(reading: Reading) -> list[list[Period]]:
    """The periods that rows must meet, alternatives together."""
    either = [list(periods) for one in reading.conditions if (periods := alternatives(one))]
    return [*([one] for one in reading.periods if not one.negated), *either]


def _outside(one: Period, first: str, last: str) -> bool:
    return bool((one.end and one.end <= first) or (one.start and one.start > last))


def _nothing_then(one: Period, first: str, last: str, understood: Understanding) -> Refusal:
    labels = understood.labels
    words = locales.text(
        "refusals.out_of_range",
        labels.locale,
        period=span(one, labels),
        what=labels.column(one.field),
        first=locales.day(date.fromisoformat(first), labels.locale),
        last=locales.day(date.fromisoformat(last), labels.locale),
    )
    return Refusal("out_of_range", words)


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
    impossible = understood.failure in ("fans_out", "contradiction")
    code = "unsure" if best is not None and not impossible else understood.failure or "nothing_asked"
    return code, locales.text(f"refusals.{code}", locale, tables=_tables(understood))


def _strange(understood: Understanding) -> tuple[Word, ...]:
    """The words of the likeliest row of atoms that nothing explains."""
    places = [place for atom in understood.strange for place in range(atom.start, atom.end)]
    found = [understood.tokens[place] for place in places]
    return tuple(Word(token.text, token.start, token.end) for token in found)


def _quoted(words: list[str], locale: str) -> str:
    marks = [f"“{word}”" for word in dict.fromkeys(words)]
    return locales.text("reading.and", locale).join([part for part in (", ".join(marks[:-1]), marks[-1]) if part])


def _tables(understood: Understanding) -> str:
    names = [understood.labels.table(table.name) for table in understood.schema.catalog.tables]
    return ", ".join(names[:_MOST_TABLES]) + (" …" if len(names) > _MOST_TABLES else "")
