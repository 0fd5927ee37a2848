"""Sources: what can be asked, what is in it, and files that people bring."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from prosa.identity import Principal
from prosa.locales import text
from prosa.server.auth import Caller
from prosa.server.openapi import UPLOAD, json_of, nothing
from prosa.server.problems import locale_of
from prosa.server.replies import SourceSummary, TableSummary, reply
from prosa.server.state import OpenDesk, State
from prosa.server.uploads import received
from prosa.sources.base import Catalog, SourceInfo

router = APIRouter(prefix="/api", tags=["sources"])


@router.get("/sources", responses=json_of(SourceSummary, many=True))
async def list_all(caller: Caller, desk: OpenDesk, request: Request) -> Response:
    """Every source that the caller may ask; one that can't be read says why."""
    locale = locale_of(request)
    ready = [_summary(info, caller, locale) for info in await desk.databases.list(caller)]
    broken = [
        SourceSummary(found.id, found.name, problem=found.error.sentence(locale))
        for found in desk.databases.problems(caller)
    ]
    return reply([*ready, *broken])


@router.get("/sources/{source_id}/catalog", responses=json_of(Catalog))
async def catalog(caller: Caller, desk: OpenDesk, source_id: str) -> Response:
    """The tables, columns, keys and samples of one source, by the names that its statements use."""
    return reply((await desk.databases.open(caller, (source_id,))).catalog)


@router.post("/uploads", status_code=201, responses=json_of(SourceSummary, 201), openapi_extra=UPLOAD)
async def upload(caller: Caller, desk: OpenDesk, state: State, request: Request) -> Response:
    """A data file, as `multipart/form-data` with one part named `file`: a source for the caller alone. What it is, its
    content decides."""
    async with received(request, state.uploads, caller) as file:
        source_id = desk.databases.add(file.name, str(file.path), owner=caller.user)
        try:
            await desk.databases.open(caller, (source_id,))
            info = next(info for info in await desk.databases.list(caller) if info.id == source_id)
            await file.keep()
        except BaseException:  # whatever it was, a source that can't be asked is not left in the list
            desk.databases.remove(caller, source_id)
            raise
    return reply(_summary(info, caller, locale_of(request)), 201)


@router.delete("/sources/{source_id}", status_code=204, responses=nothing("It is gone."))
async def remove(caller: Caller, desk: OpenDesk, state: State, source_id: str) -> Response:
    """Removes a file that the caller has brought."""
    infos = {info.id: info for info in await desk.databases.list(caller)}
    desk.databases.remove(caller, source_id)
    if source_id in infos:
        await state.uploads.remove(caller, infos[source_id].location)
    return Response(status_code=204)


def _summary(info: SourceInfo, caller: Principal, locale: str) -> SourceSummary:
    return SourceSummary(
        info.id,
        info.name,
        info.kind,
        info.dialect,
        tuple(TableSummary(table.name, table.rows) for table in info.tables),
        tuple(text(f"notices.{code}", locale, **values) for code, values in info.notices),
        mine=info.owner == caller.user,
    )
