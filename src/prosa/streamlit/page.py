"""`chat` and `render_chat_page`, for the app's own pages and for people's own apps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any

import streamlit as st

from prosa import locales
from prosa.app.locations import Source
from prosa.config import Settings
from prosa.errors import ProsaError
from prosa.pipeline.language import detect
from prosa.question import Answerer, Question
from prosa.streamlit import drawing, exporting, live, opening, people
from prosa.streamlit.engine import Engine
from prosa.streamlit.markdown import escaped
from prosa.streamlit.people import PrincipalCallable
from prosa.streamlit.run import Stream
from prosa.streamlit.sessions import Session
from prosa.streamlit.view import View

SHOWN = 20
"""How many messages are drawn at first."""
MARGIN = 30.0
"""Seconds beyond a run's own time limit after which it is given up here."""


def chat(
    source: Source | None = None,
    *,
    key: str = "chat",
    answerer: Any = None,
    principal: PrincipalCallable | None = None,
    locale: str | None = None,
    **settings: Any,
) -> None:
    """A chat about data, where it is called.

    `source` as in `prosa.open`; `answerer` is an agent of your own (an Answerer, or a function of the question's text
    that gives words); `principal` tells who asks, and is called before anything is drawn; `locale` is `en` or `pt-BR`,
    else the browser's; `key` tells several chats of one app apart; `settings` are the names of docs/settings.md. What
    is wrong with these is said on the page.
    """
    _drawn(partial(_chat, source, key, answerer, settings, False), principal, locale)


def render_chat_page(
    source: Source | None = None,
    *,
    title: str | None = None,
    documents: Mapping[str, str] | Sequence[str] = (),
    answerer: Any = None,
    principal: PrincipalCallable | None = None,
    locale: str | None = None,
    **settings: Any,
) -> None:
    """A whole page: title, messages, the question at its foot. With `documents` (ids, or ids and their titles) they
    are chosen at the left, and each has a chat of its own. The other arguments are those of `chat`."""

    def draw(session: Session, locale: str) -> None:
        st.title(title if title is not None else locales.text("streamlit.title", locale))
        titles = documents if isinstance(documents, Mapping) else {doc: doc for doc in documents}
        doc = document_selector(session, titles, locale) if titles else "chat"
        chosen = (doc,) if titles else ()
        _chat(source, doc, answerer, settings, True, session, locale, documents=chosen)

    _drawn(draw, principal, locale)


def document_selector(session: Session, titles: Mapping[str, str], locale: str) -> str:
    """Chooses one of the documents at the left; its id. A reload finds the same one chosen."""
    choices = list(titles)
    with st.sidebar:
        chosen = st.radio(
            locales.text("streamlit.document", locale),
            choices,
            index=choices.index(session.document) if session.document in titles else 0,
            format_func=lambda choice: escaped(titles[choice]),
            key="prosa_document",
        )
    session.document = str(chosen)
    return session.document


def _drawn(draw: Callable[[Session, str], None], principal: PrincipalCallable | None, locale: str | None) -> None:
    spoken = locales.normalise(locale or st.context.locale)
    try:
        session = people.current(principal)
        draw(session, spoken)
    except ProsaError as error:
        told(error, spoken)


def told(error: ProsaError, locale: str) -> None:
    """An error where it happened, in a sentence and a hint."""
    st.error(" ".join(filter(None, (error.sentence(locale), error.hint(locale)))))


def _chat(
    source: Source | None,
    doc: str,
    answerer: Any,
    given: dict[str, Any],
    whole_page: bool,
    session: Session,
    locale: str,
    documents: tuple[str, ...] = (),
) -> None:
    settings = opening.settings_of(given)
    engine = opening.engine(opening.located(source), settings)
    agent = opening.answerer_of(answerer)
    draw_chat(engine, session, doc, locale, settings, agent, whole_page=whole_page, documents=documents)


def draw_chat(
    engine: Engine,
    session: Session,
    doc: str,
    locale: str,
    settings: Settings,
    answerer: Answerer | None = None,
    *,
    whole_page: bool = True,
    sources: tuple[str, ...] = (),
    documents: tuple[str, ...] = (),
    hello: Callable[[View], None] = lambda view: None,
) -> None:
    """The messages of one document, the answer on its way, the input, and what can be done with it all: at the foot of
    the page where the chat is the `whole_page`."""
    found = session.chat(doc)

    def send(question: str, replies_to: str | None = None) -> None:
        _ask(view, settings, question, sources, documents, replies_to)

    view = View(engine, session, found, locale, _zone(), answerer, send)
    _messages(view, hello)
    # Streamlit itself puts an input of the page's body to its foot, and only then keeps the newest words in sight.
    with nullcontext() if whole_page else st.container():
        _input(view, settings, "ask_document" if documents else "ask")
    with st.bottom if whole_page else st.container():
        exporting.bar(view)


def _messages(view: View, hello: Callable[[View], None]) -> None:
    messages, run = view.chat.now()
    if not messages:
        hello(view)
    shown = _shown(view, len(messages))
    for place, item in enumerate(messages[-shown:], len(messages) - shown):
        drawing.message(view, item, last=place == len(messages) - 1)
    if run is not None:
        live.draw(view, run)


def _shown(view: View, count: int) -> int:
    """How many messages to draw: the last ones, or all where somebody wished it."""
    wish = view.key("earlier")
    if count <= SHOWN or st.session_state.get(f"{wish}_wished"):
        return count
    if st.button(view.words("earlier"), key=wish):
        st.session_state[f"{wish}_wished"] = True
        st.rerun()
    return SHOWN


def _input(view: View, settings: Settings, free: str) -> None:
    active, key = view.chat.active, view.key("input")
    st.chat_input(
        view.words("locked" if active else free),
        key=key,
        max_chars=settings.question_length,
        disabled=active,
        on_submit=lambda: view.send(st.session_state[key] or "", None),
    )


def _ask(
    view: View,
    settings: Settings,
    question: str,
    sources: tuple[str, ...],
    documents: tuple[str, ...],
    replies_to: str | None,
) -> None:
    """Saves the question and starts its run; called before the script runs again, so that what it draws is locked."""
    if not question.strip():
        return
    found, principal = view.chat, view.principal
    language = settings.locale or locales.normalise(detect(question, "pt" if view.locale == locales.PT else "en"))
    asked = Question(
        question,
        locale=language,
        analyst=settings.analyst,
        sources=sources,
        documents=documents,
        replies_to=replies_to,
    )

    def opened() -> Stream:
        if found.conversation is None:
            found.conversation = view.engine.new_conversation(principal, "")
        return view.engine.ask(principal, asked, found.conversation, view.answerer)

    found.ask(question, opened, locale=language, seconds=settings.run_time_limit + MARGIN)


def _zone() -> str | None:
    return st.context.timezone
