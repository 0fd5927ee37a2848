"""The address of AG-UI clients: one run of an agent, told as the protocol's events."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from prosa.events import Completed, Started
from prosa.runs.log import Log
from prosa.server.auth import Caller
from prosa.server.foreign import ForeignBody, Id, Options, Part, words
from prosa.server.openapi import STREAM
from prosa.server.sse import EventStream
from prosa.server.state import OpenDesk, State
from prosa.server.wires.ag_ui import AgUiWire

router = APIRouter(prefix="/api/agui", tags=["ag-ui"])


class AgUiMessage(ForeignBody):
    role: str
    content: str | list[Part] | dict[str, Any] | None = None

    @property
    def words(self) -> str:
        """What it says."""
        return "" if isinstance(self.content, dict) else words(self.content)


class Resume(ForeignBody):
    """An answer to what a run asked back; its payload is an option's label or number, alone or under `option`."""

    interrupt_id: Id = Field(alias="interruptId")
    status: Literal["resolved", "cancelled"]
    payload: Any = None

    @property
    def words(self) -> str:
        """What was chosen or said."""
        value = self.payload.get("option") if isinstance(self.payload, dict) else self.payload
        return str(value) if isinstance(value, str | int) else ""


class RunAgentInput(ForeignBody):
    """A request of the protocol. State, context and tools of the client are not used."""

    thread_id: Id = Field(alias="threadId")
    run_id: Id = Field(alias="runId")
    messages: Annotated[list[AgUiMessage], Field(max_length=10_000)]
    resume: list[Resume] | None = Field(default=None, max_length=1, description="One question is asked back at a time.")
    forwarded_props: Options | None = Field(default=None, alias="forwardedProps", description="Options of ours.")

    @property
    def words(self) -> str:
        """The person's last message."""
        return next((message.words for message in reversed(self.messages) if message.role == "user"), "")


@router.post("", responses=STREAM)
async def run_agent(caller: Caller, desk: OpenDesk, state: State, request: Request, body: RunAgentInput) -> Response:
    """Answers the last message of a thread, or goes on from a question that was asked back (`resume`). A thread is a
    conversation of the caller's; the run goes on when the connection is lost."""
    wire = AgUiWire(body.thread_id, body.run_id, str(request.base_url))
    said = body.words
    if body.resume:
        (entry,) = body.resume
        answer = (await desk.runs.find(caller, entry.interrupt_id)).answer
        if entry.status == "cancelled":
            return EventStream(_nothing(said), wire, state.pulse)
        said = answer.meant(entry.words)
    question = (body.forwarded_props or Options()).to_question(said, state.settings)
    run = await state.threads.say_in(desk, caller, f"ag-ui:{body.thread_id}", question)
    return EventStream(run.log, wire, state.pulse, headers={"prosa-run": run.id})


def _nothing(said: str) -> Log:
    """A run in which nothing was left to do: what was asked back is dropped."""
    log = Log(secrets.token_hex(12))
    log.append(Started(said))
    log.append(Completed("answered", 0.0))
    return log
