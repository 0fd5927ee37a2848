"""The examples of the chat's page that need somebody's application, put into one."""

import re
import sqlite3
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

PAGE = Path(__file__).parents[3] / "docs" / "wires" / "chat.md"
PATH = "/api/vanna/v2/chat_sse"


@pytest.fixture(scope="module")
def examples():
    """The Python blocks of the page that put the chat into an application."""
    _, _, text = PAGE.read_text("utf-8").partition("## In your application")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 3
    return blocks


def run(code, **names):
    exec(compile(code, str(PAGE), "exec"), names)  # the page's own code
    return names


def ask(url):
    return httpx.post(f"{url}{PATH}", json={"message": "albums?", "user_id": "ana"}, timeout=30).text


def test_an_agent_of_ones_own_in_an_application_of_ones_own(examples, served, rows):
    in_your_application, the_smallest_agent, _ = examples
    mine = run(the_smallest_agent)["Mine"]()
    app = run(in_your_application, agent=mine, sql_runner=rows)["app"]
    with served(app) as url:
        told = ask(url)
    assert "You asked: albums?" in told
    assert "SELECT 1 AS one" in told
    assert "event: csv" in told


def test_an_agent_of_vanna(examples, served, tmp_path, monkeypatch):
    pytest.importorskip("vanna", reason="needs the extra `vanna`")
    from vanna import Agent, MockLlmService, ToolRegistry, User
    from vanna.core.user import UserResolver
    from vanna.integrations.local.agent_memory import DemoAgentMemory
    from vanna.integrations.sqlite import SqliteRunner

    class Headers(UserResolver):
        async def resolve_user(self, request_context):
            return User(id=request_context.get_header("x-user-id"), group_memberships=[])

    monkeypatch.chdir(tmp_path)
    sqlite3.connect(tmp_path / "music.db").close()
    registry, app = ToolRegistry(), FastAPI()
    agent = Agent(MockLlmService("None yet."), registry, Headers(), DemoAgentMemory())
    run(examples[2], registry=registry, runner=SqliteRunner(str(tmp_path / "music.db")), agent=agent, app=app)
    with served(app) as url:
        told = ask(url)
    assert "None yet." in told.replace('"}\n\nevent: chunk\ndata: {"event":"chunk","text":"', "")
    assert "event: complete" in told
