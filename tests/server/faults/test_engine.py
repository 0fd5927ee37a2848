"""The same faults with the staged pipeline and a real engine of one worker: the statement stops, and the worker takes
the next question at once."""

import threading

import pytest

from prosa import events as e
from prosa.events import STAGES
from prosa.identity import Principal

ANA = Principal("ana")
ENDLESS = "SELECT sum(a.n * b.n % c.n) AS s FROM many a, many b, many c WHERE c.n > 0"
WRONG = "SELECT CAST(word AS INTEGER) AS n FROM many"
COUNT = "SELECT count(*) AS n FROM many"
LONG_WORDS = "count of rows by word"


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "many.csv"
    path.write_text("n,word\n" + "".join(f"{number},word{number % 7}\n" for number in range(20_000)))
    return [("many", str(path))]


@pytest.fixture(scope="module")
def server(serving, many):
    """Its answerer is the real one, seen through: `watched` may do something at the beginning of a stage."""
    with serving(real=True, sources=many, worker_questions=1, runs_per_user=20) as server:
        server.desk.runs._answerer = server.watched = Watched(server.desk.runs)
        yield server


class Watched:
    """The staged pipeline; calls `at_stage(stage, run)` when it says that a stage begins."""

    def __init__(self, runs):
        self._pipeline, self._runs = runs._answerer, runs
        self.at_stage = lambda stage, run: None

    async def answer(self, question, context, emit):
        run = self._runs.get(context.principal, context.run_id)

        def told(event):
            emit(event)
            if isinstance(event, e.StageStarted):
                self.at_stage(event.stage, run)

        await self._pipeline.answer(question, context, told)


@pytest.fixture
def tabular(streams):
    """The wires that ask tables."""
    return [wire for wire in streams if not wire.name.startswith("document")]


@pytest.fixture(autouse=True)
def still_there(server, streams, ask):
    """After each test the one worker answers."""
    yield
    server.watched.at_stage = lambda stage, run: None
    text = ask(server, streams[0], COUNT).text
    assert "20000" in text
    assert "event: completed" in text


def test_a_failed_statement_is_told_on_every_wire(server, tabular, ask):
    for wire in tabular:
        reply = ask(server, wire, WRONG)
        end, words = wire.end(reply.text)
        assert end in ("query_failed", "error"), wire.name
        assert words.strip()
        assert "Traceback" not in reply.text


def test_the_time_limit_stops_a_statement_on_every_wire(serving, many, tabular, ask, streams):
    with serving(real=True, sources=many, worker_questions=1, statement_time_limit=0.3) as hurried:
        for wire in tabular:
            end, words = wire.end(ask(hurried, wire, ENDLESS).text)
            assert end in ("time_limit", "error"), wire.name
            assert "0.3" in words
        assert "20000" in ask(hurried, streams[0], COUNT).text


def test_cancel_stops_a_statement_begun_on_any_wire(server, tabular, ask):
    for wire in tabular:
        begun = threading.Event()
        server.watched.at_stage = lambda stage, run, begun=begun: stage == "execute" and begun.set()
        told = []
        asking = threading.Thread(target=lambda wire=wire, told=told: told.append(ask(server, wire, ENDLESS)))
        asking.start()
        assert begun.wait(60)
        (run,) = server.desk.runs.live(ANA)
        with server.client() as client:
            for _ in range(2):
                assert client.post(f"/api/runs/{run.id}/cancel").status_code == 202
            asking.join()
            assert wire.end(told[0].text)[0] == ("stop" if wire.name == "openai" else "cancelled")
            assert client.get(f"/api/runs/{run.id}").json()["cancelled"]["stopped"] == "execute"


def test_a_statement_goes_on_when_its_client_has_gone_and_cancel_still_stops_it(server, streams, asking, until):
    begun = threading.Event()
    server.watched.at_stage = lambda stage, run: stage == "execute" and begun.set()
    with asking(server, streams[0], ENDLESS):
        assert begun.wait(60)
        (run,) = server.desk.runs.live(ANA)
    until(lambda: not server.app._state.pulse)
    assert not run.ended
    with server.client() as client:
        client.post(f"/api/runs/{run.id}/cancel")
        assert client.get(f"/api/runs/{run.id}/events").text.count("event: cancelled") == 1


@pytest.mark.parametrize("stage", STAGES)
def test_a_real_stage_that_is_cancelled_says_which_it_was(server, streams, ask, stage):
    server.watched.at_stage = lambda at, run: at == stage and run.ask_to_stop("cancel")
    reply = ask(server, streams[0], LONG_WORDS)
    with server.client() as client:
        answer = client.get(f"/api/runs/{reply.headers['prosa-run']}").json()
    # Classify never waits, so that nothing can stop it before the next stage.
    stopped = "select" if stage == "classify" else stage
    assert (answer["status"], answer["cancelled"]["stopped"]) == ("cancelled", stopped)


@pytest.mark.parametrize("stage", STAGES)
def test_a_real_stage_that_raises_is_told_without_its_details(server, streams, ask, stage):
    def broken(at, run):
        if at == stage:
            raise RuntimeError("secret detail")

    server.watched.at_stage = broken
    for wire in (streams[0], streams[1]):
        reply = ask(server, wire, LONG_WORDS)
        assert wire.end(reply.text)[0] == "internal"
        assert "secret" not in reply.text
    with server.client() as client:
        failure = client.get(f"/api/runs/{reply.headers['prosa-run']}").json()["failure"]
    assert (failure["code"], failure["stage"]) == ("internal", stage)
