"""A real Vanna 2 agent behind the chat endpoint: its mock model, SQL tool, SQLite runner, memory and file system."""

import sqlite3

import httpx
import pytest

pytest.importorskip("vanna", reason="needs the extra `vanna`")

from vanna import Agent, AgentConfig, MockLlmService, ToolRegistry, User
from vanna.core.llm import LlmResponse, LlmStreamChunk
from vanna.core.tool import ToolCall
from vanna.core.user import UserResolver
from vanna.integrations.local import LocalFileSystem
from vanna.integrations.local.agent_memory import DemoAgentMemory
from vanna.integrations.sqlite import SqliteRunner
from vanna.tools import RunSqlTool

from prosa.integrations.fastapi import FolderCsvManager, MemoryCsvManager

SQL = "SELECT name, albums FROM artist ORDER BY albums DESC"


class Headers(UserResolver):
    """Whoever the endpoint says; `admin` may see what tools are called with, as Vanna has it by default."""

    def __init__(self, *groups):
        self.groups = groups

    async def resolve_user(self, request_context):
        return User(id=request_context.get_header("x-user-id"), group_memberships=[*self.groups])


class Querying(MockLlmService):
    """Vanna's mock model, which asks for one statement before it speaks."""

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


@pytest.fixture
def runner(tmp_path):
    path = tmp_path / "music.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE artist (name TEXT, albums INTEGER)")
        connection.executemany("INSERT INTO artist VALUES (?, ?)", [("AC/DC", 2), ("Água", 1)])
    connection.close()
    return SqliteRunner(str(path))


@pytest.fixture
def vanna(runner, tmp_path):
    """Makes an agent over the database; its files lie in `tmp_path / "files"`."""

    def make(model, *groups, **more):
        registry = ToolRegistry()
        files = LocalFileSystem(str(tmp_path / "files"))
        registry.register_local_tool(RunSqlTool(sql_runner=runner, file_system=files), access_groups=[])
        return Agent(
            llm_service=model, tool_registry=registry, user_resolver=Headers(*groups),
            agent_memory=DemoAgentMemory(), config=AgentConfig(**more),
        )  # fmt: skip

    return make


def kinds(frames):
    return [frame["event"] for frame in frames]


@pytest.mark.parametrize("stream", [True, False])
def test_a_question_gives_statement_words_and_the_tools_own_file(chatting, vanna, runner, tmp_path, stream):
    agent = vanna(Querying(SQL), "admin", stream_responses=stream)
    csv = FolderCsvManager(tmp_path / "files")
    with chatting(agent, sql_runner=runner, csv_manager=csv) as chat:
        told = chat.ask("which artist has the most albums?")
        last = told[-1]
        assert (last["event"], last["sql"]) == ("complete", SQL)
        assert last["answer"].endswith("AC/DC has the most albums.")
        assert kinds(told)[0] == "start"
        assert kinds(told).count("sql") == 1
        assert kinds(told)[-2:] == ["csv", "complete"]
        assert "IMPORTANT" not in last["answer"]
        (made,) = (tmp_path / "files").rglob("*.csv")
        assert last["csv_url"] == f"/static/query_results/{made.name}"
        assert chat.get(last["csv_url"]).content == made.read_bytes()
        assert chat.get(last["csv_url"], user="bia").status_code == 404


def test_two_users_get_their_own_files(chatting, vanna, runner, tmp_path):
    csv = FolderCsvManager(tmp_path / "files")
    with chatting(vanna(Querying(SQL)), sql_runner=runner, csv_manager=csv) as chat:
        ana, bia = (chat.ask("albums?", user=user)[-1]["csv_url"] for user in ("ana", "bia"))
        assert ana != bia
        assert [chat.get(ana, user).status_code for user in ("ana", "bia")] == [200, 404]
        assert [chat.get(bia, user).status_code for user in ("ana", "bia")] == [404, 200]


def test_the_rows_are_kept_in_memory_where_the_tool_keeps_no_file(chatting, vanna, runner):
    with chatting(vanna(Querying(SQL), "admin"), sql_runner=runner, csv_manager=MemoryCsvManager()) as chat:
        last = chat.ask("albums?")[-1]
        assert chat.get(last["csv_url"]).text == "name,albums\nAC/DC,2\nÁgua,1\n"


def test_show_tables_is_answered_where_sqlite_lacks_it(chatting, vanna, runner):
    model = Querying("SHOW TABLES", "There is one table.")
    with chatting(vanna(model, "admin"), sql_runner=runner, csv_manager=MemoryCsvManager()) as chat:
        told = chat.ask("which tables?")
        assert "sql" in kinds(told)
        assert chat.get(told[-1]["csv_url"]).text == "name\nartist\n"


def test_the_mock_model_alone_is_words(chatting, vanna):
    with chatting(vanna(MockLlmService("Hello from the mock."))) as chat:
        told = chat.ask("hi")
    assert kinds(told) == ["start", "chunk", "complete"]
    assert told[-1]["answer"].startswith("Hello from the mock.")


def test_an_agent_that_breaks_is_an_error_and_tells_no_secret(chatting, vanna):
    class Broken(MockLlmService):
        async def stream_request(self, request):
            raise RuntimeError("api key sk-secret")
            yield

    with chatting(vanna(Broken())) as chat:
        last = chat.ask("hi")[-1]
    assert (last["event"], last["code"]) == ("error", "agent_failed")
    assert "secret" not in str(last)


def test_a_body_is_refused_before_the_agent_is_asked(chatting, vanna):
    model = MockLlmService()
    with chatting(vanna(model)) as chat:
        assert httpx.post(f"{chat.url}/api/vanna/v2/chat_sse", json={"message": ""}).status_code == 400
    assert model.call_count == 0
