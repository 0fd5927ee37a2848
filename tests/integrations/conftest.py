"""Applications on real sockets, and what wires of them say."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager

import httpx
import pytest

import prosa
from prosa.config import Settings
from prosa.identity import Principal


class Asking:
    """Asks an agent behind a server; `user` is who it is for the server."""

    def __init__(self, url, user="ana"):
        self.url, self.user = url, user
        self.http = httpx.Client(base_url=url, headers={"x-test-user": user}, timeout=60)

    def events(self, question, conversation=None):
        """The native wire's events of one question."""
        body = {"question": question}
        if conversation is None:
            reply = self.http.post("/api/ask", json=body, headers={"accept": "text/event-stream"})
        else:
            run = self.http.post(f"/api/conversations/{conversation}/runs", json=body).json()
            reply = self.http.get(run["events_url"])
        return frames(reply.text)

    def conversation(self):
        return self.http.post("/api/conversations", json={}).json()["id"]

    def stream(self, path, body):
        """A stream's frames, without the last word of those wires that have one."""
        return frames(self.http.post(path, json=body).text)


def frames(text):
    lines = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in lines if line != "[DONE]"]


@pytest.fixture
def hosted(tmp_path, served):
    """`with hosted(answerer) as agent`: the whole server with an agent in the analyst's place. Whom a request is from
    stands in a header."""

    @contextmanager
    def host(answerer, user="ana"):
        settings = Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")

        def who(request):
            return Principal(request.headers.get("x-test-user", "nobody"), frozenset({"finance"}))

        app = prosa.asgi(answerer=answerer, principal=who, settings=settings)
        with served(app, "on") as url:
            asking = Asking(url, user)
            with asking.http:
                yield asking

    return host


@pytest.fixture
def querying():
    """Vanna's mock model, which asks for one statement before it speaks."""
    pytest.importorskip("vanna", reason="needs the extra `vanna`")
    from vanna import MockLlmService
    from vanna.core.llm import LlmResponse, LlmStreamChunk
    from vanna.core.tool import ToolCall

    class Querying(MockLlmService):
        def __init__(self, sql, words="AC/DC has the most albums."):
            super().__init__(words)
            self.sql = sql

        def _next(self, request):
            if any(message.role == "tool" for message in request.messages[-1:]):
                return LlmResponse(content=self.response_content, finish_reason="stop")
            call = ToolCall(id="c1", name="run_sql", arguments={"sql": self.sql})
            return LlmResponse(content="Let me look.", tool_calls=[call], finish_reason="tool_calls")

        async def send_request(self, request):
            return self._next(request)

        async def stream_request(self, request):
            response = self._next(request)
            yield LlmStreamChunk(content=response.content, tool_calls=response.tool_calls, finish_reason="stop")

    return Querying


@pytest.fixture
def runner(tmp_path):
    """Vanna's SQLite runner over a small database."""
    pytest.importorskip("vanna", reason="needs the extra `vanna`")
    from vanna.integrations.sqlite import SqliteRunner

    path = tmp_path / "music.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE artist (name TEXT, albums INTEGER)")
        connection.executemany("INSERT INTO artist VALUES (?, ?)", [("AC/DC", 2), ("Água", 1)])
    connection.close()
    return SqliteRunner(str(path))


@pytest.fixture
def vanna(runner, tmp_path):
    """Makes a Vanna agent over the database, with its files in `tmp_path / "files"`. Its users are whoever the request
    says, in `groups`; `admin` may see what tools are called with, as Vanna has it by default."""
    from vanna import Agent, AgentConfig, ToolRegistry, User
    from vanna.core.user import UserResolver
    from vanna.integrations.local import LocalFileSystem
    from vanna.integrations.local.agent_memory import DemoAgentMemory
    from vanna.tools import RunSqlTool

    class Headers(UserResolver):
        def __init__(self, *groups):
            self.groups = groups

        async def resolve_user(self, request_context):
            return User(id=request_context.get_header("x-user-id"), group_memberships=[*self.groups])

    def make(model, *groups, tools=(), **more):
        registry = ToolRegistry()
        files = LocalFileSystem(str(tmp_path / "files"))
        for tool in (RunSqlTool(sql_runner=runner, file_system=files), *tools):
            registry.register_local_tool(tool, access_groups=[])
        return Agent(
            llm_service=model, tool_registry=registry, user_resolver=Headers(*groups),
            agent_memory=DemoAgentMemory(), config=AgentConfig(**more),
        )  # fmt: skip

    return make
