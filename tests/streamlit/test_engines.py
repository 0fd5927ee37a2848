"""The parts in this process and those behind a server give the same view, and each person only their own."""

import socket
import threading
import time
from hashlib import sha256

import msgspec
import pytest
import requests
import uvicorn

import prosa
from prosa.answer import Answer
from prosa.config import Settings, User
from prosa.errors import AccessError, ProsaError, UsageError
from prosa.events import Text
from prosa.exports.downloads import bound
from prosa.exports.markers import AgentResponseParser, marker
from prosa.identity import Principal
from prosa.question import Question
from prosa.streamlit.agents import as_answerer
from prosa.streamlit.local import LocalEngine
from prosa.streamlit.remote import RemoteEngine

SLOW = "SELECT count(*) AS n FROM range(100000) a, range(100000) b, range(1000) c"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a source, and settings that stay in it."""
    folder = tmp_path_factory.mktemp("engines")
    lines = ["store,amount", *(f"{'AB'[number % 2]},{number}.5" for number in range(120))]
    (folder / "sales.csv").write_text("\n".join(lines))
    return folder


def settings(folder, name, **more):
    return Settings(data_dir=folder / name, cache_dir=folder / "cache", worker_questions=1, worker_exports=1, **more)


@pytest.fixture(scope="module")
def local(place):
    engine = LocalEngine(settings(place, "local"), (("sales", str(place / "sales.csv")),))
    yield engine
    engine.close()


class Served:
    """An ASGI application on a port of its own."""

    def __init__(self, app):
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def close(self):
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture(scope="module")
def remote(place):
    def principal(request):
        return Principal(request.headers["x-user-id"]) if "x-user-id" in request.headers else None

    served = Served(prosa.asgi(str(place / "sales.csv"), principal=principal, settings=settings(place, "remote")))
    yield RemoteEngine(served.url + "/")
    served.close()


@pytest.fixture(params=["local", "remote"])
def engine(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def asked(engine, ana):
    """A question's answer, and the conversation that it was put in."""

    def ask(text, principal=ana, **more):
        conversation = engine.new_conversation(principal, "")
        stream = engine.ask(principal, Question(text, **more), conversation, None)
        return Answer.fold(stream), conversation

    return ask


def test_a_question_is_answered_entry_by_entry(asked):
    answer, _ = asked("total amount by store")
    assert answer.status == "answered"
    assert [stage.stage for stage in answer.stages] == ["classify", "select", "plan", "execute", "respond"]
    assert sorted(row[0] for row in answer.table.rows) == ["A", "B"]
    assert answer.charts


def test_stop_reaches_the_statement(engine, ana):
    conversation = engine.new_conversation(ana, "")
    stream = engine.ask(ana, Question(SLOW), conversation, None)
    entries = []
    for entry in stream:
        entries.append(entry)
        if not entry.terminal and Answer.fold(entries).queries:
            stream.stop()
    assert Answer.fold(entries).status == "cancelled"


def test_every_row_is_exported_for_a_person(engine, asked, ana, bia):
    answer, _ = asked("SELECT store, amount FROM sales ORDER BY amount")
    result = answer.table.result_id
    assert engine.holds(ana, result)
    data = engine.export(ana, result, "csv", "pt-BR")
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").splitlines()
    assert (lines[0], lines[1], len(lines)) == ("store;amount", "A;0,5", 121)
    with pytest.raises(ProsaError) as refused:
        engine.export(bia, result, "csv", "en")
    assert refused.value.code == "not_found"


def test_a_file_that_somebody_brings_is_theirs_alone(engine, asked, ana, bia):
    source = engine.upload(ana, "frota.csv", b"placa,km\nABC1D23,10\n", "pt-BR")
    assert source.mine
    assert {found.name for found in engine.sources(ana, "en")} == {"sales", "frota"}
    assert {found.name for found in engine.sources(bia, "en")} == {"sales"}
    assert engine.catalog(ana, source.id).tables[0].columns[0].name == "placa"
    answer, _ = asked("SELECT km FROM frota", sources=(source.id,))
    assert answer.table.rows == ((10,),)
    for attempt in (engine.catalog, engine.remove_source):
        with pytest.raises(ProsaError) as refused:
            attempt(bia, source.id)
        assert refused.value.code in ("not_found", "source_unknown")
    engine.remove_source(ana, source.id)
    assert {found.name for found in engine.sources(ana, "en")} == {"sales"}


def test_a_file_that_is_no_data_is_refused_with_a_reason_in_the_persons_language(engine, local, ana):
    said = []
    for asked in (local, engine):
        with pytest.raises(ProsaError) as refused:
            asked.upload(ana, "x.csv", bytes(range(256)) * 40, "pt-BR")
        said.append(refused.value.sentence("pt-BR"))
    assert said[0] == said[1]
    assert said[0] != refused.value.code
    assert {found.name for found in engine.sources(ana, "en")} == {"sales"}


def test_conversations_are_kept_for_their_owner(engine, asked, ana, bia):
    _, conversation = asked("SELECT 41 + 1 AS answer")
    assert conversation in {found.id for found in engine.conversations(ana, "41 + 1")}
    assert engine.conversations(ana, "no such words") == []
    assert engine.conversations(bia, "") == []
    detail = engine.conversation(ana, conversation)
    assert detail.items[0].answer.table.rows == ((42,),)
    for attempt in (engine.conversation, engine.delete_conversation):
        with pytest.raises(ProsaError) as refused:
            attempt(bia, conversation)
        assert refused.value.code == "not_found"
    engine.delete_conversation(ana, conversation)
    assert conversation not in {found.id for found in engine.conversations(ana, "")}


class Reporting:
    """An agent whose tool makes a file and answers with its marker."""

    async def answer(self, question, context, emit):
        name = bound().add("report", "csv", "text/csv", b"a\r\n")
        emit(Text(0, f"Here.\n{marker(name, 'text/csv', 3)}"))


@pytest.fixture(scope="module")
def reporting(place):
    """A server of an agent of its own, two of whose users are known by their tokens."""
    tokens = {name: f"{name}-token-of-more-than-16-characters" for name in ("ana", "bia")}
    users = tuple(User(name, sha256(token.encode()).hexdigest(), ()) for name, token in tokens.items())
    served = Served(
        prosa.asgi(str(place / "sales.csv"), answerer=Reporting(), settings=settings(place, "reporting", users=users))
    )
    yield {name: RemoteEngine(served.url, token) for name, token in tokens.items()}
    served.close()


@pytest.fixture(params=["local", "remote"])
def agents(request, ana, bia):
    """The engines of ana and bia where an agent answers, and what names that agent to them."""
    if request.param == "local":
        local = request.getfixturevalue("local")
        return (local, ana), (local, bia), Reporting()
    engines = request.getfixturevalue("reporting")
    return (engines["ana"], ana), (engines["bia"], bia), None


def test_a_file_of_an_agents_tool_is_there_once_and_for_nobody_else(agents):
    (engine, ana), (others, bia), agent = agents
    answer = Answer.fold(engine.ask(ana, Question("make it"), engine.new_conversation(ana, ""), agent))
    [file] = answer.files
    assert (file.mime, file.size) == ("text/csv", 3)
    assert AgentResponseParser.parse_response(answer.text)["download"]["filename"] == file.name
    assert engine.holds(ana, file.file_id)
    with pytest.raises(ProsaError) as refused:
        others.file(bia, file.file_id)
    assert refused.value.code == "not_found"
    assert engine.file(ana, file.file_id) == b"a\r\n"
    assert not engine.holds(ana, file.file_id)
    with pytest.raises(ProsaError) as gone:
        engine.file(ana, file.file_id)
    assert gone.value.code == "file_gone"


def test_a_file_that_is_too_large_to_be_held_is_delivered_whole(local, ana, monkeypatch):
    monkeypatch.setattr(local._desk.results, "_per_item", 100)
    answer = Answer.fold(
        local.ask(ana, Question("SELECT amount FROM sales; export as csv"), local.new_conversation(ana, ""), None)
    )
    [file] = answer.files
    assert len(local.file(ana, file.file_id).splitlines()) == 121


def test_each_session_has_its_own_agent(local, ana):
    def says(words):
        return as_answerer(lambda question: words)

    def ask(session, agent):
        principal = msgspec.structs.replace(ana, session=session)
        return Answer.fold(local.ask(principal, Question("who?"), local.new_conversation(ana, ""), agent)).text

    assert [ask("one", says("first")), ask("two", says("second"))] == ["first", "second"]
    assert "first" not in ask("one", None)


def test_a_function_can_be_an_agent_and_its_failure_is_the_answers(local, ana):
    def words(question):
        yield "Half of "
        yield question
        if question == "fail":
            raise ValueError("secret")

    answers = [
        Answer.fold(local.ask(ana, Question(text), local.new_conversation(ana, ""), as_answerer(words)))
        for text in ("fine", "fail")
    ]
    assert [(answer.status, answer.text) for answer in answers] == [
        ("answered", "Half of fine"),
        ("failed", "Half of fail"),
    ]
    assert "secret" not in answers[1].failure.message


def test_what_cant_answer_is_refused():
    with pytest.raises(UsageError, match="int"):
        as_answerer(5)


def test_behind_one_token_for_everybody_visitors_still_see_only_their_own(place):
    token = "a-token-of-more-than-16-characters"
    served = Served(prosa.asgi(str(place / "sales.csv"), settings=settings(place, "token", token=token)))
    try:
        engine = RemoteEngine(served.url, token)
        ana, bia = Principal("visitor-1"), Principal("visitor-2")
        source = engine.upload(ana, "mine.csv", b"secret\n7\n", "en")
        conversation = engine.new_conversation(ana, "")
        answer = Answer.fold(engine.ask(ana, Question("SELECT secret FROM mine"), conversation, None))
        assert answer.table.rows == ((7,),)
        assert {found.name for found in engine.sources(bia, "en")} == {"sales"}
        assert engine.conversations(bia, "") == []
        for attempt in (engine.conversation, engine.delete_conversation):
            with pytest.raises(AccessError):
                attempt(bia, conversation)
        with pytest.raises(AccessError):
            engine.remove_source(bia, source.id)
        theirs = engine.new_conversation(bia, "")
        stolen = Answer.fold(engine.ask(bia, Question("SELECT secret FROM mine"), theirs, None))
        assert stolen.status == "refused"
        assert not stolen.tables
        wrong = RemoteEngine(served.url, "a-wrong-token-of-16-characters")
        with pytest.raises(ProsaError) as refused:
            wrong.sources(ana, "en")
        assert refused.value.code == "not_signed_in"
    finally:
        served.close()


def test_a_lost_connection_is_taken_up_where_it_broke(remote, ana, monkeypatch):
    """The first two streams break off in the middle, as a proxy does that ends long connections."""
    original, calls = RemoteEngine.events, []

    def events(self, principal, run_id, after):
        response = original(self, principal, run_id, after)
        calls.append(after)
        if len(calls) <= 2:
            lines = response.iter_lines(chunk_size=1)

            def broken(chunk_size=1):
                for number, line in enumerate(lines):
                    if number == 8:
                        raise requests.ConnectionError("cut")
                    yield line

            response.iter_lines = broken
        return response

    monkeypatch.setattr(RemoteEngine, "events", events)
    entries = list(remote.ask(ana, Question("total amount by store"), remote.new_conversation(ana, ""), None))
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[-1].terminal
    assert calls[0] == 0
    assert calls[1] > 0
    assert calls[2] > calls[1]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://127.0.0.1:9/prefix/"])
def test_a_server_that_is_not_there_is_named(url, ana):
    with pytest.raises(UsageError, match=r"127\.0\.0\.1:9") as refused:
        RemoteEngine(url).sources(ana, "en")
    assert refused.value.code == "streamlit_unreachable"


def test_an_address_that_is_none_is_refused():
    with pytest.raises(UsageError) as refused:
        RemoteEngine("localhost:8765")
    assert refused.value.code == "streamlit_url"
