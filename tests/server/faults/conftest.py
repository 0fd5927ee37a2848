"""Every streaming wire by its address and its last frame, an answerer that goes wrong where it is told to, and
connections that are cut."""

import asyncio
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from prosa import events as e
from prosa.errors import QueryError

GUIDE = "# Guide\n\nA guide that nobody has to read, since an answerer of the tests answers.\n"


def _said(text):
    return [{"role": "user", "content": text}]


@dataclass(frozen=True)
class Wire:
    """One streaming address. `body` makes a request's body of a question."""

    name: str
    path: str
    body: object
    headers: dict = field(default_factory=dict)

    def frames(self, text):
        """The JSON of every frame; each is one line of data, whatever stands around it."""
        if self.name == "document":
            return [_strict(line) for line in text.split("\n")[:-1]]
        found = []
        for frame in text.split("\n\n"):
            lines = [line[6:] for line in frame.split("\n") if line.startswith("data: ")]
            if lines and lines != ["[DONE]"]:
                (line,) = lines
                found.append(_strict(line))
        return found

    def end(self, text):
        """How the stream ended: done, cancelled or an error's code, and the words for people."""
        assert _ENDS[self.name](text), text[-300:]
        return _LAST[self.name](self.frames(text))


def _strict(line):
    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    return json.loads(line, parse_constant=refuse)


def _native(frames):
    last = frames[-1]
    words = " ".join((last.get("message", ""), last.get("hint", "")))
    return {"completed": "done", "cancelled": "cancelled"}.get(last["event"]) or last["code"], words


def _typed(frames):
    """The pipeline's and the chat's last frame."""
    last = frames[-1]
    good = (last.get("type") or last["event"]) == "complete"
    return "done" if good else last["code"], last.get("message", "")


def _document(frames):
    before = [frame["data"] for frame in frames if frame["type"] == "error"]
    return (before[0]["code"], before[0]["message"]) if before else ("done", "")


def _ag_ui(frames):
    last = frames[-1]
    if last["type"] == "RUN_ERROR":
        return last["code"], last["message"]
    return {"cancelled": "cancelled"}.get(last["outcome"]["type"], "done"), ""


def _ai_sdk(frames):
    last = frames[-1]
    known = {"finish": "done", "abort": "cancelled"}
    return known.get(last["type"], last["type"]), last.get("errorText", "")


def _openai(frames):
    last = frames[-1]
    if "error" in last:
        return last["error"]["code"], last["error"]["message"]
    return last["choices"][0]["finish_reason"], ""


_LAST = {
    "native": _native, "pipeline": _typed, "chat": _typed, "document": _document, "document events": _document,
    "ag_ui": _ag_ui, "ai_sdk": _ai_sdk, "openai": _openai,
}  # fmt: skip

_DONE = "data: [DONE]\n\n"

_ENDS = {
    "native": lambda text: text.endswith("}\n\n"),
    "pipeline": lambda text: text.endswith("}\n\n"),
    "chat": lambda text: text.endswith("}\n\n"),
    "document": lambda text: text.endswith('{"type":"complete"}\n'),
    "document events": lambda text: text.endswith('data: {"type":"complete"}\n\n'),
    "ag_ui": lambda text: text.endswith("}\n\n"),
    "ai_sdk": lambda text: text.endswith(_DONE),
    "openai": lambda text: text.endswith(_DONE),
}

STREAMS = (
    Wire("native", "/api/ask", lambda text: {"question": text}),
    Wire("pipeline", "/pipeline/stream", lambda text: {"request": text}),
    Wire("chat", "/api/vanna/v2/chat_sse", lambda text: {"message": text}),
    Wire("document", "/api/v1/chat/stream", lambda text: {"document_id": "guide.md", "question": text}),
    Wire(
        "document events", "/api/v1/chat/stream", lambda text: {"document_id": "guide.md", "question": text},
        {"accept": "text/event-stream"},
    ),
    Wire("ag_ui", "/api/agui", lambda text: {"threadId": f"t-{text}", "runId": "r", "messages": _said(text)}),
    Wire(
        "ai_sdk", "/api/ai-sdk",
        lambda text: {"id": f"c-{text}", "messages": [{"role": "user", "parts": [{"type": "text", "text": text}]}]},
    ),
    Wire("openai", "/v1/chat/completions", lambda text: {"model": "prosa", "stream": True, "messages": _said(text)}),
)  # fmt: skip


@pytest.fixture(scope="module")
def ana(server):
    """One connection for all tests of a module: there are hundreds of small ones."""
    with server.client("ana") as client:
        yield client


@pytest.fixture(scope="module")
def bia(server):
    with server.client("bia") as client:
        yield client


@pytest.fixture(scope="session")
def streams():
    """Every address that streams a run."""
    return STREAMS


class Trouble:
    """Goes through the five stages; in the stage that the question names it does what the question says: `raise`,
    `sql`, `hang`, `wait` (for `go`). `hanging` is set there."""

    def __init__(self):
        self.hanging, self.go = threading.Semaphore(0), threading.Event()

    async def answer(self, question, context, emit):
        what, _, where = question.text.partition(" ")
        for stage in e.STAGES:
            emit(e.StageStarted(stage))
            if stage == "execute":
                emit(e.Sql("q1", "SELECT 1", "duckdb", "shops"))
            if stage == "respond":
                emit(e.Text(0, "So far "))
            if stage == where:
                await getattr(self, f"_{what}")()
            emit(e.StageCompleted(stage, 1.0))
        emit(e.Text(0, "so good."))

    async def _raise(self):
        raise RuntimeError("secret detail")

    async def _sql(self):
        raise QueryError(what="no such table")

    async def _hang(self):
        self.hanging.release()
        await asyncio.Event().wait()

    async def _wait(self):
        self.hanging.release()
        while not self.go.is_set():
            await asyncio.sleep(0.01)


@pytest.fixture(scope="session")
def trouble():
    return Trouble


@pytest.fixture(scope="session")
def papers(tmp_path_factory):
    """Sources for a scripted server: a small table, and a document for the wire that wants one."""
    folder = tmp_path_factory.mktemp("papers")
    (folder / "guide.md").write_text(GUIDE)
    (folder / "shops.csv").write_text("shop,sales\nA,1\nB,2\n")
    return [("shops", str(folder / "shops.csv")), ("papers", str(folder / "guide.md"))]


@pytest.fixture(scope="session")
def ask():
    """Puts a question over a wire and reads the stream to its end; the reply."""

    def put(server, wire, question, user="ana"):
        with server.client(user) as client:
            reply = client.post(wire.path, json=wire.body(question), headers=wire.headers)
        assert reply.status_code == 200, reply.text
        return reply

    return put


@pytest.fixture(scope="session")
def asking(raw, request_bytes):
    """Puts a question over a wire and does not read: `with asking(server, wire, question) as connection`."""

    @contextmanager
    def put(server, wire, question):
        body = json.dumps(wire.body(question)).encode()
        with raw(server, request_bytes("POST", wire.path, body, Content_Type="application/json", **wire.headers)) as c:
            yield c

    return put


@pytest.fixture(scope="session")
def until():
    """Waits for a condition that other threads bring about."""

    def wait(condition):
        while not condition():
            threading.Event().wait(0.01)

    return wait


class Reader:
    """Follows a run over connections of its own, from an address of its own, each cut where it is told. `got` is every
    whole frame in the order in which it came."""

    def __init__(self, server, run_id, token, address="127.0.0.1"):
        self._place = f"{server.url}/api/runs/{run_id}/events"
        self._token, self._address = token, address
        self.got, self.connections = [], 0

    @property
    def ended(self):
        return bool(self.got) and self.got[-1][0] in ("completed", "failed", "cancelled")

    def read(self, most=None, entries=None):
        """Reads on from the last whole frame until `most` bytes or `entries` frames have come, then leaves without a
        word; what came after them is lost, half a frame as well."""
        headers = {"authorization": f"Bearer {self._token}"}
        if self.got:
            headers["last-event-id"] = self.got[-1][1]
        self.connections += 1
        transport = httpx.HTTPTransport(local_address=self._address, verify=False)
        data = b""
        with (
            httpx.Client(transport=transport, timeout=60, trust_env=False) as client,
            client.stream("GET", self._place, headers=headers) as reply,
        ):
            assert reply.status_code == 200
            for chunk in reply.iter_raw():
                data += chunk
                enough = most is not None and len(data) >= most
                if enough or (entries is not None and len(_frames(data)) >= entries):
                    break
        self.got += _frames(data[:most])[:entries]


def _frames(data):
    whole = data.decode("utf-8", "ignore").rpartition("\n\n")[0]
    return [_frame(text) for text in whole.split("\n\n") if text and not text.startswith(":")]


def _frame(text):
    name, place, data = text.split("\n")
    return name.removeprefix("event: "), place.removeprefix("id: "), json.loads(data.removeprefix("data: "))


@pytest.fixture(scope="session")
def reader():
    """`reader(server, run_id, address=…)`: a client of ana's that is cut off and comes back."""

    def make(server, run_id, token="ana-token-0123456789", **more):
        return Reader(server, run_id, token, **more)

    return make
