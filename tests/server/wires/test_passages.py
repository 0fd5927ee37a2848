"""An answer from a real document names its passage on every wire, each in its protocol's own way."""

import json
from pathlib import Path

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

DEMO = Path(__file__).parents[3] / "src/prosa/demo/documents"
ANA = "ana-token-0123456789"
QUESTION = "Who decides on returns up to R$ 500?"
SENTENCE = "The shift lead decides on returns up to R$ 500."
PLACE = ("returns-policy.pdf", 2)


@pytest.fixture(scope="module")
def server(serving):
    with serving(real=True, sources=[("papers", str(DEMO))]) as server:
        yield server


@pytest.fixture
def data(server):
    """What a wire says as the JSON of its `data:` lines."""

    def ask(path, body, question=QUESTION):
        with server.client() as client:
            reply = client.post(path, json=json.loads(json.dumps(body).replace("QUESTION", question)))
        assert reply.status_code == 200, reply.text
        lines = [line[6:] for line in reply.text.splitlines() if line.startswith("data: ")]
        return [json.loads(line) for line in lines if line != "[DONE]"]

    return ask


def of_native(told):
    [event] = [event for event in told if event.get("event") == "sources"]
    return event["passages"]


def of_ag_ui(told):
    [event] = [event for event in told if event.get("name") == "sources"]
    return event["value"]["passages"]


def of_ai_sdk(told):
    parts = [part for part in told if part["type"] == "source-document"]
    return [part["providerMetadata"]["prosa"] | {"document": part["title"]} for part in parts]


AI_SDK = {"id": "c", "messages": [{"id": "1", "role": "user", "parts": [{"type": "text", "text": "QUESTION"}]}]}
AG_UI = {
    "threadId": "t", "runId": "r", "state": {}, "tools": [], "context": [], "forwardedProps": {},
    "messages": [{"id": "1", "role": "user", "content": "QUESTION"}],
}  # fmt: skip
WIRES = {
    "native": ("/api/ask", {"question": "QUESTION"}, of_native),
    "pipeline": ("/pipeline/stream", {"request": "QUESTION"}, lambda told: told[-1]["sources"]),
    "chat": ("/api/vanna/v2/chat_sse", {"message": "QUESTION"}, lambda told: told[-1]["sources"]),
    "ag_ui": ("/api/agui", AG_UI, of_ag_ui),
    "ai_sdk": ("/api/ai-sdk", AI_SDK, of_ai_sdk),
}


@pytest.mark.parametrize("wire", WIRES)
def test_the_passage_is_told_with_document_and_page(data, wire):
    path, body, passages_of = WIRES[wire]
    best = passages_of(data(path, body))[0]
    assert (best["document"], best["page"]) == PLACE
    assert SENTENCE in best["passage"]


@pytest.mark.parametrize("wire", ["pipeline", "chat"])
def test_an_answer_that_cites_nothing_has_no_list_of_passages(data, wire):
    path, body, _ = WIRES[wire]
    assert "sources" not in data(path, body, "What is the wifi password?")[-1]


def test_a_completion_ends_with_its_sources(data):
    body = {"model": "prosa", "stream": True, "messages": [{"role": "user", "content": "QUESTION"}]}
    told = data("/v1/chat/completions", body)
    words = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in told)
    assert SENTENCE in words
    assert words.endswith("Sources:\n\n- returns-policy.pdf, page 2")


async def test_mcp_has_it_in_the_result(server):
    async with (
        httpx2.AsyncClient(headers={"authorization": f"Bearer {ANA}"}, timeout=60) as http,
        Client(streamable_http_client(f"{server.url}/mcp", http_client=http)) as client,
    ):
        result = await client.call_tool("ask", {"question": QUESTION})
    [source] = result.structured_content["sources"]
    assert (source["document"], source["page"]) == PLACE
    assert SENTENCE in result.content[0].text
