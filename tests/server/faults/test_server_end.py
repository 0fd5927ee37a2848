"""The server's end, asked for or not, in the middle of fifty streams: every stream ends, every run is accounted for,
and the next server goes on with whole conversations."""

import json
import os
import signal
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

STREAMS = 50

ANSWERER = """
import asyncio
from prosa import events as e

class Answerer:
    async def answer(self, question, context, emit):
        emit(e.StageStarted("respond"))
        if question.text == "done":
            emit(e.Text(0, "done"))
            return
        emit(e.Text(0, "begun "))
        while "talk" in question.text:
            emit(e.Text(0, "and on "))
            await asyncio.sleep(0.02)
        await asyncio.Event().wait()
"""
LIMITS = {"runs_per_user": 100, "runs_total": 100}


class Stream:
    """One stream of a wire on a socket of its own."""

    def __init__(self, client, wire, question):
        self.wire = wire
        self._socket = socket.create_connection(("127.0.0.1", client.base_url.port), timeout=60)
        body = json.dumps(wire.body(question)).encode()
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        lines = [f"POST {wire.path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {cookie}", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in wire.headers.items()]
        lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        self._socket.sendall("\r\n".join(lines).encode() + body)
        self._data = b""
        while b"begun" not in self._data and (wire.name != "document" or b'"text"' not in self._data):
            self._data += self._socket.recv(65_536)
        self.run_id = self._data.partition(b"prosa-run: ")[2].partition(b"\r\n")[0].decode()

    def rest(self):
        """The whole body, when the server has ended the stream; whether it was ended and not torn off."""
        try:
            while chunk := self._socket.recv(65_536):
                self._data += chunk
        except ConnectionResetError:
            pass
        self._socket.close()
        rest, body = self._data.partition(b"\r\n\r\n")[2], b""
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            if int(size, 16) == 0:
                return body.decode(), True
            body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
        return body.decode("utf-8", "ignore"), False


def begin(client, streams, count=STREAMS):
    """So many streams over all wires in turn, half of them at rest and half of them talking."""
    chosen = [streams[number % len(streams)] for number in range(count)]
    return [
        Stream(client, wire, f"{('rest', 'talk')[number // len(streams) % 2]} {number}")
        for number, wire in enumerate(chosen)
    ]


def accounted_for(client, begun):
    """Whether every run is known as ended by the server's end, and each native stream is resumed by one last frame."""
    for stream in begun:
        answer = client.get(f"/api/runs/{stream.run_id}").json()
        assert answer["status"] == "failed", (stream.wire.name, answer)
        assert answer["failure"]["code"] == "server_restarted"
        seen = {"last-event-id": f"{stream.run_id}-2"}
        text = client.get(f"/api/runs/{stream.run_id}/events", headers=seen).text
        assert text.count("event: failed\n") == 1
        assert text.rstrip().rpartition("\n")[2].startswith("data: ")


def test_a_signal_in_the_middle_of_fifty_streams_ends_each_as_its_wire_does(process, streams, papers, tmp_path):
    with process(tmp_path, ANSWERER, sources=papers, **LIMITS) as (running, client):
        begun = begin(client, streams)
        running.send_signal(signal.SIGTERM)
        for stream in begun:
            text, ended = stream.rest()
            assert ended, stream.wire.name
            if stream.wire.name == "native":
                assert not any(f"event: {name}\n" in text for name in ("completed", "failed", "cancelled"))
            else:
                end, words = stream.wire.end(text)
                assert end in ("server_restarted", "error"), (stream.wire.name, end)
                assert words.strip()
        out, err = running.communicate(timeout=60)
        assert (running.returncode, out, err) == (0, "ended\n", "")
    with process(tmp_path, ANSWERER, sources=papers, **LIMITS) as (_, client):
        accounted_for(client, begun)


def children(pid):
    """The process's own child processes; none where the system does not tell."""
    tasks = Path(f"/proc/{pid}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


def gone(pid):
    """Whether a process has ended; one that nobody waits for any more counts."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def noted(home):
    """How many runs the store knows to be at work."""
    with closing(sqlite3.connect(home / "data" / "conversations.db")) as store:
        return store.execute("SELECT count(*) FROM turns WHERE status = 'running'").fetchone()[0]


def kill(running, until):
    """Kills the server as the system does when memory runs out; its child processes end by themselves."""
    left = children(running.pid)
    assert left
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    until(lambda: all(map(gone, left)))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see child processes")
@pytest.mark.parametrize("kills", [1, pytest.param(20, marks=pytest.mark.slow)])
def test_after_kill_9_it_is_ready_again_and_conversations_are_whole(
    process, streams, papers, tmp_path, until, kills, record_property
):
    """Each time in the middle of fifty streams. How long the start takes is printed; its bound here is generous, since
    machines of tests are busy."""
    told, waits, begun = [], [], []
    for _ in range(kills + 1):
        before = time.monotonic()
        with process(tmp_path, ANSWERER, sources=papers, **LIMITS) as (running, client):
            assert client.get("/readyz").status_code == 200
            waits.append(time.monotonic() - before)
            accounted_for(client, begun)
            for conversation, turns in told:
                items = client.get(f"/api/conversations/{conversation}").json()["items"]
                assert [(turn["run_id"], turn["answer"]["status"]) for turn in items] == turns
            told.append(_conversation(client))
            begun = begin(client, streams)
            until(lambda: noted(tmp_path) == STREAMS + 1)
            kill(running, until)
            for stream in begun:
                stream.rest()
        with closing(sqlite3.connect(tmp_path / "data" / "conversations.db")) as store:
            assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    record_property("seconds until ready", [round(wait, 2) for wait in waits])
    print(f"ready after {max(waits[1:]):.2f} s at most, {sorted(waits[1:])[kills // 2]:.2f} s in the median")
    assert max(waits) < 300


def _conversation(client):
    """A conversation with an answered turn and one that the kill cuts off; what it must be afterwards."""
    made = client.post("/api/conversations", json={"title": "kept"}).json()["id"]
    place = f"/api/conversations/{made}/runs"
    done = client.post(place, json={"question": "done"}).json()["run_id"]
    assert "event: completed" in client.get(f"/api/runs/{done}/events").text
    cut = client.post(place, json={"question": "talk"}).json()["run_id"]
    with client.stream("GET", f"/api/runs/{cut}/events") as reply:
        next(reply.iter_text())
    return made, [(done, "answered"), (cut, "failed")]
