"""JSON replies of our own values, and the schemas of those values for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from starlette.responses import Response

from prosa.answer import Answer
from prosa.results import Cell, Column

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class RunStarted(msgspec.Struct, frozen=True):
    """Where to follow a run that has begun."""

    run_id: str
    events_url: str


class RunStatus(msgspec.Struct, frozen=True):
    run_id: str
    status: str


class PassageView(msgspec.Struct, frozen=True):
    """A passage where it stands: `before` and `after` are its neighbours' words, empty at either end."""

    document_id: str
    document: str
    place: int
    passage: str
    page: int | None = None
    heading: str = ""
    before: str = ""
    after: str = ""


class ResultPage(msgspec.Struct, frozen=True):
    """A window over a result: `total` counts the rows that match the filter, `rows_in_all` every row of the query."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    offset: int
    total: int
    rows_in_all: int
    truncated: bool


class Health(msgspec.Struct, frozen=True):
    status: str


class PipelineHealth(msgspec.Struct, frozen=True):
    status: str
    version: str
    working: int
    waiting: int


class Durations(msgspec.Struct, frozen=True):
    """In milliseconds; None while nothing was counted."""

    count: int
    p50_ms: float | None
    p95_ms: float | None


class PipelineMetrics(msgspec.Struct, frozen=True):
    """`ended` counts runs by outcome, `stages` are keyed `stage_a` and so on."""

    requests: int
    ended: dict[str, int]
    total: Durations
    stages: dict[str, Durations]


class Example(msgspec.Struct, frozen=True):
    """A question that the data can answer."""

    question: str


class FormatInfo(msgspec.Struct, frozen=True):
    """A format that something can be taken away in. `path` lies under `/api/`; `{id}` stands for the id of the result,
    chart, answer (its run) or conversation, `{run}` for the run that showed it."""

    name: str
    extension: str
    path: str


class ServerInfo(msgspec.Struct, frozen=True):
    """What a page needs to know of the server before anybody has signed in. Of `analysts` a question may name one
    (none: an answerer of the server's own answers everything), `analyst` answers where it does not; `model_sees` says
    what of the data may reach a language model (`schema`, `aggregates`, `preview`), empty where there is none."""

    version: str
    locales: tuple[str, ...]
    locale: str
    analysts: tuple[str, ...]
    analyst: str
    model_sees: str
    max_upload: int
    question_length: int
    page_rows: int
    formats: dict[str, tuple[FormatInfo, ...]]


def reply(value: Any, status: int = 200, headers: Mapping[str, str] = _NO_HEADERS) -> Response:
    """A value of ours as JSON, never kept by caches between us and its reader."""
    data = msgspec.json.encode(value)
    return Response(data, status, {"cache-control": "no-store", **headers}, media_type="application/json")


def folded(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values, with its words and its statement whole."""
    return {**msgspec.to_builtins(answer), "text": answer.text, "sql": answer.sql}
