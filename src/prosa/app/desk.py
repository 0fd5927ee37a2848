"""`Desk`: the parts put together over one set of sources, and the questions that are put to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from prosa.config import Settings
from prosa.events import Entry
from prosa.identity import LOCAL, Principal
from prosa.question import Answerer, Question

if TYPE_CHECKING:
    from prosa.conversations.store import ConversationStore
    from prosa.exports.store import Store
    from prosa.runs import Run, RunManager
    from prosa.workers.databases import Databases
    from prosa.workers.pool import Export, Page, PageRequest, Workers


class Desk:
    """Workers, databases, results, conversations and runs; an async context manager.

    `sources` are (name, location) pairs, beside those of the settings; `answerer` replaces the staged pipeline; with
    `keep`, conversations are kept in `settings.data_dir`, else there are none.
    """

    workers: Workers
    databases: Databases
    results: Store
    conversations: ConversationStore | None
    runs: RunManager

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

        self.workers = assembly.workers(self.settings)
        await parts.enter_async_context(self.workers)
        await asyncio.to_thread(assembly.warm)
        self.results = assembly.results(self.settings)
        self.databases = assembly.databases(self.workers, self.sources)
        self.conversations = await assembly.conversations(self.settings) if self._keep else None
        if self.conversations is not None:
            parts.push_async_callback(self.conversations.aclose)
        answerer = self._answerer or assembly.pipeline(self.settings, self.workers, self.databases, self.results)
        self.runs = assembly.runs(self.settings, answerer, self.conversations)
        parts.push_async_callback(self.runs.aclose)

    async def start(
        self,
        question: str | Question,
        *,
        principal: Principal = LOCAL,
        conversation: str | None = None,
        idempotency_key: str | None = None,
    ) -> Run:
        """Starts a run and returns it at once. QuestionError, UsageError, BusyError, AccessError."""
        return await self.runs.start(
            principal, self.question(question), conversation=conversation, idempotency_key=idempotency_key
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
