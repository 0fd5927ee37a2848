"""The AI SDK's chat address: `useChat` and its transports work with it as they come."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from pydantic import Field
from starlette.responses import Response

from prosa.runs import Run
from prosa.server.auth import Caller
from prosa.server.foreign import ForeignBody, Id, Options, Part, words
from prosa.server.openapi import STREAM, nothing, replies
from prosa.server.sse import EventStream
from prosa.server.state import OpenDesk, ServerState, State
from prosa.server.wires.ai_sdk import HEADERS, AiSdkWire

router = APIRouter(prefix="/api/ai-sdk", tags=["ai-sdk"])


class UIMessage(ForeignBody):
    role: str
    parts: list[Part] = Field(default=[])

    @property
    def words(self) -> str:
        """What it says."""
        return words(self.parts)


class Chat(Options):
    """What the transport sends: the chat, with the new message at its end. The options are ours, set by the transport's
    `body`."""

    id: Id
    messages: Annotated[list[UIMessage], Field(max_length=10_000)]
    trigger: Literal["submit-message", "regenerate-message"] = "submit-message"

    @property
    def words(self) -> str:
        """The person's last message."""
        return next((message.words for message in reversed(self.messages) if message.role == "user"), "")


@router.post("", responses=STREAM)
async def chat(caller: Caller, desk: OpenDesk, state: State, request: Request, body: Chat) -> Response:
    """Answers the last message of a chat. A chat is a conversation of the caller's, so that questions go on from those
    before; the run goes on when the connection is lost."""
    run = await state.threads.say_in(desk, caller, _thread(body.id), body.to_question(body.words, state.settings))
    return _stream(state, request, run)


@router.get("/{chat}/stream", responses=replies(STREAM, nothing("Nothing is being answered in this chat.")))
async def resume(
    caller: Caller, desk: OpenDesk, state: State, request: Request, chat: Annotated[str, Path(max_length=200)]
) -> Response:
    """The answer that is being given in a chat, from its beginning."""
    run = await state.threads.last(desk, caller, _thread(chat))
    return Response(status_code=204) if run is None or run.ended else _stream(state, request, run)


def _thread(chat: str) -> str:
    return f"ai-sdk:{chat}"


def _stream(state: ServerState, request: Request, run: Run) -> Response:
    headers: dict[str, Any] = {**HEADERS, "prosa-run": run.id}
    return EventStream(run.log, AiSdkWire(str(request.base_url)), state.pulse, headers=headers)
