"""The response under streams: its pulse, readers who leave or sleep, and servers of both ASGI generations."""

import asyncio

import pytest

from prosa import events as e
from prosa.runs import Log
from prosa.server.connection import ABORT
from prosa.server.edge import Edge
from prosa.server.sse import PIECE, EventStream, Pulse
from prosa.server.wires.native import NativeWire

PING = NativeWire.ping


class Client:
    """The other end of one ASGI connection. With a `gate`, a send hangs until it opens, as on a full socket."""

    def __init__(self, *, gate=None, breaks_after=None):
        self.sent, self.gone, self.got = [], asyncio.Event(), asyncio.Event()
        self.gate, self.breaks_after = gate, breaks_after

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if self.gate is not None and message["type"] == "http.response.body":
            await self.gate.wait()
        if self.breaks_after is not None and len(self.sent) >= self.breaks_after:
            raise OSError("the client has gone")
        self.sent.append(message)
        self.got.set()

    async def has(self, words, times):
        """Waits until the words have come so often."""
        while self.body.count(words) < times:
            self.got.clear()
            await self.got.wait()

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent)

    @property
    def complete(self):
        return self.sent[-1].get("more_body") is False


def respond(log, client, *, heartbeat=60.0, send_timeout=60.0, **scope):
    """Serves a log to a client; the task and its pulse."""
    pulse = Pulse(heartbeat, send_timeout)
    stream = EventStream(log, NativeWire(), pulse)
    given = {"type": "http", "asgi": {"spec_version": "2.3"}, **scope}
    return asyncio.create_task(stream(given, client.receive, client.send)), pulse


def begun():
    log = Log("r1")
    log.append(e.Started("q"))
    return log


async def settled():
    """Lets every task that can go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_entries_that_wait_together_go_in_one_send():
    log, client = begun(), Client()
    for number in range(50):
        log.append(e.Text(0, f"{number} "))
    log.append(e.Completed("answered", 1.0))
    task, _ = respond(log, client)
    await task
    assert len(client.sent) == 3
    assert client.body.count(b"event: text") == 50
    assert client.complete


def long(*, entries=100, letters=10_000):
    """A log of a megabyte, which has ended."""
    log = begun()
    for _ in range(entries):
        log.append(e.Text(0, "x" * letters))
    log.append(e.Completed("answered", 1.0))
    return log


async def test_one_who_comes_late_gets_the_whole_log_in_pieces():
    log, client = long(), Client()
    task, _ = respond(log, client)
    await task
    assert client.body == b"".join(entry.frame for entry in log.read())
    sizes = [len(message["body"]) for message in client.sent[1:-1]]
    assert max(sizes) <= PIECE
    assert len(sizes) <= 2 * len(client.body) / PIECE + 1


async def test_one_who_never_reads_holds_no_more_than_a_piece():
    class Counting(NativeWire):
        def encode(self, entry):
            encoded.append(entry.frame)
            return super().encode(entry)

    encoded, client = [], Client(gate=asyncio.Event())
    task = asyncio.create_task(EventStream(long(), Counting(), Pulse(60, 60))({}, client.receive, client.send))
    await settled()
    assert PIECE <= sum(map(len, encoded)) <= PIECE + len(encoded[-1])
    client.gate.set()
    await task
    assert client.complete
    assert len(encoded) == 102


async def test_what_stands_for_a_long_past_is_made_once_and_goes_in_pieces_too():
    log = Log("r1", max_bytes=PIECE)
    log.append(e.Started("q"))
    for _ in range(100):
        log.append(e.Text(0, "x" * 5_000))
    log.append(e.Completed("answered", 1.0))
    clients = [Client(), Client()]
    for client in clients:
        task, _ = respond(log, client)
        await task
        assert max(len(message["body"]) for message in client.sent[1:]) <= PIECE
    assert clients[0].body == clients[1].body == b"".join(entry.frame for entry in log.read())
    assert clients[0].body.startswith(b"event: snapshot\n")
    assert log.read()[0] is log.read()[0]


async def test_every_entry_goes_out_when_it_happens():
    log, client = begun(), Client()
    task, _ = respond(log, client)
    for number in range(3):
        await settled()
        assert client.body.count(b"\n\n") == 1 + number
        log.append(e.Text(0, "x"))
    log.append(e.Completed("answered", 1.0))
    await task


async def test_silence_is_filled_with_comments():
    log, client = begun(), Client()
    task, pulse = respond(log, client, heartbeat=0.01)
    await client.has(PING, 3)
    log.append(e.Completed("answered", 1.0))
    await task
    assert client.body.replace(PING, b"").count(b"\n\n") == 2
    assert len(pulse) == 0


async def test_one_timer_serves_all_streams_and_stops_with_the_last():
    pulse = Pulse(60.0, 60.0)
    log, clients = begun(), [Client() for _ in range(5)]
    tasks = [asyncio.create_task(EventStream(log, NativeWire(), pulse)({}, c.receive, c.send)) for c in clients]
    await settled()
    assert len(pulse) == 5
    assert pulse._timer is not None
    log.append(e.Completed("answered", 1.0))
    await asyncio.gather(*tasks)
    assert (len(pulse), pulse._timer) == (0, None)


async def test_a_reader_who_takes_nothing_is_cut_off_and_nobody_else():
    cut = asyncio.Event()
    log, asleep, awake = begun(), Client(gate=asyncio.Event()), Client()
    slow, _ = respond(log, asleep, send_timeout=0.02, extensions={ABORT: {"cut": cut.set}})
    quick, _ = respond(log, awake)
    await slow
    assert cut.is_set()
    assert not asleep.complete
    log.append(e.Completed("answered", 1.0))
    await quick
    assert awake.complete
    assert log._watchers == set()


async def test_a_reader_who_only_waits_for_entries_is_not_cut_off():
    log, client = begun(), Client()
    task, _ = respond(log, client, heartbeat=0.01, send_timeout=0.01)
    await client.has(PING, 5)
    assert not task.done()
    log.append(e.Completed("answered", 1.0))
    await task
    assert client.complete


async def test_a_reader_who_leaves_is_let_go_at_once():
    log, client = begun(), Client()
    task, pulse = respond(log, client)
    await settled()
    client.gone.set()
    await task
    assert not client.complete
    assert len(pulse) == 0
    assert log._watchers == set()


@pytest.mark.parametrize("version", ["2.3", "2.4"])
@pytest.mark.parametrize("breaks_after", [0, 1, 2])
async def test_a_server_that_tells_of_the_end_by_an_error_is_understood(version, breaks_after):
    """ASGI 2.4 lets `send` raise OSError when the client has gone; before, only `receive` told."""
    log, client = begun(), Client(breaks_after=breaks_after)
    task, pulse = respond(log, client, asgi={"spec_version": version})
    log.append(e.Completed("answered", 1.0))
    await task
    assert len(pulse) == 0


async def test_behind_the_edge_a_waiting_stream_holds_nothing_of_the_routes(make_settings):
    log, client, routed = begun(), Client(), asyncio.Event()

    async def routes(scope, receive, send):
        await EventStream(log, NativeWire(), Pulse(60, 60))(scope, receive, send)
        routed.set()

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    task = asyncio.create_task(Edge(routes, make_settings(), None)(scope, client.receive, client.send))
    await routed.wait()
    assert not task.done()
    log.append(e.Completed("answered", 1.0))
    await task
    assert client.complete
    assert client.body.count(b"event: ") == 2
    assert (b"x-content-type-options", b"nosniff") in client.sent[0]["headers"]


async def test_a_mistake_of_a_wire_is_not_hidden():
    class Broken(NativeWire):
        def encode(self, entry):
            raise KeyError("wire")

    client = Client()
    with pytest.raises(KeyError):
        await EventStream(begun(), Broken(), Pulse(60, 60))({}, client.receive, client.send)


async def test_a_closed_log_ends_the_response_without_a_last_event():
    log, client = begun(), Client()
    task, _ = respond(log, client)
    await settled()
    log.close()
    await task
    assert client.complete
    assert client.body.count(b"event: ") == 1


def test_uvicorn_still_says_which_asgi_it_speaks(serving):
    """We lean on `receive` for disconnects because of this; when it changes, so may `connection.py`."""
    seen = []

    class Spy:
        async def answer(self, question, context, emit):
            emit(e.Text(0, "x"))

    with serving(Spy()) as server:
        inner = server.app._app

        async def spy(scope, receive, send):
            seen.append(scope["asgi"]["spec_version"])
            await inner(scope, receive, send)

        server.app._app = spy
        with server.client() as client:
            client.get("/api/sources")
    assert set(seen) == {"2.3"}
