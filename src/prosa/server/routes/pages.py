"""The page, its words and settings, the reference of the API, and signing in."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib import resources
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from prosa import __version__
from prosa.config import Settings
from prosa.errors import AccessError
from prosa.identity import LOCAL
from prosa.locales import LOCALES, messages, normalise
from prosa.server.auth import Caller, OwnIdentity, cookie_name, sign_in
from prosa.server.bodies import SignIn
from prosa.server.offers import offered
from prosa.server.openapi import content_of, json_of, nothing, replies
from prosa.server.problems import locale_of
from prosa.server.replies import ServerInfo, reply
from prosa.server.state import OpenDesk, ServerState, State

router = APIRouter(tags=["page"])

_HTML = content_of("text/html", "A page.")


@router.get("/", responses=replies(_HTML, nothing("Signed in by the link.", 303)))
async def page(state: State, request: Request, token: Annotated[str, Query(max_length=1000)] = "") -> Response:
    """The page. With the token of the link that the server printed at its start, it signs the browser in, once."""
    if token:
        return await _by_link(state, request, token)
    return HTMLResponse(_static("index.html"), headers={"cache-control": "no-cache"})


async def _by_link(state: ServerState, request: Request, token: str) -> Response:
    """Signs in and sends the browser on, so that the token leaves its address bar and history."""
    identity = state.identity
    home = RedirectResponse(f"{request.scope.get('root_path', '')}/", 303, {"cache-control": "no-store"})
    if isinstance(identity, OwnIdentity) and identity.link is not None and identity.link.use(token):
        sign_in(request, home, identity, LOCAL)
        return home
    try:  # a reload of the link, in the browser that it has signed in
        await identity.principal(request)
    except AccessError:
        return _refused(request)
    return home


def _refused(request: Request) -> Response:
    locale, error = locale_of(request), AccessError("link_used")
    words = f"<h1>{escape(error.sentence(locale))}</h1><p>{escape(error.hint(locale))}</p>"
    page = f'<!doctype html><html lang="{locale}"><meta charset="utf-8"><title>Prosa</title>{words}</html>'
    return HTMLResponse(page, 401, {"cache-control": "no-store", "www-authenticate": 'Bearer realm="prosa"'})


@router.get(
    "/static/prosa-chat.js",
    responses=replies(content_of("text/javascript", "The page's script."), nothing("The reader has it.", 304)),
)
async def bundle(state: State, request: Request) -> Response:
    """The script of the page and of `<prosa-chat>` in other pages."""
    headers = request.headers
    return await state.scripts.bundle(
        accepted=headers.get("accept-encoding", ""), known=headers.get("if-none-match", "")
    )


@router.get(
    "/static/plotly.min.js",
    responses=replies(content_of("text/javascript", "plotly.js."), nothing("The way to the present version.", 302)),
)
async def plotly(state: State, request: Request, v: Annotated[str, Query(max_length=40)] = "") -> Response:
    """plotly.js of the version that made the figures."""
    return await state.scripts.plotly(v, accepted=request.headers.get("accept-encoding", ""))


@router.get("/docs", responses=_HTML)
async def reference() -> Response:
    """Every address of the API, from its OpenAPI document."""
    return HTMLResponse(_reference("index.html"), headers={"cache-control": "no-cache"})


@router.get("/docs/{name}", include_in_schema=False)
async def reference_part(name: str) -> Response:
    kinds = {"reference.js": "text/javascript", "reference.css": "text/css"}
    if name not in kinds:
        raise AccessError("not_found")
    return Response(_reference(name), headers={"cache-control": "no-cache"}, media_type=kinds[name])


@router.get("/api/messages", responses=json_of("Messages"))
async def words(locale: Annotated[str, Query(max_length=35)] = "en") -> Response:
    """The page's words in a language."""
    return reply(messages(normalise(locale), "page"))


@router.get("/api/settings", responses=json_of(ServerInfo))
async def info(state: State, desk: OpenDesk) -> Response:
    """What a page needs to know of the server."""
    return reply(_info(state.settings, desk.analysts))


def _info(settings: Settings, analysts: tuple[str, ...]) -> ServerInfo:
    return ServerInfo(
        version=__version__,
        locales=LOCALES,
        locale=settings.locale,
        analysts=analysts,
        analyst=settings.analyst if settings.analyst in analysts else next(iter(analysts), ""),
        model_sees=settings.model_sees if "llm" in analysts else "",
        max_upload=settings.max_upload,
        question_length=settings.question_length,
        page_rows=settings.page_rows,
        formats=offered(),
    )


@router.post("/api/session", status_code=204, responses=nothing("Signed in; the cookie is set."))
async def open_session(state: State, request: Request, body: SignIn) -> Response:
    """Signs a browser in by a token."""
    identity = state.identity
    if not isinstance(identity, OwnIdentity):
        raise AccessError("not_found")
    response = Response(status_code=204)
    sign_in(request, response, identity, identity.by_token(body.token))
    return response


@router.delete("/api/session", status_code=204, responses=nothing("Signed out."))
async def end_session(caller: Caller, state: State, request: Request) -> Response:
    """Ends the browser's session."""
    response, name = Response(status_code=204), cookie_name(request)
    if isinstance(state.identity, OwnIdentity) and name in request.cookies:
        state.identity.sessions.end(request.cookies[name])
        response.delete_cookie(name, path=request.scope.get("root_path") or "/")
    return response


@cache
def _static(name: str) -> bytes:
    return resources.files("prosa.server").joinpath("static", name).read_bytes()


@cache
def _reference(name: str) -> bytes:
    return resources.files("prosa.server").joinpath("reference", name).read_bytes()
