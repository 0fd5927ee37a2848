"""`Chat`: the messages about one document (or about the data), and the run that is making the next one.

Plain Python without Streamlit. A question is saved before its run starts; an answer, whatever became of it, by the
run's own thread, so that it is there whether or not a browser still looks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, TypedDict

import msgspec

from prosa.answer import Answer
from prosa.conversations.values import ConversationDetail
from prosa.events import FileReady
from prosa.locales import text
from prosa.streamlit.run import LiveRun, Stream

MOST_MESSAGES = 400

Role = Literal["user", "assistant"]


class Message(TypedDict):
    """One message. `timestamp` is ISO 8601 with zone; `metadata` holds plain JSON values."""

    role: Role
    content: str
    metadata: dict[str, Any]
    timestamp: str


class Chat:
    """`doc` names what the chat is about; it is part of the keys of all its widgets."""

    def __init__(self, doc: str) -> None:
        self.doc = doc
        self.conversation: str | None = None
        self.messages: list[Message] = []
        self.answers: dict[str, Answer] = {}
        self.run: LiveRun | None = None
        self._lock = threading.RLock()

    @property
    def active(self) -> bool:
        """Whether an answer is on its way; until it is there, nothing else can be asked here."""
        run = self.run
        return run is not None and run.active

    def ask(
        self, question: str, opened: Callable[[], Stream], *, locale: str = "en", seconds: float = 180.0
    ) -> LiveRun | None:
        """Saves the question and starts its run. None, and nothing else, while another one is active."""
        if self.active:
            return None
        with self._lock:
            if self.run is not None:  # two tabs at once: the second comes too late
                return None
            run = self.run = LiveRun(question, opened, self._ended, locale=locale, seconds=seconds)
            self._add("user", question, {"run": run.id})
        run.start()
        return run

    def now(self) -> tuple[list[Message], LiveRun | None]:
        """The messages and the active run of one moment: an answer is in exactly one of them."""
        if self.run is not None:
            _ = self.run.active  # ends what is overdue
        with self._lock:
            return self.messages, self.run

    def file(self, name: str) -> FileReady | None:
        """The last file of that name that an answer of this chat has made."""
        answers = reversed(list(self.answers.values()))
        return next((file for answer in answers for file in reversed(answer.files) if file.name == name), None)

    @classmethod
    def of(cls, doc: str, conversation: ConversationDetail) -> Chat:
        """A chat that goes on with a kept conversation."""
        chat = cls(doc)
        chat.conversation = conversation.id
        for turn in conversation.items[-MOST_MESSAGES // 2 :]:
            chat.answers[turn.run_id] = turn.answer
            chat._add("user", turn.question, {"run": turn.run_id}, turn.asked)
            chat._add("assistant", said(turn.answer), _facts(turn.run_id, turn.answer), turn.asked)
        return chat

    def _ended(self, run: LiveRun) -> None:
        with self._lock:
            answer = run.answer()
            self.answers[run.id] = answer
            self._add("assistant", said(answer), _facts(run.id, answer))
            self.run = None

    def _add(self, role: Role, content: str, metadata: dict[str, Any], at: float | None = None) -> None:
        moment = datetime.fromtimestamp(at, UTC) if at else datetime.now(UTC)
        message = Message(role=role, content=content, metadata=metadata, timestamp=moment.isoformat(timespec="seconds"))
        messages = [*self.messages, message][-MOST_MESSAGES:]
        kept = {message["metadata"]["run"] for message in messages}
        self.answers = {run: answer for run, answer in self.answers.items() if run in kept}
        self.messages = messages  # replaced, not changed: somebody may be drawing them


def said(answer: Answer) -> str:
    """What an answer comes to in words: its text as far as it came, and how it ended where it did not end well."""
    parts = [answer.text]
    if answer.failure is not None:
        failed = text("streamlit.failed", answer.locale)
        parts.append(f"{failed}: {' '.join(filter(None, (answer.failure.message, answer.failure.hint)))}")
    elif answer.cancelled is not None:
        parts.append(f"⏹️ {text('chat.cancelled', answer.locale)}")
    elif answer.clarification is not None:
        parts.append(answer.clarification.question)
    words = "\n\n".join(filter(None, parts))
    return words or ("" if answer.status == "running" else text(f"chat.{answer.status}", answer.locale))


def _facts(run: str, answer: Answer) -> dict[str, Any]:
    """What a message tells about its answer, beside the words, as plain JSON values."""
    facts: dict[str, Any] = {
        "run": run,
        "status": answer.status,
        "reading": answer.reading,
        "sql": answer.sql,
        "duration_ms": answer.duration_ms,
        "stages": {stage.stage: stage.duration_ms for stage in answer.stages if stage.duration_ms is not None},
        "sources": [msgspec.to_builtins(passage) for passage in answer.passages],
        "error": answer.failure.code if answer.failure is not None else None,
    }
    return {name: fact for name, fact in facts.items() if fact not in (None, "", [], {})}
