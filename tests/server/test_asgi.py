"""`prosa.asgi` in somebody else's application: prefixes, identities, lifespans that never come."""

import asyncio
import threading

import httpx
import pytest
from fastapi import FastAPI, HTTPException
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

import prosa
from prosa.config import Settings
from prosa.errors import ConfigError
from prosa.identity import Principal


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "shops.csv"
    path.write_text("shop,sales\nA,1\nB,2\n")
    return path


@pytest.fixture
def app(csv, tmp_path, obedient):
    def make(principal=lambda request: Principal(request.headers.get("x-me", "me")), **more):
        settings = Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", **more)
        return prosa.asgi(str(csv), principal=principal, settings=settings, answerer=obedient())

    return make


def in_fastapi(app, prefix="/data"):
    host = FastAPI()
    host.mount(prefix, app)
    return host


def in_starlette(app):
    return Starlette(routes=[Mount("/data", app)])


def talk(app, *requests, host=in_fastapi):
    """Sends requests to an application in a host that runs no lifespan of it; the replies."""

    async def send():
        transport = httpx.ASGITransport(host(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://host.example") as client:
            replies = [await client.request(method, path, **options) for method, path, options in requests]
        await app.stop()
        return replies

    return asyncio.run(send())


@pytest.mark.parametrize("host", [in_fastapi, in_starlette])
def test_it_starts_with_the_first_request_where_no_lifespan_runs(app, host):
    replies = talk(
        app(),
        ("GET", "/data/healthz", {}),
        ("POST", "/data/api/conversations", {"json": {"title": "x"}}),
        ("POST", "/data/api/ask", {"json": {"question": "say hello"}}),
        ("GET", "/data/", {}),
        ("GET", "/data/static/prosa-chat.js", {}),
        ("GET", "/elsewhere", {}),
        host=host,
    )
    assert [reply.status_code for reply in replies] == [200, 201, 200, 200, 200, 404]
    assert "event: completed" in replies[2].text


def test_links_know_the_prefix(app):
    made, started = talk(
        app(),
        ("POST", "/a/b/api/conversations", {"json": {}}),
        ("POST", "/a/b/api/query", {"json": {"sql": "say x"}}),
        host=lambda application: in_fastapi(application, "/a/b"),
    )
    assert made.headers["location"] == f"/a/b/api/conversations/{made.json()['id']}"
    assert started.json()["events_url"].startswith("/a/b/api/runs/")


def test_many_first_requests_start_it_once(app):
    application = app()
    opened = []
    make = application._make_desk
    application._make_desk = lambda: opened.append(1) or make()

    async def rush():
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://host") as client:
            replies = await asyncio.gather(*(client.get("/api/conversations") for _ in range(10)))
        await application.stop()
        return {reply.status_code for reply in replies}

    assert asyncio.run(rush()) == {200}
    assert len(opened) == 1


def test_a_lifespan_opens_and_closes_it(app):
    application = app()
    with TestClient(application) as client:
        assert application._state.desk is not None
        assert client.get("/api/conversations").status_code == 200
    assert application._state.desk is None


def test_every_event_loop_gets_its_own_start(app):
    application = app()
    for _ in range(2):
        with TestClient(application) as client:
            assert client.post("/api/ask", json={"question": "say hello"}).status_code == 200


def test_the_hosts_people_are_ours(app):
    seen = talk(
        app(),
        ("POST", "/data/api/conversations", {"json": {"title": "a's"}, "headers": {"x-me": "a"}}),
        ("GET", "/data/api/conversations", {"headers": {"x-me": "a"}}),
        ("GET", "/data/api/conversations", {"headers": {"x-me": "b"}}),
    )
    assert [len(reply.json()) for reply in seen[1:]] == [1, 0]


def test_a_resolver_may_be_async_and_may_know_nobody(app):
    async def resolver(request):
        await asyncio.sleep(0)
        return Principal("x") if "x-me" in request.headers else None

    known, unknown = talk(
        app(resolver),
        ("GET", "/data/api/conversations", {"headers": {"x-me": "x"}}),
        ("GET", "/data/api/conversations", {}),
    )
    assert (known.status_code, unknown.status_code) == (200, 401)
    assert unknown.json()["code"] == "not_signed_in"


def test_a_resolver_that_refuses_is_heard(app):
    def resolver(request):
        raise HTTPException(403)

    [reply] = talk(app(resolver), ("GET", "/data/api/conversations", {}))
    assert (reply.status_code, reply.headers["content-type"]) == (403, "application/problem+json")


def test_without_anybody_to_ask_for_it_is_refused(app):
    with pytest.raises(ConfigError) as caught:
        app(None)
    assert caught.value.code == "identity"
    assert app(None, auth=False)
    assert app(None, token="a-token-of-16-chars")


def test_without_sign_in_only_this_machines_names_are_answered(app):
    refused, local = talk(
        app(None, auth=False),
        ("GET", "/data/api/conversations", {}),
        ("GET", "/data/api/conversations", {"headers": {"host": "localhost"}}),
    )
    assert (refused.status_code, local.status_code) == (403, 200)


def test_a_start_that_fails_is_a_problem_and_is_tried_again(app, tmp_path):
    application = app()
    (tmp_path / "data").write_text("in the way")
    [failed] = talk(application, ("GET", "/data/api/conversations", {}))
    assert (failed.status_code, failed.json()["code"]) == (507, "storage_readonly")
    (tmp_path / "data").unlink()
    [reply] = talk(application, ("GET", "/data/api/conversations", {}))
    assert reply.status_code == 200


def test_the_hosts_other_routes_are_left_alone(app):
    def host(application):
        found = in_fastapi(application)
        found.add_api_route("/hello", lambda: "host")
        return found

    [reply] = talk(app(), ("GET", "/hello", {}), host=host)
    assert reply.json() == "host"
    assert "content-security-policy" not in reply.headers


def test_a_web_socket_is_refused(app):
    with TestClient(app()) as client, pytest.raises(WebSocketDisconnect), client.websocket_connect("/api/ask"):
        pass


def test_frames_and_mappings_are_sources_too(tmp_path, obedient):
    import pandas

    settings = Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")
    sources = {"numbers": pandas.DataFrame({"a": [1, 2]})}
    me = Principal("me")
    with TestClient(prosa.asgi(sources, principal=lambda _: me, settings=settings, answerer=obedient())) as client:
        assert [source["name"] for source in client.get("/api/sources").json()] == ["numbers"]


def test_threads_of_the_host_may_call_while_a_stream_runs(app):
    with TestClient(app()) as client:
        texts = []
        threads = [
            threading.Thread(target=lambda: texts.append(client.post("/api/ask", json={"question": "slowly a b"}).text))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all("event: completed" in text for text in texts)
        assert len(texts) == 4
