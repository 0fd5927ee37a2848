"""Connections that are cut and taken up again: nothing is lost, nothing comes twice, whatever was cut and whenever."""

import asyncio
import json
import random
import sys
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prosa import events as e
from prosa.answer import Answer

WORDS = 60
CUTS = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Paced:
    """Says its words one by one and then ends, each step when it may."""

    def __init__(self):
        self.steps = threading.Semaphore(0)

    async def answer(self, question, context, emit):
        emit(e.StageStarted("respond"))
        for number in range(WORDS):
            await self._step()
            emit(e.Text(0, f"wörd {number} "))
        await self._step()
        emit(e.StageCompleted("respond", 1.0))

    async def _step(self):
        while not self.steps.acquire(blocking=False):
            await asyncio.sleep(0.001)


@pytest.fixture(scope="module")
def server(serving, papers):
    with serving(sources=papers) as server:
        yield server


@pytest.fixture(scope="module")
def long_run(server, start_run):
    """A run that has ended, and its whole stream."""
    with server.client() as client:
        run_id = start_run(client, f"burst {WORDS}")
        return run_id, client.get(f"/api/runs/{run_id}/events").text


def numbers(reader):
    return [int(place.rpartition("-")[2]) for _, place, _ in reader.got]


def whole(reader):
    """Whether everything has come, in order and once."""
    return numbers(reader) == list(range(1, len(reader.got) + 1)) and reader.ended


def test_a_stream_cut_after_every_single_entry_while_it_is_written(serving, start_run, reader):
    """One connection for each entry; the next word is said only when the client has gone."""
    answerer = Paced()
    with serving(answerer) as server, server.client() as client:
        one = reader(server, start_run(client, "x"))
        while not one.ended:
            one.read(entries=1)
            answerer.steps.release()
    assert whole(one)
    assert one.connections == len(one.got)
    words = "".join(data["delta"] for name, _, data in one.got if name == "text")
    assert words == "".join(f"wörd {number} " for number in range(WORDS))


def test_a_stream_cut_once_at_every_entry(server, long_run, reader):
    run_id, text = long_run
    for cut in range(1, text.count("\n\n")):
        one = reader(server, run_id)
        one.read(entries=cut)
        assert len(one.got) == cut
        one.read()
        assert whole(one)


@CUTS
@given(cuts=st.lists(st.integers(1, 1500), min_size=1, max_size=20))
def test_cuts_anywhere_even_within_a_letter(server, long_run, reader, cuts):
    one = reader(server, long_run[0])
    for cut in cuts:
        if not one.ended:
            one.read(most=cut)
    while not one.ended:
        one.read()
    assert whole(one)


def _cut_often(one, chance, times):
    while not one.ended and one.connections < times:
        one.read(most=chance.randint(1, 600))
    while not one.ended:
        one.read()


@pytest.mark.parametrize("cuts", [40, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.skipif(sys.platform != "linux", reason="needs the whole of 127.0.0.0/8 for two networks")
def test_two_networks_at_once_each_cut_on_its_own(serving, start_run, reader, cuts):
    """Two clients of one run that is being written, from two addresses, each cut at its own random places."""
    chance = random.Random(cuts)
    with serving() as server, server.client() as client:
        run_id = start_run(client, "slowly " + " ".join(f"w{number}" for number in range(cuts * 3)))
        readers = [reader(server, run_id, address=address) for address in ("127.0.0.2", "127.0.0.3")]
        seeds = [random.Random(chance.random()) for _ in readers]
        threads = [
            threading.Thread(target=_cut_often, args=(one, seed, cuts))
            for one, seed in zip(readers, seeds, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        answer = client.get(f"/api/runs/{run_id}").json()
    for one in readers:
        assert whole(one)
        assert one.connections >= cuts // 2
        assert "".join(data["delta"] for name, _, data in one.got if name == "text") == answer["text"]


def test_who_comes_back_too_late_for_the_log_gets_one_snapshot_and_misses_nothing(serving, start_run, reader):
    chance = random.Random(7)
    with serving(log_entries=40) as server, server.client() as client:
        run_id = start_run(client, "burst 390")
        one = reader(server, run_id)
        while not one.ended:
            one.read(most=chance.randint(1, 3000))
        answer = client.get(f"/api/runs/{run_id}").json()
    places = numbers(one)
    assert places == sorted(set(places))
    assert one.got[0][0] == "snapshot"
    told = e.decode(_line(one.got[0][2]))
    folded = Answer.fold([told, *(e.decode(_line(data)) for _, _, data in one.got[1:])])
    assert folded.text == answer["text"] == "".join(f"{number} " for number in range(390))


def _line(data):
    return json.dumps(data)


@pytest.mark.parametrize("place", range(8))
def test_a_run_whose_stream_was_cut_on_any_wire_is_followed_to_its_end(server, streams, asking, reader, place):
    """Wires whose protocol has no resume: the run goes on, and its id in the first bytes leads to all of it."""
    wire = streams[place]
    with asking(server, wire, "slowly one two three four five") as connection:
        head = b""
        while b"prosa-run: " not in head or b"\r\n\r\n" not in head:
            head += connection.recv(1000)
    run_id = head.partition(b"prosa-run: ")[2].partition(b"\r\n")[0].decode()
    one = reader(server, run_id)
    one.read()
    assert whole(one)
    assert one.got[-1][0] == "completed"
    assert "".join(data["delta"] for name, _, data in one.got if name == "text") == "one two three four five "


def test_an_ai_sdk_chat_cut_at_every_part_is_told_again_from_its_beginning(serving, streams):
    (wire,) = [wire for wire in streams if wire.name == "ai_sdk"]
    answerer = Paced()
    with serving(answerer) as server, server.client() as client:
        seen = []
        with client.stream("POST", wire.path, json=wire.body("x")) as reply:
            seen.append(next(reply.iter_raw()))
        for _ in range(WORDS):
            with client.stream("GET", "/api/ai-sdk/c-x/stream") as reply:
                assert reply.status_code == 200
                seen.append(next(reply.iter_raw()))
            answerer.steps.release()
        with client.stream("GET", "/api/ai-sdk/c-x/stream") as reply:
            answerer.steps.release()
            last = reply.read()
        assert client.get("/api/ai-sdk/c-x/stream").status_code == 204
    assert all(last.startswith(part) for part in seen)
    deltas = [frame["delta"] for frame in wire.frames(last.decode()) if frame["type"] == "text-delta"]
    assert deltas == [f"wörd {number} " for number in range(WORDS)]
