"""The chat wire over our own engine and real sockets."""

import json

import pytest

from prosa import events as e

PATH = "/api/vanna/v2/chat_sse"


@pytest.fixture(scope="module")
def real(serving, tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "sales.csv"
    rows = (f"{number},Store {number % 25},{number * 10}.50" for number in range(1, 61))
    path.write_text("\n".join(["sale_id,store,gross_amount", *rows]) + "\n")
    with serving(real=True, sources=[("sales", str(path))]) as server:
        yield server


def chat(server, message, frames, user="ana", headers=None, **more):
    with server.client(user) as client:
        reply = client.post(PATH, json={"message": message, **more}, headers=headers)
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    return frames(reply.text)


def test_words_statement_csv_and_one_last_frame(real, named_frames):
    told = chat(real, "gross amount by store", named_frames)
    kinds = [frame["event"] for frame in told]
    assert kinds[0] == "start"
    assert kinds[-2:] == ["csv", "complete"]
    assert kinds.index("sql") < kinds.index("chunk")
    last = told[-1]
    assert set(last) == {"event", "answer", "sql", "csv_url", "conversation_id"}
    assert last["answer"] == "".join(frame["text"] for frame in told if frame["event"] == "chunk")
    assert last["sql"] == next(frame["sql"] for frame in told if frame["event"] == "sql")
    assert last["csv_url"] == told[-2]["url"]
    with real.client("ana") as client:
        whole = client.get(last["csv_url"])
        assert whole.headers["content-type"].startswith("text/csv")
        assert len(whole.text.splitlines()) == 26
        kept = client.get(f"/api/conversations/{last['conversation_id']}").json()
        assert [turn["question"] for turn in kept["items"]] == ["gross amount by store"]
    with real.client("bia") as client:
        assert client.get(last["csv_url"]).status_code == 404
        assert client.get(f"/api/conversations/{last['conversation_id']}").status_code == 404


def test_a_statement_is_told_before_it_runs(serving, stepwise):
    answerer = stepwise(e.Sql("q1", "SELECT 1", "duckdb", "s"), e.Text(0, "one"))
    with (
        serving(answerer) as server,
        server.client() as client,
        client.stream("POST", PATH, json={"message": "x"}) as reply,
    ):
        lines = (json.loads(line[6:]) for line in reply.iter_lines() if line.startswith("data: "))
        assert next(lines)["event"] == "start"
        answerer.step()
        assert next(lines) == {"event": "sql", "sql": "SELECT 1"}
        answerer.step()
        assert [frame["event"] for frame in lines] == ["chunk", "complete"]


@pytest.mark.parametrize(
    "statement", ["SHOW TABLES", "SHOW DATABASES", "SHOW COLUMNS FROM sales", "SHOW CREATE TABLE sales"]
)
def test_what_there_is_can_be_shown(real, named_frames, statement):
    told = chat(real, statement, named_frames)
    assert [frame["event"] for frame in told][-2:] == ["csv", "complete"]
    with real.client("ana") as client:
        assert "sales" in client.get(told[-1]["csv_url"]).text or statement.startswith("SHOW COLUMNS")


def test_a_conversation_goes_on_under_the_clients_own_id(serving, asked, named_frames):
    answerer = asked()
    with serving(answerer) as server:
        first = chat(server, "first", named_frames, conversation_id="conv_abc")
        chat(server, "second", named_frames, headers={"x-conversation-id": "conv_abc"})
        chat(server, "third", named_frames, conversation_id="other")
        chat(server, "fourth", named_frames, user="bia", conversation_id="conv_abc")
        new = chat(server, "fifth", named_frames)[-1]["conversation_id"]
        chat(server, "sixth", named_frames, conversation_id=new)
    assert first[-1]["conversation_id"] == "conv_abc"
    assert [[turn.question for turn in context.history] for context in answerer.contexts] == [
        [], ["first"], [], [], [], ["fifth"],
    ]  # fmt: skip


def test_body_headers_count_more_than_fields_and_those_more_than_http(serving, asked, named_frames):
    answerer = asked()
    with serving(answerer, users=(), auth=False) as server:
        stated = {"x-user-id": "http"}
        body = {"x-user-id": "body", "x-conversation-id": "c1"}
        chat(server, "x", named_frames, user=None, headers=stated)
        chat(server, "x", named_frames, user=None, headers=stated, user_id="field")
        with server.client(None) as client:
            reply = client.post(PATH, json={"message": "x", "headers": body, "user_id": "field"}, headers=stated)
    assert named_frames(reply.text)[-1]["conversation_id"] == "c1"
    assert [context.principal.user for context in answerer.contexts] == ["http", "field", "body"]


def test_the_body_makes_nobody_another_user_where_people_sign_in(serving, asked, named_frames):
    answerer = asked()
    with serving(answerer) as server, server.client("ana") as client:
        client.post(PATH, json={"message": "x", "headers": {"x-user-id": "bia"}, "user_id": "bia"})
    assert [context.principal.user for context in answerer.contexts] == ["ana"]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"{}", 400), (b'{"message": ""}', 400), (b'{"message": "  "}', 400), (b"{", 400), (b"[1]", 400),
     (b'{"message": 7}', 400), (b'{"message": "x", "headers": []}', 400), (b'{"message": "' + b"x" * 8001 + b'"}', 422),
     (b'{"message": "' + b"x" * (1 << 20) + b'"}', 413)],
)  # fmt: skip
def test_a_body_without_a_message_is_refused_in_the_wires_own_words(ana, body, status):
    reply = ana.post(PATH, content=body, headers={"content-type": "application/json"})
    assert reply.status_code == status
    said = reply.json()
    if status != 413:
        assert said["error"] == said["detail"]


def test_failures_and_stops_are_the_last_frame(serving, named_frames):
    with serving() as server:
        failed = chat(server, "fail", named_frames)[-1]
        assert (failed["event"], failed["code"]) == ("error", "query_failed")
        with server.client() as client, client.stream("POST", PATH, json={"message": "hang"}) as reply:
            lines = reply.iter_lines()
            next(lines)
            client.post(f"/api/runs/{reply.headers['prosa-run']}/cancel")
            rest = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
    assert (rest[-1]["event"], rest[-1]["code"]) == ("error", "cancelled")


def test_an_answer_is_saved_when_its_reader_has_gone(serving, stepwise, named_frames):
    answerer = stepwise(e.Text(0, "kept"))
    with serving(answerer) as server, server.client() as client:
        with client.stream("POST", PATH, json={"message": "x", "conversation_id": "c"}) as reply:
            run_id = reply.headers["prosa-run"]
        answerer.step()
        assert '"delta":"kept"' in client.get(f"/api/runs/{run_id}/events").text
        (kept,) = client.get("/api/conversations").json()
        (turn,) = client.get(f"/api/conversations/{kept['id']}").json()["items"]
    assert turn["answer"]["blocks"] == [{"text": "kept"}]


@pytest.mark.parametrize("name", ["nothing.csv", "query_results_x.txt", "query_results_.csv", "..%2f..%2fetc.csv"])
def test_a_file_that_is_nobodys_is_not_found(ana, name):
    assert ana.get(f"/static/query_results/{name}").status_code == 404
