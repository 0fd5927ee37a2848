"""Values that break careless encoders, over real sockets on every wire: each frame is one line of valid JSON."""

import json

import pytest

from prosa import events as e
from prosa.results import Column

WILD = "a\nb\r\nc\rd \x00 \u2028 \u2029 \x85 \ufeff \ud800 \udc00 \U0001f600 </script> data: [DONE]\n\nevent: x\n\n"
CELLS = ((float("nan"), float("inf"), float("-inf"), WILD, b"\x00\xff".hex(), 10**30, None),)
TAME = WILD.replace("\ud800", "?").replace("\udc00", "?")


class Wild:
    """Puts such values into every event that has room for one."""

    async def answer(self, question, context, emit):
        emit(e.StageStarted("execute"))
        emit(e.StageProgress("execute", float("nan"), message=WILD))
        emit(e.Interpreted(WILD, (e.Word(WILD, 0, 3),), float("inf")))
        emit(e.Sql("q\n1", WILD, "duckdb", WILD))
        columns = tuple(Column(f"{WILD}{number}", "text") for number in range(len(CELLS[0])))
        emit(e.Table("t\n1", "q\n1", columns, CELLS, 1))
        emit(e.Chart("c\n1", "t\n1", {"data": [{"x": [WILD], "y": [float("nan"), float("-inf")]}], "layout": {}}))
        emit(e.ToolCalled("w\n1", WILD, {WILD: [float("nan"), WILD]}))
        emit(e.ToolReturned("w\n1", WILD, {WILD: float("inf")}))
        emit(e.FileReady("f\n1", f"{WILD}.csv", "text/csv\n", "/api/files/f\n1"))
        emit(e.Sources((e.Passage(WILD, WILD, 1, float("nan"), WILD),)))
        emit(e.Notice("wild\n", WILD))
        emit(e.Text(0, WILD))
        emit(e.StageCompleted("execute", 1.0, WILD))
        if question.text == "fail":
            emit(e.Failed("wild\n", WILD, WILD))
        if question.text == "ask back":
            emit(e.Clarification(WILD, (e.Option(WILD, WILD, WILD),)))


@pytest.fixture(scope="module")
def server(serving, papers):
    with serving(Wild(), sources=papers) as server:
        yield server


def _lines(reply, name):
    """Every line of a stream that is no JSON of a frame, which only names, ids and comments may be."""
    text = reply.content.decode("utf-8")
    assert text.splitlines() == text.split("\n")[:-1]
    if name == "document":
        return set()
    return {line.partition(": ")[0] for line in text.split("\n") if line and not line.startswith("data: ")}


@pytest.mark.parametrize("question", ["answer", "fail", "ask back"])
@pytest.mark.parametrize("place", range(8))
def test_every_frame_stays_one_line_of_valid_json(server, streams, ask, place, question):
    wire = streams[place]
    reply = ask(server, wire, question)
    frames = wire.frames(reply.text)
    assert len(frames) >= 2
    assert _lines(reply, wire.name) <= ({"event", "id"} if wire.name in ("native", "chat") else set())
    end, words = wire.end(reply.text)
    assert (end in ("done", "stop")) == (question != "fail")
    assert question != "fail" or wire.name == "ai_sdk" or TAME.strip() in words
    json.dumps(frames).encode("ascii")
    assert not any("\ud800" in text or "\udc00" in text for text in _texts(frames))


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


@pytest.mark.parametrize("place", range(8))
def test_a_client_that_splits_lines_as_python_does_reads_every_frame(server, streams, place):
    """`iter_lines` of httpx and of requests, by which many programs read a stream, breaks as `str.splitlines` does."""
    wire = streams[place]
    with (
        server.client() as client,
        client.stream("POST", wire.path, json=wire.body("answer"), headers=wire.headers) as reply,
    ):
        lines = [line for line in reply.iter_lines() if line and not line.startswith(("event: ", "id: "))]
    read = [json.loads(line.removeprefix("data: ")) for line in lines if line != "data: [DONE]"]
    assert any(TAME.strip() in text for text in _texts(read))


def test_numbers_that_json_has_not_are_null_and_words_come_as_they_are(server, streams, ask):
    frames = streams[0].frames(ask(server, streams[0], "answer").text)
    (table,) = [frame for frame in frames if frame["event"] == "table"]
    assert table["rows"][0][:4] == [None, None, None, TAME]
    assert [frame["delta"] for frame in frames if frame["event"] == "text"] == [TAME]


def test_the_same_holds_without_a_stream(server):
    asks = {
        "/api/ask": {"question": "answer"}, "/pipeline": {"request": "answer"},
        "/v1/chat/completions": {"model": "prosa", "messages": [{"role": "user", "content": "answer"}]},
    }  # fmt: skip
    with server.client() as client:
        for path, body in asks.items():
            reply = client.post(path, json=body, headers={"accept": "application/json"})
            assert reply.status_code == 200
            said = json.loads(reply.content, parse_constant=lambda name: pytest.fail(name))
            assert any(TAME in text for text in _texts(said)), path


@pytest.fixture(scope="module")
def real(serving, tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "wild.csv"
    path.write_bytes('name,amount\n"line\nbreak, ""quoted"" \u2028 é",1\nplain,2\n'.encode())
    with serving(real=True, sources=[("wild", str(path))]) as server:
        yield server


CELLS_OF = """SELECT CAST('nan' AS DOUBLE) AS a, CAST('inf' AS DOUBLE) AS b, CAST('-inf' AS DOUBLE) AS c,
    'x' || chr(10) || chr(13) || chr(0) || 'y' AS d, name FROM wild ORDER BY amount LIMIT 1"""


@pytest.mark.parametrize("place", range(8))
def test_cells_of_a_real_engine_are_carried_as_well(real, streams, ask, place):
    wire = streams[place]
    if wire.name.startswith("document"):
        pytest.skip("it carries no cells")
    reply = ask(real, wire, CELLS_OF)
    assert wire.end(reply.text)[0] in ("done", "stop"), reply.text
    assert "\r" not in reply.text


def test_their_pages_and_their_files_are_valid_too(real, streams, ask):
    frames = streams[0].frames(ask(real, streams[0], CELLS_OF).text)
    (table,) = [frame for frame in frames if frame["event"] == "table"]
    row = table["rows"][0]
    assert row[:3] == [None, None, None]
    assert row[3:] == ["x\n\r\x00y", 'line\nbreak, "quoted" \u2028 é']
    with real.client() as client:
        place = f"/api/results/{table['result_id']}"
        page = json.loads(client.get(place).content, parse_constant=lambda name: pytest.fail(name))
        assert page["rows"] == [row]
        written = json.loads(
            client.get(f"{place}/export?format=json").content, parse_constant=lambda name: pytest.fail(name)
        )
        assert row[4] in _texts(written)
        assert client.get(f"{place}/export?format=csv").status_code == 200
