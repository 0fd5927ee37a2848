"""What the chat endpoint needs of other people's parts. Each method may be plain or async."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import msgspec

from prosa.question import Answerer
from prosa.sources.base import Dialect


class RequestContext(msgspec.Struct, frozen=True):
    """What an agent is told of the request; its fields are those of Vanna's `RequestContext`."""

    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    remote_addr: str | None = None
    query_params: dict[str, str] = {}
    metadata: dict[str, Any] = {}

    def get_header(self, name: str, default: str | None = None) -> str | None:
        """A header by its name in any case."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), default)

    def get_cookie(self, name: str, default: str | None = None) -> str | None:
        """A cookie by its name."""
        return self.cookies.get(name, default)


class SqlArgs(msgspec.Struct, frozen=True):
    """The arguments of `run_sql`."""

    sql: str


class SqlUser(msgspec.Struct, frozen=True):
    id: str


class SqlContext(msgspec.Struct, frozen=True):
    """For whom a statement runs."""

    user: SqlUser
    conversation_id: str
    request_id: str
    metadata: dict[str, Any] = {}


class Exchange(msgspec.Struct, frozen=True):
    """One question of a conversation with its answer; `at` is Unix time in seconds, `state` plain JSON values that an
    answerer keeps for what follows."""

    question: str
    answer: str
    sql: str | None = None
    csv_url: str | None = None
    state: dict[str, Any] = {}
    at: float = msgspec.field(default_factory=time.time)


class ChatConversation(msgspec.Struct, frozen=True):
    """A conversation of one user, the oldest exchange first."""

    id: str
    user: str
    exchanges: tuple[Exchange, ...] = ()


class Agent(Protocol):
    """Answers in components, as Vanna's `Agent` does."""

    def send_message(
        self, request_context: Any, message: str, *, conversation_id: str | None = None
    ) -> AsyncIterator[Any]: ...


class SqlRunner(Protocol):
    """Runs one statement that only reads; gives a data frame or a list of rows."""

    def run_sql(self, args: Any, context: Any) -> Awaitable[Any] | Any: ...


class CsvManager(Protocol):
    """Keeps CSV files, each for one user."""

    def save(self, rows: Any, user: str) -> Awaitable[str] | str:
        """Keeps rows or a data frame; the name under which `find` knows it."""

    def find(self, name: str, user: str) -> Awaitable[bytes | str | Path | None] | bytes | str | Path | None:
        """The user's file of that name: its bytes or its path; None for what the user does not have."""

    def latest(self, user: str, seconds: float) -> Awaitable[str | None] | str | None:
        """The name of the user's newest file of the last `seconds`."""

    def url(self, name: str) -> str:
        """The address at which it can be fetched."""


class ConversationStore(Protocol):
    """Keeps conversations, each for one user."""

    def save(self, conversation: ChatConversation) -> Awaitable[None] | None: ...

    def get(self, conversation_id: str, user: str) -> Awaitable[ChatConversation | None] | ChatConversation | None: ...


class ConversationEnhancer(Protocol):
    """Adds to a question what the agent should know: learned patterns, what was said before."""

    def enhance(self, question: str, conversation: ChatConversation) -> Awaitable[str] | str: ...


class LearningManager(Protocol):
    """Learns which statement answered which question."""

    def record(self, question: str, sql: str, success: bool) -> Awaitable[None] | None: ...


class Parts(msgspec.Struct, frozen=True):
    """What all questions of one endpoint share. `silence` and `csv_seconds` are in seconds."""

    agent: Agent | Answerer
    sql_runner: SqlRunner
    csv_manager: CsvManager
    conversation_store: ConversationStore
    conversation_enhancer: ConversationEnhancer | None
    learning_manager: LearningManager | None
    dialect: Dialect
    max_components: int
    silence: float
    csv_seconds: float


async def called(method: Callable[..., Any], *given: Any) -> Any:
    """What a method gives that may be plain or async; a plain one runs in a thread, since it may read a disk."""
    if inspect.iscoroutinefunction(method):
        return await method(*given)
    value = await asyncio.to_thread(method, *given)
    return await value if inspect.isawaitable(value) else value
