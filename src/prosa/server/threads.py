"""`Threads`: which run a message goes on from, in protocols whose clients send what was said before with every request.

Such a client names no run of ours. What it says of the past is known again by the words of its own person, so that two
chats that begin alike, or one that is edited, go on from what they have in common.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from prosa.app import Desk
from prosa.errors import AccessError
from prosa.identity import Principal
from prosa.question import Question
from prosa.runs import Run, RunManager

_MOST = 10_000

Key = tuple[str, str, bytes]


class Threads:
    """The runs that answered what was said, the last `most` of them; all in memory, as runs are."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._runs: OrderedDict[Key, str] = OrderedDict()

    async def ask(
        self, desk: Desk, principal: Principal, said: Sequence[str], like: Question, *, thread: str = ""
    ) -> Run:
        """Puts the last of what a person has `said` as a question, going on from the run before. `like` has the
        question's other fields, `thread` the client's name for the chat where it has one. What `Desk.start` raises."""
        before = await self._find(desk.runs, principal, _key(principal, thread, said[:-1])) if said[1:] else None
        text = said[-1] if said else ""
        question = msgspec.structs.replace(
            like,
            text=before.answer.meant(text) if before is not None else text,
            replies_to=before.id if before is not None else None,
        )
        run = await desk.start(question, principal=principal)
        self._note(_key(principal, thread, said), run)
        if thread:
            self._note(_key(principal, thread), run)
        return run

    async def last(self, desk: Desk, principal: Principal, thread: str) -> Run | None:
        """The newest run of a chat."""
        return await self._find(desk.runs, principal, _key(principal, thread))

    def _note(self, key: Key, run: Run) -> None:
        self._runs[key] = run.id
        self._runs.move_to_end(key)
        if len(self._runs) > self._most:
            self._runs.popitem(last=False)

    async def _find(self, runs: RunManager, principal: Principal, key: Key) -> Run | None:
        run_id = self._runs.get(key)
        try:
            return await runs.find(principal, run_id) if run_id is not None else None
        except AccessError:
            return None


def _key(principal: Principal, thread: str, said: Sequence[str] = ()) -> Key:
    digest = hashlib.sha256("\0".join(f"{len(words)}:{words}" for words in said).encode("utf-8", "replace"))
    return principal.user, thread, digest.digest()
