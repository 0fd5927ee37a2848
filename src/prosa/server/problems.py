"""Every failure before a stream as one problem document (RFC 9457), in the language of the request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from prosa.errors import AccessError, ProsaError, RequestError
from prosa.locales import messages, negotiate, text
from prosa.server.wires.openai import error_object

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

CHAT = "/api/vanna/v2/chat_sse"


class Problem(msgspec.Struct, frozen=True):
    """A problem document. `title` is the status's own phrase; programs look at `code`, people at `detail` and
    `hint`. OpenAI's clients and the chat's look at `error`, each in its own form, and find it at their addresses."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str | msgspec.UnsetType = msgspec.UNSET
    error: dict[str, str | None] | str | msgspec.UnsetType = msgspec.UNSET


def respond(error: ProsaError, locale: str, path: str) -> Response:
    """The response for an error at the address `path`; 401, 405 and 429 with the headers that they need."""
    problem = Problem(
        "about:blank",
        HTTPStatus(error.status).phrase,
        error.status,
        error.sentence(locale),
        error.code,
        error.hint(locale) or msgspec.UNSET,
        _for_clients(error, locale, path),
    )
    headers = {"content-language": locale, "cache-control": "no-store", **_headers(error)}
    return Response(msgspec.json.encode(problem), error.status, headers, media_type=MEDIA_TYPE)


def _for_clients(error: ProsaError, locale: str, path: str) -> dict[str, str | None] | str | msgspec.UnsetType:
    """`error` as the protocol at this address words it."""
    if path == CHAT:
        return error.sentence(locale)
    if not path.startswith("/v1/"):
        return msgspec.UNSET
    words = " ".join(filter(None, (error.sentence(locale), error.hint(locale))))
    return error_object(words, error.code, error.status, error.values.get("param"))


def _headers(error: ProsaError) -> dict[str, str]:
    if error.status == 401:
        return {"www-authenticate": 'Bearer realm="prosa"'}
    if "retry_after" in error.values:
        return {"retry-after": str(error.values["retry_after"])}
    if error.code == "method_not_allowed":
        return {"allow": str(error.values["allowed"])}
    return {}


def route_path(scope: Scope) -> str:
    """The path without the prefix that we are mounted under."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def locale_of(request: Request) -> str:
    """The language that the request asks for."""
    return negotiate(request.headers.get("accept-language"))


def install(app: FastAPI, *, max_body: int, refused: Callable[[str], None]) -> None:
    """Makes every failure of the app a problem document, and tells its code to `refused`."""

    def answer(request: Request, error: ProsaError) -> Response:
        refused(error.code)
        return respond(error, locale_of(request), route_path(request.scope))

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, ProsaError)
        if error.status >= 500:
            logger.error("%s %s failed: %s", request.method, request.url.path, error.code, exc_info=error)
        return answer(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answer(request, RequestError(what=_what(error, locale_of(request))))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answer(request, _from_status(request, error, max_body))

    async def unknown(request: Request, error: Exception) -> Response:
        return answer(request, ProsaError())

    app.add_exception_handler(ProsaError, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unknown)


def _from_status(request: Request, error: HTTPException, max_body: int) -> ProsaError:
    """The statuses that a framework or a host's resolver answers by themselves, as errors of ours."""
    if error.status_code == 405:
        allowed = ", ".join(value for name, value in (error.headers or {}).items() if name.lower() == "allow")
        return RequestError("method_not_allowed", method=request.method, allowed=allowed)
    if error.status_code == 413:
        return RequestError("body_too_large", limit=f"{max_body / (1 << 20):g}")
    if error.status_code == 400:  # the framework's word for a body that it could not read
        return RequestError(what=text("requests.body_unreadable", locale_of(request)))
    plain = {401: AccessError("not_signed_in"), 403: AccessError("not_allowed"), 404: RequestError("no_route")}
    return plain.get(error.status_code) or RequestError(what=HTTPStatus(error.status_code).phrase)


def _what(error: RequestValidationError, locale: str) -> str:
    said = dict.fromkeys(_sentence(item, locale) for item in error.errors()[:3])
    sentence = "; ".join(said)
    return sentence if sentence.endswith("?") else f"{sentence}."


def _sentence(item: Mapping[str, Any], locale: str) -> str:
    field = ".".join(str(part) for part in item["loc"][1:]) or text("requests.body", locale)
    kind = str(item["type"]) if item["type"] in messages(locale, "requests") else "other"
    return text(f"requests.{kind}", locale, **{"field": field, **(item.get("ctx") or {})})
