"""Download buttons. Their bytes are made when they are clicked, in memory, without a rerun; once they were fetched
Streamlit lets go of them."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from prosa import chart_export
from prosa.answer import Answer
from prosa.charts.images.signs import lacking
from prosa.errors import AccessError
from prosa.events import Chart, FileReady, Table
from prosa.exports import formats
from prosa.exports.markers import Download
from prosa.exports.names import file_name, slugged
from prosa.streamlit import delivery, markdown
from prosa.streamlit.view import View

_CODE_ENDINGS = {
    "python": "py", "py": "py", "sql": "sql", "json": "json", "javascript": "js", "js": "js", "typescript": "ts",
    "bash": "sh", "sh": "sh", "shell": "sh", "html": "html", "xml": "xml", "yaml": "yaml", "yml": "yaml",
    "markdown": "md", "md": "md", "r": "r", "java": "java", "css": "css", "toml": "toml",
}  # fmt: skip


def button(
    view: View, key: str, label: str, name: str, mime: str, make: Callable[[], bytes], help: str | None = None
) -> None:
    """One button. What `make` raises is told by Streamlit as a download that failed."""

    def made() -> bytes:
        data = make()
        delivery.held(data, mime, name)
        return data

    st.download_button(label, made, name, mime, key=key, help=help, on_click="ignore", width="content")


def of_table(view: View, run: str, answer: Answer, table: Table) -> None:
    """The whole result in every format."""
    if not view.engine.holds(view.principal, table.result_id):
        _gone(view)
        return
    with st.container(horizontal=True):
        csv = formats.FORMATS["csv"]
        _format(view, run, answer, table, csv, view.words("download_csv"), view.words("download_csv_title"))
        with st.popover(view.words("table_formats"), key=view.key("dlmore", run, table.result_id)):
            for name, kind in formats.FORMATS.items():
                if name != "csv":
                    _format(view, run, answer, table, kind, name.upper())


def of_answer(view: View, run: str, answer: Answer) -> None:
    """Everything of the answer as one zip."""
    make = partial(view.engine.bundle, view.principal, answer.run_id, view.locale)
    name = _named(answer, "zip", "answer")
    button(view, view.key("dl", run, "bundle"), view.words("bundle"), name, chart_export.ZIP, make)


def _format(
    view: View, run: str, answer: Answer, table: Table, kind: formats.Format, label: str, help: str | None = None
) -> None:
    make = partial(view.engine.export, view.principal, table.result_id, kind.name, view.locale)
    name = _named(answer, kind.extension, "query_results")
    button(view, view.key("dl", run, table.result_id, kind.name), label, name, kind.mime, make, help)


def of_chart(view: View, run: str, answer: Answer, chart: Chart) -> None:
    """The chart in every format that needs no server but this process."""
    with st.popover(view.words("chart_formats"), key=view.key("dlchart", run, chart.chart_id)):
        for format in chart_export.FORMATS:
            extension, mime = _chart_type(format)
            name = _named(answer, extension, "chart_export")
            make = partial(_chart, chart.figure, format, view.locale, answer.question)
            button(view, view.key("dl", run, chart.chart_id, format), format.upper(), name, mime, make)
        if told := _missing(chart, view.locale):
            st.caption(markdown.safe(told))


def _missing(chart: Chart, locale: str) -> str:
    """Told beforehand: a button has no way to say anything once its file is made."""
    drawable = chart_export.PICTURES.keys() & set(chart_export.FORMATS)
    return chart_export.told(lacking(chart.figure), locale) if drawable else ""


def _chart_type(format: str) -> tuple[str, str]:
    """Extension and MIME type; pictures are no format of tables."""
    if format in formats.FORMATS:
        return formats.FORMATS[format].extension, formats.FORMATS[format].mime
    return format, mimetypes.guess_type(f"chart.{format}")[0] or "application/octet-stream"


def _chart(figure: dict[str, Any], format: str, locale: str, title: str) -> bytes:
    return asyncio.run(chart_export.write(figure, format, locale=locale, title=title)).data


def of_file(view: View, run: str, file: FileReady) -> None:
    """A finished file. What an agent's tool made is there once."""
    if not view.engine.holds(view.principal, file.file_id):
        _gone(view, file.name)
        return
    make = partial(view.engine.file, view.principal, file.file_id)
    button(
        view, view.key("dl", run, file.file_id), view.words("download", filename=file.name), file.name, file.mime, make
    )


def of_marker(view: View, run: str, found: Download) -> None:
    """The file that a marker in an agent's text leads to: one that a tool made in this chat."""
    made = view.chat.file(found["filename"])
    if made is None:
        _gone(view, found["filename"])
    else:
        of_file(view, run, made)


def of_code(view: View, run: str, text: str) -> None:
    """The fenced blocks of an agent's text."""
    for number, block in enumerate(markdown.code_blocks(text)):
        csv = block.language == "csv"
        label, help = ("download_csv", "download_csv_title") if csv else ("download_code", "download_code_title")
        ending = "csv" if csv else _CODE_ENDINGS.get(block.language, "txt")
        data = block.code.encode("utf-8-sig" if csv else "utf-8")
        name = f"query_results.{ending}" if csv else f"code.{ending}"
        button(
            view, view.key("dl", run, "code", number), view.words(label), name, "text/csv" if csv else "text/plain",
            partial(bytes, data), view.words(help),
        )  # fmt: skip


def _gone(view: View, name: str = "") -> None:
    words = AccessError("file_gone").sentence(view.locale)
    st.caption(f"{markdown.safe(name)}: {words}" if name else words)


def _named(answer: Answer, extension: str, otherwise: str) -> str:
    """The same at every drawing of an answer, so that a click always finds the button that was drawn."""
    return file_name(slugged(answer.question, otherwise), extension, datetime.fromtimestamp(answer.started_at))
