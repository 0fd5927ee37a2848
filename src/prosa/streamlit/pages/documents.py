"""The documents page: the selector at the left, and a chat for each document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from prosa.app.summaries import DocumentSummary
from prosa.streamlit.bringing import uploader
from prosa.streamlit.markdown import escaped
from prosa.streamlit.page import document_selector, draw_chat
from prosa.streamlit.site import Site
from prosa.streamlit.view import View

ALL = "documents"


def draw(site: Site) -> None:
    """The chat of the document that is chosen, or of all of them."""
    st.title(site.words("page_documents"))
    found = site.engine.documents(site.session.principal, site.locale)
    ready = {document.id: document for document in found if not document.problem}
    titles = _titles(ready)
    chosen = ""
    if ready:
        chosen = document_selector(site.session, {ALL: site.words("documents_all"), **titles}, site.locale)
    with st.sidebar:
        uploader(site, ALL, site.words("document_upload_help"))
    for document in found:
        if document.problem:
            st.error(f"{escaped(document.name)}: {escaped(document.problem)}")
    if not chosen:
        st.info(site.words("documents_none"))
        return
    if chosen != ALL:
        _facts(site, ready[chosen])
    doc, documents = (ALL, tuple(ready)) if chosen == ALL else (f"doc-{chosen}", (chosen,))
    draw_chat(
        site.engine, site.session, doc, site.locale, site.settings,
        documents=documents, hello=_hello,
    )  # fmt: skip


def _titles(documents: Mapping[str, DocumentSummary]) -> dict[str, str]:
    """What each document is called; those of one title by their file's name as well, and those of one name counted."""
    counted = Counter(document.title for document in documents.values())
    seen: Counter[str] = Counter()
    titles = {}
    for id, document in documents.items():
        title = document.title or document.name
        if counted[document.title] > 1 and document.title:
            title = f"{title} ({document.name})"
        seen[title] += 1
        titles[id] = title if seen[title] == 1 else f"{title} {seen[title]}"
    return titles


def _facts(site: Site, document: DocumentSummary) -> None:
    key = "document_facts" if document.pages else "document_passages"
    st.caption(f"{escaped(document.name)} · {site.words(key, pages=document.pages, passages=document.passages)}")
    for notice in document.notices:
        st.caption(escaped(notice))
    if document.mine:
        remove = site.engine.remove_document
        st.button(
            site.words("remove"), key=f"remove_{document.id}", on_click=remove,
            args=(site.session.principal, document.id),
        )  # fmt: skip


def _hello(view: View) -> None:
    st.write(view.words("documents_hello"))
