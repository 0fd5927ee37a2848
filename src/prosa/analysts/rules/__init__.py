"""The rules analyst: plans without a model, always the same, and says what it did not understand.

The steps, a file each: words, links, readings, joins (with `frame`), ranking, SQL, phrasing. Grammar and lexicon are
data, in `data/`.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from threading import Lock

import msgspec

from prosa import locales
from prosa.analysts.base import Plan, PlannedQuery, Reads, Refusal, Say, Selection
from prosa.analysts.rules import doubts
from prosa.analysts.rules.followups import edited
from prosa.analysts.rules.glossary import Glossary
from prosa.analysts.rules.labels import Labels
from prosa.analysts.rules.measures import Measures
from prosa.analysts.rules.phrasing import sentence
from prosa.analysts.rules.ranking import Scored, odds
from prosa.analysts.rules.reading import Dimension, Field, Measure, Reading
from prosa.analysts.rules.referring import leans, refers
from prosa.analysts.rules.schema import Schema
from prosa.analysts.rules.telling import Told, tell
from prosa.analysts.rules.understanding import Understanding
from prosa.charts.style import ChartWish
from prosa.events import Clarification, Notice
from prosa.question import Context, Question
from prosa.results import Result
from prosa.sources.base import Catalog

__all__ = ["Glossary", "RulesAnalyst"]

_CATALOGS_KEPT = 8

_PLANNING = 2
"""How many questions are planned at a time. The interpreter runs one thread at a time anyway, and the event loop waits
for its turn among them: with six it waited 24 ms (95th percentile), with two 0.3 ms."""


class RulesAnalyst:
    """An `Analyst` made of rules. It keeps what it learned of the last eight catalogs, by fingerprint."""

    name = "rules"
    reads: Reads = "never"

    def __init__(self, glossary: Glossary | None = None) -> None:
        """`glossary`: named measures and synonyms of the user's own."""
        self._glossary = glossary
        self._known: OrderedDict[str, tuple[Schema, Measures]] = OrderedDict()
        self._lock = Lock()
        self._places = asyncio.Semaphore(_PLANNING)

    async def plan(self, question: Question, context: Context, selection: Selection) -> Plan | Clarification | Refusal:
        """The reading of the question as one statement; a question back, or a no with its reason."""
        async with self._places:
            return await asyncio.to_thread(self._plan, question, context, selection)

    async def revise(
        self, question: Question, context: Context, selection: Selection, plan: Plan, results: Sequence[Result]
    ) -> Plan | None:
        """Nothing: one statement answers what the rules understand."""
        return None

    async def respond(
        self, question: Question, context: Context, plan: Plan, results: Sequence[Result], locale: str, say: Say
    ) -> None:
        """Says what the result holds."""
        for result in results:
            tell(plan.meaning, result, locale, say)

    def _plan(self, question: Question, context: Context, selection: Selection) -> Plan | Clarification | Refusal:
        schema, named = self._knowledge(selection.database.catalog)
        locale, language = selection.classification.locale, selection.classification.language
        labels = Labels(schema, locale)
        today = question.as_of or date.today()
        understood = Understanding(question.text, language, schema, named, labels, today)
        notices: tuple[Notice, ...] = ()
        last_day = doubts.data_ends(understood)
        if last_day is not None:
            understood = Understanding(question.text, language, schema, named, labels, last_day)
            words = locales.text("notices.data_ends", locale, day=locales.day(last_day, locale))
            notices = (Notice("data_ends", words),)
        changed = self._changed(context, understood)
        if changed is not None:
            return _planned(changed, labels, notices)
        if context.history and leans(understood):
            understood.readings = [_beside(one) for one in understood.readings]
        doubt = doubts.about(understood, question.text)
        word = refers(understood) if context.history else ""
        if word and not isinstance(doubt, Refusal):
            return doubts.adrift(word, understood)
        return doubt or _planned(understood.readings[0], labels, notices)

    def _changed(self, context: Context, understood: Understanding) -> Scored | None:
        """The last question's reading as this one edits it."""
        state = context.history[-1].state if context.history else {}
        if not state.get("reading"):
            return None
        try:
            previous = msgspec.convert(state["reading"], Reading)
        except msgspec.ValidationError:
            return None
        edit = edited(previous, understood)
        changed = understood.scored(*edit) if edit is not None else None
        return _beside(changed) if changed is not None else None

    def _knowledge(self, catalog: Catalog) -> tuple[Schema, Measures]:
        with self._lock:
            found = self._known.get(catalog.fingerprint)
            if found is None:
                schema = Schema(catalog)
                found = self._known[catalog.fingerprint] = (schema, Measures(schema, self._glossary))
            self._known.move_to_end(catalog.fingerprint)
            while len(self._known) > _CATALOGS_KEPT:
                self._known.popitem(last=False)
            return found


def _beside(one: Scored) -> Scored:
    """What a fragment leaves to the question before it is less sure than what a whole question says."""
    return one.less("edited", max(0.0, odds(one.confidence)))


def _planned(best: Scored, labels: Labels, notices: tuple[Notice, ...]) -> Plan:
    reading = best.reading
    formats = _formats(reading, labels)
    return Plan(
        queries=(PlannedQuery(best.sql, formats=tuple(formats)),),
        reading=sentence(reading, labels),
        unknown=best.unknown,
        confidence=round(best.confidence, 3),
        chart=ChartWish(best.state.chart) if best.state.chart else None,
        notices=notices,
        meaning=_told(best, labels),
        state={"reading": msgspec.to_builtins(reading), "locale": locales.normalise(labels.locale)},
    )


def _formats(reading: Reading, labels: Labels) -> list[str]:
    """How the cells of each result column read, in the statement's order."""
    if reading.derived in ("exists", "ratio", "difference", "share_of_rows"):
        keys = [labels.format(part) for part in reading.dimensions]
        return [*keys, "percent" if reading.derived == "share_of_rows" else ""]
    first = [reading.per.field] if reading.per is not None and reading.shown else []
    parts: list[Field | Dimension | Measure] = [*first, *reading.shown, *reading.dimensions, *reading.measures]
    formats = [labels.format(part) for part in parts]
    if reading.derived in ("share", "growth"):
        formats.append("percent")
    return [*formats, formats[-1]] if reading.derived == "running" else formats


def _told(best: Scored, labels: Labels) -> Told:
    reading = best.reading
    return Told(
        groups=0 if reading.groups_counted else len(reading.dimensions),
        measures=len(reading.measures),
        additive=best.additive,
        ranked=reading.limit is not None,
        what=labels.table(reading.subject) if reading.subject else "",
    )
