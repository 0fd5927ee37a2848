"""Bringing a file: one uploader for data and for documents."""

from __future__ import annotations

import streamlit as st

from prosa.errors import ProsaError
from prosa.streamlit.markdown import escaped
from prosa.streamlit.page import told
from prosa.streamlit.site import Site

_COUNT = "prosa_uploads"
_BROUGHT = "prosa_brought"


def uploader(site: Site, place: str, help: str) -> None:
    """The uploader is a new one after each file, so that no rerun brings the same file twice."""
    count = st.session_state.setdefault(_COUNT, 0)
    file = st.file_uploader(
        site.words("upload"), key=f"{_COUNT}_{place}_{count}", help=help,
        max_upload_size=max(1, site.settings.max_upload >> 20),
    )  # fmt: skip
    if file is not None:
        try:
            brought = site.engine.upload(site.session.principal, file.name, file.getvalue(), site.locale)
        except ProsaError as error:
            told(error, site.locale)
            return
        st.session_state.update({_COUNT: count + 1, _BROUGHT: brought.name})
        st.rerun()
    if _BROUGHT in st.session_state:
        st.success(site.words("uploaded", name=escaped(st.session_state.pop(_BROUGHT))))
