"""The native wire over real sockets: whole, resumed at every place, read by several."""

import json
import threading

import pytest

from prosa import events as e
from prosa.identity import Principal

TEN = "slowly one two three four five six seven eight nine ten"


def stream(client, run_id, **headers):
    return client.get(f"/api/runs/{run_id}/events", headers=headers)


def ask_whole(client, question):
    """Asks and waits; the run's id and its whole stream."""
    reply = client.post("/api/ask", json={"question": question})
    assert reply.status_code == 200
    return reply.headers["prosa-run"], reply.text


def test_the_stream_has_the_headers_that_keep_it_moving(ana):
    with ana.stream("POST", "/api/ask", json={"question": "say hello"}) as reply:
        reply.read()
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert reply.headers["cache-control"] == "no-cache, no-transform"
    assert reply.headers["x-accel-buffering"] == "no"
    assert reply.headers["connection"] == "keep-alive"
    assert "content-encoding" not in reply.headers


def test_every_entry_is_one_named_and_numbered_event(ana, frames):
    run_id, text = ask_whole(ana, "say hello")
    got = frames(text)
    assert [name for name, _, _ in got] == ["started", "stage_started", "text", "stage_completed", "completed"]
    assert [place for _, place, _ in got] == [f"{run_id}-{seq}" for seq in range(1, 6)]
    for seq, (name, _, data) in enumerate(got, 1):
        assert (data["run_id"], data["seq"], data["event"]) == (run_id, seq, name)
        assert e.decode(json.dumps(data)).id == f"{run_id}-{seq}"
    assert got[2][2]["delta"] == "hello"


def test_the_bytes_are_exactly_those_of_the_format(server, ana):
    run_id, text = ask_whole(ana, "say olá\u2028 \x85 line\r\nbreak")
    assert "\r" not in text
    entries = server.desk.runs.get(Principal("ana"), run_id).log.read()
    frames = [f"event: {entry.flat()['event']}\nid: {entry.id}\ndata: {entry.line.decode()}\n\n" for entry in entries]
    assert text == "".join(frames)


def test_a_stream_cut_anywhere_is_resumed_exactly(ana):
    run_id, text = ask_whole(ana, TEN)
    parts = [f"{frame}\n\n" for frame in text.split("\n\n")[:-1]]
    for cut in range(1, len(parts)):
        rest = stream(ana, run_id, **{"last-event-id": f"{run_id}-{cut}"})
        assert "".join(parts[:cut]) + rest.text == text
        assert ana.get(f"/api/runs/{run_id}/events", params={"after": f"{run_id}-{cut}"}).text == rest.text
        assert ana.get(f"/api/runs/{run_id}/events", params={"after": cut}).text == rest.text


def test_only_after_the_last_event_there_is_nothing_more(ana):
    run_id, text = ask_whole(ana, "say hello")
    last = text.count("\n\n")
    assert stream(ana, run_id, **{"last-event-id": f"{run_id}-{last}"}).status_code == 204
    assert stream(ana, run_id, **{"last-event-id": f"{run_id}-{last - 1}"}).status_code == 200


@pytest.mark.parametrize(
    "place", ["", "garbage", "-", "other-run-3", "{run}-999", "{run}--1", "{run}-x", "{run}-1e1", "9" * 30]
)
def test_a_place_that_is_none_of_this_run_brings_everything(ana, place):
    run_id, text = ask_whole(ana, "say hello")
    assert stream(ana, run_id, **{"last-event-id": place.format(run=run_id)}).text == text


def test_the_header_counts_more_than_the_address(ana):
    run_id, text = ask_whole(ana, "say hello")
    reply = ana.get(f"/api/runs/{run_id}/events", params={"after": 1}, headers={"last-event-id": f"{run_id}-4"})
    assert reply.text == text[text.rindex("event: completed") :]


def test_a_cut_in_the_middle_of_a_run_loses_and_doubles_nothing(server, ana, start_run, frames):
    run_id = start_run(ana, TEN)
    seen = []
    while not seen or seen[-1][0] != "completed":
        headers = {"last-event-id": seen[-1][1]} if seen else {}
        with server.client() as client, client.stream("GET", f"/api/runs/{run_id}/events", headers=headers) as reply:
            for chunk in reply.iter_text():
                seen += frames(chunk)
                break
    assert [data["seq"] for _, _, data in seen] == list(range(1, len(seen) + 1))


def test_two_readers_at_once_see_the_same(server, ana, start_run):
    run_id = start_run(ana, TEN)
    texts = []

    def read():
        with server.client() as client:
            texts.append(stream(client, run_id).text)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert texts[0] == texts[1] == stream(ana, run_id).text


def test_entries_that_wait_together_come_in_one_piece(ana):
    with ana.stream("POST", "/api/ask", json={"question": "burst 300"}) as reply:
        chunks = list(reply.iter_raw())
    assert "".join(map(bytes.decode, chunks)).count("event: text") == 300
    assert len(chunks) < 50


def test_a_reader_older_than_the_log_gets_a_snapshot_and_goes_on(serving, frames):
    with serving(log_entries=100) as server, server.client() as client:
        run_id, _ = ask_whole(client, "burst 500")
        got = frames(stream(client, run_id, **{"last-event-id": f"{run_id}-3"}).text)
        assert got[0][0] == "snapshot"
        assert got[0][2]["upto"] == got[1][2]["seq"] - 1
        assert got[0][1] == f"{run_id}-{got[0][2]['upto']}"
        assert [name for name, _, _ in got].count("snapshot") == 1
        words = got[0][2]["answer"]["blocks"][0]["text"] + "".join(data.get("delta", "") for _, _, data in got)
        assert words.split() == [str(number) for number in range(500)]
        assert got[-1][0] == "completed"


def test_the_answer_of_a_run_is_its_fold(ana):
    run_id, _ = ask_whole(ana, "say hello")
    answer = ana.get(f"/api/runs/{run_id}").json()
    assert (answer["status"], answer["text"], answer["seq"]) == ("answered", "hello", 5)


def test_a_program_gets_the_folded_answer_at_once(ana):
    reply = ana.post("/api/ask", json={"question": "say hello"}, headers={"accept": "application/json"})
    assert reply.headers["content-type"] == "application/json"
    assert (reply.json()["text"], reply.json()["sql"]) == ("hello", None)
    assert reply.json() == ana.get(f"/api/runs/{reply.headers['prosa-run']}").json()


@pytest.mark.parametrize(("order", "code"), [("fail", "query_failed"), ("crash", "internal")])
def test_a_failure_on_the_way_is_the_last_event(ana, frames, order, code):
    _, text = ask_whole(ana, order)
    name, _, data = frames(text)[-1]
    assert (name, data["code"], data["stage"]) == ("failed", code, "execute")
    assert "secret" not in text
    assert "Traceback" not in text


def test_whatever_an_answer_holds_stays_in_its_frame(ana, frames):
    words = "a\n\nevent: completed\r\ndata: {}\n\n \x00 \u2028 \u2029 \x85 \U0001f600"
    _, text = ask_whole(ana, f"say {words}")
    got = frames(text)
    assert [name for name, _, _ in got] == ["started", "stage_started", "text", "stage_completed", "completed"]
    assert got[2][2]["delta"] == words


def test_a_lone_surrogate_in_a_question_is_replaced(ana, frames):
    reply = ana.post("/api/ask", content=rb'{"question": "say a\ud800b"}', headers={"content-type": "application/json"})
    assert frames(reply.text)[0][2]["question"] == "say a?b"
    assert frames(reply.text)[2][2]["delta"] == "a?b"
