"""Somebody's agent behind the chat wire on a bare application: frames, CSV files, limits, parts that fail."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from prosa import events as e
from prosa.errors import QueryError
from prosa.identity import Principal
from prosa.integrations.fastapi import MemoryConversations, MemoryCsvManager, MemoryLearning, PatternEnhancer

SQL = "SELECT name, COUNT(*) AS albums FROM artist GROUP BY name"


def kinds(frames):
    return [frame["event"] for frame in frames]


class Answering:
    """Somebody's own answerer."""

    def __init__(self):
        self.histories = []

    async def answer(self, question, context, emit):
        self.histories.append([(turn.question, turn.state) for turn in context.history])
        context.remember["last"] = question.text
        emit(e.Sql("q1", SQL, "sqlite", "music"))
        emit(e.Text(0, "Two "))
        emit(e.Text(0, "artists."))


def test_an_answerer_of_ones_own_is_enough(chatting, rows):
    with chatting(Answering(), sql_runner=rows) as chat:
        told = chat.ask("which artists?")
        assert kinds(told) == ["start", "sql", "chunk", "chunk", "csv", "complete"]
        last = told[-1]
        assert (last["answer"], last["sql"]) == ("Two artists.", SQL)
        assert chat.get(last["csv_url"]).content == b"name,albums\nAC/DC,2\n'=1+1,1\n"
        assert chat.get(last["csv_url"], user="bia").status_code == 404
    assert [user for _, user in rows.ran] == ["ana"]


def test_a_conversation_goes_on_and_is_its_users_alone(chatting):
    agent = Answering()
    with chatting(agent) as chat:
        first = chat.ask("one")[-1]["conversation_id"]
        chat.ask("two", conversation_id=first)
        chat.ask("three", user="bia", conversation_id=first)
    assert agent.histories == [[], [("one", {"last": "one"})], []]


def test_an_agent_of_components_streams_its_words(chatting, talking):
    agent = talking("Hello ", "there", {"text": "!"})
    with chatting(agent) as chat:
        told = chat.ask("hi", metadata={"theme": "dark"}, headers={"x-conversation-id": "c7", "x-username": "Ana"})
    assert kinds(told) == ["start", "chunk", "chunk", "chunk", "complete"]
    assert told[-1] == {
        "event": "complete", "answer": "Hello there!", "sql": None, "csv_url": None, "conversation_id": "c7",
    }  # fmt: skip
    ((context, message, conversation),) = agent.asked
    assert (message, conversation) == ("hi", "c7")
    assert context.get_header("X-Username") == "Ana"
    assert context.get_header("x-user-id") == "ana"
    assert context.metadata["theme"] == "dark"
    assert agent.closed.is_set()


def test_words_come_when_they_are_said(chatting, talking):
    go = threading.Event()
    agent = talking("first ", lambda: asyncio.to_thread(go.wait), "second")
    with chatting(agent) as chat:
        body = {"message": "x"}
        with httpx.stream("POST", f"{chat.url}/api/vanna/v2/chat_sse", json=body, timeout=30) as reply:
            seen = ""
            for line in reply.iter_lines():
                seen += line
                if '"first "' in line:
                    assert not go.is_set()
                    go.set()
    assert '"second"' in seen


@pytest.mark.parametrize(
    ("parts", "sql"),
    [
        (({"arguments": {"sql": SQL}}, "done"), SQL),
        (("Here:\n```SQL\nSELECT 1\n```\n", "done"), "SELECT 1"),
        (
            ("I run WITH x AS (SELECT 1 AS a) SELECT a FROM x; and then", "done"),
            "WITH x AS (SELECT 1 AS a) SELECT a FROM x",
        ),
        (("Query:\nSELECT name\nFROM artist\n\nThat is all.",), "SELECT name\nFROM artist"),
        (("SHOW TABLES",), "SHOW TABLES"),
        (("Select the best of them, with care.",), None),
    ],
)
def test_the_statement_is_found(chatting, talking, rows, parts, sql):
    with chatting(talking(*parts), sql_runner=rows) as chat:
        told = chat.ask("x")
    assert told[-1]["sql"] == sql
    assert [frame["sql"] for frame in told if frame["event"] == "sql"] == ([sql] if sql else [])


def test_the_file_that_the_agent_names_is_taken_if_it_is_the_users(chatting, talking, rows):
    csv = MemoryCsvManager()
    asyncio.run(csv.put("query_results_ab12.csv", b"a\n1\n", "ana"))
    agent = talking("Results saved to file: ../x/query_results_ab12.csv")
    with chatting(agent, csv_manager=csv, sql_runner=rows) as chat:
        assert chat.ask("x")[-1]["csv_url"] == "/static/query_results/query_results_ab12.csv"
        assert chat.ask("x", user="bia")[-1]["csv_url"] is None
        assert chat.get("/static/query_results/query_results_ab12.csv").content == b"a\n1\n"
    assert rows.ran == []


def test_else_the_newest_of_thirty_seconds_is_taken_once(chatting, talking):
    now = [100.0]
    csv = MemoryCsvManager(clock=lambda: now[0])
    asyncio.run(csv.put("report.csv", b"a\n1\n", "ana"))
    with chatting(talking("done"), csv_manager=csv) as chat:
        now[0] = 129.0
        first = chat.ask("x", conversation_id="c")
        assert first[-1]["csv_url"] == "/static/query_results/report.csv"
        assert chat.ask("thanks", conversation_id="c")[-1]["csv_url"] is None
        assert chat.ask("x", user="bia")[-1]["csv_url"] is None
        now[0] = 131.0
        assert chat.ask("x")[-1]["csv_url"] is None


@pytest.mark.parametrize("sql", ["DROP TABLE artist", "SELECT 1; DELETE FROM artist", "INSERT INTO artist VALUES (1)"])
def test_a_statement_that_changes_something_is_never_run_by_us(chatting, talking, rows, sql):
    with chatting(talking({"arguments": {"sql": sql}}, "done"), sql_runner=rows) as chat:
        assert chat.ask("x")[-1]["csv_url"] is None
        assert rows.ran == []
    with chatting(talking({"arguments": {"sql": SQL}}, "done"), sql_runner=rows) as chat:
        assert chat.ask("x")[-1]["csv_url"]


async def _for_ever():
    await asyncio.Event().wait()


def _raise(error):
    raise error


@pytest.mark.parametrize(
    ("parts", "limits", "code"),
    [
        (["a"] * 101, {}, "agent_parts"),
        (["a", _for_ever], {"silence": 0.05}, "agent_quiet"),
        ([_for_ever], {"silence": 0.05}, "agent_quiet"),
        (["a", lambda: _raise(RuntimeError("secret"))], {}, "internal"),
        (["a", lambda: _raise(SystemExit(1))], {}, "internal"),
        ([None, 7, object(), b"x", ["a"], {"text": 5}], {}, "agent_silent"),
        ([], {}, "agent_silent"),
        (["a"] + [lambda: asyncio.sleep(0.02, "")] * 80, {"run_seconds": 0.2}, "time_limit"),
    ],
)
def test_an_agent_that_goes_wrong_ends_in_an_error_that_says_how(chatting, talking, parts, limits, code):
    agent = talking(*parts)
    with chatting(agent, **limits) as chat:
        last = chat.ask("x")[-1]
        assert (last["event"], last["code"]) == ("error", code)
        assert "secret" not in last["message"]
        assert agent.closed.wait(10)


def test_a_hundred_parts_are_allowed(chatting, talking):
    with chatting(talking(*["a"] * 100)) as chat:
        assert chat.ask("x")[-1]["answer"] == "a" * 100


def test_a_silent_answerer_is_stopped_too(chatting):
    class Silent:
        async def answer(self, question, context, emit):
            emit(e.Text(0, "a"))
            await asyncio.Event().wait()

    with chatting(Silent(), silence=0.05) as chat:
        assert chat.ask("x")[-1]["code"] == "agent_quiet"


class Failing:
    """Every optional part, each of which fails."""

    async def save(self, *given):
        raise OSError("full")

    def get(self, *given):
        raise OSError("gone")

    def enhance(self, *given):
        raise ValueError("no")

    def record(self, *given):
        raise ValueError("no")

    def find(self, *given):
        raise ValueError("no")

    latest = find


def test_parts_that_fail_are_logged_and_passed_over(chatting, talking, caplog):
    bad = Failing()
    with (
        caplog.at_level(logging.ERROR),
        chatting(
            talking({"sql": SQL}, "words about x.csv"), csv_manager=bad, conversation_store=bad,
            conversation_enhancer=bad, learning_manager=bad,
        ) as chat,
    ):  # fmt: skip
        told = chat.ask("x")
    assert kinds(told) == ["start", "sql", "chunk", "complete"]
    for part in ("conversation store", "enhancer", "learning manager", "CSV manager"):
        assert f"the {part} failed and is passed over" in caplog.text


def test_a_runner_that_fails_costs_only_the_file(chatting, talking):
    class Broken:
        async def run_sql(self, args, context):
            raise QueryError(what="gone")

    with chatting(talking({"sql": SQL}, "words"), sql_runner=Broken()) as chat:
        told = chat.ask("x")
    assert (told[-1]["event"], told[-1]["csv_url"]) == ("complete", None)


def test_what_was_learned_and_said_goes_before_the_question(chatting, talking):
    learning = MemoryLearning()
    agent = talking({"sql": SQL}, "Two.")
    with chatting(agent, conversation_enhancer=PatternEnhancer(learning), learning_manager=learning) as chat:
        chat.ask("albums of each artist", conversation_id="c")
        chat.ask("the albums of each artist?", conversation_id="c")
    (_, first, _), (_, second, _) = agent.asked
    assert first == "albums of each artist"
    assert second.endswith("the albums of each artist?")
    assert SQL in second
    assert "Two." in second


def test_the_question_is_enhanced_before_the_stream_starts(chatting, talking):
    class Slow:
        async def enhance(self, question, conversation):
            await asyncio.sleep(0.05)
            self.done = datetime.now(UTC)
            return f"please: {question}"

    enhancer, agent = Slow(), talking("Two.")
    with chatting(agent, conversation_enhancer=enhancer) as chat:
        start = chat.ask("albums?")[0]
    assert agent.asked[0][1] == "please: albums?"
    assert datetime.fromisoformat(start["timestamp"]) >= enhancer.done - timedelta(milliseconds=1)


def test_two_questions_at_once_in_a_conversation_are_both_kept(chatting, talking):
    store, meet = MemoryConversations(), threading.Barrier(2, timeout=20)

    async def both_asked():
        await asyncio.to_thread(meet.wait)
        return "both "

    agent = talking(both_asked, "words")
    with chatting(agent, conversation_store=store) as chat, ThreadPoolExecutor(2) as threads:
        [*threads.map(lambda words: chat.ask(words, conversation_id="c"), ("one", "two"))]
    kept = asyncio.run(store.get("c", "ana"))
    assert {said.question for said in kept.exchanges} == {"one", "two"}


def test_a_statement_that_failed_is_neither_told_as_run_nor_learned(chatting, talking):
    learning = MemoryLearning()

    class Card:
        class rich_component:  # noqa: N801
            type, status, description, metadata = "status_card", "error", "no such table", {"sql": SQL}

    with chatting(talking({"sql": SQL}, Card(), "I failed."), learning_manager=learning) as chat:
        told = chat.ask("albums of each artist")
    assert told[-1]["sql"] is None
    assert asyncio.run(_near(learning)) == []


async def _near(learning):
    return learning.near("albums of each artist")


def test_the_answer_is_saved_when_the_client_has_gone(chatting, talking):
    go, saved = threading.Event(), threading.Event()

    class Store(MemoryConversations):
        async def save(self, conversation):
            await super().save(conversation)
            saved.set()

    store = Store()
    agent = talking("kept ", lambda: asyncio.to_thread(go.wait), "whole")
    with chatting(agent, conversation_store=store) as chat:
        body = {"message": "x", "user_id": "ana", "conversation_id": "c"}
        with httpx.stream("POST", f"{chat.url}/api/vanna/v2/chat_sse", json=body) as reply:
            next(reply.iter_lines())
        go.set()
        assert saved.wait(10)
    (exchange,) = asyncio.run(store.get("c", "ana")).exchanges
    assert (exchange.question, exchange.answer) == ("x", "kept whole")


def test_where_users_sign_in_nobody_states_another(chatting, talking):
    agent = talking("hello")

    def who(request):
        token = request.headers.get("authorization")
        return Principal("ana", groups=frozenset({"finance"})) if token == "Bearer ana" else None

    with chatting(agent, principal=who) as chat:
        assert chat.post({"message": "x", "user_id": "ana"}).status_code == 401
        forged = {"message": "x", "user_id": "bia", "headers": {"x-user-id": "bia", "X-Groups": "admin"}}
        assert chat.post(forged, authorization="Bearer ana").status_code == 200
    ((context, _, _),) = agent.asked
    assert context.get_header("x-user-id") == "ana"
    assert context.get_header("x-groups") == "finance"
    assert context.metadata["user_id"] == "ana"


@pytest.mark.parametrize("body", [{}, {"message": ""}, {"message": None}, {"message": 3}, []])
def test_a_body_without_a_message_is_400(chatting, talking, body):
    with chatting(talking("x")) as chat:
        reply = chat.post(body)
        assert reply.status_code == 400
        assert isinstance(reply.json()["error"], str)


def test_too_many_at_once_are_told_when_to_come_again(chatting, talking):
    go = threading.Event()
    agent = talking(lambda: asyncio.to_thread(go.wait), "x")
    with (
        chatting(agent, at_once=1, waiting=0) as chat,
        httpx.stream("POST", f"{chat.url}/api/vanna/v2/chat_sse", json={"message": "x"}) as first,
    ):
        second = chat.post({"message": "y"})
        assert second.status_code == 429
        assert int(second.headers["retry-after"]) >= 1
        go.set()
        assert "complete" in first.read().decode()


async def test_a_response_tells_what_it_is(chatting, talking):
    from starlette.requests import Request

    from prosa.integrations.fastapi import SSEChatEndpoint

    async def receive():
        return {"type": "http.request", "body": b'{"message": "hi"}', "more_body": False}

    endpoint = SSEChatEndpoint(talking("x"), None, MemoryCsvManager())
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b"", "client": None}
    response = await endpoint.handle_sse_request(Request(scope, receive))
    assert response.media_type == "text/event-stream"
    assert response.headers["cache-control"] == "no-cache, no-transform"
    assert response.headers["x-accel-buffering"] == "no"
    await endpoint.aclose()
