"""Asking over HTTP: conversations, limits, cancel, many at once, clients that go."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

HANG = {"question": "hang"}


def follow(client, run_id):
    """The run's last event, when it has ended."""
    return client.get(f"/api/runs/{run_id}/events").text.rsplit("event: ", 1)[1].partition("\n")[0]


def test_a_question_in_a_conversation_gives_the_way_to_its_events(ana):
    conversation = ana.post("/api/conversations", json={"title": "x"}).json()["id"]
    reply = ana.post(f"/api/conversations/{conversation}/runs", json={"question": "say hello"})
    assert reply.status_code == 202
    run_id = reply.json()["run_id"]
    assert reply.json()["events_url"] == f"/api/runs/{run_id}/events"
    assert reply.headers["location"] == f"/api/runs/{run_id}"
    assert follow(ana, run_id) == "completed"
    [turn] = ana.get(f"/api/conversations/{conversation}").json()["items"]
    assert (turn["run_id"], turn["question"], turn["answer"]["status"]) == (run_id, "say hello", "answered")


def test_an_edited_statement_is_a_run(ana):
    reply = ana.post("/api/query", json={"sql": "say select", "source": "shops"})
    assert reply.status_code == 202
    assert follow(ana, reply.json()["run_id"]) == "completed"
    streamed = ana.post("/api/query", json={"sql": "say select"}, headers={"accept": "text/event-stream"})
    assert "event: completed" in streamed.text


def test_cancel_stops_the_work_and_says_so(serving, start_run):
    with serving() as server, server.client() as client:
        run_id = start_run(client, "hang")
        assert server.answerer.hanging.wait(10)
        for _ in range(2):
            reply = client.post(f"/api/runs/{run_id}/cancel")
            assert reply.status_code == 202
        assert follow(client, run_id) == "cancelled"
        assert server.answerer.stopped.is_set()
        answer = client.get(f"/api/runs/{run_id}").json()
        assert (answer["status"], answer["cancelled"]["stopped"]) == ("cancelled", "execute")
        assert client.post(f"/api/runs/{run_id}/cancel").json() == {"run_id": run_id, "status": "cancelled"}


def test_a_run_outlives_the_client_that_started_it(serving, raw, request_bytes):
    with serving() as server, server.client() as client:
        body = b'{"question": "slowly one two three four five"}'
        ask = request_bytes("POST", "/api/ask", body, Content_Type="application/json")
        with raw(server, ask) as connection:
            head = connection.recv(65536)
            while b"id: " not in head:
                head += connection.recv(65536)
        run_id = head.partition(b"id: ")[2].partition(b"-")[0].decode()
        assert follow(client, run_id) == "completed"
        assert client.get(f"/api/runs/{run_id}").json()["text"] == "one two three four five "


def test_the_same_key_gives_the_same_run(ana):
    asked = [
        ana.post("/api/query", json={"sql": "say x"}, headers={"idempotency-key": "k1"}).json()["run_id"] for _ in "12"
    ]
    assert asked[0] == asked[1]
    other = ana.post("/api/query", json={"sql": "say y"}, headers={"idempotency-key": "k1"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key")


def test_too_many_questions_are_told_when_to_come_again(serving, start_run):
    with serving(runs_per_user=1, runs_waiting=1) as server, server.client() as client:
        first, second = start_run(client, "hang"), start_run(client, "say hello")
        reply = client.post("/api/ask", json=HANG)
        assert (reply.status_code, reply.json()["code"]) == (429, "busy")
        assert int(reply.headers["retry-after"]) >= 1
        assert [notice["code"] for notice in client.get(f"/api/runs/{second}").json()["notices"]] == ["waiting"]
        client.post(f"/api/runs/{first}/cancel")
        assert follow(client, second) == "completed"


def test_fifty_questions_at_once_are_all_answered(server):
    def ask(number):
        with server.client(("ana", "bia")[number % 2]) as client:
            reply = client.post("/api/ask", json={"question": f"slowly {number} words"})
            return f'"delta":"{number} "' in reply.text and "event: completed" in reply.text

    with ThreadPoolExecutor(50) as pool:
        assert all(pool.map(ask, range(50)))


def test_a_reader_who_never_reads_is_dropped_and_the_run_goes_on(serving, raw, request_bytes, start_run):
    with serving(send_timeout=0.3, log_bytes=64 << 20) as server, server.client() as client:
        run_id = start_run(client, "flood 250")
        with raw(server, request_bytes("GET", f"/api/runs/{run_id}/events")) as connection:
            assert follow(client, run_id) == "completed"
            while connections(server) > 1:
                threading.Event().wait(0.02)
            assert not server.app._state.pulse
            assert connection.recv(1)


def connections(server):
    return len(server.server.server_state.connections)


def test_the_servers_end_lets_streams_go_and_they_are_resumed_after_it(serving, make_settings, start_run):
    settings = make_settings()
    with serving(settings=settings) as server, server.client() as client:
        run_id = start_run(client, "hang")
        assert server.answerer.hanging.wait(10)
        seen = []

        def read():
            with server.client() as reader:
                seen.append(reader.get(f"/api/runs/{run_id}/events").text)

        readers = [threading.Thread(target=read) for _ in range(5)]
        for reader in readers:
            reader.start()
        while len(server.app._state.pulse) < 5:
            threading.Event().wait(0.01)
        server.server.should_exit = True
        for reader in readers:
            reader.join()
    assert [text.count("event: ") for text in seen] == [2] * 5
    with serving(settings=settings) as server, server.client() as client:
        rest = client.get(f"/api/runs/{run_id}/events", headers={"last-event-id": f"{run_id}-2"}).text
        assert rest.startswith(f"event: failed\nid: {run_id}-3\n")
        assert '"code":"server_restarted"' in rest
        assert client.get(f"/api/runs/{run_id}").json()["status"] == "failed"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/runs/{run}"),
        ("GET", "/api/runs/{run}/events"),
        ("POST", "/api/runs/{run}/cancel"),
        ("GET", "/api/conversations/{conversation}"),
        ("PATCH", "/api/conversations/{conversation}"),
        ("DELETE", "/api/conversations/{conversation}"),
        ("GET", "/api/conversations/{conversation}/export"),
        ("POST", "/api/conversations/{conversation}/runs"),
        ("GET", "/api/results/{result}"),
        ("GET", "/api/results/{result}/export"),
        ("GET", "/api/files/{result}"),
        ("DELETE", "/api/sources/{source}"),
        ("GET", "/api/sources/{source}/catalog"),
    ],
)
def test_what_belongs_to_somebody_else_is_not_there(server, ana, bia, start_run, method, path):
    conversation = ana.post("/api/conversations", json={"title": "private"}).json()["id"]
    run_id = ana.post(f"/api/conversations/{conversation}/runs", json={"question": "table"}).json()["run_id"]
    follow(ana, run_id)
    source = ana.post("/api/uploads", files={"file": ("mine.csv", b"a,b\n1,2\n")}).json()["id"]
    place = path.format(run=run_id, conversation=conversation, result=f"table-{run_id}", source=source)
    bodies = {"PATCH": {"title": "stolen"}, "POST": {"question": "say x"} if path.endswith("runs") else None}
    reply = bia.request(method, place, json=bodies.get(method))
    unknown = path.format(run="x", conversation="x", result="x", source="x")
    nowhere = bia.request(method, unknown, json=bodies.get(method))
    assert (reply.status_code, reply.json()["code"]) == (404, nowhere.json()["code"])
    assert ana.get(f"/api/conversations/{conversation}").json()["title"] == "private"
    assert ana.get(f"/api/runs/{run_id}").json()["status"] == "answered"
    ana.delete(f"/api/sources/{source}")
