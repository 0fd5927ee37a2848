"""Several files as one zip: an answer, a conversation, charts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from prosa import chart_export
from prosa.chart_export import ChartFile
from prosa.errors import UsageError
from prosa.exports.archive import Archive
from prosa.exports.names import attachment, file_name
from prosa.server.auth import Caller
from prosa.server.bodies import Body
from prosa.server.download import Download
from prosa.server.openapi import content_of
from prosa.server.problems import locale_of
from prosa.server.routes.charts import lacking
from prosa.server.routes.results import SANDBOX
from prosa.server.state import OpenDesk, ServerState, State

router = APIRouter(prefix="/api", tags=["results"])

Locale = Annotated[str | None, Query(max_length=35, description="A person's files, in this language.")]
_MOST_CHARTS = 100


class Charts(Body):
    """Charts to take away."""

    charts: list[dict[str, Any]] = Field(description="Plotly figures.", min_length=1, max_length=_MOST_CHARTS)
    formats: list[str] = Field(description="See the exports page for the formats.", min_length=1, max_length=20)
    locale: str | None = Field(default=None, max_length=35)


@router.get("/runs/{run_id}/bundle.zip", responses=content_of(chart_export.ZIP, "Everything of an answer."))
async def answer(caller: Caller, desk: OpenDesk, state: State, run_id: str, locale: Locale = None) -> Response:
    """Everything of an answer as one zip: words, SQL, every row, the chart, and `about.json`, which explains them."""
    archive = await desk.bundle(caller, run_id, locale)
    question = (await desk.runs.find(caller, run_id)).answer.question
    return _sent(archive, question or "answer", state)


@router.get("/conversations/{conversation_id}/bundle.zip", responses=content_of(chart_export.ZIP, "A conversation."))
async def conversation(
    caller: Caller, desk: OpenDesk, state: State, request: Request, conversation_id: str, locale: Locale = None
) -> Response:
    """A conversation as text in three formats, and a folder with everything of each answer."""
    archive = await desk.conversation_bundle(caller, conversation_id, locale or locale_of(request))
    return _sent(archive, "conversation", state)


@router.get("/runs/{run_id}/charts.zip", responses=content_of(chart_export.ZIP, "The charts of an answer."))
async def run_charts(
    caller: Caller,
    desk: OpenDesk,
    state: State,
    run_id: str,
    format: Annotated[str, Query(max_length=200, description="One format or several, with commas.")] = "html",
    locale: Locale = None,
) -> Response:
    """All charts of an answer, each in every format that is named."""
    found = (await desk.runs.find(caller, run_id)).answer
    if not found.charts:
        raise UsageError("no_chart")
    figures = [chart.figure for chart in found.charts]
    return _charts(await chart_export.batch(figures, format.split(","), locale=locale or found.locale), state)


@router.post("/charts/export", responses=content_of(chart_export.ZIP, "The charts as files."))
async def charts(caller: Caller, state: State, body: Charts) -> Response:
    """Any Plotly figures as files: each in every format that is named, in one zip."""
    return _charts(await chart_export.batch(body.charts, body.formats, locale=body.locale), state)


def _charts(file: ChartFile, state: ServerState) -> Response:
    state.metrics.exports.add("charts")
    return Response(file.data, headers={**_as_file("charts"), **lacking(file)}, media_type=file.mime)


def _sent(archive: Archive, slug: str, state: ServerState) -> Response:
    def delivered() -> None:
        state.metrics.exports.add("zip")
        state.metrics.downloads.add()

    headers = {**_as_file(slug), "content-type": chart_export.ZIP}
    return Download(archive, headers, delivered, send_timeout=state.settings.send_timeout)


def _as_file(slug: str) -> dict[str, str]:
    return {"content-disposition": attachment(file_name(slug, "zip")), "cache-control": "no-store", **SANDBOX}
