"""The edge: names, origins, sizes, headers, and every failure as a problem document."""

import json

import pytest

from prosa.server.edge import Hosts
from prosa.server.problems import MEDIA_TYPE

JSON = {"content-type": "application/json"}


def problem(reply, status, code):
    assert reply.headers["content-type"] == MEDIA_TYPE
    found = reply.json()
    assert (reply.status_code, found["status"], found["code"]) == (status, status, code)
    assert set(found) <= {"type", "title", "status", "detail", "code", "hint"}
    assert found["detail"]
    return found


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "[::2]"])
def test_a_foreign_name_for_this_server_is_refused(ana, host):
    problem(ana.get("/api/sources", headers={"host": host}), 403, "host_not_allowed")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]:80", "localhost."])
def test_the_names_of_this_machine_are_answered(ana, host):
    assert ana.get("/api/sources", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "allowed", "name", "answer"),
    [
        ("127.0.0.1", (), "192.168.1.5:8765", False),
        ("0.0.0.0", (), "192.168.1.5:8765", True),
        ("0.0.0.0", (), "[fe80::1]:8765", True),
        ("0.0.0.0", (), "evil.example", False),
        ("10.1.2.3", (), "10.1.2.3:8765", True),
        ("::1", (), "[::1]:8765", True),
        ("127.0.0.1", ("data.example.org",), "data.example.org", True),
        ("127.0.0.1", ("*.example.org",), "a.b.example.org:443", True),
        ("127.0.0.1", ("*.example.org",), "example.org.evil.net", False),
        ("127.0.0.1", ("*",), "anything", True),
    ],
)
def test_which_names_a_server_answers_to(host, allowed, name, answer):
    assert Hosts(host, allowed).allow(name) is answer


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
    ],
    ids=str,
)
def test_a_foreign_page_changes_nothing(server, ana, headers):
    before = len(ana.get("/api/conversations").json())
    problem(ana.post("/api/conversations", json={}, headers=headers), 403, "origin_not_allowed")
    problem(ana.delete("/api/conversations/x", headers=headers), 403, "origin_not_allowed")
    assert len(ana.get("/api/conversations", headers=headers).json()) == before


def test_our_own_page_and_programs_change_things(server, ana):
    for headers in ({}, {"origin": server.url}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}):
        assert ana.post("/api/conversations", json={}, headers=headers).status_code == 201


def test_a_page_of_an_allowed_origin_may_call_us(serving):
    friend = {"origin": "https://friend.example"}
    with serving(allowed_origins=("https://friend.example",)) as server, server.client() as client:
        reply = client.post("/api/conversations", json={}, headers=friend)
        assert reply.status_code == 201
        assert reply.headers["access-control-allow-origin"] == "https://friend.example"
        asked = {**friend, "access-control-request-method": "POST", "access-control-request-headers": "authorization"}
        assert client.options("/api/ask", headers=asked).status_code == 200
        assert "https://friend.example" in client.get("/").headers["content-security-policy"]
        foe = client.get("/api/conversations", headers={"origin": "https://foe.example"})
        assert "access-control-allow-origin" not in foe.headers


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/api/sources", "/static/app.js"])
def test_every_reply_has_the_headers_that_keep_browsers_safe(ana, path):
    headers = ana.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    scripts = headers["content-security-policy"].partition("script-src ")[2].partition(";")[0]
    assert scripts == "'self'"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "no_route"),
        ("GET", "/api/nowhere", 404, "no_route"),
        ("GET", "/static/../../secret", 404, "no_route"),
        ("GET", "/static/nowhere.js", 404, "no_route"),
        ("GET", "/api/runs/nowhere", 404, "not_found"),
        ("GET", "/api/conversations/nowhere", 404, "not_found"),
        ("GET", "/api/results/nowhere", 404, "not_found"),
        ("PUT", "/api/conversations", 405, "method_not_allowed"),
        ("GET", "/api/ask", 405, "method_not_allowed"),
        ("GET", "/api/conversations?limit=0", 422, "request_invalid"),
        ("GET", "/api/conversations?limit=many", 422, "request_invalid"),
        ("GET", "/api/sources/nowhere/catalog", 404, "source_unknown"),
    ],
)
def test_every_failure_is_a_problem_document(ana, method, path, status, code):
    problem(ana.request(method, path), status, code)


def test_a_method_that_is_not_taken_says_which_are(ana):
    assert ana.put("/api/conversations").headers["allow"]


def test_problems_speak_the_language_that_is_asked_for(ana):
    for asked, spoken, words in (
        ("pt-BR,pt;q=0.9,en;q=0.1", "pt-BR", "Este endereço não existe aqui."),
        ("de, en;q=0.5", "en", "There is no such address here."),
    ):
        reply = ana.get("/nowhere", headers={"accept-language": asked})
        assert (reply.headers["content-language"], reply.json()["detail"]) == (spoken, words)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "not valid JSON"),
        ("", "the body is missing"),
        ("[]", "must be a JSON object"),
        ('"text"', "must be a JSON object"),
        ("null", "must be a JSON object"),
        ("{}", "question is missing"),
        ('{"question": 3}', "question must be a text"),
        ('{"question": null}', "question must be a text"),
        ('{"question": "x", "sources": "shops"}', "sources must be a list"),
        ('{"question": "x", "sources": [1]}', "sources.0 must be a text"),
        ('{"question": "x", "limit": "10"}', "limit must be a whole number"),
        ('{"question": "x", "limit": true}', "limit must be a whole number"),
        ('{"question": "x", "limit": 0}', "limit must be at least 1"),
        ('{"question": "x", "as_of": "tomorrow"}', "as_of must be a date like 2024-12-31"),
        ('{"question": "x", "as_of": 20240101}', "as_of must be a date like 2024-12-31"),
        ('{"question": "x", "source": []}', "there is no source; did you mean sources?"),
        ('{"question": "x", "zzz": []}', "there is no zzz"),
        ('{"question": "x", "' + "y" * 5000 + '": 1}', "there is no yyy"),
    ],
)
def test_what_is_wrong_with_a_body_is_said(ana, body, words):
    reply = ana.post("/api/ask", content=body.encode(), headers=JSON)
    assert words in problem(reply, 422, "request_invalid")["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_of_another_kind_is_refused(ana, kind):
    reply = ana.post("/api/ask", content=b'{"question": "x"}', headers={"content-type": kind})
    assert "application/json" in problem(reply, 422, "request_invalid")["detail"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'{"question": "\xff"}', b"[" * 100_000])
def test_a_body_of_broken_bytes_is_refused(ana, content):
    problem(ana.post("/api/ask", content=content, headers=JSON), 422, "request_invalid")


@pytest.mark.parametrize(
    ("question", "code"), [("", "question_empty"), ("  \n", "question_empty"), ("x" * 8001, "question_too_long")]
)
def test_a_question_that_is_none_is_refused(ana, question, code):
    problem(ana.post("/api/ask", json={"question": question}), 422, code)


def test_a_body_that_is_too_large_is_refused(ana):
    body = json.dumps({"question": "x" * 10_000_000}).encode()
    found = problem(ana.post("/api/ask", content=body, headers=JSON), 413, "body_too_large")
    assert "1 MB" in found["detail"]
    chunked = ana.post(
        "/api/ask", content=iter([body[place : place + 65536] for place in range(0, len(body), 65536)]), headers=JSON
    )
    problem(chunked, 413, "body_too_large")


def test_a_mistake_of_ours_shows_no_trace(serving, monkeypatch, caplog):
    with serving() as server, server.client() as client:
        monkeypatch.setattr(server.desk, "databases", None)
        found = problem(client.get("/api/sources"), 500, "internal")
        assert "NoneType" not in json.dumps(found)


def test_control_characters_in_the_address_do_no_harm(server, raw):
    with raw(server, b"GET /\x00\x01 HTTP/1.1\r\nHost: localhost\r\n\r\n") as connection:
        assert connection.recv(1024).startswith(b"HTTP/1.1 4")
    with raw(server, b"GET /%00%0d%0aSet-Cookie:x HTTP/1.1\r\nHost: localhost\r\n\r\n") as connection:
        reply = connection.recv(4096)
        assert reply.startswith(b"HTTP/1.1 404")
        assert b"Set-Cookie" not in reply.partition(b"\r\n\r\n")[0]
