"""The endpoint's parts in memory, bounded: CSV files, conversations, learned statements, and what of them is added to a
question. Nothing outlives the process."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from rapidfuzz import fuzz, process, utils

from prosa.errors import AccessError
from prosa.exports.store import Store, StoredFile
from prosa.identity import Principal
from prosa.integrations.chat.protocols import ChatConversation
from prosa.integrations.chat.rows import csv_bytes

STATIC = "/static/query_results"

_KEPT = 1000
_EXCHANGES_KEPT = 50
_NEAR = 70


class MemoryCsvManager:
    """Files in a store that is bounded in bytes and age, see `Store`."""

    def __init__(
        self, store: Store | None = None, *, prefix: str = STATIC, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._prefix, self._clock = store or Store(), prefix, clock
        self._ids: dict[str, OrderedDict[str, tuple[str, float]]] = {}

    async def save(self, rows: Any, user: str) -> str:
        """LimitError for more than the store takes."""
        name = f"query_results_{secrets.token_hex(8)}.csv"
        await self.put(name, await asyncio.to_thread(csv_bytes, rows), user)
        return name

    async def put(self, name: str, data: bytes, user: str) -> None:
        """Keeps a file under a name that somebody else has chosen. LimitError."""
        file_id = self._store.put_file(Principal(user), StoredFile(name, "text/csv", data))
        mine = self._ids.setdefault(user, OrderedDict())
        mine.pop(name, None)
        mine[name] = (file_id, self._clock())
        if len(mine) > _KEPT:
            mine.popitem(last=False)

    async def find(self, name: str, user: str) -> bytes | None:
        bare = PurePosixPath(name).name
        found = self._ids[user].get(bare) if user in self._ids else None
        if found is None:
            return None
        try:
            return self._store.get_file(Principal(user), found[0]).data
        except AccessError:
            return None

    async def latest(self, user: str, seconds: float) -> str | None:
        mine = self._ids.get(user)
        if not mine:
            return None
        name = next(reversed(mine))
        return name if self._clock() - mine[name][1] <= seconds else None

    def url(self, name: str) -> str:
        return f"{self._prefix}/{PurePosixPath(name).name}"


class MemoryConversations:
    """The last thousand conversations of each user, fifty exchanges of each."""

    def __init__(self) -> None:
        self._of: dict[str, OrderedDict[str, ChatConversation]] = {}

    async def save(self, conversation: ChatConversation) -> None:
        mine = self._of.setdefault(conversation.user, OrderedDict())
        mine.pop(conversation.id, None)
        mine[conversation.id] = ChatConversation(
            conversation.id, conversation.user, conversation.exchanges[-_EXCHANGES_KEPT:]
        )
        if len(mine) > _KEPT:
            mine.popitem(last=False)

    async def get(self, conversation_id: str, user: str) -> ChatConversation | None:
        return self._of[user].get(conversation_id) if user in self._of else None


class MemoryLearning:
    """The statements that answered the last thousand questions. All users of the endpoint share them."""

    def __init__(self) -> None:
        self._sql: OrderedDict[str, str] = OrderedDict()

    async def record(self, question: str, sql: str, success: bool) -> None:
        """What failed is not learned, and forgotten where it was."""
        self._sql.pop(question, None)
        if success:
            self._sql[question] = sql
        if len(self._sql) > _KEPT:
            self._sql.popitem(last=False)

    def near(self, question: str, count: int = 3) -> list[tuple[str, str]]:
        """Questions like this one with their statements, the nearest first."""
        found = process.extract(
            question, [*self._sql], scorer=fuzz.token_set_ratio, processor=utils.default_process, limit=count,
            score_cutoff=_NEAR,
        )  # fmt: skip
        return [(asked, self._sql[asked]) for asked, _, _ in found]


class PatternEnhancer:
    """Puts before a question what was said last in its conversation and, with a `learning`, statements that answered
    questions like it. For agents that are prompted; the rules of Prosa read the question alone."""

    def __init__(self, learning: MemoryLearning | None = None, *, exchanges: int = 3) -> None:
        self._learning, self._exchanges = learning, exchanges

    async def enhance(self, question: str, conversation: ChatConversation) -> str:
        parts = [f"Asked before: {said.question}\nAnswered: {said.answer}" for said in self._last(conversation)]
        known = self._learning.near(question) if self._learning is not None else []
        parts += [f"A statement that answered “{asked}”:\n```sql\n{sql}\n```" for asked, sql in known]
        return "\n\n".join([*parts, question])

    def _last(self, conversation: ChatConversation) -> tuple[Any, ...]:
        return conversation.exchanges[-self._exchanges :] if self._exchanges else ()
