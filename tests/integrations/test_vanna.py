"""A real Vanna 2 agent in the analyst's place: its mock model, SQL tool and SQLite runner, through a real server."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

pytest.importorskip("vanna", reason="needs the extra `vanna`")

from vanna import MockLlmService
from vanna.core.llm import LlmResponse, LlmStreamChunk
from vanna.core.tool import ToolCall
from vanna.integrations.local import LocalFileSystem
from vanna.tools import VisualizeDataTool

from prosa.integrations.vanna import from_vanna

SQL = "SELECT name, albums FROM artist ORDER BY albums DESC"


def of(events, name):
    return [event for event in events if event["event"] == name]


def text(events):
    return "".join(event["delta"] for event in of(events, "text"))


def test_an_agents_components_become_the_events_of_a_run(hosted, vanna, querying):
    with hosted(from_vanna(vanna(querying(SQL), "admin"), dialect="sqlite")) as asking:
        events = asking.events("which artist has the most albums?")
        (sql,), (table,) = of(events, "sql"), of(events, "table")
        assert (sql["text"], sql["dialect"], table["query_id"]) == (SQL, "sqlite", sql["query_id"])
        assert table["rows"] == [["AC/DC", 2], ["Água", 1]]
        assert text(events).endswith("AC/DC has the most albums.")
        assert (events[-1]["event"], events[-1]["outcome"]) == ("completed", "answered")
        found = asking.http.get(f"/api/results/{table['result_id']}/export", params={"format": "json"}).json()
    assert found["rows"][0] == {"name": "AC/DC", "albums": 2}


def test_the_openai_and_ai_sdk_wires_tell_the_same_words(hosted, vanna, querying):
    with hosted(from_vanna(vanna(querying(SQL), "admin"))) as asking:
        body = {"model": "prosa", "stream": True, "messages": [{"role": "user", "content": "albums?"}]}
        chunks = asking.stream("/v1/chat/completions", body)
        deltas = [choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"]]
        assert "AC/DC has the most albums." in "".join(deltas)
        parts = [{"type": "text", "text": "albums?"}]
        told = asking.stream("/api/ai-sdk", {"id": "c", "messages": [{"id": "m", "role": "user", "parts": parts}]})
    (given,) = [part["input"] for part in told if part["type"] == "tool-input-available"]
    assert given["sql"] == SQL
    assert told[-1]["type"] == "finish"


class Drawing(MockLlmService):
    """Asks for the rows, then for a chart of the file that they were saved in."""

    async def stream_request(self, request):
        last = request.messages[-1]
        if last.role != "tool":
            call = ToolCall(id="c1", name="run_sql", arguments={"sql": SQL})
        elif "saved to file" in last.content:
            name = last.content.partition("saved to file: ")[2].split()[0]
            call = ToolCall(id="c2", name="visualize_data", arguments={"filename": name, "title": "Albums"})
        else:
            yield LlmStreamChunk(content="Drawn.", finish_reason="stop")
            return
        yield LlmStreamChunk(tool_calls=[call], finish_reason="tool_calls")

    async def send_request(self, request):
        return LlmResponse(content="unused")


@pytest.mark.filterwarnings("ignore")  # of Vanna's own code, which a newer pandas warns of
def test_a_chart_of_the_agent_is_a_chart_and_its_tools_are_told(hosted, vanna, tmp_path):
    agent = vanna(Drawing(), "admin", tools=[VisualizeDataTool(file_system=LocalFileSystem(str(tmp_path / "files")))])
    with hosted(from_vanna(agent)) as asking:
        events = asking.events("draw the albums")
    (chart,), (table,) = of(events, "chart"), of(events, "table")
    assert chart["result_id"] == table["result_id"]
    assert chart["figure"]["data"]
    (called,), (returned,) = of(events, "tool_called"), of(events, "tool_returned")
    assert (called["tool"], called["arguments"]["title"]) == ("visualize_data", "Albums")
    assert returned["call_id"] == called["call_id"]
    assert not returned.get("failed")


def test_the_agent_is_told_who_asks_and_remembers_each_conversation(hosted, vanna):
    class Remembering(MockLlmService):
        heard = []  # noqa: RUF012

        async def stream_request(self, request):
            self.heard.append((request.user.id, [one.content for one in request.messages if one.role == "user"]))
            yield LlmStreamChunk(content="Noted.", finish_reason="stop")

    with hosted(from_vanna(vanna(Remembering()))) as asking:
        mine, other = asking.conversation(), asking.conversation()
        asking.events("one", mine)
        asking.events("two", mine)
        asking.events("three", other)
    assert Remembering.heard == [("ana", ["one"]), ("ana", ["one", "two"]), ("ana", ["three"])]


def test_an_agent_that_breaks_is_one_sentence_and_no_secret(hosted, vanna):
    class Broken(MockLlmService):
        async def stream_request(self, request):
            raise RuntimeError("api key sk-secret")
            yield

    with hosted(from_vanna(vanna(Broken()))) as asking:
        last = asking.events("hi")[-1]
    assert (last["event"], last["code"]) == ("failed", "agent_failed")
    assert "secret" not in json.dumps(last)


def test_a_cancel_reaches_the_agent(hosted, vanna):
    begun, stopped = threading.Event(), threading.Event()

    class Hanging(MockLlmService):
        async def stream_request(self, request):
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()
            yield

    with hosted(from_vanna(vanna(Hanging()))) as asking:
        run = asking.http.post(f"/api/conversations/{asking.conversation()}/runs", json={"question": "wait"}).json()
        assert begun.wait(30)
        asking.http.post(f"/api/runs/{run['run_id']}/cancel")
        assert stopped.wait(30)
        assert '"event":"cancelled"' in asking.http.get(run["events_url"]).text


def test_a_talkative_agent_is_stopped(hosted, vanna, querying):
    with hosted(from_vanna(vanna(querying(SQL), "admin"), max_components=2)) as asking:
        assert asking.events("albums?")[-1]["code"] == "agent_parts"
