"""One question on its way through the stages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import perf_counter
from typing import NamedTuple, Protocol

import msgspec

from prosa import locales
from prosa.analysts.base import Analyst, Classification, Plan, Refusal, Selection
from prosa.charts.style import ChartWish, Template
from prosa.errors import ModelError, QueryRefused, SourceError
from prosa.events import Clarification, Completed, FileReady, Interpreted, Notice
from prosa.identity import Principal
from prosa.pipeline import catalog, files
from prosa.pipeline.again import Again
from prosa.pipeline.classify import classify
from prosa.pipeline.documents import Documents, Papers
from prosa.pipeline.execute import Queries, chart, execute
from prosa.pipeline.files import Exports, Files, Material
from prosa.pipeline.heard import Heard
from prosa.pipeline.last import Last, keep_last, keep_state
from prosa.pipeline.papers import AskingDocuments
from prosa.pipeline.plan import DryRuns, ReadyQuery, both, plan, ready, refused, tell
from prosa.pipeline.respond import Speech, plainly
from prosa.pipeline.select import NO_DATA, Databases, of, select
from prosa.pipeline.stage import Running, running
from prosa.pipeline.wishes import Wishes, wishes
from prosa.question import Context, Emit, Question
from prosa.results import Provenance, Result
from prosa.sources.base import Database


class Workers(DryRuns, Queries, Exports, Protocol):
    """What the pipeline needs of the workers."""


class Results(files.Results, Protocol):
    """Keeps results for their owner, for pages and exports."""

    def put(self, principal: Principal, result: Result, database: Database, provenance: Provenance) -> None: ...


class Parts(NamedTuple):
    """What all questions share."""

    workers: Workers
    databases: Databases
    results: Results
    documents: Documents | None
    time_limit: float
    version: str
    template: Template


class Planned(NamedTuple):
    """A plan and its statements, ready to run."""

    plan: Plan
    queries: tuple[ReadyQuery, ...]


class Answering:
    """A question, who asks it and where its events go; `run` takes it through the stages that it needs."""

    def __init__(self, parts: Parts, analyst: Analyst, question: Question, context: Context, emit: Emit) -> None:
        self.parts = parts
        self.analyst = analyst
        self.asked = question.text
        self.wishes = wishes(question.text) if question.sql is None else Wishes(question.text)
        self.question = msgspec.structs.replace(question, text=self.wishes.rest)
        self.emit = Heard(context.run_id, question.text, emit)
        self.context = msgspec.structs.replace(context, emit=self.emit)
        self.begun = perf_counter()

    async def run(self) -> None:
        """Emits everything between the run's first entry and its last."""
        keep_last(self.context)
        classification = self._classify()
        if classification.intent in ("smalltalk", "chart", "export"):
            keep_state(self.context)
        if classification.intent == "smalltalk":
            await self._reply(classification)
        elif classification.intent in ("chart", "export"):
            await Again(self, classification).run()
        else:
            await self._ask(classification)

    async def _ask(self, classification: Classification) -> None:
        papers = self.papers(classification)
        if papers is not None and self.analyst.reads == "first" and classification.intent != "catalog":
            await self.from_data(await self.select(classification, papers), papers)
        elif papers is None or not await AskingDocuments(self, classification, papers).run():
            await self.from_data(await self.select(classification), papers)

    async def from_data(self, selection: Selection, papers: Papers | None = None) -> None:
        """What the data say or, where they are not what was asked for, the documents."""
        if selection.classification.intent == "catalog" and not catalog.about_data(
            self.question.text, selection.database.catalog
        ):
            await self._describe(selection)
            return
        selection = msgspec.structs.replace(selection, library=papers if self.analyst.reads != "never" else None)
        planned = await self.plan(selection, papers)
        if isinstance(planned, Planned) and papers is not None and selection.library is not None:
            papers.take(planned.plan.cited)
            await self.finish(selection, planned, papers)
        elif planned is not None:
            await self.finish(selection, planned)
        elif papers is not None:
            await AskingDocuments(self, selection.classification, papers).tell()

    async def finish(
        self, selection: Selection, planned: Planned | Clarification | Refusal | None, papers: Papers | None = None
    ) -> None:
        """Everything after the plan; `papers` hold the documents' half of the answer."""
        locale = selection.classification.locale
        if isinstance(planned, Planned):
            plan, results, made = await self._execute(selection, planned, papers)
            await self._respond(selection, plan, results, made, papers)
            return
        if papers is not None:
            told = planned.words if isinstance(planned, Refusal) else ""
            await AskingDocuments(self, selection.classification, papers).tell(told)
        if isinstance(planned, Clarification):
            self.emit(planned)
        elif isinstance(planned, Refusal) and papers is None:
            await self.refuse(planned, locale)

    def papers(self, classification: Classification) -> Papers | None:
        """The documents that may be asked, if any."""
        documents, question, who = self.parts.documents, self.question, self.context.principal
        if documents is None or classification.intent == "sql" or (question.sources and not question.documents):
            return None
        return Papers(documents, question, self.context, classification.locale) if documents.any(who) else None

    def asks_data(self) -> bool:
        """Whether there are data to ask; where there is neither, opening them says so."""
        if self.question.documents and not self.question.sources:
            return False
        return bool(self.question.sources) or self.parts.databases.any(self.context.principal)

    def _classify(self) -> Classification:
        with running("classify", self.emit) as stage:
            classification = self._settled(classify(self.question, self.context, self.wishes))
            stage.summary = locales.text(f"stages.intent_{classification.intent}", classification.locale)
        return classification

    def _settled(self, classification: Classification) -> Classification:
        """The intent as far as there is something to ask."""
        intent, papers = classification.intent, self.papers(classification)
        if intent == "documents" and papers is None:
            intent = "data"
        elif intent == "data" and papers is not None and not self.asks_data():
            intent = "documents"
        return msgspec.structs.replace(classification, intent=intent)

    async def _reply(self, classification: Classification) -> None:
        async with self.speech(classification.locale) as speech:
            speech.say(classification.reply)

    async def select(self, classification: Classification, papers: Papers | None = None) -> Selection:
        """The second stage: the database and, where they are asked as well, the documents."""
        locale = classification.locale
        found, counted = of(NO_DATA, classification), []
        with running("select", self.emit) as stage:
            if papers is None or self.asks_data():
                found = await select(self.question, self.context, classification, self.parts.databases, stage)
                count = len(found.database.catalog.tables)
                counted.append(locales.text("stages.selected", locale, count=count, n=count))
            if papers is not None:
                await self._open(papers, stage, needed=not counted)
                counted.append(papers.counted)
            stage.summary = ", ".join(counted)
        return found

    async def _open(self, papers: Papers, stage: Running, *, needed: bool) -> None:
        """Documents that nobody named and that can't be read are no reason to leave the data unasked."""
        try:
            await papers.open(stage.progress)
        except SourceError as error:
            if self.question.documents or needed:
                raise
            self.emit(Notice("documents_left_out", error.sentence(papers.locale)))

    async def _describe(self, selection: Selection) -> None:
        locale = selection.classification.locale
        listed = selection.database.catalog
        with running("respond", self.emit):
            async with self.speech(locale) as speech:
                catalog.tell(catalog.asked(self.question.text, listed), listed, locale, speech.say)

    async def plan(
        self, selection: Selection, papers: Papers | None = None
    ) -> Planned | Clarification | Refusal | None:
        """What to run; None where the data are not what was asked for and these documents answer."""
        locale = selection.classification.locale
        with running("plan", self.emit) as stage:
            made = await self._made(selection, papers)
            if made is None or await self._documents_say(papers, made, stage):
                stage.summary = locales.text("stages.refusal", locale)
                return None
            planned = await self.readied(made, selection) if isinstance(made, Plan) else made
            if isinstance(planned, Planned):
                count = len(planned.queries)
                stage.summary = locales.text("stages.planned", locale, count=count, n=count)
            else:
                stage.summary = locales.text(f"stages.{type(planned).__name__.lower()}", locale)
        return planned

    async def _made(self, selection: Selection, papers: Papers | None) -> Plan | Clarification | Refusal | None:
        """What the analyst makes of it; None where it fails at documents that the pipeline has looked into before."""
        try:
            return await plan(self.question, self.context, selection, self.analyst)
        except ModelError as error:
            if papers is None or self.analyst.reads != "last" or selection.database.catalog.tables:
                raise
            self.emit(Notice(error.code, error.sentence(papers.locale)))
            return None

    async def _documents_say(self, papers: Papers | None, made: Plan | Clarification | Refusal, stage: Running) -> bool:
        """Whether documents answer what this plan does not, as far as the pipeline's own search is asked."""
        if papers is None or self.analyst.reads == "first":
            return False
        return await papers.answer_instead(made, stage.progress)

    async def readied(self, made: Plan, selection: Selection, first: int = 1) -> Planned | Refusal:
        """The plan told and its statements guarded and dry-run; a Refusal where a person's own SQL is refused."""
        tell(made, self.emit)
        self.context.remember.update(made.state)
        try:
            return Planned(made, await ready(made, selection, self.parts.workers, self.emit, first))
        except QueryRefused as error:
            if selection.classification.intent != "sql":
                raise
            return refused(error, selection.classification.locale)

    async def refuse(self, refusal: Refusal, locale: str) -> None:
        """Says no, and ends the run so."""
        if refusal.reading or refusal.unknown:
            self.emit(Interpreted(refusal.reading, refusal.unknown))
        async with self.speech(locale, () if refusal.doubted else None) as speech:
            speech.say(refusal.words)
        self.emit(Completed("refused", round((perf_counter() - self.begun) * 1000, 3)))

    async def _execute(
        self, selection: Selection, planned: Planned, papers: Papers | None
    ) -> tuple[Plan, tuple[Result, ...], Sequence[FileReady]]:
        locale = selection.classification.locale
        with running("execute", self.emit) as stage:
            if papers is not None:
                papers.show(self.emit, interpreted=False)
            plan, queries = planned
            results = await self.results_of(selection, queries, stage)
            second = await self._revised(selection, plan, results, len(queries) + 1)
            if second is not None:
                plan, queries = both(plan, second.plan), second.queries
                results += await self.results_of(selection, queries, stage)
                if papers is not None and second.plan.cited:
                    papers.take(second.plan.cited)
                    papers.show(self.emit, interpreted=False)
            made = await self._show(plan, queries, results, locale, stage) if results else []
            rows = results[-1].total if results else 0
            stage.summary = locales.text("stages.executed", locale, count=rows, n=locales.number(rows, locale))
            if papers is not None and not results:
                stage.summary = papers.summary
        return plan, results, made

    async def _show(
        self, plan: Plan, queries: tuple[ReadyQuery, ...], results: Sequence[Result], locale: str, stage: Running
    ) -> Sequence[FileReady]:
        """The chart of the last result, and the files that were wished for."""
        wish = (self.wishes.chart or ChartWish()).over(plan.chart or ChartWish())
        drawn = chart(results[-1], wish, locale, plan.reading, self.parts.template)
        if drawn is not None:
            self.emit(drawn)
        Last(
            results[-1].id, self.asked, queries[-1].planned, self.question.limit, plan.reading, wish, drawn is not None
        ).remember(self.context)
        wished = self.wishes.with_formats(plan.exports)
        if not wished.export:
            return []
        stored = self.parts.results.get(self.context.principal, results[-1].id)
        material = Material(stored, drawn, self.emit.answer)
        return await self.files(locale).make(wished, material, stage, needed=self.wishes.export)

    def files(self, locale: str) -> Files:
        """What makes files for the person who asks."""
        parts = self.parts
        return Files(
            self.context.principal, parts.results, parts.workers, self.emit,
            locale=self.question.locale, language=locale, version=parts.version,
        )  # fmt: skip

    async def results_of(
        self, selection: Selection, queries: tuple[ReadyQuery, ...], stage: Running
    ) -> tuple[Result, ...]:
        """Runs the statements, shows their tables and keeps their results."""
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
        made = await self.readied(more, selection, first)
        assert isinstance(made, Planned), "only a person's own SQL is refused here"
        return made

    async def _respond(
        self,
        selection: Selection,
        plan: Plan,
        results: tuple[Result, ...],
        made: Sequence[FileReady],
        papers: Papers | None,
    ) -> None:
        locale = selection.classification.locale
        with running("respond", self.emit) as stage:
            async with self.speech(locale, results, papers) as speech:
                if papers is not None:
                    papers.tell(speech.say)
                    speech.pause()
                if selection.classification.intent == "sql":
                    plainly(results, locale, speech.say)
                else:
                    await self.analyst.respond(self.question, self.context, plan, results, locale, speech.say)
                if made:
                    speech.say(locales.text("answers.files_plain", locale, count=len(made)))
            key = "stages.spoken_unconfirmed" if speech.unconfirmed else "stages.spoken"
            stage.summary = locales.text(key, locale, count=speech.sentences, n=speech.sentences)

    @asynccontextmanager
    async def speech(
        self, locale: str, results: Sequence[Result] | None = None, papers: Papers | None = None
    ) -> AsyncIterator[Speech]:
        """Sentences of one block, shown as they are said; their numbers may come from cited papers, too."""
        speech = Speech(self.emit, self.question.text, locale, results, papers.texts if papers is not None else ())
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
            question=self.asked,
            sql=query.guarded.sql,
            source=selection.database.name,
            run_id=self.context.run_id,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            rows=result.total,
            complete=not result.truncated,
            held=result.held,
            version=self.parts.version,
        )
