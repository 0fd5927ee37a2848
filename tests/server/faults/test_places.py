"""Last-Event-IDs that are none, and runs of somebody else."""

import pytest


@pytest.fixture(scope="module")
def server(serving, papers):
    with serving(sources=papers) as server:
        yield server


@pytest.fixture(scope="module")
def runs(server, start_run):
    """Two ended runs of ana's, and the whole stream of the first."""
    with server.client() as client:
        ids = [start_run(client, "slowly one two three") for _ in range(2)]
        texts = [client.get(f"/api/runs/{run_id}/events").text for run_id in ids]
    return ids, texts[0]


GARBAGE = [
    b"garbage", b"-", b"--", b"1.0", b"1e1", b"0x1", b"+1", b"null", b"\xff\xfe", "{run}-\u0661".encode(),
    b"{run}", b"{run}-", b"{run}-x", b"{run}--1", b"{run}-1-1", b"{run}-1.5", b"{run} -1", b"{RUN}-1", b"x" * 190,
]  # fmt: skip


@pytest.mark.parametrize("place", GARBAGE, ids=repr)
def test_garbage_brings_everything(server, ana, runs, place):
    (run_id, _), text = runs
    given = place.replace(b"{run}", run_id.encode()).replace(b"{RUN}", run_id.upper().encode())
    reply = ana.get(f"/api/runs/{run_id}/events", headers={b"last-event-id": given})
    assert (reply.status_code, reply.text) == (200, text)


def test_a_place_in_another_run_brings_everything(ana, runs):
    (run_id, other), text = runs
    for seq in (1, 3, 999):
        assert ana.get(f"/api/runs/{run_id}/events", headers={"last-event-id": f"{other}-{seq}"}).text == text


@pytest.mark.parametrize("seq", ["99", "999999999999999", "9" * 100])
def test_a_place_in_the_future_brings_everything_also_of_a_run_at_work(server, ana, runs, start_run, seq):
    (run_id, _), text = runs
    assert ana.get(f"/api/runs/{run_id}/events", headers={"last-event-id": f"{run_id}-{seq}"}).text == text
    live = start_run(ana, "hang")
    with ana.stream("GET", f"/api/runs/{live}/events", headers={"last-event-id": f"{live}-{seq}"}) as reply:
        assert next(reply.iter_text()).startswith(f"event: started\nid: {live}-1\n")
    ana.post(f"/api/runs/{live}/cancel")


def test_an_id_of_many_kilobytes_is_refused_and_not_remembered(ana, runs):
    (run_id, _), _ = runs
    reply = ana.get(f"/api/runs/{run_id}/events", headers={"last-event-id": "1" * 5000})
    assert (reply.status_code, reply.json()["code"]) == (422, "request_invalid")
    assert ana.get(f"/api/runs/{run_id}/events", headers={"last-event-id": "1" * 199}).status_code == 200


@pytest.fixture(scope="module")
def real(serving, papers):
    with serving(real=True, sources=papers) as server:
        yield server


@pytest.mark.parametrize("place", range(8))
def test_a_run_begun_on_any_wire_is_there_for_its_owner_alone(real, streams, ask, place):
    """The same requests, by its owner, are answered: so the refusal is about the person."""
    run_id = ask(real, streams[place], "SELECT shop, sales FROM shops").headers["prosa-run"]
    with real.client("ana") as ana, real.client("bia") as bia:
        paths = [f"/api/runs/{run_id}", f"/api/runs/{run_id}/events", f"/api/runs/{run_id}/bundle.zip"]
        for table in ana.get(paths[0]).json()["tables"]:
            result = table["result_id"]
            paths += [f"/api/results/{result}", f"/api/results/{result}/export?format=json"]
            paths += [f"/static/query_results/query_results_{result}.csv"]
        for path in paths:
            theirs = bia.get(path)
            assert (theirs.status_code, theirs.json()["code"]) == (404, "not_found"), path
            assert ana.get(path).status_code == 200, path
        assert bia.post(f"/api/runs/{run_id}/cancel").status_code == 404
        assert ana.post(f"/api/runs/{run_id}/cancel").status_code == 202


def test_names_that_clients_choose_are_each_users_own(server, ana, bia, streams, ask):
    """Two people whose chats are called the same never meet."""
    for wire in streams:
        if wire.name in ("ag_ui", "ai_sdk"):
            mine, theirs = (ask(server, wire, "say hello", user=user).headers["prosa-run"] for user in ("ana", "bia"))
            assert mine != theirs
            assert ana.get(f"/api/runs/{mine}").status_code == bia.get(f"/api/runs/{theirs}").status_code == 200
            assert ana.get(f"/api/runs/{theirs}").status_code == bia.get(f"/api/runs/{mine}").status_code == 404
    live = ana.post("/api/conversations", json={}).json()["id"]
    assert bia.post(f"/api/conversations/{live}/runs", json={"question": "say x"}).status_code == 404


def test_an_answer_that_is_asked_back_over_ag_ui_is_taken_from_its_owner_alone(server, ana, bia):
    def resume(run_id):
        body = {"threadId": "t", "runId": "r", "messages": [{"role": "user", "content": "x"}]}
        return {**body, "resume": [{"interruptId": run_id, "status": "resolved", "payload": "x"}]}

    run_id = ana.post("/api/ask", json={"question": "say hello"}).headers["prosa-run"]
    assert bia.post("/api/agui", json=resume(run_id)).status_code == 404
    assert ana.post("/api/agui", json=resume(run_id)).status_code == 200


def test_an_answer_in_another_users_chat_is_nothing(server, ana, bia, streams):
    (wire,) = [wire for wire in streams if wire.name == "ai_sdk"]
    body = wire.body("hang")
    with ana.stream("POST", wire.path, json=body) as reply:
        next(reply.iter_raw())
        assert bia.get(f"/api/ai-sdk/{body['id']}/stream").status_code == 204
        with ana.stream("GET", f"/api/ai-sdk/{body['id']}/stream") as own:
            assert own.status_code == 200
        ana.post(f"/api/runs/{reply.headers['prosa-run']}/cancel")
