"""The app: its pages, and the two ways to start it, `app(…)` in a script and `prosa streamlit`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import streamlit as st

from prosa import demo, locales
from prosa.app.locations import Source
from prosa.config import Settings
from prosa.errors import ProsaError
from prosa.streamlit import launch, opening, people
from prosa.streamlit.engine import Engine
from prosa.streamlit.page import told
from prosa.streamlit.people import PrincipalCallable
from prosa.streamlit.sessions import Session
from prosa.streamlit.site import Site

_ICON = Path(str(resources.files("prosa.server").joinpath("static", "icon.svg")))


def app(
    source: Source | None = None,
    *,
    with_demo: bool = False,
    principal: PrincipalCallable | None = None,
    **settings: Any,
) -> None:
    """All pages over `source` and, `with_demo`, the demo data. `principal` and `settings` as in `prosa.streamlit.chat`;
    PROSA_URL names a server to ask instead."""
    _guarded(partial(_given, source, with_demo, principal, settings))


def start() -> None:
    """All pages over what `prosa streamlit` was given."""
    _guarded(_launched)


def _guarded(draw: Callable[[], None]) -> None:
    try:
        draw()
    except ProsaError as error:
        told(error, locales.normalise(st.context.locale))


def _given(source: Source | None, with_demo: bool, principal: PrincipalCallable | None, given: dict[str, Any]) -> None:
    session = people.current(principal)
    settings = opening.settings_of(given)
    sources = [source] if source is not None else []
    if with_demo and not settings.url:
        folder = settings.data_dir / "demo"
        _demo(str(folder))
        sources.append({demo.NAME: folder, demo.PAPERS: demo.DOCUMENTS})
    examples = {each: demo.examples(each) for each in locales.LOCALES} if with_demo else {}
    engine = opening.engine(opening.located(sources), settings, examples)
    _pages(engine, session, settings)


@st.cache_resource(show_spinner=False, ttl=86_400)
def _demo(folder: str) -> None:
    demo.make(Path(folder))


def _launched() -> None:
    found = launch.launched()
    session = people.by_link(found.token) if found.token else people.current(None)
    engine = opening.engine(found.sources, found.settings, found.examples)
    _pages(engine, session, found.settings)


def _pages(engine: Engine, session: Session, settings: Settings) -> None:
    from prosa.streamlit.pages import data, documents, history, sources

    site = Site(engine, session, settings, _language(session, settings), {})
    draws = {
        "data": (data.draw, ":material/chat:"),
        "documents": (documents.draw, ":material/description:"),
        "sources": (sources.draw, ":material/database:"),
        "history": (history.draw, ":material/history:"),
    }
    st.set_page_config(page_title="Prosa", page_icon=_ICON, layout="centered")
    for name, (draw, _) in draws.items():
        page = _page(partial(draw, site), name)
        title = site.words(f"page_{name}")
        site.pages[name] = st.Page(page, title=title, url_path=name, default=name == "data")
    chosen = st.navigation(list(site.pages.values()), position="hidden")
    # Links of our own: Streamlit's take a page's icon for the tab as well, which the browser fetches from another host.
    with st.sidebar:
        for name, (_, icon) in draws.items():
            st.page_link(site.pages[name], icon=icon)
        st.divider()
    chosen.run()
    _language_choice(site)


def _page(draw: Callable[[], None], name: str) -> Callable[[], None]:
    """A page of that name; what goes wrong on it is said on it."""

    def page() -> None:
        _guarded(draw)

    page.__name__ = name
    return page


def _language(session: Session, settings: Settings) -> str:
    return session.locale or settings.locale or locales.normalise(st.context.locale)


def _language_choice(site: Site) -> None:
    def choose() -> None:
        site.session.locale = st.session_state["prosa_language"] or ""

    with st.sidebar:
        st.segmented_control(
            site.words("language"), locales.LOCALES, default=site.locale, key="prosa_language", on_change=choose,
            format_func=lambda locale: locale[:2].upper(),
        )  # fmt: skip
