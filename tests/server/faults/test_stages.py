"""What goes wrong in any stage, told on every wire: one last frame with one sentence, nobody left waiting, the place at
work free again."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from prosa.events import STAGES
from prosa.identity import Principal

ANA = Principal("ana")
ROOM = {"runs_per_user": 20}


@pytest.fixture(scope="module")
def server(serving, papers, trouble):
    with serving(trouble(), sources=papers, **ROOM) as server:
        yield server


@pytest.fixture(scope="module")
def hurried(serving, papers, trouble):
    """A server whose runs may take a tenth of a second."""
    with serving(trouble(), sources=papers, run_time_limit=0.1, **ROOM) as server:
        yield server


@pytest.fixture(scope="module")
def everywhere(streams, ask):
    """Puts a question over every wire at once; how each stream ended, by the wire's name."""

    def put(server, question):
        with ThreadPoolExecutor(len(streams)) as pool:
            replies = pool.map(lambda wire: (wire, ask(server, wire, question)), streams)
            return {wire.name: (*wire.end(reply.text), reply) for wire, reply in replies}

    return put


def free(server, until):
    """Waits until nothing works or streams any more; then another question is answered."""
    until(lambda: server.desk.runs.working == 0 and not server.app._state.pulse)
    assert server.desk.runs.live(ANA) == []
    with server.client() as client:
        assert "event: completed" in client.post("/api/ask", json={"question": "nothing nowhere"}).text


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("what", "code"), [("raise", "internal"), ("sql", "query_failed")])
def test_an_error_is_one_last_frame_with_a_sentence(server, everywhere, until, what, code, stage):
    for name, (end, words, reply) in everywhere(server, f"{what} {stage}").items():
        assert end in (code, "error"), name
        assert words.strip(), name
        assert "\n\n" not in words
        assert "secret" not in reply.text
        assert "Traceback" not in reply.text
        with server.client() as client:
            failure = client.get(f"/api/runs/{reply.headers['prosa-run']}").json()["failure"]
        assert (failure["code"], failure["stage"]) == (code, stage)
    free(server, until)


@pytest.mark.parametrize("stage", STAGES)
def test_the_time_limit_is_told_with_its_stage(hurried, everywhere, until, stage):
    for name, (end, words, reply) in everywhere(hurried, f"hang {stage}").items():
        assert end in ("time_limit", "error"), name
        assert "0.1" in words, name
        with hurried.client() as client:
            failure = client.get(f"/api/runs/{reply.headers['prosa-run']}").json()["failure"]
        assert (failure["code"], failure["stage"]) == ("time_limit", stage)
    free(hurried, until)


@pytest.mark.parametrize("stage", STAGES)
def test_cancel_in_any_stage_is_told_everywhere_though_it_comes_twice(server, streams, everywhere, until, stage):
    told = {}
    asking = threading.Thread(target=lambda: told.update(everywhere(server, f"hang {stage}")))
    asking.start()
    for _ in streams:
        assert server.answerer.hanging.acquire(timeout=60)
    with server.client() as client:
        for run in server.desk.runs.live(ANA):
            for _ in range(2):
                assert client.post(f"/api/runs/{run.id}/cancel").status_code == 202
        asking.join()
        assert len(told) == len(streams)
        for name, (end, _, reply) in told.items():
            assert end == ("stop" if name == "openai" else "cancelled"), name
            place = f"/api/runs/{reply.headers['prosa-run']}"
            before = client.get(place).json()
            assert (before["status"], before["cancelled"]["stopped"]) == ("cancelled", stage)
            again = client.post(f"{place}/cancel")
            assert (again.status_code, again.json()["status"]) == (202, "cancelled")
            assert client.get(place).json() == before
            assert client.get(f"{place}/events").text.count("event: cancelled") == 1
    free(server, until)


@pytest.mark.parametrize("stage", STAGES)
def test_a_client_that_leaves_in_any_stage_changes_nothing(server, streams, asking, reader, until, stage):
    runs = []
    server.answerer.go.clear()
    for wire in streams:
        with asking(server, wire, f"wait {stage}") as connection:
            assert server.answerer.hanging.acquire(timeout=60)
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        known = {run.id for run in runs}
        runs += [run for run in server.desk.runs.live(ANA) if run.id not in known]
    until(lambda: not server.app._state.pulse)
    assert len(runs) == len(streams)
    assert not any(run.ended for run in runs)
    server.answerer.go.set()
    for run in runs:
        one = reader(server, run.id)
        one.read()
        assert one.got[-1][0] == "completed"
        assert [data["stage"] for name, _, data in one.got if name == "stage_completed"] == list(STAGES)
    free(server, until)


def test_cancel_after_the_end_changes_nothing_on_any_wire(server, streams, ask):
    for wire in streams:
        reply = ask(server, wire, "nothing nowhere")
        assert wire.end(reply.text)[0] in ("done", "stop")
        with server.client() as client:
            place = f"/api/runs/{reply.headers['prosa-run']}"
            before = client.get(f"{place}/events").text
            for _ in range(2):
                again = client.post(f"{place}/cancel")
                assert (again.status_code, again.json()["status"]) == (202, "answered")
            assert client.get(f"{place}/events").text == before
