"""The body of the chat wire, and its refusal, wherever somebody has put the wire."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from prosa.errors import ProsaError, RequestError
from prosa.server.problems import CHAT, locale_of, respond

_LARGEST = 1 << 20
_LONGEST_ID = 200


class ChatBody(msgspec.Struct, frozen=True):
    """What the client says; its other fields are passed over. `headers` stand for HTTP headers that a page can't
    set."""

    message: str
    headers: dict[str, str] = {}
    conversation_id: str | None = None
    user_id: str | None = None
    metadata: dict[str, Any] = {}

    def stated(self, header: str, field: str | None, request: Request) -> str | None:
        """What is stated under a name: by the body's headers, by its field, by the HTTP headers, in this order."""
        ours = {name.lower(): value for name, value in self.headers.items()}
        found = ours.get(header) or field or request.headers.get(header)
        return found[:_LONGEST_ID] if found else None

    def conversation(self, request: Request) -> str | None:
        """The conversation that the client goes on with."""
        return self.stated("x-conversation-id", self.conversation_id, request)

    def user(self, request: Request) -> str | None:
        """Who the client says is asking, which proves nothing."""
        return self.stated("x-user-id", self.user_id, request)


async def read(request: Request) -> ChatBody:
    """RequestError `message_missing`, `request_invalid`, `body_too_large`."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > _LARGEST:
            raise RequestError("body_too_large", limit=_LARGEST >> 20)
    try:
        body = msgspec.json.decode(bytes(data), type=ChatBody)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        missing = "required field `message`" in str(error) or not data.strip()
        if missing:
            raise RequestError("message_missing") from error
        raise RequestError("chat_body", what=str(error)) from error
    if not body.message.strip():
        raise RequestError("message_missing")
    return body


def refusal(error: ProsaError, request: Request) -> Response:
    """The problem document with the one field that the wire's clients look at, wherever the wire was mounted."""
    return respond(error, locale_of(request), CHAT)
