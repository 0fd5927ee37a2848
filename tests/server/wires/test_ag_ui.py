"""The AG-UI wire over real sockets: checked by the protocol's Python models and by its JavaScript client."""

import json

import pytest
from ag_ui.core import Event, EventType, RunAgentInput, UserMessage
from pydantic import TypeAdapter

ANA = "ana-token-0123456789"
EVENT = TypeAdapter(Event)
RUNS = ("answered", "with_file", "clarification", "failed_in_execute", "cancelled")


@pytest.fixture
def run_agent(playing, script):
    """Runs the npm client: its events, the messages it made, what it threw."""

    def run(words="", thread="thread-1", token=ANA, **more):
        lines = script("ag_ui", url=playing.url, token=token, thread=thread, words=words, **more)
        found = {"events": [line["event"] for line in lines if "event" in line]}
        for line in lines:
            found.update(line)
        return found

    return run


def given(words, thread="t", **more):
    """A request as the protocol's own Python model writes it."""
    messages = [UserMessage(id="1", content=words)] if words is not None else []
    asked = RunAgentInput(thread_id=thread, run_id="run-1", messages=messages, **more)
    return json.loads(asked.model_dump_json(by_alias=True))


def events_of(text):
    return [EVENT.validate_json(line[6:]) for line in text.split("\n\n") if line.startswith("data: ")]


@pytest.mark.parametrize("run", RUNS)
def test_every_event_is_one_of_the_protocol_with_no_field_of_our_own(golden, run):
    for event in events_of(golden.transcript("ag_ui", run).decode()):
        assert not event.model_extra, event


@pytest.mark.parametrize("run", RUNS)
def test_what_begins_ends_before_the_last_event(golden, run):
    events = events_of(golden.transcript("ag_ui", run).decode())
    for begin, end, name in [
        (EventType.STEP_STARTED, EventType.STEP_FINISHED, "step_name"),
        (EventType.TEXT_MESSAGE_START, EventType.TEXT_MESSAGE_END, "message_id"),
        (EventType.TOOL_CALL_START, EventType.TOOL_CALL_END, "tool_call_id"),
        (EventType.TOOL_CALL_START, EventType.TOOL_CALL_RESULT, "tool_call_id"),
    ]:
        begun = [getattr(event, name) for event in events if event.type == begin]
        ended = [getattr(event, name) for event in events if event.type == end]
        assert sorted(begun) == sorted(ended)
        assert len(set(begun)) == len(begun)
    assert events[0].type == EventType.RUN_STARTED
    assert events[-1].type in (EventType.RUN_FINISHED, EventType.RUN_ERROR)


def test_the_javascript_client_makes_messages_of_the_run(run_agent):
    found = run_agent("with_file")
    roles = [message["role"] for message in found["messages"]]
    assert roles.count("tool") == 2
    calls = [call["function"] for message in found["messages"] for call in message.get("toolCalls", [])]
    assert [call["name"] for call in calls] == ["run_sql", "search_documents"]
    assert json.loads(calls[0]["arguments"])["sql"].startswith("SELECT")
    results = [json.loads(message["content"]) for message in found["messages"] if message["role"] == "tool"]
    assert results[0]["rows"][0] == ["Ipanema", 6310]
    words = [
        message["content"] for message in found["messages"] if message.get("content") and message["role"] != "tool"
    ]
    assert words[0].startswith("Ipanema comes first")
    assert words[1] == "Gross amounts include tax."
    custom = {event["name"]: event["value"] for event in found["events"] if event["type"] == "CUSTOM"}
    assert set(custom) == {"interpreted", "checked", "notice", "sources", "chart", "file"}
    assert custom["file"]["url"].startswith("http://127.0.0.1")


def test_a_question_back_interrupts_and_its_answer_goes_on(run_agent, player):
    found = run_agent("clarification", thread="asks")
    last = found["events"][-1]
    assert (last["type"], last["outcome"]["type"]) == ("RUN_FINISHED", "interrupt")
    (interrupt,) = last["outcome"]["interrupts"]
    assert interrupt["responseSchema"]["properties"]["option"]["enum"][1] == "Net amount for each store"
    for payload in ({"option": "Net amount for each store"}, "2", 2):
        answer = {"interruptId": interrupt["id"], "status": "resolved", "payload": payload}
        again = run_agent(thread="asks", resume=[answer])
        assert again["events"][-1]["outcome"] == {"type": "success"}
        assert player.asked[-1][0].text == "total sale net amount by store"
    asked = len(player.asked)
    dropped = run_agent(thread="asks", resume=[{"interruptId": interrupt["id"], "status": "cancelled"}])
    assert [event["type"] for event in dropped["events"]] == ["RUN_STARTED", "RUN_FINISHED"]
    assert len(player.asked) == asked


def test_a_failed_run_is_an_error_of_the_protocol(run_agent):
    found = run_agent("failed_in_execute")
    last = found["events"][-1]
    assert (last["type"], last["code"]) == ("RUN_ERROR", "query_failed")
    assert "could not convert" in last["message"]


def test_a_cancelled_run_finishes_as_cancelled(playing, cancel_run):
    with playing.client("ana") as client, client.stream("POST", "/api/agui", json=given("cancelled")) as reply:
        text = ""
        for line in reply.iter_lines():
            text += f"{line}\n"
            if '"TEXT_MESSAGE_CONTENT"' in line:
                cancel_run(reply.headers["prosa-run"])
    last = events_of(text)[-1]
    assert (last.type, last.outcome.type) == (EventType.RUN_FINISHED, "cancelled")
    assert (last.thread_id, last.run_id) == ("t", "run-1")


def test_a_thread_is_a_conversation_of_its_person(run_agent, player):
    run_agent("sales by store", thread="thread-2")
    run_agent("and by month?", thread="thread-2", forwardedProps={"sources": ["shops"], "locale": "pt-BR", "theme": 1})
    question, before = player.asked[-1]
    assert (before, question.sources, question.locale) == (["sales by store"], ("shops",), "pt-BR")
    run_agent("hello", thread="thread-2", token="bia-token-0123456789")
    assert player.asked[-1][1] == []


def test_words_may_come_in_parts_and_other_messages_are_passed_over(playing, player):
    body = given(None)
    body["messages"] = [
        {"id": "1", "role": "user", "content": [{"type": "text", "text": "hello"}, {"type": "image", "source": {}}]},
        {"id": "2", "role": "activity", "activityType": "x", "content": {"a": 1}},
        {"id": "3", "role": "assistant", "content": "not a question"},
    ]
    with playing.client("ana") as client:
        assert client.post("/api/agui", json=body).status_code == 200
    assert player.asked[-1][0].text == "hello"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "request_invalid"),
        (given(None), 422, "question_empty"),
        (given("x") | {"threadId": 7}, 422, "request_invalid"),
        (given("x") | {"resume": [{"interruptId": "r", "status": "perhaps"}]}, 422, "request_invalid"),
        (given("x") | {"resume": [{"interruptId": "nobody's", "status": "resolved"}]}, 404, "not_found"),
    ],
)
def test_wrong_requests_are_problems(playing, body, status, code):
    with playing.client("ana") as client:
        reply = client.post("/api/agui", json=body)
        assert (reply.status_code, reply.json()["code"]) == (status, code)
    with playing.client(None) as nobody:
        assert nobody.post("/api/agui", json=given("x")).status_code == 401


def test_what_was_asked_back_of_somebody_else_is_not_found(playing, run_agent):
    asked = run_agent("clarification", thread="own")["events"][-1]["outcome"]["interrupts"][0]
    answer = {"interruptId": asked["id"], "status": "resolved", "payload": "1"}
    with playing.client("bia") as bia:
        assert bia.post("/api/agui", json=given("x") | {"resume": [answer]}).status_code == 404
    with playing.client("ana") as ana:
        assert ana.post("/api/agui", json=given("x") | {"resume": [answer]}).status_code == 200
