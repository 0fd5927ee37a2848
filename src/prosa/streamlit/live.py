"""The answer that is on its way: one fragment that looks at the run's buffer twice a second while the run is active.

Nothing here makes an answer or waits for one, so that no click, rerun or reload can break it.
"""

from __future__ import annotations

import streamlit as st

from prosa.streamlit import drawing
from prosa.streamlit.run import LiveRun
from prosa.streamlit.view import View

EVERY = 0.5
"""Seconds between two looks."""


def draw(view: View, run: LiveRun) -> None:
    """Draws what has come so far, and again and again until the run has ended; then the whole page, once."""
    st.fragment(_look, run_every=EVERY)(view, run)


def _look(view: View, run: LiveRun) -> None:
    if not run.active:
        st.rerun()
    with st.chat_message("assistant"):
        drawing.answer(view, run.id, run.answer())
        st.button(view.words("stop"), key=view.key("stop", run.id), on_click=run.stop)
