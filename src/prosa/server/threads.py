"""`Threads`: which run a message goes on from, in protocols whose clients know no run of ours.

A client that names its chat has a conversation under that name. One that sends nothing but what was said before is
known again by the words of its own person, so that two chats that begin alike, or one that is edited, go on from what
they have in common.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from prosa.answer import Answer
from prosa.app import Desk
from prosa.conversations.store import ConversationStore
from prosa.errors import AccessError, QuestionError
from prosa.identity import Principal
from prosa.question import Question
from prosa.runs import Run

_MOST = 10_000


class Threads:
    """The last runs of chats, `most` of them; in memory, as runs are. Each belongs to one principal. A reply to what
    was asked back becomes the question behind it."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._runs: OrderedDict[tuple[str, str | bytes], str] = OrderedDict()

    async def say(self, desk: Desk, principal: Principal, said: Sequence[str], like: Question) -> Run:
        """Asks the last of what a person has `said`, going on from the run that answered what was said before it.
        `like` has what the question has besides its words. What `Desk.start` raises."""
        question = msgspec.structs.replace(like, text=said[-1] if said else "")
        before = await self._find(desk, principal, _digest(said[:-1])) if said[1:] else None
        if before is not None:
            question = msgspec.structs.replace(_meant(question, before.answer), replies_to=before.id)
        run = await desk.start(question, principal=principal)
        self._note(principal, _digest(said), run)
        return run

    async def say_in(self, desk: Desk, principal: Principal, thread: str, question: Question) -> Run:
        """Asks in the conversation that a client calls `thread`. What `Desk.start` raises."""
        if not question.text.strip():  # before a conversation is made for it
            raise QuestionError("question_empty")
        assert desk.conversations is not None, "a server keeps conversations"
        conversation = await desk.conversations.keyed(principal, thread)
        last = await self.last(desk, principal, thread)
        before = last.answer if last is not None else await _saved(desk.conversations, principal, conversation)
        run = await desk.start(_meant(question, before), principal=principal, conversation=conversation)
        self._note(principal, thread, run)
        return run

    async def last(self, desk: Desk, principal: Principal, thread: str) -> Run | None:
        """The newest run of a chat, as long as it is remembered."""
        return await self._find(desk, principal, thread)

    def _note(self, principal: Principal, name: str | bytes, run: Run) -> None:
        key = (principal.user, name)
        self._runs[key] = run.id
        self._runs.move_to_end(key)
        if len(self._runs) > self._most:
            self._runs.popitem(last=False)

    async def _find(self, desk: Desk, principal: Principal, name: str | bytes) -> Run | None:
        run_id = self._runs.get((principal.user, name))
        try:
            return await desk.runs.find(principal, run_id) if run_id is not None else None
        except AccessError:
            return None


async def _saved(store: ConversationStore, principal: Principal, conversation: str) -> Answer | None:
    """The last answer of a conversation whose runs are no longer in memory."""
    turns = (await store.get(principal, conversation)).items
    return turns[-1].answer if turns else None


def _meant(question: Question, before: Answer | None) -> Question:
    return msgspec.structs.replace(question, text=before.meant(question.text)) if before is not None else question


def _digest(said: Sequence[str]) -> bytes:
    return hashlib.sha256(msgspec.json.encode([words.encode("utf-8", "replace") for words in said])).digest()
