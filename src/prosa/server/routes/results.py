"""Results and files: pages of rows, exports as they are written, finished files. Each only to its owner."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from prosa.app import Desk
from prosa.errors import AccessError, UsageError
from prosa.exports.formats import FORMATS, find
from prosa.exports.names import FileName, attachment, file_name
from prosa.exports.options import parse, personal
from prosa.exports.store import StoredResult
from prosa.identity import Principal
from prosa.results import Result
from prosa.server.auth import Caller
from prosa.server.download import Download, Whole
from prosa.server.openapi import content_of, json_of, replies
from prosa.server.replies import ResultPage, reply
from prosa.server.state import OpenDesk, ServerState, State
from prosa.workers.pool import PageRequest

router = APIRouter(prefix="/api", tags=["results"])

SANDBOX = {"content-security-policy": "sandbox; default-src 'none'", "x-content-type-options": "nosniff"}
ONCE = "prosa-once"
"""The header of a file that is gone after this delivery."""

_NOT_OPTIONS = frozenset({"format", "columns", "provenance", "user_id"})


@router.get("/results/{result_id}", responses=json_of(ResultPage))
async def page(
    caller: Caller,
    desk: OpenDesk,
    state: State,
    result_id: str,
    offset: Annotated[int, Query(ge=0, le=10**12)] = 0,
    limit: Annotated[int | None, Query(ge=1, le=10_000)] = None,
    sort: Annotated[str, Query(max_length=300, description="A column's name; `-name` is descending.")] = "",
    filter: Annotated[str, Query(max_length=300, description="Text that some cell of the row contains.")] = "",
) -> Response:
    """A window over the rows of a result, sorted and filtered over all of them."""
    result = desk.results.get(caller, result_id).result
    _check_sort(result, sort)
    request = PageRequest(offset, limit or state.settings.page_rows, sort, filter)
    found = await desk.page(caller, result_id, request)
    return reply(ResultPage(found.columns, found.rows, found.offset, found.total, result.total, result.truncated))


def _check_sort(result: Result, sort: str) -> None:
    names = [column.name for column in result.columns]
    if sort and sort not in names and sort.removeprefix("-") not in names:
        raise UsageError("sort_unknown", name=sort.removeprefix("-"), names=", ".join(names))


@router.get(
    "/results/{result_id}/export",
    responses=replies(*(content_of(row.mime, "Every row.") for row in FORMATS.values())),
)
async def export(
    caller: Caller,
    desk: OpenDesk,
    state: State,
    request: Request,
    result_id: str,
    format: Annotated[str, Query(max_length=40, description="See the exports page for the formats.")] = "csv",
    locale: Annotated[str | None, Query(max_length=35, description="A person's file, in this language.")] = None,
) -> Response:
    """Every row of a result as a file, written while it is sent; further query parameters are the format's options. A
    failure on the way breaks the transfer off."""
    kind, stored = find(format), desk.results.get(caller, result_id)
    asked = {name: value for name, value in request.query_params.items() if name not in _NOT_OPTIONS}
    options = {**(personal(locale) if locale else {}), **asked}
    parse(options)
    name = file_name(stored.provenance.question or "query_results", kind.extension)
    return downloaded(caller, desk, state, result_id, format, options, name)


def downloaded(
    caller: Principal,
    desk: Desk,
    state: ServerState,
    result_id: str,
    format: str,
    options: dict[str, Any],
    name: FileName,
) -> Response:
    """Every row of a result under a name. AccessError, UsageError."""
    headers = {"content-type": find(format).mime, **_facts(desk.results.get(caller, result_id)), **_as_file(name)}
    export = desk.export(caller, result_id, format, options)
    seconds = state.settings.send_timeout
    return Download(export, headers, lambda: _delivered(state, format), send_timeout=seconds)


def _delivered(state: State, format: str) -> None:
    state.metrics.exports.add(format)
    state.metrics.downloads.add()


def _facts(stored: StoredResult) -> dict[str, str]:
    """What the reader should know before the first row: how many there are, whether those are all, and whether they
    are the rows that the answer was made from or those of a new run."""
    result = stored.result
    return {
        "prosa-rows": str(result.total),
        "prosa-complete": "false" if result.truncated else "true",
        "prosa-snapshot": "held" if result.held else "rerun",
    }


def _as_file(name: FileName) -> dict[str, str]:
    return {"content-disposition": attachment(name), "cache-control": "no-store", **SANDBOX}


@router.get("/files/{file_id}", responses=content_of("application/octet-stream", "The file."))
async def file(caller: Caller, desk: OpenDesk, state: State, file_id: str) -> Response:
    """A finished file, or one that is written while it is sent. What an agent's tool made is there once: it is
    forgotten when it was delivered."""
    found = desk.file(caller, file_id)
    facts = {"prosa-complete": "true" if found.complete else "false"}
    if found.rows is not None:
        facts["prosa-rows"] = str(found.rows)
    headers = {**facts, **_as_file(FileName(found.name))}
    if file_id in desk.results.pending(caller).values():
        headers |= {"content-type": found.mime, ONCE: "true"}
        delivered = partial(_forget, desk, caller, state, file_id)
        return Download(Whole(found.data), headers, delivered, send_timeout=state.settings.send_timeout)
    if found.write is None:
        state.metrics.downloads.add()
        return Response(found.data, headers=headers, media_type=found.mime)
    headers["content-type"] = found.mime
    return Download(found.write(), headers, state.metrics.downloads.add, send_timeout=state.settings.send_timeout)


def _forget(desk: Desk, caller: Principal, state: ServerState, file_id: str) -> None:
    state.metrics.downloads.add()
    with suppress(AccessError):  # two fetched it at once
        desk.results.remove(caller, file_id)
