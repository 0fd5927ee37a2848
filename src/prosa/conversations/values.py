"""What a conversation is outside the store: its head, its turns, and the words they are searched by."""

from __future__ import annotations

import unicodedata

import msgspec

from prosa.answer import Answer
from prosa.results import plain


class SavedTurn(msgspec.Struct, frozen=True):
    """A question with what became of it; `asked` is Unix time in seconds."""

    run_id: str
    question: str
    asked: float
    answer: Answer


class Conversation(msgspec.Struct, frozen=True):
    """A conversation's head. Times are Unix time in seconds; `turns` counts its questions."""

    id: str
    title: str
    created: float
    updated: float
    turns: int = 0


class ConversationDetail(Conversation, frozen=True, kw_only=True):
    """A conversation with all its turns, the oldest first."""

    items: tuple[SavedTurn, ...]


def folded(text: str) -> str:
    """The text as it is searched: without case and accents, in one line."""
    if text.isascii():
        return " ".join(text.casefold().split())
    apart = unicodedata.normalize("NFKD", plain(text).casefold())
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).split())
