"""`Sessions`: one `Session` for each browser tab, found again after a reload by the unguessable id in its address.

Plain Python without Streamlit. Bounded: the longest idle session that nothing runs in is the first to go.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable

import msgspec

from prosa.conversations.values import ConversationDetail
from prosa.identity import Principal
from prosa.streamlit.messages import Chat

MOST_SESSIONS = 500
MOST_CHATS = 50
_ID_LENGTH = 43  # of token_urlsafe(32)


class Session:
    """What one tab has asked, by document. `locale` and `document` are what the person chose;
    empty: the browser's language, the first document."""

    def __init__(self, id: str, principal: Principal) -> None:
        self.id = id
        self.principal = principal
        self.locale = ""
        self.document = ""
        self._chats: dict[str, Chat] = {}
        self.seen = 0.0

    def chat(self, doc: str) -> Chat:
        """The chat about a document, made where there is none yet."""
        chat = self._chats.pop(doc, None) or Chat(doc)
        self._chats[doc] = chat  # the last used stands last
        idle = [name for name, other in self._chats.items() if other is not chat and not other.active]
        for name in idle[: max(0, len(self._chats) - MOST_CHATS)]:
            del self._chats[name]
        return chat

    def clear(self, doc: str) -> None:
        """Forgets what was said about a document, and stops what is still running there; the next question begins
        another conversation."""
        chat = self._chats.pop(doc, None)
        if chat is not None and chat.run is not None:
            chat.run.stop()

    def show(self, doc: str, conversation: ConversationDetail) -> bool:
        """Goes on with a kept conversation. False, and nothing else, while an answer is on its way."""
        if self.chat(doc).active:
            return False
        self._chats[doc] = Chat.of(doc, conversation)
        return True

    @property
    def active(self) -> bool:
        """Whether any answer is on its way."""
        return any(chat.active for chat in list(self._chats.values()))


class Sessions:
    """The registry of one process."""

    def __init__(self, most: int = MOST_SESSIONS, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._sessions)

    def find(self, session_id: str, person: Principal | None) -> Session | None:
        """The session of that id. Where the host application knows its users, only the person's own."""
        with self._lock:
            session = self._sessions.get(session_id)
            if session is None or (person is not None and person.user != session.principal.user):
                return None
            session.seen = self._clock()
            if person is not None:
                session.principal = msgspec.structs.replace(person, session=session.id)
            return session

    def open(self, person: Principal | None, wanted: str = "") -> Session:
        """A new session. Without a person it is a visitor's, whom its id alone makes known, so that whoever comes back
        with the same address after a restart finds their conversations; `wanted` is such an id."""
        known = person is None and len(wanted) == _ID_LENGTH and wanted not in self._sessions
        session_id = wanted if known else secrets.token_urlsafe(32)
        user = person.user if person is not None else f"visitor-{hashlib.sha256(session_id.encode()).hexdigest()[:32]}"
        principal = Principal(user, person.groups if person is not None else frozenset(), session_id)
        session = Session(session_id, principal)
        session.seen = self._clock()
        with self._lock:
            self._sessions[session_id] = session
            self._make_room()
        return session

    def _make_room(self) -> None:
        idle = sorted((s for s in self._sessions.values() if not s.active), key=lambda session: session.seen)
        for session in idle[: max(0, len(self._sessions) - self._most)]:
            del self._sessions[session.id]
