"""Bodies that are none, on every address that takes one: refused with the right status, in the shape that the clients
of that address read, with a sentence and, where there is a way on, a hint."""

import json

import pytest

JSON = {"content-type": "application/json"}
BIG = 10 << 20

GOOD = {
    "/api/ask": {"question": "say hello"},
    "/api/query": {"sql": "say hello"},
    "/api/conversations": {"title": "x"},
    "/api/conversations/{conversation}/runs": {"question": "say hello"},
    "/api/pins": {"question": "say hello"},
    "/api/session": {"token": "ana-token-0123456789"},
    "/api/charts/export": {"charts": [{"data": [{"x": [1], "y": [2]}]}], "formats": ["csv"]},
    "/pipeline/stream": {"request": "say hello"},
    "/pipeline": {"request": "say hello"},
    "/api/vanna/v2/chat_sse": {"message": "say hello"},
    "/api/v1/chat/stream": {"document_id": "guide.md", "question": "say hello"},
    "/api/agui": {"threadId": "t", "runId": "r", "messages": [{"role": "user", "content": "say hello"}]},
    "/api/ai-sdk": {"id": "c", "messages": [{"role": "user", "parts": [{"type": "text", "text": "say hello"}]}]},
    "/v1/chat/completions": {"model": "prosa", "messages": [{"role": "user", "content": "say hello"}]},
}
"""Every address that takes a JSON body by POST, with one that it takes."""

WITHOUT = ("/api/uploads", "/api/runs/{run_id}/cancel", "/api/stream-check/{check}/{step}")
"""Addresses that take a file, or nothing."""

STRICT = {"/api/ask", "/api/query", "/api/conversations", "/api/conversations/{conversation}/runs", "/api/pins",
          "/api/session", "/api/charts/export"}  # fmt: skip
"""Our own: a field that nobody knows is a mistake there. Other people's clients send what they like."""

MAY_BE_EMPTY = {"/api/conversations"}

WORDS = {
    "/api/ask": "question", "/api/query": "sql", "/api/conversations/{conversation}/runs": "question",
    "/api/pins": "question", "/api/session": "token", "/pipeline/stream": "request", "/pipeline": "request",
    "/api/vanna/v2/chat_sse": "message", "/api/v1/chat/stream": "question", "/api/agui": "messages",
    "/api/ai-sdk": "messages", "/v1/chat/completions": "messages",
}  # fmt: skip
"""The field that holds what a person says."""


@pytest.fixture(scope="module")
def server(serving, papers):
    with serving(sources=papers, runs_per_user=50) as server:
        yield server


@pytest.fixture(scope="module")
def conversation(server):
    with server.client() as client:
        return client.post("/api/conversations", json={}).json()["id"]


@pytest.fixture
def post(ana, conversation):
    """Sends bytes, or a value as JSON, to an address."""

    def send(path, body, **headers):
        content = json.dumps(body).encode() if isinstance(body, dict | list | str | int) else body
        return ana.post(path.format(conversation=conversation), content=content, headers={**JSON, **headers})

    return send


def refused(reply, path, *statuses):
    """Whether the reply is a refusal as that address's clients know it."""
    assert reply.status_code in statuses, (path, reply.status_code, reply.text[:300])
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert {"type", "title", "status", "detail", "code"} <= set(problem)
    assert problem["status"] == reply.status_code
    assert problem["detail"].endswith((".", "?"))
    assert problem["hint"].strip(), problem
    if path == "/api/vanna/v2/chat_sse":
        assert problem["error"] == problem["detail"]
    if path.startswith("/v1/"):
        assert set(problem["error"]) == {"message", "type", "param", "code"}
        assert problem["error"]["message"].startswith(problem["detail"])
    return problem


def wrong(path):
    """The status for a body that makes no sense; the chat wire's clients know 400."""
    return 400 if path == "/api/vanna/v2/chat_sse" else 422


def test_every_address_that_takes_a_body_is_tried_here(ana):
    paths = ana.get("/openapi.json").json()["paths"]
    taking = {path.replace("{conversation_id}", "{conversation}") for path, ways in paths.items() if "post" in ways}
    assert taking == {*GOOD, *WITHOUT}


@pytest.mark.parametrize("path", GOOD)
def test_what_is_right_is_taken(post, path):
    assert post(path, GOOD[path]).status_code < 300


@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize(
    "body",
    [b"{", b"[", b'{"a": }', b"\xff\xfe", b"nothing", b"NaN", b'{"a": NaN', b"\x00", b"[" * 100_000],
    ids=["open", "list", "no value", "not UTF-8", "a word", "NaN", "open NaN", "NUL", "deep"],
)
def test_what_is_no_json_is_refused(post, path, body):
    refused(post(path, body), path, wrong(path))


@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize("body", [[], 7, True, "words", [[]], ["a", 1]], ids=str)
def test_what_is_no_object_is_refused(post, path, body):
    refused(post(path, body), path, wrong(path))


@pytest.mark.parametrize("path", GOOD)
def test_an_empty_body_is_refused(post, path):
    for body in (b"", b" ", b"null", b"{}"):
        if path not in MAY_BE_EMPTY:
            refused(post(path, body), path, wrong(path))
    if path in MAY_BE_EMPTY:
        assert post(path, b"").status_code == 201


@pytest.mark.parametrize("path", GOOD)
def test_each_field_of_a_wrong_type_is_refused(post, path):
    for name, value in GOOD[path].items():
        for other in (7, 1.5, True, None, {"a": 1}, [{"a": [1]}]):
            if type(other) is not type(value):
                refused(post(path, {**GOOD[path], name: other}), path, wrong(path))


@pytest.mark.parametrize("path", GOOD)
def test_a_missing_field_is_named(post, path):
    for name in GOOD[path]:
        if path not in MAY_BE_EMPTY:
            left = {key: value for key, value in GOOD[path].items() if key != name}
            problem = refused(post(path, left), path, wrong(path))
            assert name in problem["detail"] or problem["code"] == "message_missing"


@pytest.mark.parametrize("path", WORDS)
def test_a_message_without_a_word_is_refused(post, path):
    field = WORDS[path]
    for empty in ("", " \n\t ", "\u2003"):
        value = empty if isinstance(GOOD[path][field], str) else _said(GOOD[path][field], empty)
        refused(post(path, {**GOOD[path], field: value}), path, wrong(path), 401)
    if isinstance(GOOD[path][field], list):
        refused(post(path, {**GOOD[path], field: []}), path, wrong(path))


def _said(messages, words):
    (message,) = messages
    if "parts" in message:
        return [{**message, "parts": [{"type": "text", "text": words}]}]
    return [{**message, "content": words}]


@pytest.mark.parametrize("path", GOOD)
def test_a_field_that_nobody_knows_is_refused_by_ours_and_passed_over_by_others(post, path):
    reply = post(path, {**GOOD[path], "questio": "x", "colour": {"a": [1]}})
    if path in STRICT:
        assert "questio" in refused(reply, path, 422)["detail"]
    else:
        assert reply.status_code == 200


@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize("stated", [True, False], ids=["stated", "in chunks"])
def test_ten_megabytes_are_too_many(post, path, stated):
    whole = json.dumps({**GOOD[path], "more": "x" * BIG}).encode()
    body = whole if stated else iter([whole[start : start + 65_536] for start in range(0, len(whole), 65_536)])
    assert refused(post(path, body), path, 413)["code"] == "body_too_large"


@pytest.mark.parametrize("path", GOOD)
def test_another_kind_of_body_is_no_server_error(post, path):
    for kind in ("text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded", "x", ""):
        reply = post(path, GOOD[path], **{"content-type": kind})
        assert reply.status_code < 300 or refused(reply, path, 415, wrong(path))


@pytest.mark.parametrize("path", [*GOOD, *WITHOUT])
def test_without_signing_in_nothing_is_told_of_what_is_wrong(nobody, conversation, path):
    if path == "/api/session":
        return
    place = path.format(conversation=conversation, run_id="x", check="x", step=1)
    reply = nobody.post(place, json={"anything": 1})
    refused(reply, path, 401)


@pytest.mark.parametrize("path", [path for path in GOOD if path != "/api/session"])
def test_the_refusal_is_in_the_language_of_the_request(post, path):
    problem = refused(post(path, b"{", **{"accept-language": "pt-BR"}), path, wrong(path))
    assert problem["detail"] != refused(post(path, b"{"), path, wrong(path))["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"[]", 400), (b"7", 400), (b"{}", 400), (b"\xff", 400),
        (b'{"jsonrpc": "2.0", "id": 1}', 400), (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', 400),
    ],
)  # fmt: skip
def test_mcp_says_what_is_wrong_as_json_rpc_does(ana, body, status):
    reply = ana.post("/mcp", content=body, headers={**JSON, "accept": "application/json, text/event-stream"})
    assert reply.status_code == status, reply.text
    assert reply.json()["error"]["message"]
    assert reply.json()["jsonrpc"] == "2.0"


def test_mcp_takes_no_ten_megabytes(ana):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"x": "x" * BIG}})
    reply = ana.post("/mcp", content=body, headers={**JSON, "accept": "application/json, text/event-stream"})
    assert reply.status_code == 413


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"), (b"--x--\r\n", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data; boundary=x"), (b"garbage", "multipart/form-data"),
        (b"{}", "application/json"), (b"a,b\n1,2\n", "text/csv"), (b"", ""),
        (b'--x\r\nContent-Disposition: form-data; name="other"; filename="a.csv"\r\n\r\na\n1\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\na\n1\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
def test_what_is_no_upload_is_refused(ana, content, kind):
    reply = ana.post("/api/uploads", content=content, headers={"content-type": kind} if kind else {})
    refused(reply, "/api/uploads", 422)
