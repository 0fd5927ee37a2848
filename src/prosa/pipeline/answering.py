"""One question on its way through the stages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import perf_counter
from typing import NamedTuple, Protocol

from prosa import locales
from prosa.analysts.base import Analyst, Classification, Plan, Refusal, Selection
from prosa.errors import QueryRefused
from prosa.events import Clarification, Completed, Interpreted
from prosa.identity import Principal
from prosa.pipeline import catalog
from prosa.pipeline.classify import classify
from prosa.pipeline.execute import Queries, chart, execute
from prosa.pipeline.plan import DryRuns, ReadyQuery, plan, ready, refused, tell
from prosa.pipeline.respond import Speech, plainly
from prosa.pipeline.select import Databases, select
from prosa.pipeline.stage import Running, running
from prosa.question import Context, Emit, Question
from prosa.results import Provenance, Result
from prosa.sources.base import Database


class Workers(DryRuns, Queries, Protocol):
    """What the pipeline needs of the workers."""


class Results(Protocol):
    """Keeps results for their owner, for pages and exports."""

    def put(self, principal: Principal, result: Result, database: Database, provenance: Provenance) -> None: ...


class Parts(NamedTuple):
    """What all questions share."""

    workers: Workers
    databases: Databases
    results: Results
    time_limit: float
    version: str


class Planned(NamedTuple):
    """A plan and its statements, ready to run."""

    plan: Plan
    queries: tuple[ReadyQuery, ...]


class Answering:
    """A question, who asks it and where its events go; `run` takes it through the stages that it needs."""

    def __init__(self, parts: Parts, analyst: Analyst, question: Question, context: Context, emit: Emit) -> None:
        self.parts = parts
        self.analyst = analyst
        self.question = question
        self.context = context
        self.emit = emit
        self.begun = perf_counter()

    async def run(self) -> None:
        """Emits everything between the run's first entry and its last."""
        classification = self._classify()
        if classification.intent == "smalltalk":
            await self._reply(classification)
            return
        selection = await self._select(classification)
        if classification.intent == "catalog" and not catalog.about_data(
            self.question.text, selection.database.catalog
        ):
            await self._describe(selection)
            return
        planned = await self._plan(selection)
        if isinstance(planned, Clarification):
            self.emit(planned)
        elif isinstance(planned, Refusal):
            await self._refuse(planned, classification.locale)
        else:
            plan, results = await self._execute(selection, planned)
            await self._respond(selection, plan, results)

    def _classify(self) -> Classification:
        with running("classify", self.emit) as stage:
            classification = classify(self.question, self.context)
            stage.summary = locales.text(f"stages.intent_{classification.intent}", classification.locale)
        return classification

    async def _reply(self, classification: Classification) -> None:
        async with self._speech(classification.locale) as speech:
            speech.say(classification.reply)

    async def _select(self, classification: Classification) -> Selection:
        with running("select", self.emit) as stage:
            found = await select(self.question, self.context, classification, self.parts.databases, stage)
            count = len(found.database.catalog.tables)
            stage.summary = locales.text("stages.selected", classification.locale, count=count, n=count)
        return found

    async def _describe(self, selection: Selection) -> None:
        locale = selection.classification.locale
        listed = selection.database.catalog
        with running("respond", self.emit):
            async with self._speech(locale) as speech:
                catalog.tell(catalog.asked(self.question.text, listed), listed, locale, speech.say)

    async def _plan(self, selection: Selection) -> Planned | Clarification | Refusal:
        locale = selection.classification.locale
        with running("plan", self.emit) as stage:
            made = await plan(self.question, self.context, selection, self.analyst)
            planned = await self._readied(made, selection) if isinstance(made, Plan) else made
            if isinstance(planned, Planned):
                count = len(planned.queries)
                stage.summary = locales.text("stages.planned", locale, count=count, n=count)
            else:
                stage.summary = locales.text(f"stages.{type(planned).__name__.lower()}", locale)
        return planned

    async def _readied(self, made: Plan, selection: Selection, first: int = 1) -> Planned | Refusal:
        tell(made, self.emit)
        self.context.remember.update(made.state)
        try:
            return Planned(made, await ready(made.queries, selection, self.parts.workers, self.emit, first))
        except QueryRefused as error:
            if selection.classification.intent != "sql":
                raise
            return refused(error, selection.classification.locale)

    async def _refuse(self, refusal: Refusal, locale: str) -> None:
        if refusal.reading or refusal.unknown:
            self.emit(Interpreted(refusal.reading, refusal.unknown))
        async with self._speech(locale) as speech:
            speech.say(refusal.words)
        self.emit(Completed("refused", round((perf_counter() - self.begun) * 1000, 3)))

    async def _execute(self, selection: Selection, planned: Planned) -> tuple[Plan, tuple[Result, ...]]:
        locale = selection.classification.locale
        with running("execute", self.emit) as stage:
            plan, queries = planned
            results = await self._run(selection, queries, stage)
            second = await self._revised(selection, plan, results, len(queries) + 1)
            if second is not None:
                plan = second.plan
                results += await self._run(selection, second.queries, stage)
            drawn = chart(results[-1], plan.chart, locale, plan.reading) if results else None
            if drawn is not None:
                self.emit(drawn)
            rows = results[-1].total if results else 0
            stage.summary = locales.text("stages.executed", locale, count=rows, n=locales.number(rows, locale))
        return plan, results

    async def _run(self, selection: Selection, queries: tuple[ReadyQuery, ...], stage: Running) -> tuple[Result, ...]:
        results = []
        for query in queries:
            result = await execute(
                query, selection, self.parts.workers, self.emit, stage,
                time_limit=self.parts.time_limit, row_limit=self.question.limit,
            )  # fmt: skip
            self.parts.results.put(
                self.context.principal, result, selection.database, self._provenance(query, result, selection)
            )
            results.append(result)
        return tuple(results)

    async def _revised(self, selection: Selection, plan: Plan, results: Sequence[Result], first: int) -> Planned | None:
        if selection.classification.intent == "sql":
            return None
        more = await self.analyst.revise(self.question, self.context, selection, plan, results)
        if more is None:
            return None
        made = await self._readied(more, selection, first)
        assert isinstance(made, Planned), "only a person's own SQL is refused here"
        return made

    async def _respond(self, selection: Selection, plan: Plan, results: tuple[Result, ...]) -> None:
        locale = selection.classification.locale
        with running("respond", self.emit) as stage:
            async with self._speech(locale, results) as speech:
                if selection.classification.intent == "sql":
                    plainly(results, locale, speech.say)
                else:
                    await self.analyst.respond(self.question, self.context, plan, results, locale, speech.say)
            key = "stages.spoken_unconfirmed" if speech.unconfirmed else "stages.spoken"
            stage.summary = locales.text(key, locale, count=speech.sentences, n=speech.sentences)

    @asynccontextmanager
    async def _speech(self, locale: str, results: Sequence[Result] | None = None) -> AsyncIterator[Speech]:
        speech = Speech(self.emit, self.question.text, locale, results)
        # A task and no TaskGroup, which would wrap a ProsaError of the analyst in a group.
        speaking = asyncio.create_task(speech.speak())
        try:
            yield speech
            speech.end()
            await speaking
        finally:
            speaking.cancel()

    def _provenance(self, query: ReadyQuery, result: Result, selection: Selection) -> Provenance:
        return Provenance(
            question=self.question.text,
            sql=query.guarded.sql,
            source=selection.database.name,
            run_id=self.context.run_id,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            rows=result.total,
            complete=not result.truncated,
            held=result.held,
            version=self.parts.version,
        )
