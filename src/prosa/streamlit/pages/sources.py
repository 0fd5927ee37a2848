"""The sources page: what can be asked, its tables and columns, and files that people bring."""

from __future__ import annotations

import streamlit as st

from prosa import locales
from prosa.app.summaries import SourceSummary
from prosa.sources.base import ColumnInfo
from prosa.streamlit.bringing import uploader
from prosa.streamlit.markdown import escaped
from prosa.streamlit.site import Site


def draw(site: Site) -> None:
    """Each source in a box of its own; one that can't be read says why."""
    st.title(site.words("page_sources"))
    uploader(site, "sources", site.words("upload_help"))
    sources = site.engine.sources(site.session.principal, site.locale)
    for source in sources:
        _source(site, source)
    if not sources:
        st.info(site.words("sources_none"))


def _source(site: Site, source: SourceSummary) -> None:
    with st.container(border=True):
        st.subheader(escaped(source.name), anchor=False)
        if source.problem:
            st.error(escaped(source.problem))
        else:
            for table in source.tables:
                rows = locales.number(table.rows, site.locale)
                st.markdown(f"**{escaped(table.name)}** · {site.words('all_rows', count=table.rows, total=rows)}")
        for notice in source.notices:
            st.caption(escaped(notice))
        if not source.problem:
            _columns(site, source)
        if source.mine:
            st.button(site.words("remove"), key=f"remove_{source.id}", on_click=_remove, args=(site, source.id))


def _columns(site: Site, source: SourceSummary) -> None:
    """The catalog is fetched when its box is opened."""
    box = st.expander(site.words("tables"), key=f"tables_{source.id}", on_change="rerun")
    if not box.open:
        return
    with box:
        for table in site.engine.catalog(site.session.principal, source.id).tables:
            st.markdown(f"**{escaped(table.name)}**")
            rows = [_described(site, column) for column in table.columns]
            st.dataframe(rows, hide_index=True)


def _described(site: Site, column: ColumnInfo) -> dict[str, str]:
    return {
        site.words("columns_name"): column.name,
        site.words("columns_type"): locales.text(f"page.type_{column.type}", site.locale, default=column.type),
        site.words("columns_samples"): ", ".join(map(str, column.samples)),
    }


def _remove(site: Site, source_id: str) -> None:
    site.engine.remove_source(site.session.principal, source_id)
