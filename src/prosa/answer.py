"""`Answer`, what a run's log adds up to, and `Answer.fold`, the one reducer.

Snapshots for late readers, JSON replies, saved turns and the library's return value are all made here. It reads no
file and runs no query: where the library hands an answer out it also hands it `rows`, the way to the whole result.
"""

from __future__ import annotations

import html
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from prosa import events as e
from prosa.errors import UsageError

Status = Literal["running", "answered", "clarify", "refused", "failed", "cancelled"]


class Rows(Protocol):
    """The way from an answer to all rows of one of its results."""

    def arrow(self, result_id: str) -> Any:
        """The whole result as a `pyarrow.Table`."""

    def export(self, result_id: str, format: str, **options: Any) -> bytes:
        """The whole result in an export format."""

    def chart(self, answer: Answer, format: str, **options: Any) -> bytes:
        """The answer's last chart as a file."""

    def bundle(self, answer: Answer, locale: str | None = None) -> bytes:
        """Everything of the answer as a zip."""

    def file(self, file_id: str) -> bytes:
        """A file that the answer brought."""


class StageState(msgspec.Struct, omit_defaults=True):
    """A stage as far as it has come; `duration_ms` is None while it runs."""

    stage: str
    duration_ms: float | None = None
    fraction: float | None = None
    eta_ms: int | None = None
    message: str = ""
    summary: str = ""


class Query(msgspec.Struct, omit_defaults=True):
    """A statement of the answer and, where it failed, why."""

    query_id: str
    sql: str
    dialect: str
    source: str
    code: str = ""
    error: str = ""


class Block(msgspec.Struct, omit_defaults=True):
    """One block of words and what the check of its numbers found."""

    text: str = ""
    spans: tuple[e.Span, ...] = ()


class Tool(msgspec.Struct, omit_defaults=True):
    call_id: str
    tool: str
    arguments: dict[str, Any] = {}
    result: Any = None
    done: bool = False
    failed: bool = False


class Answer(msgspec.Struct, dict=True, eq=True):
    """Everything a run has said so far, in the order it was said."""

    run_id: str = ""
    seq: int = 0
    status: Status = "running"
    question: str = ""
    conversation: str | None = None
    analyst: str = ""
    locale: str = "en"
    replies_to: str | None = None
    started_at: float = 0.0
    reading: str = ""
    unknown: tuple[e.Word, ...] = ()
    confidence: float | None = None
    stages: list[StageState] = []
    queries: list[Query] = []
    tables: list[e.Table] = []
    charts: list[e.Chart] = []
    files: list[e.FileReady] = []
    tools: list[Tool] = []
    passages: list[e.Passage] = []
    blocks: list[Block] = []
    notices: list[e.Notice] = []
    clarification: e.Clarification | None = None
    failure: e.Failed | None = None
    cancelled: e.Cancelled | None = None
    duration_ms: float | None = None
    tokens: int | None = None
    cost: float | None = None

    @classmethod
    def fold(cls, entries: Iterable[e.Entry], start: Answer | None = None) -> Answer:
        """The answer that these entries add up to, going on from `start` where given. Entries already counted in
        `start` (by `seq`) are passed over, so that a replay changes nothing."""
        answer = start or cls()
        for entry in entries:
            answer.add(entry)
        return answer

    def add(self, entry: e.Entry) -> None:
        """Takes one more entry in."""
        event = entry.event
        if isinstance(event, e.Snapshot):
            _become(self, event)
            return
        if entry.seq <= self.seq:
            return
        self.run_id, self.seq = entry.run_id, entry.seq
        if isinstance(event, e.Started):
            self.started_at = entry.at
        _REDUCERS[type(event)](self, event)

    @property
    def text(self) -> str:
        """The answer in words: every block, with an empty line between."""
        return "\n\n".join(block.text for block in self.blocks if block.text)

    @property
    def sql(self) -> str | None:
        """The last statement that did not fail."""
        return next((query.sql for query in reversed(self.queries) if not query.code), None)

    @property
    def table(self) -> e.Table | None:
        """The last table: its columns, first rows and total. `to_pandas()` brings every row."""
        return self.tables[-1] if self.tables else None

    def meant(self, reply: str) -> str:
        """The question behind a reply to what was asked back (an option's label or number); else the reply itself."""
        options = self.clarification.options if self.clarification is not None else ()
        wanted = reply.strip().casefold()
        for number, option in enumerate(options, 1):
            if wanted in (str(number), f"{number}.", option.label.strip().casefold()):
                return option.question
        return reply

    @property
    def result_id(self) -> str | None:
        """The result of the last table; of an answer that only draws one otherwise, its chart's. None where there is
        neither."""
        shown = self.tables or self.charts
        return shown[-1].result_id if shown else None

    @property
    def figure(self) -> Any:
        """The last chart as a `plotly.graph_objects.Figure`, or None."""
        if not self.charts:
            return None
        from plotly import graph_objects

        return graph_objects.Figure(self.charts[-1].figure)

    @property
    def rows(self) -> Rows | None:
        return self.__dict__.get("_rows")

    def attach(self, rows: Rows) -> Answer:
        """Gives the answer its way to whole results; returns itself."""
        self.__dict__["_rows"] = rows
        return self

    def to_arrow(self) -> Any:
        """Every row of the last table as a `pyarrow.Table`. UsageError where the answer has no table."""
        rows, result_id = self._whole()
        return rows.arrow(result_id)

    def to_pandas(self) -> Any:
        """Every row of the last table as a `pandas.DataFrame`. UsageError where the answer has no table."""
        return self.to_arrow().to_pandas()

    def export(self, to: str | os.PathLike[str] = "csv", **options: Any) -> bytes:
        """Every row of the last table in an export format, the last chart as `png`, `svg` or `pdf`, or all of the
        answer as `zip`. `to` is a format's name, or the path of a file to write, whose ending is the format; the bytes
        are returned either way. `locale` and each format's own options go by name. UsageError where there is no table
        or chart, or no such format."""
        name = os.fspath(to)
        path = Path(name).expanduser() if "." in name or "/" in name or not isinstance(to, str) else None
        ending = name.rpartition(".")[2].lower() if path is not None else name
        data = self._exported({"md": "markdown"}.get(ending, ending), options)
        if path is not None:
            path.write_bytes(data)
        return data

    def _exported(self, format: str, options: dict[str, Any]) -> bytes:
        if format == "zip":
            return self._way().bundle(self, **options)
        if format in ("png", "svg", "pdf"):
            return self._way().chart(self, format, **options)
        rows, result_id = self._whole()
        return rows.export(result_id, format, **options)

    def read(self, file: e.FileReady) -> bytes:
        """The bytes of one of the answer's `files`. UsageError where they are gone."""
        return self._way().file(file.file_id)

    def _way(self) -> Rows:
        if self.rows is None:
            raise UsageError("rows_gone")
        return self.rows

    def _whole(self) -> tuple[Rows, str]:
        if self.result_id is None:
            raise UsageError("no_table")
        return self._way(), self.result_id

    def _repr_html_(self) -> str:
        parts = [f"<p>{html.escape(block.text)}</p>" for block in self.blocks]
        if self.failure is not None:
            parts.append(f"<p>{html.escape(self.failure.message)}</p>")
        if self.table is not None:
            parts.append(_html_table(self.table))
        if self.sql:
            parts.append(f"<details><summary>SQL</summary><pre>{html.escape(self.sql)}</pre></details>")
        return "\n".join(parts)

    def __repr__(self) -> str:
        return f"Answer({self.status}: {self.text or self.question!r})"


def _html_table(table: e.Table) -> str:
    def row(cells: Iterable[Any], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{_html_cell(cell)}</{tag}>" for cell in cells) + "</tr>"

    head = row((column.name for column in table.columns), "th")
    return f"<table><thead>{head}</thead><tbody>{''.join(row(cells, 'td') for cells in table.rows)}</tbody></table>"


def _html_cell(cell: Any) -> str:
    return "" if cell is None else html.escape(str(cell))


def _become(answer: Answer, event: e.Snapshot) -> None:
    if event.upto <= answer.seq:
        return
    other = msgspec.convert(event.answer, Answer)
    for name in Answer.__struct_fields__:
        setattr(answer, name, getattr(other, name))


def _started(answer: Answer, event: e.Started) -> None:
    answer.question, answer.conversation, answer.analyst = event.question, event.conversation, event.analyst
    answer.locale, answer.replies_to = event.locale, event.replies_to


def _stage(answer: Answer, name: str) -> StageState:
    found = next((state for state in answer.stages if state.stage == name), None)
    if found is None:
        found = StageState(name)
        answer.stages.append(found)
    return found


def _stage_started(answer: Answer, event: e.StageStarted) -> None:
    _stage(answer, event.stage)


def _stage_progress(answer: Answer, event: e.StageProgress) -> None:
    state = _stage(answer, event.stage)
    state.fraction, state.eta_ms, state.message = event.fraction, event.eta_ms, event.message


def _stage_completed(answer: Answer, event: e.StageCompleted) -> None:
    state = _stage(answer, event.stage)
    state.duration_ms, state.summary, state.eta_ms, state.message = event.duration_ms, event.summary, None, ""


def _interpreted(answer: Answer, event: e.Interpreted) -> None:
    answer.reading, answer.unknown, answer.confidence = event.reading, event.unknown, event.confidence


def _sql(answer: Answer, event: e.Sql) -> None:
    answer.queries.append(Query(event.query_id, event.text, event.dialect, event.source))


def _query_failed(answer: Answer, event: e.QueryFailed) -> None:
    for query in answer.queries:
        if query.query_id == event.query_id:
            query.code, query.error = event.code, event.message


def _tool_called(answer: Answer, event: e.ToolCalled) -> None:
    answer.tools.append(Tool(event.call_id, event.tool, event.arguments))


def _tool_returned(answer: Answer, event: e.ToolReturned) -> None:
    for tool in answer.tools:
        if tool.call_id == event.call_id:
            tool.result, tool.failed, tool.done = event.result, event.failed, True


def _block(answer: Answer, number: int) -> Block:
    while len(answer.blocks) <= number:
        answer.blocks.append(Block())
    return answer.blocks[number]


def _text(answer: Answer, event: e.Text) -> None:
    block = _block(answer, event.block)
    text, block.text = block.text, ""  # held by nobody else, it grows in place: a long answer stays linear
    text += event.delta
    block.text = text


def _checked(answer: Answer, event: e.Checked) -> None:
    _block(answer, event.block).spans += event.spans


def _clarification(answer: Answer, event: e.Clarification) -> None:
    answer.clarification = event


def _completed(answer: Answer, event: e.Completed) -> None:
    answer.status, answer.duration_ms = event.outcome, event.duration_ms
    answer.tokens, answer.cost = event.tokens, event.cost


def _failed(answer: Answer, event: e.Failed) -> None:
    answer.status, answer.failure = "failed", event


def _cancelled(answer: Answer, event: e.Cancelled) -> None:
    answer.status, answer.cancelled = "cancelled", event


_REDUCERS: dict[type, Any] = {
    e.Started: _started,
    e.StageStarted: _stage_started,
    e.StageProgress: _stage_progress,
    e.StageCompleted: _stage_completed,
    e.Interpreted: _interpreted,
    e.Sql: _sql,
    e.QueryFailed: _query_failed,
    e.Table: lambda answer, event: answer.tables.append(event),
    e.Chart: lambda answer, event: answer.charts.append(event),
    e.FileReady: lambda answer, event: answer.files.append(event),
    e.ToolCalled: _tool_called,
    e.ToolReturned: _tool_returned,
    e.Sources: lambda answer, event: answer.passages.extend(event.passages),
    e.Text: _text,
    e.Checked: _checked,
    e.Notice: lambda answer, event: answer.notices.append(event),
    e.Clarification: _clarification,
    e.Completed: _completed,
    e.Failed: _failed,
    e.Cancelled: _cancelled,
}
