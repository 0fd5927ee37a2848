"""The OpenAPI document: FastAPI's, with the schemas of our own values and the problems that every route may answer."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from prosa.answer import Answer
from prosa.app.summaries import DocumentSummary, SourceSummary
from prosa.conversations.pins import Pin
from prosa.conversations.values import Conversation, ConversationDetail
from prosa.events import Event
from prosa.server.problems import MEDIA_TYPE, Problem
from prosa.server.replies import (
    Example,
    Health,
    PassageView,
    PipelineHealth,
    PipelineMetrics,
    ResultPage,
    RunStarted,
    RunStatus,
    ServerInfo,
)
from prosa.server.wires import EVENT_STREAM
from prosa.sources.base import Catalog

_FRAME: dict[str, Any] = {
    "type": "object",
    "required": ["type", "success", "message"],
    "properties": {
        "type": {"enum": ["complete", "error"]},
        "success": {"type": "boolean"},
        "message": {"type": "string"},
    },
}
"""The last frame of the pipeline wire."""

# Before OpenAPI 3.2, which few tools read yet, a stream's schema is that of each of its events.
_SSE: dict[str, Any] = {
    "type": "object",
    "required": ["data"],
    "properties": {name: {"type": "string"} for name in ("event", "id", "data")},
}

Responses = dict[int | str, dict[str, Any]]

_REF = "#/components/schemas/{name}"
_VALUES: list[Any] = [
    Answer,
    Catalog,
    Conversation,
    ConversationDetail,
    DocumentSummary,
    Event,
    Example,
    PassageView,
    Pin,
    Problem,
    ResultPage,
    RunStarted,
    RunStatus,
    ServerInfo,
    SourceSummary,
    Health,
    PipelineHealth,
    PipelineMetrics,
]


def replies(*parts: Responses) -> Responses:
    """What a route may answer, besides problems; several media types of one status stand together."""
    merged: Responses = {}
    for part in parts:
        for status, response in part.items():
            known = merged.setdefault(status, {"description": response["description"]})
            if "content" in response:
                known["content"] = known.get("content", {}) | response["content"]
    return merged


def json_of(value: type | str, status: int = 200, *, many: bool = False) -> Responses:
    """One of our values as JSON, by its type or schema name."""
    schema: dict[str, Any] = {"$ref": _REF.format(name=value if isinstance(value, str) else value.__name__)}
    if many:
        schema = {"type": "array", "items": schema}
    return {status: {"description": "Done.", "content": {"application/json": {"schema": schema}}}}


def content_of(media_type: str, description: str, status: int = 200) -> Responses:
    """Text or bytes of a media type; of a stream, each of its events."""
    kind = media_type.partition(";")[0]
    schema = _SSE if kind == EVENT_STREAM else {"type": "object" if kind == "application/json" else "string"}
    return {status: {"description": description, "content": {kind: {"schema": schema}}}}


def nothing(description: str, status: int = 204) -> Responses:
    """No body."""
    return {status: {"description": description}}


EVENTS = content_of(
    EVENT_STREAM,
    "Server-sent events: `event` names each, `id` is `<run_id>-<seq>`, `data` an Event with its run_id, seq and at.",
)
EVENTS[200]["content"][EVENT_STREAM] = {"schema": _SSE | {"required": ["event", "id", "data"]}}

STREAM = content_of(EVENT_STREAM, "Server-sent events of this protocol.")

UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
                }
            }
        },
    }
}


def install(app: FastAPI) -> None:
    """Makes `app.openapi()` describe our values, the ways to sign in, and problems."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    _, schemas = msgspec.json.schema_components(_VALUES, ref_template=_REF)
    own = {"text": {"type": "string"}, "sql": {"type": ["string", "null"]}}
    schemas["FoldedAnswer"] = {"allOf": [{"$ref": _REF.format(name="Answer")}, {"type": "object", "properties": own}]}
    schemas["PipelineFrame"] = _FRAME
    schemas["Uploaded"] = {"anyOf": [{"$ref": _REF.format(name=n)} for n in ("SourceSummary", "DocumentSummary")]}
    schemas["Messages"] = {"type": "object", "additionalProperties": {"type": "string"}}
    components = document.setdefault("components", {})
    components["schemas"] = {**components.get("schemas", {}), **schemas}
    for operations in document["paths"].values():
        for operation in operations.values():
            _complete(operation)
    return document


def _complete(operation: dict[str, Any]) -> None:
    """Every refusal has the one shape of a problem document."""
    operation["responses"].pop("422", None)
    schema = {"schema": {"$ref": _REF.format(name="Problem")}}
    operation["responses"]["default"] = {"description": "A problem.", "content": {MEDIA_TYPE: schema}}
