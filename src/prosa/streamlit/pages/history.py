"""The history page: kept conversations, to be searched, opened, taken away and deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from prosa.conversations.export import MEDIA_TYPES, written
from prosa.conversations.values import Conversation
from prosa.exports.names import file_name
from prosa.streamlit import downloads
from prosa.streamlit.exporting import FORMATS
from prosa.streamlit.markdown import escaped
from prosa.streamlit.pages.data import DOC
from prosa.streamlit.site import Site
from prosa.streamlit.view import View


def draw(site: Site) -> None:
    """The last used first."""
    st.title(site.words("page_history"))
    search = st.text_input(site.words("search"), key="prosa_search", icon=":material/search:")
    found = site.engine.conversations(site.session.principal, search or "")
    if not found:
        st.info(site.words("history_none_found" if search else "history_none"))
    for conversation in found:
        _conversation(site, conversation)


def _conversation(site: Site, conversation: Conversation) -> None:
    view = View(site.engine, site.session, site.session.chat(DOC), site.locale, st.context.timezone)
    with st.container(border=True):
        st.markdown(f"**{escaped(conversation.title or site.words('conversation'))}**")
        at = datetime.fromtimestamp(conversation.updated, UTC).isoformat()
        counted = site.words("questions", count=conversation.turns)
        st.caption(f"{view.clock(at)} · {counted}")
        with st.container(horizontal=True):
            if st.button(site.words("open"), key=f"open_{conversation.id}"):
                _open(site, conversation.id)
            with st.popover(site.words("export"), key=f"export_{conversation.id}"):
                for format in FORMATS:
                    name = file_name(conversation.title or site.words("conversation"), format)
                    make = partial(_written, site, conversation.id, format)
                    label = view.words("download", filename=name)
                    key = f"export_{conversation.id}_{format}"
                    downloads.button(view, key, label, name, MEDIA_TYPES[format], make)
            st.button(
                site.words("delete"), key=f"delete_{conversation.id}", on_click=_delete, args=(site, conversation.id)
            )


def _open(site: Site, conversation_id: str) -> None:
    detail = site.engine.conversation(site.session.principal, conversation_id)
    if not site.session.show(DOC, detail):
        st.warning(site.words("busy_here"))
        return
    st.switch_page(site.pages[DOC])


def _written(site: Site, conversation_id: str, format: str) -> bytes:
    return written(site.engine.conversation(site.session.principal, conversation_id), format, site.locale)


def _delete(site: Site, conversation_id: str) -> None:
    site.engine.delete_conversation(site.session.principal, conversation_id)
