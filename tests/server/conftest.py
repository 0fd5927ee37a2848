"""Real servers on real sockets, with an answerer that does as it is told, and clients of two people."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from prosa import events as e
from prosa.app import Desk
from prosa.config import Settings, User
from prosa.errors import QueryError
from prosa.identity import Principal
from prosa.results import Column, Provenance, Recipe, Result
from prosa.server.asgi import Application
from prosa.server.auth import identity_of
from prosa.server.edge import Hosts
from prosa.server.serve import Server, bound, loop_factory

TOKENS = {"ana": "ana-token-0123456789", "bia": "bia-token-0123456789"}


class Obedient:
    """Does what the question says: `say …`, `slowly …` (word by word), `hang`, `fail`, `crash`, `burst N`, `flood N`
    (N times 64 kilobytes), `raw …` (any words), `table`."""

    def __init__(self):
        self.hanging = threading.Event()
        self.stopped = threading.Event()
        self.results = None

    async def answer(self, question, context, emit):
        order, _, rest = question.text.partition(" ")
        emit(e.StageStarted("execute"))
        await getattr(self, f"_{order}", self._say)(rest, context, emit)
        emit(e.StageCompleted("execute", 1.5, "done"))

    async def _say(self, rest, context, emit):
        emit(e.Text(0, rest or "nothing"))

    async def _slowly(self, rest, context, emit):
        for word in rest.split():
            emit(e.Text(0, f"{word} "))
            await asyncio.sleep(0.001)

    async def _hang(self, rest, context, emit):
        self.hanging.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.stopped.set()
            raise

    async def _fail(self, rest, context, emit):
        raise QueryError(what="no such table")

    async def _crash(self, rest, context, emit):
        raise RuntimeError("secret detail")

    async def _burst(self, rest, context, emit):
        for number in range(int(rest)):
            emit(e.Text(0, f"{number} "))

    async def _flood(self, rest, context, emit):
        for _ in range(int(rest)):
            emit(e.Text(0, "x" * 65_536))
            await asyncio.sleep(0)

    async def _table(self, rest, context, emit):
        columns = (Column("store", "text"), Column("n", "integer"))
        rows = tuple((f"store {number}", number) for number in range(30))
        made = Result("table-" + context.run_id, columns, rows, 30, (), Recipe("SELECT 1", "duckdb", ("s",), "f"))
        about = Provenance("stores", "SELECT 1", "s", context.run_id, "2024-01-01T00:00:00Z", 30)
        self.results.put(context.principal, made, None, about)
        emit(e.Table(made.id, "q1", columns, rows[:5], 30))


class Running:
    """A server, its address and its parts."""

    def __init__(self, app, server, url):
        self.app, self.server, self.url = app, server, url

    @property
    def desk(self):
        return self.app._state.desk

    @property
    def port(self):
        return httpx.URL(self.url).port

    def client(self, user="ana", **headers):
        sent = {"authorization": f"Bearer {TOKENS[user]}"} if user else {}
        # Reading the system's certificates takes a client 30 ms, and there is nothing here to verify with them.
        return httpx.Client(base_url=self.url, headers={**sent, **headers}, timeout=60, verify=False, trust_env=False)


@contextmanager
def running(app):
    """Serves an application in a thread of its own until the block ends."""
    ready = threading.Event()
    listener = bound("127.0.0.1", 0)
    server = Server(app, ready.set)
    failures = []

    async def serve():
        try:
            await app.start()
            await server.serve([listener])
            await app.stop()
        except BaseException as error:
            failures.append(error)
            ready.set()
            raise

    def loop():
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(serve())

    thread = threading.Thread(target=loop)
    thread.start()
    ready.wait(20)
    assert not failures
    try:
        yield Running(app, server, f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def make_settings(tmp_path_factory):
    """Settings with two users and private folders."""

    def make(**more):
        home = tmp_path_factory.mktemp("home")
        users = tuple(User(name, sha256(token.encode()).hexdigest()) for name, token in TOKENS.items())
        given = {"data_dir": home / "data", "cache_dir": home / "cache", "users": users, "port": 0, **more}
        return Settings(**given)

    return make


@pytest.fixture(scope="session")
def make_app(make_settings):
    """An application over one small table, with an obedient answerer."""

    def make(answerer=None, settings=None, sources=(), **more):
        chosen = settings or make_settings(**more)
        desk = Desk(chosen, sources, answerer=answerer, keep=True)
        identity = identity_of(chosen, None, chosen.token)
        return Application(lambda: desk, chosen, identity, hosts=Hosts(chosen.host, chosen.allowed_hosts))

    return make


@pytest.fixture(scope="session")
def obedient():
    return Obedient


@pytest.fixture(scope="session")
def serving(make_app):
    """`with serving(**settings) as server`: a server of its own, closed at the end of the block; `real`: with the
    staged pipeline in place of the obedient answerer."""

    @contextmanager
    def serve(answerer=None, *, real=False, **more):
        chosen = None if real else answerer or Obedient()
        with running(make_app(chosen, **more)) as server:
            if isinstance(chosen, Obedient):
                chosen.results = server.desk.results
            server.answerer = chosen
            yield server

    return serve


@pytest.fixture(scope="module")
def server(serving, tmp_path_factory):
    """One server for all tests of a module that leave it as it was."""
    path = tmp_path_factory.mktemp("data") / "shops.csv"
    path.write_text("shop,sales\nA,1\nB,2\n")
    with serving(sources=[("shops", str(path))]) as server:
        yield server


@pytest.fixture
def ana(server):
    with server.client("ana") as client:
        yield client


@pytest.fixture
def bia(server):
    with server.client("bia") as client:
        yield client


@pytest.fixture
def nobody(server):
    with server.client(None) as client:
        yield client


@pytest.fixture(scope="session")
def frames():
    """The frames of an event stream as (event, id, data)."""

    def parse(text):
        found = []
        for frame in text.split("\n\n"):
            fields = [line.partition(": ") for line in frame.split("\n") if line and not line.startswith(":")]
            lines = {name: value for name, _, value in fields}
            if lines:
                found.append((lines["event"], lines["id"], json.loads(lines["data"])))
        return found

    return parse


@pytest.fixture(scope="session")
def start_run():
    """Starts a run in a new conversation; its id."""

    def start(client, question, **more):
        conversation = client.post("/api/conversations", json={}).json()["id"]
        reply = client.post(f"/api/conversations/{conversation}/runs", json={"question": question, **more})
        assert reply.status_code == 202, reply.text
        return reply.json()["run_id"]

    return start


@pytest.fixture(scope="session")
def raw():
    """Sends bytes to a server's port; a socket to read the rest from."""

    @contextmanager
    def send(server, data):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(data)
            yield connection

    return send


@pytest.fixture(scope="session")
def request_bytes():
    """An HTTP/1.1 request of ana as bytes."""

    def make(method, path, body=b"", **headers):
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {TOKENS['ana']}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}"] if body else []
        return "\r\n".join([*lines, "", ""]).encode() + body

    return make


@pytest.fixture
def identity_ana():
    return Principal("ana")


@pytest.fixture
def kill_workers():
    """Kills every child process at once, as the system does when memory runs out."""

    def kill():
        children = []
        for thread in Path("/proc/self/task").iterdir():
            with suppress(FileNotFoundError):  # a thread may end meanwhile, and a child as well
                children += (thread / "children").read_text().split()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)

    return kill


_PROGRAM = """
{answerer}

from pathlib import Path
from prosa.app import Desk
from prosa.config import Settings
from prosa.server.serve import run

home = Path({home!r})
settings = Settings(data_dir=home / "data", cache_dir=home / "cache", port=0, **{more!r})
desk = Desk(settings, {sources!r}, answerer=Answerer(), keep=True)
run(desk, on_ready=lambda link: print(link, flush=True))
print("ended", flush=True)
"""


@pytest.fixture(scope="session")
def process():
    """`with process(home, answerer, **settings) as (running, client)`: a server in a process of its own, whose answerer
    is the class `Answerer` of that source text, and a client that its link has signed in."""

    @contextmanager
    def start(home, answerer, sources=(), **more):
        program = _PROGRAM.format(answerer=answerer, home=str(home), sources=sources, more=more)
        command = [sys.executable, "-c", program]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
            try:
                address = running.stdout.readline().strip()
                assert address, running.stderr.read()
                base = address.partition("/?")[0]
                with httpx.Client(base_url=base, follow_redirects=True, timeout=60, verify=False) as client:
                    assert client.get(address).status_code == 200
                    client.link = address
                    yield running, client
            finally:
                running.kill()

    return start
