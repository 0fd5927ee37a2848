"""Real LangGraph graphs with LangChain's fake chat model in the analyst's place, through a real server."""

from __future__ import annotations

import asyncio
import json
import threading
import warnings
from typing import Any

import pytest

pytest.importorskip("langgraph", reason="needs the extra `langgraph`")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of LangChain's own imports
    from langchain.agents import create_agent
    from langchain_core.documents import Document
    from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk, ToolCall
    from langchain_core.outputs import ChatGenerationChunk
    from langchain_core.runnables import RunnableConfig
    from langchain_core.tools import tool
    from langgraph.checkpoint.memory import InMemorySaver
    from langgraph.config import get_stream_writer
    from langgraph.graph import START, MessagesState, StateGraph
    from langgraph.types import interrupt

import prosa
from prosa.integrations.langgraph import from_langgraph

SQL = "SELECT name, albums FROM artist ORDER BY albums DESC"
ROWS = [{"name": "AC/DC", "albums": 2}, {"name": "Água", "albums": 1}]
SAID = "AC/DC has the most albums: 2."


class Scripted(GenericFakeChatModel):
    """LangChain's fake model, which also streams the calls of tools, their arguments in pieces."""

    heard: list[Any]

    def bind_tools(self, tools, **more):
        return self

    def _stream(self, messages, *args, **more):
        self.heard.append(messages)
        message = next(self.messages)
        chunks = [AIMessageChunk(content=word) for word in message.content.partition(" ") if word]
        for place, call in enumerate(message.tool_calls):
            given = json.dumps(call["args"])
            head = {"name": call["name"], "args": given[:5], "id": call["id"], "index": place}
            rest = {"name": None, "args": given[5:], "id": None, "index": place}
            chunks += [AIMessageChunk(content="", tool_call_chunks=[piece]) for piece in (head, rest)]
        chunks[-1].usage_metadata = message.usage_metadata
        yield from (ChatGenerationChunk(message=chunk) for chunk in chunks)


def model(*messages):
    return Scripted(messages=iter(messages), heard=[])


def calls(*wanted, words="Let me look."):
    """A message that calls tools; each is (tool, arguments)."""
    made = [ToolCall(name=name, args=given, id=f"c{place}") for place, (name, given) in enumerate(wanted)]
    return AIMessage(words, tool_calls=made)


def says(words=SAID):
    return AIMessage(words, usage_metadata={"input_tokens": 30, "output_tokens": 12, "total_tokens": 42})


@tool(response_format="content_and_artifact")
def run_sql(sql: str):
    """Runs a statement."""
    return f"{len(ROWS)} rows", ROWS


@tool
def weather(city: str) -> str:
    """Tells the weather."""
    return f"sunny in {city}"


@tool
def who_asks(config: RunnableConfig) -> str:
    """Tells who asks."""
    known = config["configurable"]
    return f"{known['user_id']} of {','.join(known['groups'])}"


def agent(*messages, tools=(run_sql, weather, who_asks), **more):
    return create_agent(model(*messages), list(tools), **more)


def of(events, name):
    return [event for event in events if event["event"] == name]


def text(events):
    return "".join(event["delta"] for event in of(events, "text"))


@pytest.fixture
def artists(hosted):
    """An agent that calls two tools and speaks."""
    wanted = (("run_sql", {"sql": SQL}), ("weather", {"city": "Porto"}))
    with hosted(from_langgraph(agent(calls(*wanted), says()), dialect="sqlite")) as asking:
        yield asking


def test_a_graphs_stream_becomes_the_events_of_a_run(artists):
    events = artists.events("which artist has the most albums?")
    (sql,), (table,) = of(events, "sql"), of(events, "table")
    assert (sql["text"], sql["dialect"], table["query_id"]) == (SQL, "sqlite", sql["query_id"])
    assert table["rows"] == [["AC/DC", 2], ["Água", 1]]
    (called,), (returned,) = of(events, "tool_called"), of(events, "tool_returned")
    assert (called["tool"], called["arguments"]) == ("weather", {"city": "Porto"})
    assert (returned["call_id"], returned["result"]) == (called["call_id"], "sunny in Porto")
    words = [event["delta"] for event in of(events, "text") if event["block"] == 1]
    assert words == ["AC/DC", " ", "has the most albums: 2."], "token by token, in a block of its own"
    order = [event["event"] for event in events]
    assert order.index("text") < order.index("sql") < order.index("table") < len(order) - 1 - order[::-1].index("text")
    assert events[-1]["event"] == "completed"
    assert (events[-1]["outcome"], events[-1]["tokens"]) == ("answered", 42)


def test_rows_of_a_graph_can_be_paged_sorted_and_exported(artists):
    result = of(artists.events("which artist?"), "table")[0]["result_id"]
    page = artists.http.get(f"/api/results/{result}", params={"sort": "albums"}).json()
    assert page["rows"] == [["Água", 1], ["AC/DC", 2]]
    csv = artists.http.get(f"/api/results/{result}/export", params={"format": "csv"})
    assert csv.content.decode("utf-8-sig").splitlines() == ["name,albums", "AC/DC,2", "Água,1"]
    assert artists.http.get(f"/api/results/{result}", headers={"x-test-user": "bia"}).status_code == 404


def test_the_openai_wire_streams_the_words(artists):
    body = {"model": "prosa", "stream": True, "messages": [{"role": "user", "content": "which artist?"}]}
    chunks = artists.stream("/v1/chat/completions", body)
    deltas = [choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"]]
    assert SAID in "".join(deltas)
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


def test_the_ai_sdk_wire_shows_tools_and_words(artists):
    parts = [{"type": "text", "text": "which artist?"}]
    told = artists.stream("/api/ai-sdk", {"id": "c", "messages": [{"id": "m", "role": "user", "parts": parts}]})
    inputs = {part["toolName"]: part["input"] for part in told if part["type"] == "tool-input-available"}
    assert inputs["weather"] == {"city": "Porto"}
    assert inputs["run_sql"]["sql"] == SQL
    outputs = [part["output"] for part in told if part["type"] == "tool-output-available"]
    assert "sunny in Porto" in outputs
    assert "".join(part["delta"] for part in told if part["type"] == "text-delta").endswith(SAID)
    assert told[-1]["type"] == "finish"


def test_the_graph_is_told_who_asks(hosted):
    with hosted(from_langgraph(agent(calls(("who_asks", {})), says()))) as asking:
        events = asking.events("who am I?")
    assert of(events, "tool_returned")[0]["result"] == "ana of finance"


async def test_what_was_said_before_is_given_to_a_graph_that_does_not_remember():
    fake = model(says("First."), says("Second."))
    async with prosa.open(answerer=from_langgraph(create_agent(fake, []))) as desk:
        first = await (await desk.start("one")).finished()
        question = prosa.Question("two", replies_to=first.run_id)
        assert (await (await desk.start(question)).finished()).text == "Second."
    assert [message.text for message in fake.heard[1]] == ["one", "First.", "two"]


def test_a_graph_with_a_checkpointer_remembers_by_itself_and_each_conversation_alone(hosted):
    fake = model(*[says(f"Answer {number}.") for number in range(3)])
    graph = create_agent(fake, [], checkpointer=InMemorySaver())
    with hosted(from_langgraph(graph)) as asking:
        mine, other = asking.conversation(), asking.conversation()
        asking.events("one", mine)
        asking.events("two", mine)
        asking.events("three", other)
    assert [[message.text for message in heard] for heard in fake.heard] == [
        ["one"], ["one", "Answer 0.", "two"], ["three"],
    ]  # fmt: skip


def test_an_interrupt_asks_back_and_the_reply_goes_on(hosted):
    def ask(state):
        year = interrupt({"question": "Which year?", "options": ["2024", "2025"]})
        return {"messages": [AIMessage(f"In {year}: 7.")]}

    graph = StateGraph(MessagesState).add_node("ask", ask).add_edge(START, "ask").compile(InMemorySaver())
    with hosted(from_langgraph(graph)) as asking:
        conversation = asking.conversation()
        events = asking.events("how many?", conversation)
        (asked,) = of(events, "clarification")
        assert (asked["question"], [one["label"] for one in asked["options"]]) == ("Which year?", ["2024", "2025"])
        assert events[-1]["outcome"] == "clarify"
        assert text(asking.events("2025", conversation)) == "In 2025: 7."


def test_an_inner_graph_is_told_once(hosted):
    inner = agent(calls(("weather", {"city": "Faro"})), says("Sunny there."))
    outer = StateGraph(MessagesState).add_node("inner", inner).add_edge(START, "inner").compile()
    with hosted(from_langgraph(outer)) as asking:
        events = asking.events("weather?")
    assert len(of(events, "tool_called")) == len(of(events, "tool_returned")) == 1
    assert text(events) == "Let me look.Sunny there."


def test_tools_may_give_figures_passages_and_frames(hosted):
    import pandas as pd
    from plotly import graph_objects

    @tool(response_format="content_and_artifact")
    def draw():
        """Draws."""
        return "drawn", graph_objects.Figure(graph_objects.Bar(x=["a"], y=[1]))

    @tool(response_format="content_and_artifact")
    def read():
        """Reads."""
        return "read", [Document("Returns take 30 days.", metadata={"source": "terms.pdf", "page": 2})]

    @tool(response_format="content_and_artifact")
    def frame():
        """Counts."""
        return "counted", pd.DataFrame({"day": pd.to_datetime(["2025-01-31"]), "n": [3]})

    wanted = calls(("frame", {}), ("draw", {}), ("read", {}))
    with hosted(from_langgraph(agent(wanted, says(), tools=(draw, read, frame)))) as asking:
        events = asking.events("everything")
    assert of(events, "chart")[0]["figure"]["data"][0]["type"] == "bar"
    (passage,) = of(events, "sources")[0]["passages"]
    assert (passage["document"], passage["page"], passage["passage"]) == ("terms.pdf", 3, "Returns take 30 days.")
    assert of(events, "table")[0]["rows"] == [["2025-01-31T00:00:00", 3]]


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        (json.dumps(ROWS), [["AC/DC", 2], ["Água", 1]]),
        (json.dumps({"columns": ["name", "albums"], "rows": [["AC/DC", 2]]}), [["AC/DC", 2]]),
        ("[('AC/DC', 2), ('Água', 1)]", [["AC/DC", 2], ["Água", 1]]),
    ],
)
def test_rows_in_a_tools_words_are_a_table(hosted, said, rows):
    @tool
    def sql_db_query(query: str) -> str:
        """Runs a statement."""
        return said

    wanted = calls(("sql_db_query", {"query": SQL}))
    with hosted(from_langgraph(agent(wanted, says(), tools=(sql_db_query,)))) as asking:
        events = asking.events("which artist?")
    assert of(events, "sql")[0]["text"] == SQL
    assert of(events, "table")[0]["rows"] == rows
    assert [column["name"] for column in of(events, "table")[0]["columns"]] == ["name", "albums"]


def test_a_statement_that_fails_is_told_so(hosted):
    @tool
    def sql_db_query(query: str) -> str:
        """Runs a statement."""
        return "Error: (sqlite3.OperationalError) no such table: artist"

    wanted = calls(("sql_db_query", {"query": SQL}))
    with hosted(from_langgraph(agent(wanted, says(), tools=(sql_db_query,)))) as asking:
        events = asking.events("which artist?")
    (failed,) = of(events, "query_failed")
    assert "no such table" in failed["message"]
    assert of(events, "table") == []
    assert events[-1]["outcome"] == "answered"


def test_a_node_may_write_events_of_its_own(hosted):
    def count(state):
        write = get_stream_writer()
        write(prosa.events.StageStarted("plan"))
        write({"sql": "SELECT 1 AS one", "rows": [{"one": 1}], "text": "One."})
        write(7)  # nothing that anybody would understand
        return {"messages": []}

    graph = StateGraph(MessagesState).add_node("count", count).add_edge(START, "count").compile()
    with hosted(from_langgraph(graph)) as asking:
        events = asking.events("count")
    names = [event["event"] for event in events]
    assert names == ["started", "stage_started", "sql", "table", "text", "completed"]


def test_a_graph_that_breaks_is_one_sentence_and_no_secret(hosted):
    def broken(state):
        raise RuntimeError("key sk-secret")

    graph = StateGraph(MessagesState).add_node("broken", broken).add_edge(START, "broken").compile()
    with hosted(from_langgraph(graph)) as asking:
        last = asking.events("anything")[-1]
    assert (last["event"], last["code"]) == ("failed", "agent_failed")
    assert "secret" not in json.dumps(last)


def test_a_cancel_reaches_the_graph(hosted):
    begun, stopped = threading.Event(), threading.Event()

    async def hangs(state):
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.set()
            raise

    graph = StateGraph(MessagesState).add_node("hangs", hangs).add_edge(START, "hangs").compile()
    with hosted(from_langgraph(graph)) as asking:
        run = asking.http.post(f"/api/conversations/{asking.conversation()}/runs", json={"question": "wait"}).json()
        assert begun.wait(30)
        assert asking.http.post(f"/api/runs/{run['run_id']}/cancel").status_code == 202
        assert stopped.wait(30)
        reply = asking.http.get(run["events_url"])
    assert '"event":"cancelled"' in reply.text


def test_an_input_of_ones_own(hosted):
    def shout(state):
        return {"messages": [AIMessage(state["messages"][0].content.upper())]}

    graph = StateGraph(MessagesState).add_node("shout", shout).add_edge(START, "shout").compile()

    def given(question, context):
        return {"messages": [("user", f"{context.principal.user}: {question.text}")]}

    with hosted(from_langgraph(graph, input=given)) as asking:
        assert text(asking.events("hi")) == "ANA: HI"


async def test_tools_of_ours_ask_the_pipeline_and_not_the_agent_again(tmp_path):
    from prosa.integrations.langchain import run_sql_tool

    path = tmp_path / "artist.csv"
    path.write_text("name,albums\nAC/DC,2\nÁgua,1\n")
    wanted = calls(("run_sql", {"sql": "SELECT name FROM artist WHERE albums > 1"}))
    refused = calls(("run_sql", {"sql": "DROP TABLE artist"}))
    fake = model(wanted, refused, says())
    folders = {"data_dir": tmp_path / "data", "cache_dir": tmp_path / "cache", "runs_per_user": 1, "runs_total": 1}
    async with prosa.open(path, answerer=from_langgraph(create_agent(fake, [run_sql_tool])), **folders) as desk:
        answer = await (await desk.start("which artist?")).finished()
    assert answer.status == "answered"
    heard = [message.text for message in fake.heard[-1] if message.type == "tool"]
    assert "AC/DC" in heard[0]
    assert "Água" not in heard[0]
    assert "DROP" in heard[1] or "read" in heard[1]
