"""The pipeline wire over real sockets: its frames, their order and when they come, sessions, failures, counts."""

import json

import httpx
import pytest

from prosa import events as e

STAGES = [("A", "Classification"), ("B", "Tool selection"), ("C", "Planning"), ("E", "Execution"), ("D", "Response")]


@pytest.fixture(scope="module")
def real(serving, tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "sales.csv"
    rows = (f"{number},Store {number % 25},{number * 10}.50" for number in range(1, 61))
    path.write_text("\n".join(["sale_id,store,gross_amount", *rows]) + "\n")
    with serving(real=True, sources=[("sales", str(path))]) as server:
        yield server


def ask(server, words, frames, user="ana", **more):
    with server.client(user) as client:
        reply = client.post("/pipeline/stream", json={"request": words, **more})
    assert reply.status_code == 200, reply.text
    return frames(reply.text)


def test_an_answer_goes_through_all_stages_in_order(real, data_frames):
    told = ask(real, "gross amount by store", data_frames)
    assert told[0] == {"type": "start", "message": "Starting pipeline...", "request_id": told[0]["request_id"]}
    assert [(f["stage"], f["name"]) for f in told if f["type"] == "stage_start"] == STAGES
    assert [(f["stage"], f["name"]) for f in told if f["type"] == "stage_complete"] == STAGES
    last = told[-1]
    assert (last["type"], last["success"]) == ("complete", True)
    assert set(last) == {
        "type", "success", "total_duration_ms", "message", "stage_durations", "sql", "files",
    }  # fmt: skip
    assert list(last["stage_durations"]) == ["stage_a", "stage_b", "stage_c", "stage_e", "stage_d"]
    words = "".join(f["text"] for f in told if f["type"] == "token")
    assert words
    assert last["message"].startswith(words)
    assert last["sql"].startswith("SELECT")


def test_a_table_stands_in_a_fence_of_ten_rows_and_whole_among_the_files(real, data_frames):
    last = ask(real, "gross amount by store", data_frames)[-1]
    fence = last["message"].partition("**first 10 of 25**\n\n```csv\n")[2].partition("```")[0]
    assert len(fence.splitlines()) == 11
    (table, chart) = last["files"]
    assert (table["name"], table["mime"]) == ("query_results.csv", "text/csv")
    with real.client("ana") as client:
        whole = client.get(table["url"])
        assert len(whole.text.splitlines()) == 26
        drawn = client.get(chart["url"])
        assert drawn.headers["content-type"].startswith("text/html")
        assert drawn.text.startswith("<!DOCTYPE html>")
    with real.client("bia") as client:
        assert {client.get(file["url"]).status_code for file in last["files"]} == {404}


def test_every_word_is_said_in_portuguese_to_who_asks_in_it(real, data_frames):
    told = ask(real, "valor bruto por loja", data_frames, context={"locale": "pt-BR"})
    assert told[0]["message"] == "Iniciando..."
    begun = [frame["message"] for frame in told if frame["type"] == "stage_start"]
    assert begun[0] == "🔍 Analisando seu pedido..."
    ended = next(frame for frame in told if frame["type"] == "stage_complete")
    assert ended["message"] == f"✅ Classificação concluída ({ended['duration_ms']}ms)"


def test_small_talk_needs_the_first_stage_alone(real, data_frames):
    told = ask(real, "Hi", data_frames)
    assert [frame["type"] for frame in told] == ["start", "stage_start", "stage_complete", "token", "complete"]
    assert told[1]["stage"] == "A"


def test_what_is_refused_is_a_success_with_its_outcome(real, data_frames):
    last = ask(real, "DROP TABLE sales", data_frames)[-1]
    assert (last["type"], last["success"], last["outcome"]) == ("complete", True, "refused")


def test_a_statement_that_fails_ends_in_an_error_that_names_its_stage(real, data_frames):
    last = ask(real, "SELECT CAST(store AS INTEGER) AS s FROM sales", data_frames)[-1]
    assert (last["type"], last["success"], last["stage"], last["code"]) == ("error", False, "E", "query_failed")
    assert last["message"]


def test_each_frame_comes_when_it_happens(serving, stepwise):
    """No next step is taken before the frame of the one before has arrived at the client."""
    answerer = stepwise(
        e.StageStarted("classify"), e.StageCompleted("classify", 3.4), e.StageStarted("respond"),
        e.StageProgress("respond", fraction=0.5), e.Text(0, "one "), e.Text(0, "two"), e.StageCompleted("respond", 1.0),
    )  # fmt: skip
    kinds = ["stage_start", "stage_complete", "stage_start", "stage_progress", "token", "token", "stage_complete"]
    with (
        serving(answerer) as server,
        server.client() as client,
        client.stream("POST", "/pipeline/stream", json={"request": "x"}) as reply,
    ):
        assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
        lines = (json.loads(line[6:]) for line in reply.iter_lines() if line.startswith("data: "))
        assert next(lines)["type"] == "start"
        for kind in kinds:
            answerer.step()
            assert next(lines)["type"] == kind
        assert next(lines)["type"] == "complete"
        assert list(lines) == []


def test_progress_tells_only_what_is_known(serving, stepwise, data_frames):
    answerer = stepwise(e.StageStarted("select"), e.StageProgress("select", 0.25, 1, 4, message="reading a.csv"))
    answerer.step()
    answerer.step()
    with serving(answerer) as server:
        told = ask(server, "x", data_frames)
    progress = next(frame for frame in told if frame["type"] == "stage_progress")
    assert progress == {"type": "stage_progress", "stage": "B", "fraction": 0.25, "message": "reading a.csv"}


def test_a_session_keeps_questions_together_and_belongs_to_its_user(serving, asked, data_frames):
    answerer = asked()
    with serving(answerer) as server:
        for words in ("first", "second"):
            ask(server, words, data_frames, session_id="s-1")
        ask(server, "third", data_frames, user="bia", session_id="s-1")
        ask(server, "fourth", data_frames)
    assert [[turn.question for turn in context.history] for context in answerer.contexts] == [[], ["first"], [], []]


def test_the_body_makes_nobody_another_user_where_people_sign_in(serving, asked, data_frames):
    answerer = asked()
    with serving(answerer) as server:
        ask(server, "x", data_frames, user_id="bia")
    assert [context.principal.user for context in answerer.contexts] == ["ana"]


def test_without_sign_in_the_stated_user_divides_the_data(serving, asked, data_frames):
    answerer = asked()
    with serving(answerer, users=(), auth=False) as server:
        ask(server, "x", data_frames, user=None, user_id="bia")
        ask(server, "x", data_frames, user=None)
    assert [context.principal.user for context in answerer.contexts] == ["bia", "local"]


def test_context_narrows_the_question(serving, asked, data_frames):
    answerer = asked()
    with serving(answerer) as server:
        ask(server, "x", data_frames, context={"as_of": "2024-05-01", "limit": 3, "theme": "dark"}, extra=1)
    (question,) = answerer.questions
    assert (str(question.as_of), question.limit) == ("2024-05-01", 3)


def test_without_a_stream_comes_the_last_frame_alone(server, ana):
    assert ana.post("/pipeline", json={"request": "say hello"}).json()["message"].startswith("hello")
    failed = ana.post("/pipeline", json={"request": "fail"}).json()
    assert (failed["type"], failed["success"], failed["code"], failed["stage"]) == ("error", False, "query_failed", "E")


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"request": 7}', b'{"request": ""}', b'{"request": null}'])
def test_a_body_that_is_no_request_is_a_problem(ana, body):
    reply = ana.post("/pipeline/stream", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"


def test_nobody_may_ask_without_signing_in(nobody):
    assert nobody.post("/pipeline/stream", json={"request": "say x"}).status_code == 401


def test_counts_and_percentiles_are_told_to_those_who_look_after_the_server(serving, data_frames):
    with serving() as server:
        for words in ("say a", "say b", "fail", "say c"):
            ask(server, words, data_frames)
        told = httpx.get(f"{server.url}/pipeline/metrics").json()
        health = httpx.get(f"{server.url}/pipeline/health").json()
    assert (told["requests"], told["ended"]["answered"], told["ended"]["failed"]) == (4, 3, 1)
    assert told["stages"]["stage_e"] == {"count": 3, "p50_ms": 1.5, "p95_ms": 1.5}
    assert told["stages"]["stage_a"] == {"count": 0, "p50_ms": None, "p95_ms": None}
    assert (health["status"], health["working"]) == ("healthy", 0)
