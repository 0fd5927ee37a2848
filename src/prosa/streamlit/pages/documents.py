"""The documents page: the selector at the left, and a chat for each document."""

from __future__ import annotations

import streamlit as st
from prosa.streamlit.site import Site


def draw(site: Site) -> None:
    """The chat of the document that is chosen."""
    st.title(site.words("page_documents"))
    st.info(site.words("documents_none"))
