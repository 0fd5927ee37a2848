"""What can be done with a whole chat: clear it, take it away as text, Markdown or JSON."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import msgspec
import streamlit as st

from prosa import locales
from prosa.conversations.export import MEDIA_TYPES, written
from prosa.conversations.values import ConversationDetail, SavedTurn
from prosa.exports.names import file_name
from prosa.streamlit import downloads
from prosa.streamlit.messages import Chat
from prosa.streamlit.view import View

FORMATS = ("txt", "md", "json")


def bar(view: View) -> None:
    """Clear and Export, which wait while an answer is on its way."""
    chat = view.chat
    idle = bool(chat.messages) and not chat.active
    with st.container(horizontal=True):
        clear = partial(view.session.clear, chat.doc)
        st.button(view.words("clear"), key=view.key("clear"), on_click=clear, disabled=not idle, type="tertiary")
        with st.popover(view.words("export"), key=view.key("export"), disabled=not idle, type="tertiary"):
            for format in FORMATS:
                name = _name(view, format)
                make = partial(exported, chat, format, view.locale)
                label = view.words("download", filename=name)
                downloads.button(view, view.key("export", format), label, name, MEDIA_TYPES[format], make)


def exported(chat: Chat, format: str, locale: str) -> bytes:
    """The chat as a file: `txt` is `ROLE: content` and an empty line for each message, `json` the messages as they are,
    `md` questions and answers with their tables and statements."""
    if format == "json":
        return msgspec.json.format(msgspec.json.encode(chat.messages), indent=2)
    if format == "txt":
        roles = {role: locales.text(f"chat.{role}", locale) for role in ("user", "assistant")}
        return "".join(f"{roles[item['role']]}: {item['content']}\n\n" for item in chat.messages).encode()
    return written(_conversation(chat, locale), "md", locale)


def _conversation(chat: Chat, locale: str) -> ConversationDetail:
    asked = [item for item in chat.messages if item["role"] == "user"]
    turns = tuple(
        SavedTurn(run, item["content"], _seconds(item["timestamp"]), chat.answers[run])
        for item in asked
        if (run := item["metadata"]["run"]) in chat.answers
    )
    title = turns[0].question if turns else locales.text("streamlit.conversation", locale)
    first, last = (turns[0].asked, turns[-1].asked) if turns else (0.0, 0.0)
    return ConversationDetail(chat.conversation or "", title, first, last, len(turns), items=turns)


def _name(view: View, format: str) -> str:
    first = view.chat.messages[0]["timestamp"] if view.chat.messages else datetime.now().isoformat()
    return file_name(view.words("conversation"), format, datetime.fromisoformat(first).astimezone())


def _seconds(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp()
