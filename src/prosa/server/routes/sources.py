"""Sources: what can be asked, what is in it, and files that people bring."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from prosa.app import summaries
from prosa.app.summaries import DocumentSummary, SourceSummary
from prosa.app.uploads import received
from prosa.server.auth import Caller
from prosa.server.multipart import one_file
from prosa.server.openapi import UPLOAD, json_of, nothing
from prosa.server.problems import locale_of
from prosa.server.replies import reply
from prosa.server.state import OpenDesk, State
from prosa.sources.base import Catalog

router = APIRouter(prefix="/api", tags=["sources"])


@router.get("/sources", responses=json_of(SourceSummary, many=True))
async def list_all(caller: Caller, desk: OpenDesk, request: Request) -> Response:
    """Every source that the caller may ask; one that can't be read says why."""
    return reply(await summaries.sources(desk, caller, locale_of(request)))


@router.get("/sources/{source_id}/catalog", responses=json_of(Catalog))
async def catalog(caller: Caller, desk: OpenDesk, source_id: str) -> Response:
    """The tables, columns, keys and samples of one source, by the names that its statements use."""
    return reply((await desk.databases.open(caller, (source_id,))).catalog)


@router.post("/uploads", status_code=201, responses=json_of("Uploaded", 201), openapi_extra=UPLOAD)
async def upload(caller: Caller, desk: OpenDesk, state: State, request: Request) -> Response:
    """A data file or a document, as `multipart/form-data` with one part named `file`: for the caller alone. What it is,
    its content decides; `Location` says where it is found."""
    async with received(state.uploads, caller, partial(one_file, request)) as file:
        made = await summaries.bring(desk, caller, file, locale_of(request))
    kind = "documents" if isinstance(made, DocumentSummary) else "sources"
    place = f"{request.scope.get('root_path', '')}/api/{kind}/{made.id}"
    return reply(made, 201, {"location": place})


@router.delete("/sources/{source_id}", status_code=204, responses=nothing("It is gone."))
async def remove(caller: Caller, desk: OpenDesk, state: State, source_id: str) -> Response:
    """Removes a file that the caller has brought."""
    await summaries.take_away(desk, state.uploads, caller, source_id)
    return Response(status_code=204)
