"""The OpenAI wire over real sockets: OpenAI's own clients, the shape of Open WebUI's requests, and wrong ones."""

import json
import threading

import httpx
import openai
import pytest
from openai import OpenAI

ANA = "ana-token-0123456789"
BIA = "bia-token-0123456789"


@pytest.fixture
def client(playing):
    with OpenAI(base_url=f"{playing.url}/v1", api_key=ANA, max_retries=0) as made:
        yield made


def user(words):
    return {"role": "user", "content": words}


def whole(chunks):
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def test_a_streamed_answer_comes_as_one_assistant_message(client):
    with client.chat.completions.create(model="sales", messages=[user("with_file")], stream=True) as stream:
        chunks = list(stream)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert {chunk.id for chunk in chunks} == {chunks[0].id}
    assert {chunk.model for chunk in chunks} == {"sales"}
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [*[None] * (len(chunks) - 1), "stop"]
    words = whole(chunks)
    assert words.startswith("Ipanema comes first with 6,310.00")
    assert "- guide.pdf, page 4" in words
    assert "/api/files/f1)" in words


def test_whole_and_in_chunks_the_answer_is_the_same(client):
    for run in ("answered", "with_file", "clarification"):
        once = client.chat.completions.create(model="sales", messages=[user(run)])
        stream = client.chat.completions.create(model="sales", messages=[user(run)], stream=True)
        assert once.choices[0].message.content == whole(stream)
        assert (once.object, once.choices[0].finish_reason) == ("chat.completion", "stop")


def test_the_last_chunk_counts_tokens_only_where_they_are_asked_for(client):
    asked = client.chat.completions.create(
        model="sales", messages=[user("answered")], stream=True, stream_options={"include_usage": True}
    )
    *_, last = list(asked)
    assert (last.choices, last.usage.total_tokens) == ([], 0)
    *_, last = list(client.chat.completions.create(model="sales", messages=[user("answered")], stream=True))
    assert last.usage is None


def test_a_failed_run_raises_in_the_client(client):
    stream = client.chat.completions.create(model="sales", messages=[user("failed_in_execute")], stream=True)
    with pytest.raises(openai.APIError, match="could not convert the text") as raised:
        list(stream)
    assert raised.value.code == "query_failed"
    with pytest.raises(openai.UnprocessableEntityError) as raised:
        client.chat.completions.create(model="sales", messages=[user("failed_in_execute")])
    assert (raised.value.code, raised.value.type) == ("query_failed", "invalid_request_error")


def test_a_cancelled_run_stops(client, cancel_run):
    with client.chat.completions.create(model="sales", messages=[user("cancelled")], stream=True) as stream:
        chunks = []
        for chunk in stream:
            chunks.append(chunk)
            if whole(chunks) == "Let me see.":
                cancel_run(chunk.id.removeprefix("chatcmpl-"))
    assert whole(chunks) == "Let me see."
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_what_was_said_before_is_known_again(client, player):
    first = client.chat.completions.create(model="sales", messages=[user("sales by store")])
    history = [user("sales by store"), {"role": "assistant", "content": first.choices[0].message.content}]
    client.chat.completions.create(model="sales", messages=[*history, user("and by month?")])
    question, before = player.asked[-1]
    assert (question.text, before) == ("and by month?", ["sales by store"])
    client.chat.completions.create(model="sales", messages=[user("another chat"), user("and by month?")])
    assert player.asked[-1][1] == []


def test_a_reply_to_what_was_asked_back_chooses_the_option(client, player):
    asked = client.chat.completions.create(model="sales", messages=[user("clarification")])
    history = [user("clarification"), {"role": "assistant", "content": asked.choices[0].message.content}]
    for reply in ("2", "Net amount for each store"):
        client.chat.completions.create(model="sales", messages=[*history, user(reply)])
        assert player.asked[-1][0].text == "total sale net amount by store"


def test_each_source_is_a_model(client, player):
    assert [model.id for model in client.models.list()] == ["sales", "shops"]
    assert client.models.retrieve("shops").owned_by == "prosa"
    client.chat.completions.create(model="shops", messages=[user("hello")])
    assert player.asked[-1][0].sources == ("shops",)
    client.chat.completions.create(model="prosa", messages=[user("hello")])
    assert player.asked[-1][0].sources == ()
    for ask in (
        lambda: client.chat.completions.create(model="gpt-9", messages=[user("hello")]),
        lambda: client.models.retrieve("gpt-9"),
    ):
        with pytest.raises(openai.NotFoundError) as raised:
            ask()
        assert (raised.value.code, raised.value.param) == ("model_not_found", "model")
        assert "sales, shops" in raised.value.message


def test_documents_are_asked_by_the_model_of_everything(serving, tmp_path):
    (tmp_path / "guide.md").write_text("# Guide\n\nGross amounts include tax of 12 percent.\n")
    with (
        serving(real=True, sources=[("guide", str(tmp_path / "guide.md"))]) as server,
        OpenAI(base_url=f"{server.url}/v1", api_key=ANA, max_retries=0) as client,
    ):
        assert [model.id for model in client.models.list()] == ["prosa"]
        asked = [user("what does the guide say about tax?")]
        answer = client.chat.completions.create(model="prosa", messages=asked)
    assert "Gross amounts include tax of 12 percent." in answer.choices[0].message.content
    assert "Sources:\n\n- guide.md" in answer.choices[0].message.content


def test_errors_before_the_stream_are_openais_and_ours_at_once(playing):
    with playing.client("ana") as client:
        cases = [
            ({"model": "sales"}, 422, "request_invalid", "invalid_request_error"),
            ({"model": "sales", "messages": []}, 422, "question_empty", "invalid_request_error"),
            ({"model": "sales", "messages": [user("  ")]}, 422, "question_empty", "invalid_request_error"),
            ({"model": "sales", "messages": [user("x" * 9000)]}, 422, "question_too_long", "invalid_request_error"),
            ({"model": "sales", "messages": [user("x")], "n": 2}, 422, "request_invalid", "invalid_request_error"),
        ]
        for body, status, code, kind in cases:
            reply = client.post("/v1/chat/completions", json=body)
            assert (reply.status_code, reply.json()["code"]) == (status, code)
            assert reply.headers["content-type"] == "application/problem+json"
            assert reply.json()["error"]["code"] == code
            assert reply.json()["error"]["type"] == kind
        assert client.get("/v1/nothing").json()["error"]["code"] == "no_route"
        assert "error" not in client.get("/api/nothing").json()
    with OpenAI(base_url=f"{playing.url}/v1", api_key="wrong", max_retries=0) as stranger:
        with pytest.raises(openai.AuthenticationError) as raised:
            stranger.models.list()
        assert raised.value.type == "authentication_error"


def test_too_many_runs_at_once_are_told_with_the_time_to_wait(serving, player):
    with serving(player, runs_per_user=1, runs_waiting=0) as server, server.client("ana") as busy:
        holder = busy.stream("POST", "/api/ask", json={"question": "cancelled"})
        with holder as held, OpenAI(base_url=f"{server.url}/v1", api_key=ANA, max_retries=0) as client:
            with pytest.raises(openai.RateLimitError) as raised:
                client.chat.completions.create(model="prosa", messages=[user("hello")])
            assert int(raised.value.response.headers["retry-after"]) >= 1
            assert raised.value.type == "rate_limit_error"
            with server.client("ana") as other:
                other.post(f"/api/runs/{held.headers['prosa-run']}/cancel")


def test_a_field_of_the_body_makes_nobody_somebody_else(client, playing, player):
    with OpenAI(base_url=f"{playing.url}/v1", api_key=BIA, max_retries=0) as bia:
        first, *_ = bia.chat.completions.create(model="sales", messages=[user("bia's own")], stream=True, user="ana")
        run_id = first.id.removeprefix("chatcmpl-")
    with playing.client("ana") as ana, playing.client("bia") as owner:
        assert ana.get(f"/api/runs/{run_id}").status_code == 404
        assert owner.get(f"/api/runs/{run_id}").status_code == 200
    history = [user("bia's own"), {"role": "assistant", "content": "bia's own"}]
    client.chat.completions.create(model="sales", messages=[*history, user("go on")])
    assert player.asked[-1][1] == []


def test_a_server_that_ends_tells_its_readers(serving, player):
    said = []
    with serving(player) as server:
        reading = threading.Thread(target=_read, args=(server.url, said))
        reading.start()
        while not said:
            pass
    reading.join()
    frames = "".join(said).split("\n\n")
    assert json.loads(frames[-3].removeprefix("data: "))["error"]["code"] == "server_restarted"
    assert frames[-2:] == ["data: [DONE]", ""]


def _read(url, said):
    body = {"model": "prosa", "messages": [user("cancelled")], "stream": True}
    headers = {"authorization": f"Bearer {ANA}"}
    with httpx.stream("POST", f"{url}/v1/chat/completions", json=body, headers=headers, timeout=60) as reply:
        said.extend(reply.iter_text())


def test_open_webuis_request_is_answered(playing):
    """The fields that Open WebUI sends: words in parts, a system prompt, parameters of language models."""
    body = {
        "stream": True,
        "model": "sales",
        "messages": [
            {"role": "system", "content": "You are helpful."},
            {"role": "user", "content": [{"type": "text", "text": "answered"}, {"type": "image_url", "image_url": {}}]},
        ],
        "temperature": 0.8,
        "max_tokens": 128,
        "stop": ["x"],
        "stream_options": {"include_usage": True},
    }
    headers = {"x-openwebui-user-name": "bia", "x-openwebui-user-id": "1", "x-openwebui-chat-id": "c1"}
    with playing.client("ana", **headers) as client:
        reply = client.post("/v1/chat/completions", json=body)
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert "Ipanema comes first" in reply.text
    assert reply.text.endswith("data: [DONE]\n\n")


@pytest.mark.parametrize("stream", [True, False])
def test_the_npm_client_understands_every_run(playing, script, stream):
    def ask(words):
        return script("openai", url=playing.url, token=ANA, model="sales", messages=[user(words)], stream=stream)

    *said, models = ask("with_file")
    assert [model["id"] for model in models["models"]] == ["sales", "shops"]
    words = (
        "".join(line["chunk"]["choices"][0]["delta"].get("content", "") for line in said if line["chunk"]["choices"])
        if stream
        else said[0]["completion"]["choices"][0]["message"]["content"]
    )
    assert words.startswith("Ipanema comes first")
    assert "Which of these do you mean?" in json.dumps(ask("clarification"))
    *_, last = ask("failed_in_execute")
    assert last["error"]["code"] == "query_failed"
    assert last["error"]["name"] == ("APIError" if stream else "UnprocessableEntityError")
