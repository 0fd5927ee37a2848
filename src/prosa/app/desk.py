"""`Desk`: the parts put together over one set of sources, and the questions that are put to them."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from prosa.app.locations import Pairs
from prosa.config import Settings, by_name
from prosa.errors import AccessError, UsageError
from prosa.events import Entry
from prosa.identity import LOCAL, Principal
from prosa.question import Answerer, Question
from prosa.results import plain

if TYPE_CHECKING:
    from prosa.analysts.llm import LlmAnalyst
    from prosa.app.tracing import Tracing
    from prosa.charts.style import Template
    from prosa.conversations.store import ConversationStore
    from prosa.exports.archive import Archive
    from prosa.exports.store import Store, StoredFile, StoredResult
    from prosa.runs import Run, RunManager
    from prosa.workers.databases import Databases
    from prosa.workers.documents import Documents
    from prosa.workers.pool import Export, Page, PageRequest, Progress, Workers

_MOST_ROWS = 2**63 - 1


class Desk:
    """Workers, databases, results, conversations and runs; an async context manager.

    `sources` are (name, location) pairs, beside those of the settings; `answerer` replaces the staged pipeline; with
    `keep`, conversations are kept in `settings.data_dir`, else there are none. Once it is open, `data` and `papers` are
    the sources that hold data and those that hold documents, `model` is the language model of the settings, and
    `pipeline` are the stages, whoever answers.
    """

    workers: Workers
    databases: Databases
    documents: Documents
    results: Store
    conversations: ConversationStore | None
    model: LlmAnalyst | None
    pipeline: Answerer
    runs: RunManager
    template: Template
    data: Pairs
    papers: Pairs

    def __init__(
        self,
        settings: Settings,
        sources: Iterable[tuple[str, str]] = (),
        *,
        answerer: Answerer | None = None,
        keep: bool = False,
    ) -> None:
        self.settings = settings
        self.sources = (*settings.sources.items(), *sources)
        self._answerer = answerer
        self._keep = keep
        self._parts = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Opens everything; on an error, closes what was open. StorageError."""
        async with AsyncExitStack() as parts:
            await self._open(parts)
            self._parts = parts.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._parts.aclose()

    async def _open(self, parts: AsyncExitStack) -> None:
        from prosa.app import assembly
        from prosa.app.roles import data_and_documents

        tracing = assembly.tracing(self.settings)
        self.workers = assembly.workers(self.settings, tracing)
        await parts.enter_async_context(self.workers)
        await asyncio.to_thread(assembly.warm)
        self.results = assembly.results(self.settings)
        self.template = assembly.template(self.settings)
        assembly.pictures(self.settings)
        self.data, self.papers = await asyncio.to_thread(data_and_documents, self.sources)
        self.databases = assembly.databases(self.workers, self.data)
        self.documents = await asyncio.to_thread(assembly.documents, self.settings, self.workers, self.papers)
        parts.push_async_callback(self.documents.aclose)
        self.conversations = await assembly.conversations(self.settings) if self._keep else None
        if self.conversations is not None:
            parts.push_async_callback(self.conversations.aclose)
        self.model = assembly.model(self.settings, self.workers, tracing)
        if self.model is not None:
            parts.push_async_callback(self.model.aclose)
        self.pipeline = assembly.pipeline(
            self.settings, self.workers, self.databases, self.documents, self.results, self.model
        )
        answerer = self.pipeline if self._answerer is None else self._hosted(self._answerer, parts, tracing)
        self.runs = self._managed(answerer, self.conversations, parts, tracing)

    def _hosted(self, answerer: Answerer, parts: AsyncExitStack, tracing: Tracing | None) -> Answerer:
        """The agent, whose tools work at a desk beside this one: what they ask goes to the pipeline, not to the agent
        again, and never waits for a place that the agent itself holds."""
        from prosa.app.agents import Agent

        tools = copy.copy(self)
        tools.conversations = None
        tools.runs = self._managed(self.pipeline, None, parts, tracing)
        return Agent(answerer, tools)

    def _managed(
        self,
        answerer: Answerer,
        conversations: ConversationStore | None,
        parts: AsyncExitStack,
        tracing: Tracing | None,
    ) -> RunManager:
        from prosa.app import assembly

        runs = assembly.runs(self.settings, answerer if tracing is None else tracing.answerer(answerer), conversations)
        parts.push_async_callback(runs.aclose)
        if tracing is not None:
            runs.watch(tracing.ended)
        return runs

    async def start(
        self,
        question: str | Question,
        *,
        principal: Principal = LOCAL,
        conversation: str | None = None,
        new_conversation: bool = False,
        idempotency_key: str | None = None,
    ) -> Run:
        """Starts a run, as `RunManager.start` does, and returns it at once. QuestionError, UsageError, BusyError,
        AccessError: also for a document that is not there for this person."""
        asked = _sound(self.question(question))
        if asked.documents:
            await self.documents.find_all(principal, asked.documents)
        return await self.runs.start(
            principal,
            asked,
            conversation=conversation,
            new_conversation=new_conversation,
            idempotency_key=idempotency_key,
        )

    async def ask(
        self, question: str | Question, *, principal: Principal = LOCAL, conversation: str | None = None
    ) -> AsyncIterator[Entry]:
        """The entries of a new run as they come; who leaves early cancels it. QuestionError, BusyError, AccessError."""
        run = await self.start(question, principal=principal, conversation=conversation)
        try:
            async for entry in run.follow():
                yield entry
        finally:
            run.ask_to_stop("cancel")

    @property
    def analysts(self) -> tuple[str, ...]:
        """Who may be asked by name: with a model in the settings it, the rules and both; none where an answerer of
        somebody's own answers everything."""
        if self._answerer is not None:
            return ()
        return by_name()["analyst"].choices if self.settings.model else ("rules",)

    def about_all(self, question: Question) -> Question:
        """The question put to everything that was given, by name: what can't be read then is an error, not left out."""
        names = tuple(name for name, _ in self.data), tuple(name for name, _ in self.papers)
        return msgspec.structs.replace(question, sources=names[0], documents=names[1])

    async def read_all(self, on_progress: Progress | None = None) -> None:
        """Reads everything that was given where it is new. SourceError, StorageError."""
        question = self.about_all(Question(""))
        if question.sources or not question.documents:
            await self.databases.open(LOCAL, question.sources, on_progress)
        if question.documents:
            await self.documents.open(LOCAL, question.documents, on_progress)

    def question(self, asked: str | Question) -> Question:
        """Words as a question, with the locale and analyst of the settings where it names none."""
        if isinstance(asked, Question):
            return asked
        return Question(asked, locale=self.settings.locale or None, analyst=self.settings.analyst)

    async def page(self, principal: Principal, result_id: str, request: PageRequest) -> Page:
        """A window over a result that the principal owns. AccessError, QueryError."""
        stored = self.results.get(principal, result_id)
        return await self.workers.page(stored.result, stored.database, request)

    def export(self, principal: Principal, result_id: str, format: str, options: dict[str, Any]) -> Export:
        """All rows of a result that the principal owns, in a format. AccessError, UsageError."""
        stored = self.results.get(principal, result_id)
        return self.workers.export(stored.result, stored.database, format, stored.export_options(options))

    async def bundle(self, principal: Principal, run_id: str, locale: str | None = None) -> Archive:
        """Everything of a run's answer as one zip, written while it is read. AccessError, UsageError `bundle_running`
        while the run is still at work."""
        from prosa import __version__, bundle

        run = await self.runs.find(principal, run_id)
        if run.answer.status == "running":
            raise UsageError("bundle_running")
        return bundle.answer(run.answer, OwnRows(principal, self), locale=locale, version=__version__)

    async def conversation_bundle(self, principal: Principal, conversation_id: str, locale: str) -> Archive:
        """Everything of a conversation as one zip. AccessError."""
        from prosa import __version__, bundle

        if self.conversations is None:
            raise AccessError("not_found")
        found = await self.conversations.get(principal, conversation_id)
        return bundle.conversation(found, OwnRows(principal, self), locale=locale, version=__version__)

    def file(self, principal: Principal, file_id: str) -> StoredFile:
        """A finished file, or one to be written, of the principal. AccessError."""
        return self.results.get_file(principal, file_id)


def _sound(question: Question) -> Question:
    """The question as the pipes to the workers can carry it: in Unicode, which arguments of a command line and texts of
    Python's own need not be, and with a limit of 64 bits. UsageError `cli_limit` for one that is no number from 1."""
    limit: Any = question.limit
    if limit is not None:
        if type(limit) is not int or limit < 1:
            raise UsageError("cli_limit", got=limit)
        limit = min(limit, _MOST_ROWS)
    return msgspec.structs.replace(question, text=plain(question.text), limit=limit)


class OwnRows:
    """The results of one principal, as a bundle takes them."""

    def __init__(self, principal: Principal, desk: Desk) -> None:
        self._principal, self._desk = principal, desk

    def stored(self, result_id: str) -> StoredResult:
        """AccessError."""
        return self._desk.results.get(self._principal, result_id)

    def export(self, stored: StoredResult, format: str, options: dict[str, Any]) -> Export:
        """Every row. UsageError."""
        told = stored.export_options(options)
        return self._desk.workers.export(stored.result, stored.database, format, told)
