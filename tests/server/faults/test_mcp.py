"""What goes wrong in any stage, told over MCP by its own client: the tool's result is an error in words, nobody is left
waiting, the place at work is free again."""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from prosa.events import STAGES
from prosa.identity import Principal

ANA = Principal("ana")
GENERATIONS = ("legacy", "auto")
EVERYWHERE = [(mode, stage) for mode in GENERATIONS for stage in STAGES]
ROOM = {"runs_per_user": 20}


@pytest.fixture(scope="module")
def server(serving, trouble):
    with serving(trouble(), **ROOM) as server:
        yield server


@pytest.fixture(scope="module")
def hurried(serving, trouble):
    """A server whose runs may take a tenth of a second."""
    with serving(trouble(), run_time_limit=0.1, **ROOM) as server:
        yield server


@asynccontextmanager
async def connected(server, mode):
    headers = {"authorization": "Bearer ana-token-0123456789"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60, verify=False) as http,
        Client(streamable_http_client(f"{server.url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


def words(result):
    return result.content[0].text


async def in_each_stage(server, mode, what):
    """The result of the same trouble in each stage, all of them at once, by the stage."""
    async with connected(server, mode) as client:
        calls = [client.call_tool("ask", {"question": f"{what} {stage}"}) for stage in STAGES]
        return dict(zip(STAGES, await asyncio.gather(*calls), strict=True))


async def ended(run):
    """Waits for a run of the server, whose event loop is another."""
    while not run.ended:
        await asyncio.sleep(0.01)


async def free(server):
    """Waits until nothing works any more; then another question is answered."""
    while server.desk.runs.working or server.desk.runs.live(ANA):
        await asyncio.sleep(0.01)
    async with connected(server, "auto") as client:
        result = await client.call_tool("ask", {"question": "nothing nowhere"})
    assert (result.is_error, result.structured_content["outcome"]) == (False, "answered")


@pytest.mark.parametrize("mode", GENERATIONS)
@pytest.mark.parametrize(("what", "code"), [("raise", "internal"), ("sql", "query_failed")])
async def test_an_error_in_any_stage_is_a_result_in_words(server, mode, what, code):
    for stage, result in (await in_each_stage(server, mode, what)).items():
        assert result.is_error
        assert words(result).strip()
        failure = result.structured_content["failure"]
        assert (failure["code"], failure["stage"]) == (code, stage)
        assert "secret" not in result.model_dump_json()
        assert "Traceback" not in result.model_dump_json()
    await free(server)


@pytest.mark.parametrize("mode", GENERATIONS)
async def test_the_time_limit_is_told_with_its_stage(hurried, mode):
    for stage, result in (await in_each_stage(hurried, mode, "hang")).items():
        assert result.is_error
        assert "0.1" in words(result)
        failure = result.structured_content["failure"]
        assert (failure["code"], failure["stage"]) == ("time_limit", stage)
    await free(hurried)


@pytest.mark.parametrize("mode", GENERATIONS)
async def test_a_run_that_somebody_stops_is_an_error_though_it_had_begun_to_speak(server, mode):
    asking = asyncio.create_task(in_each_stage(server, mode, "hang"))
    for _ in STAGES:
        await asyncio.to_thread(server.answerer.hanging.acquire)
    with server.client() as client:
        for run in server.desk.runs.live(ANA) * 2:
            assert client.post(f"/api/runs/{run.id}/cancel").status_code == 202
        for result in (await asking).values():
            assert result.is_error
            assert words(result).startswith("Stopped.")
            values = result.structured_content
            assert values["outcome"] == "cancelled"
            place = f"/api/runs/{values['run_id']}"
            before = client.get(place).json()
            assert client.post(f"{place}/cancel").json()["status"] == "cancelled"
            assert client.get(place).json() == before
    await free(server)


@pytest.mark.parametrize(("mode", "stage"), EVERYWHERE)
async def test_a_call_that_its_client_gives_up_stops_the_run(server, mode, stage):
    async with connected(server, mode) as client:
        call = asyncio.create_task(client.call_tool("ask", {"question": f"hang {stage}"}))
        await asyncio.to_thread(server.answerer.hanging.acquire)
        (run,) = server.desk.runs.live(ANA)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await ended(run)
        assert (run.answer.status, run.answer.cancelled.stopped) == ("cancelled", stage)
        assert not (await client.call_tool("ask", {"question": "nothing nowhere"})).is_error
    await free(server)


HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
JSON = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}


def message(method, number=None, **params):
    return {"jsonrpc": "2.0", "method": method, "params": params, **({"id": number} if number is not None else {})}


@pytest.fixture
def session(server):
    """A client of ana's in a session of the older protocol, whose messages are made by hand."""
    with server.client(**JSON) as client:
        opened = client.post("/mcp", json=message("initialize", 1, **HELLO))
        client.headers["mcp-session-id"] = opened.headers["mcp-session-id"]
        assert client.post("/mcp", json=message("notifications/initialized")).status_code == 202
        yield client


def said(reply):
    """The messages of a reply that is an event stream."""
    lines = [line.removeprefix("data: ") for line in reply.text.splitlines() if line.startswith("data: {")]
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("stage", STAGES)
async def test_a_cancellation_may_come_twice_and_after_the_end(server, session, stage):
    asked = message("tools/call", 7, name="ask", arguments={"question": f"hang {stage}"})
    call = asyncio.create_task(asyncio.to_thread(session.post, "/mcp", json=asked))
    await asyncio.to_thread(server.answerer.hanging.acquire)
    (run,) = server.desk.runs.live(ANA)
    given_up = message("notifications/cancelled", requestId=7, reason="enough")
    for _ in range(2):
        assert session.post("/mcp", json=given_up).status_code == 202
    (last,) = said(await call)
    await ended(run)
    assert last["id"] == 7
    assert "ancelled" in last["error"]["message"]
    assert run.answer.cancelled.stopped == stage
    before = run.log.last
    assert session.post("/mcp", json=given_up).status_code == 202
    assert session.post("/mcp", json=message("notifications/cancelled", requestId="nobody")).status_code == 202
    assert run.log.last == before
    await free(server)


@pytest.mark.parametrize("stage", STAGES)
async def test_a_connection_that_breaks_leaves_no_place_taken(server, session, raw, request_bytes, stage):
    sent = {name.replace("-", "_"): session.headers[name] for name in (*JSON, "mcp-session-id")}
    asked = json.dumps(message("tools/call", 8, name="ask", arguments={"question": f"hang {stage}"})).encode()
    with raw(server, request_bytes("POST", "/mcp", asked, content_type="application/json", **sent)) as connection:
        await asyncio.to_thread(server.answerer.hanging.acquire)
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert said(session.post("/mcp", json=message("ping", 9)))[0]["result"] == {}
    assert session.delete("/mcp").status_code == 200
    await free(server)


GARBAGE = (b"\n", b"{\n", b"[]\n", b"7\n", b"\xff\xfe\x00\n", b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}\n')
ENDLESS = "SELECT sum(a.n * b.n % c.n) AS s FROM many a, many b, many c WHERE c.n > 0"


@pytest.fixture
def child(tmp_path):
    """`prosa mcp` as a child process; yields it with a function that sends a message."""
    home = {"PROSA_CACHE_DIR": str(tmp_path / "cache"), "PROSA_DATA_DIR": str(tmp_path / "data")}
    data = tmp_path / "many.csv"
    data.write_text("n\n" + "".join(f"{n}\n" for n in range(20_000)))
    command = [sys.executable, "-m", "prosa", "mcp", str(data)]
    with subprocess.Popen(
        command, env={**os.environ, **home}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:

        def send(line):
            process.stdin.write(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")
            process.stdin.flush()

        yield process, send
        process.kill()


def reply_to(process, number):
    """The reply to one request; what else comes before it is JSON-RPC as well."""
    for line in process.stdout:
        told = json.loads(line)
        assert told["jsonrpc"] == "2.0"
        if told.get("id") == number:
            return told
    raise AssertionError(process.stderr.read())


def test_a_child_process_passes_over_garbage_and_ends_with_its_client(child):
    """Also in the middle of a statement, which must not go on for nobody."""
    process, send = child
    for line in GARBAGE:
        send(line)
    send(message("initialize", "one", **HELLO))
    assert reply_to(process, "one")["result"]["serverInfo"]["name"] == "prosa"
    send(message("notifications/initialized"))
    for line in GARBAGE:
        send(line)
    asked = message("tools/call", "two", name="run_sql", arguments={"sql": "SELECT count(*) AS n FROM many"})
    send(asked)
    assert reply_to(process, "two")["result"]["structuredContent"]["tables"][0]["rows"] == [[20_000]]
    token = {"progressToken": "t"}
    send(message("tools/call", "three", name="run_sql", arguments={"sql": ENDLESS}, _meta=token))
    while b"Running the query" not in process.stdout.readline():
        pass
    workers = children(process.pid)
    assert workers
    process.stdin.close()
    assert process.wait(timeout=60) == 0
    assert b"Traceback" not in process.stderr.read()
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def children(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += (task / "children").read_text().split()
    return found
