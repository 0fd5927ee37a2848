"""The data page: a chat about the sources."""

from __future__ import annotations

import streamlit as st

from prosa.streamlit.page import draw_chat
from prosa.streamlit.site import Site
from prosa.streamlit.view import View

DOC = "data"


def draw(site: Site) -> None:
    """Which sources are asked stands at the left."""
    st.title(site.words("title"))
    sources = site.engine.sources(site.session.principal, site.locale)
    ready = {source.id: source.name for source in sources if not source.problem}
    if not ready:
        st.info(site.words("sources_none"))
    with st.sidebar:
        chosen = st.multiselect(
            site.words("sources_asked"), list(ready), format_func=ready.__getitem__, key="prosa_sources",
            help=site.words("sources_asked_help"), placeholder=site.words("sources_asked_help"),
        )  # fmt: skip
    draw_chat(
        site.engine, site.session, DOC, site.locale, site.settings,
        sources=tuple(chosen), hello=_hello,
    )  # fmt: skip


def _hello(view: View) -> None:
    """What can be asked, before anything was."""
    st.write(view.words("welcome"))
    examples = view.engine.examples(view.principal, view.locale)
    if examples:
        st.caption(view.words("try"))
    with st.container(gap=None):
        for number, example in enumerate(examples):
            key = view.key("example", number)
            st.button(example, key=key, on_click=view.send, args=(example, None), type="tertiary")
