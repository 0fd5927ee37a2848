"""Charts as files, drawn from the run that showed them. Each only to its owner."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from prosa import chart_export
from prosa.answer import Answer
from prosa.app import Desk
from prosa.chart_export import ChartFile, Size
from prosa.errors import AccessError
from prosa.events import Chart
from prosa.exports.names import attachment, file_name
from prosa.identity import Principal
from prosa.results import Provenance
from prosa.server.auth import Caller
from prosa.server.openapi import content_of
from prosa.server.routes.results import SANDBOX
from prosa.server.state import OpenDesk, State

router = APIRouter(prefix="/api", tags=["results"])

_NOT_OPTIONS = frozenset({"format", "locale", *Size._fields})


@router.get(
    "/runs/{run_id}/charts/{chart_id}", responses=content_of("application/octet-stream", "The chart as a file.")
)
async def chart(
    caller: Caller,
    desk: OpenDesk,
    state: State,
    request: Request,
    run_id: str,
    chart_id: str,
    format: Annotated[str, Query(max_length=40, description="See the exports page for the formats.")] = "html",
    locale: Annotated[str | None, Query(max_length=35)] = None,
    width: Annotated[float | None, Query(description="CSS pixels of a picture.")] = None,
    height: Annotated[float | None, Query(description="CSS pixels of a picture.")] = None,
    scale: Annotated[float | None, Query(description="Pixels of a PNG for each CSS pixel.")] = None,
) -> Response:
    """A chart of an answer as a file; further query parameters are the options of a table format."""
    answer = (await desk.runs.find(caller, run_id)).answer
    found = _found(answer, chart_id)
    origin = _origin(desk, caller, found)
    size = Size(width, height, scale)
    given = {name: value for name, value in request.query_params.items() if name not in _NOT_OPTIONS}
    file = await chart_export.write(
        found.figure, format, locale=locale or answer.locale, origin=origin, size=size, given=given
    )
    name = file_name(chart_export.title(found.figure) or "chart_export", file.extension)
    headers = {"content-disposition": attachment(name), "cache-control": "no-store", **lacking(file)}
    state.metrics.exports.add(format)
    return Response(file.data, headers={**headers, **SANDBOX}, media_type=file.mime)


def lacking(file: ChartFile) -> dict[str, str]:
    """A header that names the signs which a picture's fonts lack, percent-encoded; none where they have all."""
    return {"prosa-missing-signs": quote(file.missing, safe="")} if file.missing else {}


def _found(answer: Answer, chart_id: str) -> Chart:
    found = next((chart for chart in answer.charts if chart.chart_id == chart_id), None)
    if found is None:
        raise AccessError("not_found")
    return found


def _origin(desk: Desk, caller: Principal, chart: Chart) -> Provenance | None:
    """Where the chart's data come from, as long as its result is known."""
    try:
        return desk.results.get(caller, chart.result_id).provenance
    except AccessError:
        return None
