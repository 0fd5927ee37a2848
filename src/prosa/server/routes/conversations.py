"""Conversations: make, list, search, read, rename, delete, take away."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from prosa.conversations.export import MEDIA_TYPES, written
from prosa.conversations.store import ConversationStore
from prosa.conversations.values import Conversation, ConversationDetail
from prosa.exports.names import attachment, file_name
from prosa.server.auth import Caller
from prosa.server.bodies import NewConversation, Rename
from prosa.server.openapi import content_of, json_of, nothing, replies
from prosa.server.problems import locale_of
from prosa.server.replies import reply
from prosa.server.state import OpenDesk

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.post("", status_code=201, responses=json_of(Conversation, 201))
async def create(caller: Caller, desk: OpenDesk, request: Request, body: NewConversation | None = None) -> Response:
    """A new conversation; without a title it takes its first question's words."""
    made = await _store(desk).create(caller, body.title if body else "")
    place = f"{request.scope.get('root_path', '')}/api/conversations/{made.id}"
    return reply(made, 201, {"location": place})


@router.get("", responses=json_of(Conversation, many=True))
async def list_all(
    caller: Caller,
    desk: OpenDesk,
    search: Annotated[str, Query(max_length=200, description="Words of titles, questions and answers.")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:
    """The caller's conversations, the last used first."""
    return reply(await _store(desk).list(caller, search, limit=limit, offset=offset))


@router.get("/{conversation_id}", responses=json_of(ConversationDetail))
async def read(caller: Caller, desk: OpenDesk, conversation_id: str) -> Response:
    """A conversation with its turns, each with its folded answer."""
    return reply(await _store(desk).get(caller, conversation_id))


@router.patch("/{conversation_id}", responses=json_of(Conversation))
async def rename(caller: Caller, desk: OpenDesk, conversation_id: str, body: Rename) -> Response:
    """Gives it another title."""
    return reply(await _store(desk).rename(caller, conversation_id, body.title))


@router.delete("/{conversation_id}", status_code=204, responses=nothing("It is gone."))
async def delete(caller: Caller, desk: OpenDesk, conversation_id: str) -> Response:
    """Deletes it for good and stops what still runs in it."""
    await _store(desk).delete(caller, conversation_id)
    for run in desk.runs.live(caller):
        if run.conversation == conversation_id:
            run.ask_to_stop("cancel")
    return Response(status_code=204)


@router.get(
    "/{conversation_id}/export",
    responses=replies(*(content_of(kind, "The conversation as a file.") for kind in MEDIA_TYPES.values())),
)
async def export(
    caller: Caller,
    desk: OpenDesk,
    request: Request,
    conversation_id: str,
    format: Annotated[Literal["md", "txt", "json"], Query()] = "md",
) -> Response:
    """The whole conversation as Markdown, plain text or JSON."""
    conversation = await _store(desk).get(caller, conversation_id)
    data = written(conversation, format, locale_of(request))
    headers = {"content-disposition": attachment(file_name(conversation.title or "conversation", format))}
    return Response(data, headers=headers, media_type=MEDIA_TYPES[format])


def _store(desk: OpenDesk) -> ConversationStore:
    assert desk.conversations is not None, "a server keeps conversations"
    return desk.conversations
