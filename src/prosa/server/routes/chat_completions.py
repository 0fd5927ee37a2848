"""OpenAI's Chat Completions and its list of models, for every client that speaks them. A model is a source."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from prosa.answer import Answer
from prosa.app import Desk
from prosa.errors import AccessError, ProsaError, RunFailed
from prosa.identity import Principal
from prosa.question import Question
from prosa.server.auth import Caller
from prosa.server.foreign import ForeignBody, Part, words
from prosa.server.openapi import STREAM, content_of, replies
from prosa.server.replies import reply
from prosa.server.sse import EventStream
from prosa.server.state import OpenDesk, State
from prosa.server.wires.openai import OpenAIWire, completion
from prosa.sources.base import SourceInfo

router = APIRouter(prefix="/v1", tags=["openai"])

ALL = "prosa"
"""The model that asks all sources at once."""

_SINCE = int(time.time())
_MOST_NAMES = 20

_JSON = content_of("application/json", "As OpenAI words it.")


class Message(ForeignBody):
    role: str
    content: str | list[Part] | None = None

    @property
    def words(self) -> str:
        """What it says."""
        return words(self.content)


class StreamOptions(ForeignBody):
    include_usage: bool = False


class Completion(ForeignBody):
    """What is asked of a model. Fields that steer how a language model writes are accepted and change nothing."""

    model: Annotated[str, Field(max_length=200, description="A source's name, or `prosa` for all of them.")]
    messages: Annotated[list[Message], Field(max_length=10_000)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Annotated[int | None, Field(ge=1, le=1, description="There is one answer.")] = 1

    @property
    def said(self) -> list[str]:
        """What the person has said, oldest first."""
        return [message.words for message in self.messages if message.role == "user"]


@router.post("/chat/completions", responses=replies(STREAM, _JSON))
async def complete(caller: Caller, desk: OpenDesk, state: State, request: Request, body: Completion) -> Response:
    """Answers the last message of the user, as one completion or, with `stream`, in chunks. Earlier messages are known
    again, so that a question may go on from them and a number chooses among options."""
    sources = await _sources(caller, desk, body.model)
    like = Question("", locale=state.settings.locale or None, analyst=state.settings.analyst, sources=sources)
    run = await state.threads.say(desk, caller, body.said, like)
    base, headers = str(request.base_url), {"prosa-run": run.id}
    if not body.stream:
        return reply(completion(_ended_well(await run.finished()), body.model, base), headers=headers)
    options = body.stream_options or StreamOptions()
    wire = OpenAIWire(body.model, base, include_usage=options.include_usage)
    return EventStream(run.log, wire, state.pulse, headers=headers)


@router.get("/models", responses=_JSON)
async def models(caller: Caller, desk: OpenDesk) -> Response:
    """One model for each source that the caller may ask; where there are documents, one for everything as well."""
    infos = await desk.databases.list(caller)
    names = [_id(info, infos) for info in infos]
    if desk.documents.any(caller) and ALL not in names:
        names.append(ALL)
    return reply({"object": "list", "data": [_model(name) for name in names]})


@router.get("/models/{model:path}", responses=_JSON)
async def model(caller: Caller, desk: OpenDesk, model: str) -> Response:
    """One source, or all of them, as a model."""
    await _sources(caller, desk, model)
    return reply(_model(model))


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": _SINCE, "owned_by": "prosa"}


def _id(info: SourceInfo, infos: Sequence[SourceInfo]) -> str:
    """Its name; its id where another one is called the same."""
    return info.name if [other.name for other in infos].count(info.name) == 1 else info.id


async def _sources(caller: Principal, desk: Desk, model: str) -> tuple[str, ...]:
    """The source that the model is, also one that can't be read, so that the run says why; none: all of them."""
    infos = await desk.databases.list(caller)
    known = {name for info in infos for name in (info.id, info.name)}
    if model in known or any(model in (broken.id, broken.name) for broken in desk.databases.problems(caller)):
        return (model,)
    if model != ALL:
        raise _unknown(model, infos)
    return ()


def _unknown(model: str, infos: Sequence[SourceInfo]) -> ProsaError:
    names = ", ".join([*(_id(info, infos) for info in infos[:_MOST_NAMES]), ALL])
    return AccessError("model_not_found", name=model, names=names, param="model")


def _ended_well(answer: Answer) -> Answer:
    """The run's own error where it failed."""
    if answer.failure is not None:
        raise RunFailed(answer.failure.code, answer.failure.message, answer.failure.hint)
    return answer
