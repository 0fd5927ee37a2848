"""Messages and answers as Streamlit elements, in the same order while they grow and when they are done."""

from __future__ import annotations

import logging
from typing import Any

import streamlit as st

from prosa import locales
from prosa.answer import Answer, StageState
from prosa.charts.links import unlinked
from prosa.charts.reading import read
from prosa.errors import FigureError
from prosa.events import Chart, Passage, Table
from prosa.exports.markers import AgentResponseParser, Response
from prosa.streamlit import downloads, tables
from prosa.streamlit.markdown import escaped, growing, safe
from prosa.streamlit.messages import Message, said
from prosa.streamlit.view import View

logger = logging.getLogger(__name__)

_NOT_OURS = frozenset({"images", "template", "paper_bgcolor", "plot_bgcolor"})


def message(view: View, item: Message, *, last: bool) -> None:
    """A finished message."""
    with st.chat_message(item["role"]):
        found = view.chat.answers.get(item["metadata"]["run"]) if item["role"] == "assistant" else None
        if found is None:
            st.markdown(safe(item["content"]))
        else:
            answer(view, item["metadata"]["run"], found, last=last)
        st.caption(view.clock(item["timestamp"]))


def answer(view: View, run: str, found: Answer, *, last: bool = False) -> None:
    """An answer as far as it has come. What can be clicked or weighs much comes when it is done."""
    live = found.status == "running"
    parsed = AgentResponseParser.parse_response(said(found))
    _stages(view, found)
    _reading(view, found)
    words = st.empty()
    if live:
        words.markdown(safe(growing(found.text)))
    else:
        words.markdown(safe(parsed["text"]))
    _data(view, run, found, live=live)
    if not live:
        _charts(view, run, found, parsed)
        _files(view, run, found, parsed)
        if found.tables and found.run_id:
            downloads.of_answer(view, run, found)
        _passages(view, found)
        _options(view, run, found, enabled=last)
    for notice in found.notices:
        st.caption(safe(notice.words))


def _stages(view: View, found: Answer) -> None:
    lines = [_stage(view, found, state) for state in found.stages]
    if found.status == "running" and not lines and not found.blocks:
        lines = [locales.text("pipeline.start", view.locale)]
    place = st.empty()
    if lines:
        place.caption("  \n".join(map(safe, lines)))


def _stage(view: View, found: Answer, state: StageState) -> str:
    if state.duration_ms is not None:
        return locales.text(f"pipeline.{state.stage}_completed", view.locale, ms=round(state.duration_ms))
    line = locales.text(f"pipeline.{state.stage}_started", view.locale)
    if state.fraction is not None:
        return f"{line} {locales.percent(state.fraction, view.locale, places=0)}"
    if state.eta_ms and found.status == "running":
        return f"{line} ({view.words('time_left', seconds=max(1, round(state.eta_ms / 1000)))})"
    return line


def _reading(view: View, found: Answer) -> None:
    lines = []
    if found.reading:
        lines.append(locales.text("pipeline.read_as", view.locale, reading=found.reading))
    if found.unknown:
        unknown = ", ".join(word.text for word in found.unknown)
        lines.append(locales.text("pipeline.unknown", view.locale, words=unknown))
    place = st.empty()
    if lines:
        place.caption(safe("  \n".join(lines)))


def _data(view: View, run: str, found: Answer, *, live: bool) -> None:
    for query in found.queries:
        with st.expander("SQL", key=view.key("sql", run, query.query_id)):
            st.code(query.sql, "sql", wrap_lines=True)
            if query.error:
                st.caption(safe(query.error))
    for table in found.tables:
        _table(view, table)
        if not live:
            downloads.of_table(view, run, found, table)


def _table(view: View, table: Table) -> None:
    if table.rows:
        st.dataframe(tables.frame(table), hide_index=True, column_config=tables.column_config(table, view.locale))
    total = locales.number(table.total, view.locale)
    if table.total > len(table.rows):
        counted = view.words("first_rows", shown=len(table.rows), total=total)
    else:
        counted = view.words("all_rows", count=table.total, total=total)
    st.caption(f"{counted} {view.words('truncated')}" if table.truncated else counted)


def _charts(view: View, run: str, found: Answer, parsed: Response) -> None:
    charts = list(found.charts)
    if parsed["chart"] is not None:
        charts.append(Chart("agent", "", parsed["chart"]))
    for chart in charts:
        try:
            figure = unlinked(read(chart.figure))
            drawn = {"data": list(figure.data), "layout": _themed(figure.layout)}
            name = {"toImageButtonOptions": {"format": "png", "filename": "chart"}, "displaylogo": False}
            st.plotly_chart(drawn, key=view.key("chart", run, chart.chart_id), config=name)
        except (FigureError, ValueError, TypeError):
            logger.exception("a chart of run %s can't be drawn", run)
            st.caption(view.words("chart_failed"))
            continue
        downloads.of_chart(view, run, found, chart)


def _themed(layout: dict[str, Any]) -> dict[str, Any]:
    """A layout in the page's own colours, light or dark, and without pictures that the browser would fetch from
    elsewhere."""
    kept = {name: value for name, value in layout.items() if name not in _NOT_OURS}
    for name, part in kept.items():
        if isinstance(part, dict) and (name == "font" or name.startswith(("xaxis", "yaxis"))):
            kept[name] = {key: value for key, value in part.items() if not key.endswith("color")}
    return kept


def _files(view: View, run: str, found: Answer, parsed: Response) -> None:
    if not (found.files or parsed["downloads"] or "```" in parsed["text"] or "~~~" in parsed["text"]):
        return
    with st.container(horizontal=True):
        marked = {marker["filename"]: marker for marker in parsed["downloads"]}
        for file in found.files:
            if file.name not in marked:
                downloads.of_file(view, run, file)
        for marker in marked.values():
            downloads.of_marker(view, run, marker)
        downloads.of_code(view, run, parsed["text"])


def _passages(view: View, found: Answer) -> None:
    if not found.passages:
        return
    with st.expander(view.words("cited")):
        for passage in found.passages:
            st.markdown(f"**{escaped(passage.where(view.locale))}**")
            st.markdown(_marked(passage))


def _marked(passage: Passage) -> str:
    """The passage's own words, the sentence that answers marked."""
    start, end, words = passage.start, passage.end, passage.passage
    if not start < end <= len(words):
        return escaped(words)
    return f"{escaped(words[:start])}:yellow-background[{escaped(words[start:end])}]{escaped(words[end:])}"


def _options(view: View, run: str, found: Answer, *, enabled: bool) -> None:
    if found.clarification is None:
        return
    for number, option in enumerate(found.clarification.options):
        st.button(
            safe(option.label),
            key=view.key("option", run, number),
            disabled=not enabled or view.chat.active,
            on_click=view.send,
            args=(option.question, found.run_id),
        )
