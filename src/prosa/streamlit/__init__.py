"""Prosa in Streamlit (extra `streamlit`): a chat for people's own apps, a whole page of it, and the app itself.

    import prosa.streamlit

    prosa.streamlit.chat("sales.csv")

An answer belongs to a run with a thread and a buffer of its own, so that clicks, reruns and reloads lose nothing. What
is drawn here is drawn from that buffer; no answer is ever made inside a script run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "app": "prosa.streamlit.application",
    "chat": "prosa.streamlit.page",
    "render_chat_page": "prosa.streamlit.page",
}

__all__ = ["app", "chat", "render_chat_page"]

if TYPE_CHECKING:
    from prosa.streamlit.application import app
    from prosa.streamlit.page import chat, render_chat_page


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'prosa.streamlit' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
