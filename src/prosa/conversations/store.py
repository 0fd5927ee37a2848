"""`ConversationStore`: conversations and their turns in SQLite, divided by owner.

Every method that touches somebody's data takes their `Principal` first, and runs in the store's own thread; when it
returns, what it wrote is committed. Several servers may share one file: each marks its unfinished turns, and at start
only those of dead servers become failed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from prosa.answer import Answer
from prosa.conversations import pins, queries
from prosa.conversations.database import StoreFile
from prosa.conversations.lease import Lease
from prosa.conversations.pins import Pin
from prosa.conversations.thread import StoreThread
from prosa.conversations.values import Conversation, ConversationDetail
from prosa.errors import StorageError
from prosa.identity import Principal
from prosa.question import Question, Turn

P = ParamSpec("P")
T = TypeVar("T")


class ConversationStore:
    """Open it with `await ConversationStore.open(path)`; without a path it lives in memory."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file
        self._server = secrets.token_hex(8)
        self._lease: Lease | None = None
        self._thread = StoreThread(file)

    @classmethod
    async def open(cls, path: Path | None = None) -> ConversationStore:
        """Opens or makes the store, and ends what a dead server left unfinished. StorageError."""
        store = cls(StoreFile(path))
        await store._thread.run(store._open)
        return store

    async def aclose(self) -> None:
        """Lets go of the file when the calls before it are done."""
        await self._thread.run(self._close)
        self._thread.close()

    async def create(self, principal: Principal, title: str = "") -> Conversation:
        """A new conversation; without a title it takes its first question's words."""
        return await self._write(queries.create, principal.user, title)

    async def keyed(self, principal: Principal, key: str) -> str:
        """The id of the conversation that a program names by a key of its own, such as its session; the first use of a
        key makes one. An id is a key as well. Nobody else's conversation is ever found by it."""
        return await self._write(queries.keyed, principal.user, key)

    async def list(
        self, principal: Principal, search: str = "", *, limit: int = 100, offset: int = 0
    ) -> list[Conversation]:
        """The principal's conversations, the last used first; `search` looks at titles, questions and answers."""
        return await self._read(queries.search, principal.user, search, limit, offset)

    async def get(self, principal: Principal, conversation_id: str) -> ConversationDetail:
        """A conversation with its turns. AccessError `not_found`."""
        return await self._read(queries.detail, principal.user, conversation_id)

    async def rename(self, principal: Principal, conversation_id: str, title: str) -> Conversation:
        """AccessError `not_found`."""
        return await self._write(queries.rename, principal.user, conversation_id, title)

    async def delete(self, principal: Principal, conversation_id: str) -> None:
        """Deletes it with its turns, for good. AccessError `not_found`."""
        await self._write(queries.remove, principal.user, conversation_id)

    async def add_turn(
        self, principal: Principal, conversation_id: str | None, run_id: str, question: Question
    ) -> tuple[Turn, ...]:
        """Notes that a run has begun; returns the last finished turns before it, the oldest first. A run outside any
        conversation is noted until `forget_turn`. AccessError `not_found`."""
        return await self._write(queries.add_turn, principal.user, self._server, conversation_id, run_id, question)

    async def open_with_turn(self, principal: Principal, conversation_id: str, run_id: str, question: Question) -> None:
        """Makes a conversation by an id that nobody has yet, and notes the run that begins it."""
        await self._write(queries.open_with_turn, principal.user, self._server, conversation_id, run_id, question)

    async def open_with_answer(
        self, principal: Principal, conversation_id: str, question: Question, answer: Answer, state: dict[str, Any]
    ) -> None:
        """Makes a conversation by an id that nobody has yet, with a first turn that has ended."""
        end = queries.TurnEnd.of(answer, state)
        begin = (principal.user, self._server, conversation_id, answer.run_id, question)

        def write(connection: Connection) -> None:
            queries.open_with_turn(connection, *begin)
            queries.finish_turn(connection, principal.user, answer.run_id, end)

        await self._write(write)

    async def finish_turn(self, principal: Principal, run_id: str, answer: Answer, state: dict[str, Any]) -> None:
        """Saves what a run came to, with its analyst's state as JSON; nothing happens where the conversation is
        gone."""
        await self._write(queries.finish_turn, principal.user, run_id, queries.TurnEnd.of(answer, state))

    async def forget_turn(self, principal: Principal, run_id: str) -> None:
        """Forgets a run outside any conversation; one that stands in a conversation stays."""
        await self._write(queries.forget_turn, principal.user, run_id)

    async def answer(self, principal: Principal, run_id: str) -> Answer:
        """The saved answer of a finished run. AccessError `not_found`."""
        return await self._read(queries.answer, principal.user, run_id)

    async def pinned(self, principal: Principal) -> Sequence[Pin]:
        """The principal's pinned questions, the oldest first."""
        return await self._read(pins.listed, principal.user)

    async def pin(self, principal: Principal, question: str) -> Pin:
        """Pins a question, once. UsageError `pins_full`."""
        return await self._write(pins.add, principal.user, question)

    async def unpin(self, principal: Principal, pin_id: str) -> None:
        """AccessError `not_found`."""
        await self._write(pins.remove, principal.user, pin_id)

    def _open(self) -> None:
        self._file.open()
        if self._file.path is not None:
            try:
                self._lease = Lease.take(self._lease_path(self._server))
            except OSError as error:
                raise StorageError("storage_readonly", where=str(self._file.path)) from error
        with self._file.write() as connection:
            queries.recover(connection, self._server, self._alive)

    def _close(self) -> None:
        self._file.close()
        if self._lease is not None:
            self._lease.release()

    def _alive(self, server: str) -> bool:
        return self._file.path is not None and Lease.held(self._lease_path(server))

    def _lease_path(self, server: str) -> Path:
        assert self._file.path is not None
        return self._file.path.with_name(f"{self._file.path.name}.{server}.lock")

    async def _read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._thread.query(lambda connection: query(connection, *args, **kwargs), writes=False)

    async def _write(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._thread.query(lambda connection: query(connection, *args, **kwargs), writes=True)
