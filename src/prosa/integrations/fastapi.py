"""The chat wire for anybody's FastAPI application, over anybody's agent:

    endpoint = SSEChatEndpoint(agent, sql_runner, MemoryCsvManager())
    create_sse_endpoint(app, endpoint)

`agent` is a Vanna 2 `Agent`, anything else with its `send_message`, or an `Answerer` of Prosa. docs/wires/chat.md.
"""

from __future__ import annotations

import inspect
import re
import secrets
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from prosa.errors import AccessError, ProsaError
from prosa.exports.names import attachment, file_name
from prosa.identity import Principal
from prosa.integrations.chat import statements
from prosa.integrations.chat.folder import FolderCsvManager
from prosa.integrations.chat.memory import MemoryConversations, MemoryCsvManager, MemoryLearning, PatternEnhancer
from prosa.integrations.chat.protocols import (
    Agent,
    ChatConversation,
    ConversationEnhancer,
    ConversationStore,
    CsvManager,
    Exchange,
    LearningManager,
    Parts,
    RequestContext,
    SqlRunner,
    called,
)
from prosa.integrations.chat.turn import ChatTurn
from prosa.locales import negotiate, normalise
from prosa.pipeline.language import detect
from prosa.question import Answerer, Context, Emit, Question
from prosa.runs import RunManager
from prosa.server import chat_body
from prosa.server.auth import Resolver
from prosa.server.chat_body import ChatBody
from prosa.server.problems import CHAT
from prosa.server.sse import EventStream, Pulse
from prosa.server.wires.chat import ChatWire
from prosa.sources.base import Dialect

__all__ = [
    "Agent",
    "ChatConversation",
    "ConversationEnhancer",
    "ConversationStore",
    "CsvManager",
    "Exchange",
    "FolderCsvManager",
    "LearningManager",
    "MemoryConversations",
    "MemoryCsvManager",
    "MemoryLearning",
    "PatternEnhancer",
    "RequestContext",
    "SSEChatEndpoint",
    "SqlRunner",
    "create_sse_endpoint",
]

FILES = "/static/query_results/{name}"

ANONYMOUS = "anonymous"


class SSEChatEndpoint:
    """Answers requests of the chat wire. All parts but the first three are optional; a part that fails is logged and
    passed over.

    `principal` tells who sends a request, as in `prosa.asgi`; without it whoever the client says is believed, which
    divides the data between users and protects nothing. `dialect` is what `sql_runner` speaks, guessed where it is not
    given. An agent is stopped after `max_components` parts, `silence` seconds without one, or `run_seconds` in all;
    `csv_seconds` is how old the newest file may be that is taken for the answer's. At most `at_once` questions are
    worked on, `waiting` more stand in line.
    """

    def __init__(
        self,
        agent: Agent | Answerer,
        sql_runner: SqlRunner,
        csv_manager: CsvManager,
        conversation_store: ConversationStore | None = None,
        conversation_enhancer: ConversationEnhancer | None = None,
        learning_manager: LearningManager | None = None,
        *,
        principal: Resolver | None = None,
        dialect: Dialect | None = None,
        max_components: int = 100,
        silence: float = 60.0,
        run_seconds: float = 120.0,
        csv_seconds: float = 30.0,
        at_once: int = 256,
        waiting: int = 1000,
        heartbeat: float = 15.0,
        send_timeout: float = 20.0,
    ) -> None:
        self._parts = Parts(
            agent, sql_runner, csv_manager, conversation_store or MemoryConversations(), conversation_enhancer,
            learning_manager, dialect or statements.dialect_of(sql_runner), max_components, silence, csv_seconds,
        )  # fmt: skip
        self._principal = principal
        self._pulse = Pulse(heartbeat, send_timeout)
        self._runs = RunManager(
            _Unasked(),
            run_seconds=run_seconds,
            per_user=at_once,
            in_all=at_once,
            waiting=waiting,
            locale_of=lambda question: normalise(question.locale or detect(question.text)),
        )

    async def handle_sse_request(self, request: Request) -> Response:
        """The stream, or a refusal: 400 for a body without a message, 401 where `principal` knows nobody, 429 where too
        many ask. The answer is saved also when the client has gone."""
        try:
            body = await chat_body.read(request)
            user = await self._user(request, body)
            named = body.conversation(request) or secrets.token_hex(12)
            turn = ChatTurn(
                self._parts, user.user, named, _context(request, body, user, trusted=self._principal is None)
            )
            await turn.prepare(body.message)
            wish = request.headers.get("accept-language")
            question = Question(body.message, locale=negotiate(wish) if wish else None)
            run = await self._runs.start(user, question, answerer=turn)
        except ProsaError as error:
            return chat_body.refusal(error, request)
        base = str(request.scope.get("root_path", ""))
        wire = ChatWire(conversation=named, base=base)
        return EventStream(run.log, wire, self._pulse, headers={"prosa-run": run.id})

    async def handle_csv_request(self, request: Request, name: str) -> Response:
        """A CSV file of whoever asks; 404 for what is not there for them."""
        try:
            user = await self._user(request, None)
            if not re.fullmatch(r"[\w-][\w.-]*\.csv", name, re.IGNORECASE):
                raise AccessError("not_found")
            found = await called(self._parts.csv_manager.find, name, user.user)
            if found is None:
                raise AccessError("not_found")
        except ProsaError as error:
            return chat_body.refusal(error, request)
        data = found if isinstance(found, bytes) else await called(Path(found).read_bytes)
        headers = {"content-disposition": attachment(file_name("query_results", "csv")), "cache-control": "no-store"}
        return Response(data, headers={**headers, "x-content-type-options": "nosniff"}, media_type="text/csv")

    async def aclose(self) -> None:
        """Stops what still runs; its streams end."""
        await self._runs.aclose()

    async def _user(self, request: Request, body: ChatBody | None) -> Principal:
        if self._principal is not None:
            found = self._principal(request)
            principal = await found if inspect.isawaitable(found) else found
            if principal is None:
                raise AccessError("not_signed_in")
            return principal
        stated = body.user(request) if body is not None else None
        named = stated or request.headers.get("x-user-id") or request.query_params.get("user_id")
        return Principal(named[:200] if named else ANONYMOUS)


class _Unasked:
    """Each question has an answerer of its own."""

    async def answer(self, question: Question, context: Context, emit: Emit) -> None:
        raise NotImplementedError


def _context(request: Request, body: ChatBody, user: Principal, *, trusted: bool) -> RequestContext:
    """What the agent is told of the request. Where users sign in, no header of the client says who asks."""
    stated = {name.lower(): value for name, value in body.headers.items()}
    headers = {**request.headers, **stated, "x-user-id": user.user}
    if not trusted:
        headers["x-username"] = user.user
        headers["x-groups"] = ",".join(sorted(user.groups))
    peer = request.client.host if request.client is not None else None
    metadata: dict[str, Any] = {**body.metadata, "user_id": user.user, "groups": sorted(user.groups)}
    return RequestContext(headers, dict(request.cookies), peer, dict(request.query_params), metadata)


def create_sse_endpoint(app: FastAPI, handler: SSEChatEndpoint) -> None:
    """Adds the chat's address and that of its CSV files to an application."""

    async def chat(request: Request) -> Response:
        return await handler.handle_sse_request(request)

    async def rows(request: Request, name: str) -> Response:
        return await handler.handle_csv_request(request, name)

    app.add_api_route(CHAT, chat, methods=["POST"], response_class=Response, tags=["chat"])
    app.add_api_route(FILES, rows, methods=["GET"], response_class=Response, tags=["chat"])
