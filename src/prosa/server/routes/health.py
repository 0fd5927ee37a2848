"""Health, readiness and counts, for those who look after the server. They hold nobody's data and need no sign-in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from prosa.server import metrics
from prosa.server.openapi import content_of, json_of
from prosa.server.replies import Health, reply
from prosa.server.state import State

router = APIRouter(tags=["health"])


@router.get("/healthz", responses=json_of(Health))
async def healthz() -> Response:
    """The process answers."""
    return reply(Health("ok"))


@router.get("/readyz", responses=json_of(Health))
async def readyz() -> Response:
    """Questions can be asked: everything is open, and a worker has been started."""
    return reply(Health("ready"))


@router.get("/metrics", responses=content_of("text/plain", "Prometheus text format."))
async def counts(state: State) -> Response:
    """Counts and times of this process, without any names or words of people."""
    return Response(state.metrics.text(), media_type=metrics.MEDIA_TYPE)
