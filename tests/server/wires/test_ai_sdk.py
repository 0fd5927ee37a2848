"""The AI SDK wire over real sockets, with the transport and the message reader that every `useChat` page has."""

import json
import threading

import pytest

from prosa.server.threads import Threads

ANA = "ana-token-0123456789"


@pytest.fixture
def ask(playing, script):
    """Asks with the npm client: its lines merged into one mapping, the chunks as a list."""

    def run(words, chat="chat-1", token=ANA, **more):
        lines = script("ai", url=playing.url, token=token, chat=chat, words=words, **more)
        found = {"chunks": [line["chunk"] for line in lines if "chunk" in line]}
        for line in lines:
            found.update(line)
        return found

    return run


def parts(found, kind):
    return [part for part in found["message"]["parts"] if part["type"] == kind]


def body(words, chat="c", **more):
    return {"id": chat, "messages": [{"id": "1", "role": "user", "parts": [{"type": "text", "text": words}]}], **more}


def test_the_client_builds_a_message_of_every_part(ask):
    found = ask("with_file")
    assert found["valid"]
    stages = [part["data"]["status"] for part in parts(found, "data-stage")]
    assert stages == ["completed"] * 5, "a stage is one part, replaced as it goes on"
    (tool,) = parts(found, "tool-run_sql")
    assert tool["state"] == "output-available"
    assert tool["input"]["sql"].startswith("SELECT")
    assert tool["output"]["rows"][0] == ["Ipanema", 6310]
    (other,) = parts(found, "tool-search_documents")
    assert other["output"] == {"passages": 1}
    (chart,) = parts(found, "data-chart")
    assert chart["data"]["figure"]["data"][0]["type"] == "bar"
    (file,) = parts(found, "file")
    assert (file["mediaType"], file["url"].partition("/api/")[2]) == ("text/csv", "files/f1")
    (source,) = parts(found, "source-document")
    assert (source["title"], source["providerMetadata"]["prosa"]["page"]) == ("guide.pdf", 4)
    first, second = parts(found, "text")
    assert first["text"].startswith("Ipanema comes first")
    assert (second["text"], second["state"]) == ("Gross amounts include tax.", "done")
    assert found["message"]["metadata"]["outcome"] == "answered"


def test_a_question_back_is_a_part_with_its_options(ask, player):
    found = ask("clarification", chat="asks-back")
    (part,) = parts(found, "data-clarification")
    assert len(part["data"]["options"]) == 2
    assert found["chunks"][-1]["type"] == "finish"
    ask("Net amount for each store", chat="asks-back")
    assert player.asked[-1][0].text == "total sale net amount by store"


def test_a_failure_ends_every_part_and_tells_why(ask):
    found = ask("failed_in_execute")
    assert "could not convert" in found["error"]
    (tool,) = parts(found, "tool-run_sql")
    assert tool["state"] == "output-error"
    assert found["chunks"][-1]["type"] == "error"


def test_a_cancelled_run_is_aborted_with_nothing_open(playing, cancel_run):
    types = []
    with playing.client("ana") as client, client.stream("POST", "/api/ai-sdk", json=body("cancelled")) as reply:
        for line in reply.iter_lines():
            if line.startswith("data: {"):
                types.append(json.loads(line[6:])["type"])
            if types[-1:] == ["text-delta"] and line:
                cancel_run(reply.headers["prosa-run"])
    assert types[-5:] == ["text-delta", "text-end", "data-stage", "tool-output-error", "abort"]


def test_the_stream_says_what_it_is(playing):
    with playing.client("ana") as client:
        reply = client.post("/api/ai-sdk", json=body("answered"))
    assert reply.headers["x-vercel-ai-ui-message-stream"] == "v1"
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert reply.text.endswith("data: [DONE]\n\n")


def test_a_chat_goes_on_from_what_was_asked_in_it(ask, player):
    ask("sales by store", chat="chat-2")
    ask("and by month?", chat="chat-2")
    assert player.asked[-1][1] == ["sales by store"]
    ask("hello", chat="chat-3")
    assert player.asked[-1][1] == []
    ask("hello", chat="chat-2", token="bia-token-0123456789")
    assert player.asked[-1][1] == []


def test_a_chat_that_only_the_store_still_knows_is_gone_on_from(ask, player, playing):
    ask("clarification", chat="kept")
    playing.app._state.threads = Threads()
    ask("2", chat="kept")
    question, before = player.asked[-1]
    assert (question.text, before) == ("total sale net amount by store", ["clarification"])


def test_an_empty_message_makes_no_conversation(playing):
    with playing.client("bia") as client:
        before = client.get("/api/conversations").json()
        assert client.post("/api/ai-sdk", json=body(" ", "empty")).status_code == 422
        assert client.get("/api/conversations").json() == before
        assert client.post("/api/ai-sdk", json=body("hello", "empty")).status_code == 200
        assert len(client.get("/api/conversations").json()) == len(before) + 1


def test_options_of_the_transport_reach_the_question(ask, player):
    ask("hello", chat="chat-4", body={"sources": ["shops"], "locale": "pt-BR", "limit": 5, "unknown": 1})
    question, _ = player.asked[-1]
    assert (question.sources, question.locale, question.limit) == (("shops",), "pt-BR", 5)


def test_a_page_that_comes_back_takes_up_the_answer_from_its_beginning(playing, ask, script, cancel_run):
    assert ask("", chat="idle", resume=True)["idle"]
    with playing.client("ana") as client, client.stream("POST", "/api/ai-sdk", json=body("cancelled", "back")) as first:
        run_id = first.headers["prosa-run"]
        found = {}
        again = threading.Thread(target=lambda: found.update(ask("", chat="back", resume=True)))
        again.start()
        others = ask("", chat="back", resume=True, token="bia-token-0123456789")
        while again.is_alive() and len(playing.app._state.pulse) < 2:
            again.join(0.01)
        cancel_run(run_id)
        first.read()
        again.join()
    assert others["idle"], "the chat of somebody else is nobody's"
    assert found["chunks"][0]["type"] == "start"
    assert found["chunks"][-1]["type"] == "abort"
    assert ask("", chat="back", resume=True)["idle"]


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"messages": []}, 422, "request_invalid"),
        (body("  "), 422, "question_empty"),
        ({"id": "c", "messages": []}, 422, "question_empty"),
        ({"id": "c", "messages": [{"role": "user", "parts": "x"}]}, 422, "request_invalid"),
        (body("x", sources="sales"), 422, "request_invalid"),
        (body("x", trigger="other"), 422, "request_invalid"),
    ],
)
def test_wrong_requests_are_problems(playing, given, status, code):
    with playing.client("ana") as client:
        reply = client.post("/api/ai-sdk", json=given)
        assert (reply.status_code, reply.json()["code"]) == (status, code)
    with playing.client(None) as nobody:
        assert nobody.post("/api/ai-sdk", json=body("x")).status_code == 401
        assert nobody.get("/api/ai-sdk/c/stream").status_code == 401
