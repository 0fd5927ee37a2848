"""A run as the pipeline wire and `PipelineOrchestrator` tell it: lettered stages, words for each, and one result."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from prosa.answer import Answer
from prosa.events import Stage, Table
from prosa.exports import small_csv
from prosa.locales import text

FENCE_ROWS = 10

LETTERS: dict[Stage, str] = {"classify": "A", "select": "B", "plan": "C", "execute": "E", "respond": "D"}
NAMES: dict[Stage, str] = {
    "classify": "Classification",
    "select": "Tool selection",
    "plan": "Planning",
    "execute": "Execution",
    "respond": "Response",
}
"""What programs know the stages by: the same in every language. The words for people stand in `locales`."""


class ResultFile(msgspec.Struct, frozen=True):
    """A file of a result. `size` is in bytes; None where the file is written while it is fetched."""

    name: str
    url: str
    mime: str
    size: int | None = None


class PipelineResult(msgspec.Struct, frozen=True):
    """What a run came to. Times are in whole milliseconds; `stage_durations` are keyed `stage_a`, … as the callback's
    first argument. Not `success`: `message` says why and `code` what, for programs; `stage` is the letter it failed in.
    """

    success: bool
    request_id: str
    message: str
    total_duration_ms: int
    stage_durations: dict[str, int]
    sql: str | None
    files: tuple[ResultFile, ...]
    outcome: Literal["answered", "clarify", "refused", "failed", "cancelled"]
    stage: str | None = None
    code: str | None = None
    answer: Answer | None = None


def key(stage: Stage) -> str:
    """`stage_a` for classify, and so on."""
    return f"stage_{LETTERS[stage].lower()}"


def started(stage: Stage, locale: str) -> dict[str, Any]:
    """Letter, name and words of a stage that begins."""
    words = text(f"pipeline.{stage}_started", locale)
    return {"stage": LETTERS[stage], "name": NAMES[stage], "message": words}


def completed(stage: Stage, duration_ms: float, locale: str) -> dict[str, Any]:
    """Letter, name, time and words of a stage that has ended."""
    ms = round(duration_ms)
    words = text(f"pipeline.{stage}_completed", locale, ms=ms)
    return {"stage": LETTERS[stage], "name": NAMES[stage], "duration_ms": ms, "message": words}


def files(answer: Answer, base: str = "") -> list[ResultFile]:
    """Every file of an answer, the complete rows of each table and each chart among them. `base` is the prefix of the
    addresses."""
    found = [ResultFile(file.name, base + file.url, file.mime, file.size) for file in answer.files]
    for number, table in enumerate(answer.tables, 1):
        url = f"{base}/api/results/{table.result_id}/export?format=csv"
        found.append(ResultFile(_numbered("query_results", number, "csv"), url, "text/csv"))
    for number, chart in enumerate(answer.charts, 1):
        url = f"{base}/api/runs/{answer.run_id}/charts/{chart.chart_id}?format=html"
        found.append(ResultFile(_numbered("chart", number, "html"), url, "text/html"))
    return found


def _numbered(name: str, number: int, ending: str) -> str:
    return f"{name}.{ending}" if number == 1 else f"{name}_{number}.{ending}"


def message(answer: Answer) -> str:
    """The whole answer as Markdown: words or the question back, the last table's first rows, how the question was read,
    and what else is worth knowing."""
    locale = answer.locale
    parts = [answer.clarification.words if answer.clarification is not None else answer.text]
    if answer.table is not None and answer.table.columns:
        parts.append(_fence(answer.table, locale))
    parts += [f"> {notice.words}" for notice in answer.notices]
    if answer.reading:
        parts.append(f"*{text('pipeline.read_as', locale, reading=answer.reading)}*")
    if answer.unknown:
        parts.append(f"*{text('pipeline.unknown', locale, words=', '.join(word.text for word in answer.unknown))}*")
    return "\n\n".join(part for part in parts if part)


def _fence(table: Table, locale: str) -> str:
    """At most ten rows as CSV, titled with how many there are in all."""
    rows = table.rows[:FENCE_ROWS]
    title = text("pipeline.first_rows", locale, shown=len(rows), total=table.total)
    body = small_csv.written((column.name for column in table.columns), rows)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", body)), default=0))
    return f"**{title}**\n\n{fence}csv\n{body}{fence}"


def result(answer: Answer, request_id: str, base: str = "") -> PipelineResult:
    """What an ended run came to. `base` is the prefix of the files' addresses."""
    failed = answer.failure or answer.cancelled
    durations = {
        key(state.stage): round(state.duration_ms)  # type: ignore[arg-type]
        for state in answer.stages
        if state.duration_ms is not None
    }
    return PipelineResult(
        success=failed is None,
        request_id=request_id,
        message=_bad_end(answer) if failed else message(answer),
        total_duration_ms=round(answer.duration_ms or sum(durations.values())),
        stage_durations=durations,
        sql=answer.sql,
        files=tuple(files(answer, base)),
        outcome=answer.status,  # type: ignore[arg-type]
        stage=_failed_in(answer) if failed else None,
        code=answer.failure.code if answer.failure is not None else "cancelled" if failed else None,
        answer=answer,
    )


def _bad_end(answer: Answer) -> str:
    if answer.failure is None:
        return text("pipeline.cancelled", answer.locale)
    return with_hint(answer.failure.message, answer.failure.hint)


def with_hint(message: str, hint: str) -> str:
    """Both as sentences of one text."""
    if not hint:
        return message
    return f"{message} {hint}" if message.endswith((".", "!", "?")) else f"{message}. {hint}"


def _failed_in(answer: Answer) -> str | None:
    """The letter of the stage that was open, or that the failure names."""
    named = answer.failure.stage if answer.failure is not None else None
    opened = [state.stage for state in answer.stages if state.duration_ms is None]
    stage = named or (opened[-1] if opened else None)
    return LETTERS[stage] if stage else None  # type: ignore[index]
