"""`ChatTurn`: one question to somebody's agent, as an `Answerer`. Whatever is optional may fail without harm."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import msgspec

from prosa.answer import Answer
from prosa.errors import ModelError
from prosa.events import FileReady
from prosa.integrations.chat import csv_files
from prosa.integrations.chat.listening import listen
from prosa.integrations.chat.protocols import (
    ChatConversation,
    Exchange,
    Parts,
    RequestContext,
    SqlContext,
    SqlUser,
    called,
)
from prosa.integrations.chat.telling import Telling
from prosa.question import Answerer, Context, Emit, Question, Turn

logger = logging.getLogger(__name__)

_OPTIONAL_SECONDS = 10.0
_SAVE_SECONDS = 2.0


class ChatTurn:
    """One question of one user in one conversation."""

    def __init__(self, parts: Parts, user: str, conversation_id: str, request: RequestContext) -> None:
        self._parts, self._request = parts, request
        self._conversation = ChatConversation(conversation_id, user)
        self._words: str | None = None
        self._saving: set[asyncio.Task[Any]] = set()

    async def prepare(self, words: str) -> None:
        """Looks the conversation up, and adds to the question what the agent should know of it."""
        parts, named = self._parts, self._conversation
        known = await self._try("conversation store", parts.conversation_store.get, named.id, named.user)
        self._conversation = known or named
        if parts.conversation_enhancer is not None:
            enhanced = await self._try("enhancer", parts.conversation_enhancer.enhance, words, self._conversation)
            self._words = enhanced if isinstance(enhanced, str) and enhanced.strip() else None

    async def answer(self, question: Question, context: Context, emit: Emit) -> None:
        """ModelError `agent_parts`, `agent_quiet`, `agent_failed`, and whatever the agent raises."""
        telling = Telling(emit, self._parts.dialect)
        url: str | None = None
        done = False
        try:
            await self._ask(question, context, telling)
            url = await self._csv(telling, context)
            done = True
        finally:
            await self._remember(question, context, telling, url, done)

    async def _ask(self, question: Question, context: Context, telling: Telling) -> None:
        words = self._words or question.text
        agent = self._parts.agent
        if hasattr(agent, "send_message"):
            parts = agent.send_message(self._request, words, conversation_id=self._conversation.id)
            limits = self._parts
            await listen(parts, telling, most=limits.max_components, silence=limits.silence)
        else:
            asked = msgspec.structs.replace(question, text=words)
            around = msgspec.structs.replace(context, history=_history(self._conversation))
            await self._watch(agent, asked, around, telling)
        telling.find_statement(done=True)

    async def _watch(self, agent: Answerer, question: Question, context: Context, telling: Telling) -> None:
        """An answerer, as long as it is heard of."""
        loop = asyncio.get_running_loop()
        heard = loop.time()

        def emit(event: Any) -> None:
            nonlocal heard
            heard = loop.time()
            telling.emit(event)

        work = asyncio.ensure_future(agent.answer(question, context, emit))
        try:
            while not work.done():
                rest = heard + self._parts.silence - loop.time()
                if rest <= 0:
                    raise ModelError("agent_quiet", seconds=f"{self._parts.silence:g}")
                await asyncio.wait({work}, timeout=rest)
            work.result()
        finally:
            work.cancel()

    async def _csv(self, telling: Telling, context: Context) -> str | None:
        parts, conversation = self._parts, self._conversation
        around = SqlContext(SqlUser(conversation.user), conversation.id, context.run_id, self._request.metadata)
        known = {said.csv_url or "" for said in conversation.exchanges}

        async def find() -> str | None:
            return await csv_files.find(
                parts.csv_manager, parts.sql_runner, telling.all_text, telling.rows_of, around,
                seconds=parts.csv_seconds, dialect=parts.dialect, known=known,
            )  # fmt: skip

        name: str | None = await self._try("CSV manager", find, seconds=None)
        if name is None:
            return None
        url = parts.csv_manager.url(name)
        telling.emit(FileReady(name, name, "text/csv", url))
        return url

    async def _remember(
        self, question: Question, context: Context, telling: Telling, url: str | None, done: bool
    ) -> None:
        """Saves before the run's end is told, so that who goes on at once is known; a slow store is not waited for."""
        parts, sql = self._parts, telling.last_sql
        said = Exchange(question.text, telling.words, telling.sql, url, context.remember)
        tasks = [asyncio.ensure_future(self._try("conversation store", self._save, said))]
        if parts.learning_manager is not None and sql is not None:
            worked = done and telling.sql == sql
            learn = self._try("learning manager", parts.learning_manager.record, question.text, sql, worked)
            tasks.append(asyncio.ensure_future(learn))
        for task in tasks:
            self._saving.add(task)
            task.add_done_callback(self._saving.discard)
        await asyncio.wait(tasks, timeout=_SAVE_SECONDS)

    async def _save(self, said: Exchange) -> None:
        # Looked up again: another question of the same conversation may have been answered meanwhile.
        store, named = self._parts.conversation_store, self._conversation
        known = await called(store.get, named.id, named.user) or named
        await called(store.save, msgspec.structs.replace(known, exchanges=(*known.exchanges, said)))

    async def _try(
        self, part: str, method: Callable[..., Any], *given: Any, seconds: float | None = _OPTIONAL_SECONDS
    ) -> Any:
        try:
            async with asyncio.timeout(seconds):
                return await called(method, *given)
        except Exception:  # somebody else's part, without which there is an answer all the same
            logger.exception("the %s failed and is passed over", part)
            return None


def _history(conversation: ChatConversation) -> tuple[Turn, ...]:
    """What was said before, as answerers know it; of the answers, the words alone."""
    return tuple(
        Turn(said.question, Answer(question=said.question, status="answered"), said.state)
        for said in conversation.exchanges
    )
