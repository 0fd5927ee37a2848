"""The document wire: JSON lines and events of a real answer, and who may ask."""

import json
from pathlib import Path

import pytest

from prosa import events as e

DEMO = Path(__file__).parents[3] / "src/prosa/demo/documents"
QUESTION = "Who decides on returns up to R$ 500?"
PLACE = "/api/v1/chat/stream"


@pytest.fixture(scope="module")
def server(serving):
    with serving(real=True, sources=[("papers", str(DEMO))]) as server:
        yield server


def ask(client, question=QUESTION, document="returns-policy.pdf", **headers):
    return client.post(PLACE, json={"document_id": document, "question": question}, headers=headers)


def test_an_answer_comes_as_json_lines(server):
    with server.client() as client:
        reply = ask(client)
    assert reply.headers["content-type"].startswith("application/x-ndjson")
    first, *words, last = [json.loads(line) for line in reply.text.splitlines()]
    [source] = first["data"]["sources"]
    assert (first["type"], source["document"], source["page"]) == ("metadata", "returns-policy.pdf", 2)
    assert source["passage"].startswith("The shift lead decides")
    assert 0 < source["score"] <= 1
    assert {frame["type"] for frame in words} == {"text"}
    assert "The shift lead decides on returns up to R$ 500." in "".join(frame["data"] for frame in words)
    assert last == {"type": "complete"}


def test_the_same_frames_come_as_events(server):
    with server.client() as client:
        lines, events = ask(client).text, ask(client, accept="text/event-stream")
    assert events.headers["content-type"].startswith("text/event-stream")
    assert [frame.removeprefix("data: ") for frame in events.text.split("\n\n")[:-1]] == lines.splitlines()


def test_a_document_that_does_not_say_has_no_sources(server):
    with server.client() as client:
        frames = [json.loads(line) for line in ask(client, "What is the wifi password?").text.splitlines()]
    assert {"type": "metadata", "data": {"sources": []}} in frames
    assert "don't say" in "".join(frame["data"] for frame in frames if frame["type"] == "text")
    assert frames[-1] == {"type": "complete"}


def test_only_that_document_is_asked(server):
    with server.client() as client:
        frames = ask(client, document="employee-handbook.docx").text
    assert "returns-policy" not in frames


def test_an_unknown_or_foreign_document_is_404_before_any_stream(server):
    with server.client("ana") as ana, server.client("bia") as bia:
        own = ana.post("/api/uploads", files={"file": ("own.txt", b"Fees\n\nThe late fee is 12 euros.\n")}).json()
        assert "12 euros" in ask(ana, "What is the late fee?", own["id"]).text
        for client, document in ((bia, own["id"]), (ana, "nothing.pdf")):
            reply = ask(client, document=document)
            assert (reply.status_code, reply.headers["content-type"]) == (404, "application/problem+json")
        ana.delete(f"/api/documents/{own['id']}")


@pytest.mark.parametrize("body", [{}, {"question": "x"}, {"document_id": "", "question": "x"}, {"document_id": 5}])
def test_a_body_that_is_none_is_refused(server, body):
    with server.client() as client:
        assert client.post(PLACE, json=body).status_code == 422


def test_nobody_asks_without_a_sign_in(server):
    with server.client(None) as client:
        assert ask(client).status_code == 401


@pytest.mark.parametrize(
    ("last", "code"),
    [(e.Failed("time_limit", "Too long."), "time_limit"), (e.Cancelled("execute", 3.0), "cancelled")],
)
def test_a_failure_is_an_error_and_then_complete(last, code):
    from prosa.server.wires.document import DocumentWire

    wire = DocumentWire()
    events = [e.Started("x"), e.Text(0, "One."), e.Text(1, "Two."), last]
    said = b"".join(part for at, event in enumerate(events, 1) for part in wire.encode(e.Entry("r", at, 0.0, event)))
    frames = [json.loads(line) for line in said.splitlines()]
    assert [frame["type"] for frame in frames] == ["text", "text", "error", "complete"]
    assert frames[1]["data"] == "\n\nTwo."
    assert frames[2]["data"]["code"] == code
    assert frames[2]["data"]["message"]
