"""Files that the tools of somebody's own agent make, on a server: an event, its owner's alone, there once."""

import threading

import pytest

from prosa import events as e
from prosa.exports.downloads import bound
from prosa.exports.markers import marker


class Reporting:
    """Its tool makes a file, in the event loop or in a thread of its own."""

    async def answer(self, question, context, emit):
        size = int(question.text.rpartition(" ")[2])
        if question.text.startswith("thread"):
            pending = bound()
            thread = threading.Thread(target=lambda: pending.add("report", "csv", "text/csv", b"x" * size))
            thread.start()
            thread.join()
            emit(e.Text(0, "Made."))
        else:
            name = bound().add("report", "csv", "text/csv", b"x" * size, rows=3)
            emit(e.Text(0, f"Made.\n{marker(name, 'text/csv', size)}"))


SIZE = 40 << 20
"""More than two sockets' buffers hold."""


@pytest.fixture(scope="module")
def server(serving):
    with serving(Reporting()) as server:
        yield server


def asked(client, question):
    return client.post("/api/ask", json={"question": question}, headers={"accept": "application/json"}).json()


@pytest.mark.parametrize("size", [3, 1 << 20])
def test_a_file_of_a_tool_is_told_and_fetched_once(server, ana, bia, size):
    answer = asked(ana, f"make {size}")
    [file] = answer["files"]
    assert (file["mime"], file["size"], file["rows"]) == ("text/csv", size, 3)
    assert f"DOWNLOAD_FILE:{file['name']}:text/csv:{size}" in answer["text"]
    assert bia.get(file["url"]).status_code == 404
    got = ana.get(file["url"])
    assert (got.content, got.headers["content-type"]) == (b"x" * size, "text/csv")
    assert got.headers["prosa-once"] == "true"
    assert file["name"] in got.headers["content-disposition"]
    gone = ana.get(file["url"])
    assert (gone.status_code, gone.json()["code"]) == (404, "file_gone")
    assert server.desk.results.size == 0


def test_a_file_whose_delivery_broke_off_is_still_there(server, ana, raw, request_bytes):
    [file] = asked(ana, f"make {SIZE}")["files"]
    with raw(server, request_bytes("GET", file["url"])) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert len(ana.get(file["url"]).content) == SIZE


def test_a_tool_in_a_thread_of_its_own_tells_its_file_too(ana):
    [file] = asked(ana, "thread 5")["files"]
    assert ana.get(file["url"]).content == b"xxxxx"
