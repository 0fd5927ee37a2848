"""`LocalEngine`: a desk in this process, in an event loop of its own thread, shared by every session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from prosa.app import Desk, summaries
from prosa.app.background import Background
from prosa.app.examples import suggested
from prosa.app.locations import Pairs
from prosa.app.summaries import DocumentSummary, SourceSummary
from prosa.app.uploads import Uploads, received, safe_name
from prosa.config import Settings
from prosa.conversations.store import ConversationStore
from prosa.conversations.values import Conversation, ConversationDetail
from prosa.errors import AccessError, StorageError, UsageError
from prosa.events import Entry
from prosa.exports.options import personal
from prosa.identity import Principal
from prosa.question import Answerer, Context, Emit, Question
from prosa.sources.base import Catalog

if TYPE_CHECKING:
    from prosa.runs import Run

MOST_ANSWERERS = 1_000

Examples = Mapping[str, Sequence[str]]


Brought = SourceSummary | DocumentSummary


class Writing(Protocol):
    """Bytes on their way."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None: ...


class _Agents:
    """Whoever answers for a session: the host application's own answerer, else the staged pipeline."""

    def __init__(self) -> None:
        self.pipeline: Answerer | None = None
        self._by_session: dict[str, Answerer] = {}

    def note(self, session: str, answerer: Answerer | None) -> None:
        """From now on this one answers for the session."""
        self._by_session.pop(session, None)
        if answerer is not None:
            self._by_session[session] = answerer
        if len(self._by_session) > MOST_ANSWERERS:
            del self._by_session[next(iter(self._by_session))]

    async def answer(self, question: Question, context: Context, emit: Emit) -> None:
        answerer = self._by_session.get(context.principal.session, self.pipeline)
        assert answerer is not None, "nothing is asked before the desk is open"
        await answerer.answer(question, context, emit)


class LocalEngine:
    """Opens its desk at once. StorageError, SourceError."""

    def __init__(self, settings: Settings, sources: Pairs, examples: Examples = MappingProxyType({})) -> None:
        self.settings = settings
        self._examples = examples
        self._parts = AsyncExitStack()
        self._background = Background(self._parts.aclose)
        self._uploads = Uploads(settings.data_dir / "uploads")
        self._agents = _Agents()
        self._desk = self._background.run(self._open(sources))

    async def _open(self, sources: Pairs) -> Desk:
        desk = await self._parts.enter_async_context(Desk(self.settings, sources, answerer=self._agents, keep=True))
        self._agents.pipeline = desk.pipeline
        await summaries.find_again(desk, self._uploads)
        return desk

    def close(self) -> None:
        """Ends the children and the thread."""
        self._background.stop()

    def examples(self, principal: Principal, locale: str) -> Sequence[str]:
        if locale in self._examples:
            return self._examples[locale]
        return self._background.run(suggested(self._desk, principal, (), locale))

    def ask(
        self, principal: Principal, question: Question, conversation: str | None, answerer: Answerer | None
    ) -> _LocalStream:
        self._agents.note(principal.session, answerer)
        # What documents an agent of its own has, the host application knows.
        start = self._desk.start if answerer is None else self._of_host
        run = self._background.run(start(question, principal=principal, conversation=conversation))
        return _LocalStream(self._background, run)

    async def _of_host(self, question: Question, *, principal: Principal, conversation: str | None) -> Run:
        return await self._desk.runs.start(principal, question, conversation=conversation)

    def documents(self, principal: Principal, locale: str) -> list[DocumentSummary]:
        return self._background.run(summaries.documents(self._desk, principal, locale))

    def remove_document(self, principal: Principal, document_id: str) -> None:
        self._background.run(summaries.take_document_away(self._desk, self._uploads, principal, document_id))

    def sources(self, principal: Principal, locale: str) -> list[SourceSummary]:
        return self._background.run(summaries.sources(self._desk, principal, locale))

    def catalog(self, principal: Principal, source_id: str) -> Catalog:
        return self._background.run(self._desk.databases.open(principal, (source_id,))).catalog

    def upload(self, principal: Principal, name: str, data: bytes, locale: str) -> Brought:
        return self._background.run(self._bring(principal, name, data, locale))

    async def _bring(self, principal: Principal, name: str, data: bytes, locale: str) -> Brought:
        async def receive(folder: Path) -> Path:
            path = folder / safe_name(name)
            try:
                await asyncio.to_thread(path.write_bytes, data)
            except OSError as error:
                raise StorageError("storage_full", where=str(folder)) from error
            return path

        async with received(self._uploads, principal, receive) as file:
            return await summaries.bring(self._desk, principal, file, locale)

    def remove_source(self, principal: Principal, source_id: str) -> None:
        self._background.run(summaries.take_away(self._desk, self._uploads, principal, source_id))

    def new_conversation(self, principal: Principal, title: str) -> str | None:
        return self._background.run(self._store.create(principal, title)).id

    def conversations(self, principal: Principal, search: str) -> list[Conversation]:
        return self._background.run(self._store.list(principal, search))

    def conversation(self, principal: Principal, conversation_id: str) -> ConversationDetail:
        return self._background.run(self._store.get(principal, conversation_id))

    def delete_conversation(self, principal: Principal, conversation_id: str) -> None:
        self._background.run(self._store.delete(principal, conversation_id))

    def holds(self, principal: Principal, item_id: str) -> bool:
        for find in (self._desk.results.get, self._desk.results.get_file):
            try:
                find(principal, item_id)
            except AccessError:
                continue
            return True
        return False

    def export(self, principal: Principal, result_id: str, format: str, locale: str) -> bytes:
        return self._background.run(self._export(principal, result_id, format, locale))

    async def _export(self, principal: Principal, result_id: str, format: str, locale: str) -> bytes:
        return await self._whole(self._desk.export(principal, result_id, format, personal(locale)), format)

    def bundle(self, principal: Principal, run_id: str, locale: str) -> bytes:
        return self._background.run(self._bundle(principal, run_id, locale))

    async def _bundle(self, principal: Principal, run_id: str, locale: str) -> bytes:
        return await self._whole(await self._desk.bundle(principal, run_id, locale), "zip")

    async def _whole(self, written: Writing, format: str) -> bytes:
        """In memory, since Streamlit delivers nothing else. UsageError `file_too_large`."""
        chunks, size = [], 0
        async for chunk in written:
            size += len(chunk)
            if size > self.settings.store_total:
                await written.aclose()
                raise UsageError("file_too_large", name=format, limit=self.settings.store_total >> 20)
            chunks.append(chunk)
        return b"".join(chunks)

    def file(self, principal: Principal, file_id: str) -> bytes:
        results = self._desk.results
        found = results.get_file(principal, file_id)
        if found.write is not None:
            return self._background.run(self._whole(found.write(), found.name))
        if file_id in results.pending(principal).values():
            results.remove(principal, file_id)
        return found.data

    @property
    def _store(self) -> ConversationStore:
        assert self._desk.conversations is not None, "this desk keeps conversations"
        return self._desk.conversations


class _LocalStream:
    """The entries of a run of this process, fetched by a thread that is not the loop's."""

    def __init__(self, background: Background, run: Run) -> None:
        self._background, self._run = background, run

    def __iter__(self) -> Iterator[Entry]:
        batches = self._run.log.batches()
        while entries := self._background.run(_next(batches)):
            yield from entries

    def stop(self) -> None:
        self._background.run(self._stop())

    async def _stop(self) -> None:
        self._run.ask_to_stop("cancel")


async def _next(batches: object) -> list[Entry]:
    found: list[Entry] = await anext(batches, [])  # type: ignore[call-overload]
    return found
