"""Whatever is sent, the server answers like a server: never with 5xx, never without a reply."""

import json
import re
from contextlib import suppress
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = st.text(max_size=40)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3))
HEADERS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40).map(str.strip)
BODIES = {
    "question": JSON, "sql": JSON, "title": JSON, "sources": JSON, "locale": JSON, "as_of": JSON, "limit": JSON,
    "replies_to": JSON, "analyst": JSON, "token": JSON, "conversation": JSON, "source": JSON,
}  # fmt: skip
MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def addresses(server):
    """Every method and path of the API."""
    with server.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    return sorted((method.upper(), path) for path, operations in paths.items() for method in operations)


def sound(reply):
    assert reply.status_code < 500, (reply.request.method, reply.request.url, reply.request.content)
    if reply.status_code >= 400 and "json" in reply.headers["content-type"]:
        assert {"type", "title", "status", "detail", "code"} <= set(reply.json())


@MANY
@given(data=st.data())
def test_nonsense_in_addresses_and_headers(addresses, ana, data):
    method, path = data.draw(st.sampled_from(addresses))
    place = re.sub(r"\{\w+\}", lambda _: quote(data.draw(WORDS), safe="") or "x", path)
    query = data.draw(st.dictionaries(st.sampled_from(["after", "limit", "offset", "sort", "format", "search"]), WORDS))
    names = ["accept", "accept-language", "last-event-id", "idempotency-key", "content-type", "if-none-match"]
    headers = data.draw(st.dictionaries(st.sampled_from(names), HEADERS))
    with suppress(httpx.InvalidURL, UnicodeEncodeError):  # what the client itself refuses to send
        sound(ana.request(method, place, params=query, headers=headers, json={"question": "say x"}))


@MANY
@given(data=st.data())
def test_nonsense_in_bodies(addresses, ana, data):
    method, path = data.draw(st.sampled_from([pair for pair in addresses if pair[0] in ("POST", "PATCH")]))
    chosen = data.draw(st.lists(st.sampled_from(sorted(BODIES)), unique=True, max_size=4))
    body = {name: data.draw(BODIES[name]) for name in chosen} if data.draw(st.booleans()) else data.draw(JSON)
    content = json.dumps(body).encode()
    sound(
        ana.request(
            method, re.sub(r"\{\w+\}", "x", path), content=content, headers={"content-type": "application/json"}
        )
    )


@MANY
@given(
    content=st.binary(max_size=200), kind=st.sampled_from(["application/json", "multipart/form-data; boundary=x", ""])
)
def test_nonsense_in_bytes(ana, content, kind):
    for path in ("/api/ask", "/api/uploads", "/api/session"):
        sound(ana.post(path, content=content, headers={"content-type": kind} if kind else {}))
