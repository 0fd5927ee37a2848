"""Many readers of one run, and one among them that never reads."""

import asyncio
import resource
import socket
import threading
from contextlib import contextmanager, suppress

import pytest

from prosa import events as e

TOKEN = "ana-token-0123456789"
LONG = pytest.param(1000, marks=pytest.mark.slow)


class Held:
    """Waits until it may, then says many words."""

    def __init__(self, words=40):
        self.go, self._words = threading.Event(), words

    async def answer(self, question, context, emit):
        emit(e.StageStarted("respond"))
        while not self.go.is_set():
            await asyncio.sleep(0.01)
        for number in range(self._words):
            emit(e.Text(0, f"{number} "))
            await asyncio.sleep(0)
        emit(e.StageCompleted("respond", 1.0))


@pytest.fixture(autouse=True)
def many_files():
    """A reader is two open files in one process: the client's end and the server's."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 4096:
        pytest.skip(f"needs 4096 open files, {hard} are allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4096), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def _connect(port, run_id):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_request(run_id))
    return reader, writer


def _request(run_id):
    lines = [f"GET /api/runs/{run_id}/events HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {TOKEN}"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


async def _rest(connection):
    """The body of a chunked reply, to its end."""
    reader, writer = connection
    await reader.readuntil(b"\r\n\r\n")
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return body


async def _read_all(server, run_id, readers, begin):
    before = len(server.app._state.pulse)
    connections = [await _connect(server.port, run_id) for _ in range(readers)]
    while len(server.app._state.pulse) < before + readers:
        await asyncio.sleep(0.01)
    begin()
    return await asyncio.gather(*map(_rest, connections))


@pytest.mark.parametrize("readers", [100, LONG])
async def test_every_reader_of_one_run_gets_all_of_it(serving, start_run, until, readers):
    answerer = Held()
    with serving(answerer) as server, server.client() as client:
        run_id = await asyncio.to_thread(start_run, client, "x")
        bodies = await _read_all(server, run_id, readers, answerer.go.set)
        whole = (await asyncio.to_thread(client.get, f"/api/runs/{run_id}/events")).content
        assert whole.count(b"event: text") == 40
        assert set(bodies) == {whole}
        assert len(bodies) == readers
        await asyncio.to_thread(until, lambda: not server.app._state.pulse)


async def test_one_who_never_reads_is_dropped_and_a_hundred_beside_it_read_everything(serving, start_run, until):
    """The one takes nothing of what is more than any socket's buffers hold; its send hangs, theirs never."""
    answerer = Flooding()
    with serving(answerer, send_timeout=5.0, log_bytes=16 << 20) as server, server.client() as client:
        run_id = await asyncio.to_thread(start_run, client, "x")
        with _asleep(server.port, run_id) as sleeper:
            while len(server.app._state.pulse) < 1:
                await asyncio.sleep(0.01)
            bodies = await _read_all(server, run_id, 100, answerer.go.set)
            assert {len(body) for body in bodies} == {len(bodies[0])}
            assert bodies[0].count(b"event: text") == PIECES
            assert b"event: completed" in bodies[0]
            await asyncio.to_thread(until, lambda: not server.app._state.pulse)
            assert b"event: completed" not in _all(sleeper)
        assert (await asyncio.to_thread(client.get, f"/api/runs/{run_id}")).json()["status"] == "answered"


PIECES = 96


class Flooding:
    """Waits until it may, then says 6 MB."""

    def __init__(self):
        self.go = threading.Event()

    async def answer(self, question, context, emit):
        while not self.go.is_set():
            await asyncio.sleep(0.01)
        for _ in range(PIECES):
            emit(e.Text(0, "x" * 65_536))
            await asyncio.sleep(0)


def _all(connection):
    data = b""
    with suppress(ConnectionResetError):
        while chunk := connection.recv(65_536):
            data += chunk
    return data


@contextmanager
def _asleep(port, run_id):
    """A client with room for little, that reads nothing."""
    with socket.socket() as sleeper:
        sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sleeper.settimeout(20)
        sleeper.connect(("127.0.0.1", port))
        sleeper.sendall(_request(run_id))
        yield sleeper
