"""`Note`: what the conversation store is told of one run, and when."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import msgspec

from prosa.answer import Answer
from prosa.errors import ProsaError
from prosa.events import Entry, Event
from prosa.runs.run import Run

if TYPE_CHECKING:
    from prosa.conversations.store import ConversationStore

logger = logging.getLogger(__name__)


class Note:
    """Of a run in a conversation that was there before it the store knows from the beginning, it is `known`. Of any
    other it is told once the run has worked for `after` seconds, or when the server's end takes it, so that many short
    questions at once need not wait for a disk."""

    def __init__(self, store: ConversationStore, run: Run, *, known: bool, after: float) -> None:
        self._store, self._run, self._known = store, run, known
        self._writing: asyncio.Task[None] | None = None
        self._timer = None if known else asyncio.get_running_loop().call_later(after, self._begin)

    async def end(self, verdict: Event) -> None:
        """Saves what the run comes to with `verdict`, its last event, in its conversation. Outside any, it is
        forgotten; but what the server's end took stays, so that the next server tells of it. StorageError."""
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is not None:
            await self._writing
        if self._run.conversation is not None:
            await self._save(self._run.conversation, verdict)
        elif self._run.taken and not self._known:
            await self._write()
        elif self._known and not self._run.taken:
            await self._store.forget_turn(self._run.principal, self._run.id)

    def _begin(self) -> None:
        self._writing = asyncio.create_task(self._write(), name=f"prosa-note-{self._run.id}")

    async def _write(self) -> None:
        run = self._run
        try:
            if run.conversation is None:
                await self._store.add_turn(run.principal, None, run.id, run.question)
            else:
                await self._store.open_with_turn(run.principal, run.conversation, run.id, run.question)
            self._known = True
        except ProsaError:
            logger.exception("run %s was not noted", run.id)

    async def _save(self, conversation: str, verdict: Event) -> None:
        run = self._run
        last = Entry(run.id, run.log.last + 1, run.answer.started_at, verdict)
        answer, state = Answer.fold([last], msgspec.structs.replace(run.answer)), run.context.remember
        if self._known:
            await self._store.finish_turn(run.principal, run.id, answer, state)
        else:
            await self._store.open_with_answer(run.principal, conversation, run.question, answer, state)
