"""The process itself: what it gets to know, whom it outlives, and in which event loops it works."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from prosa.errors import StorageError, WorkerDied
from prosa.sources.engine import Resources
from prosa.workers import process, protocol, scratch
from prosa.workers.pool import Workers
from prosa.workers.process import ChildProcess


async def test_a_child_gets_no_secret_from_the_environment(monkeypatch, hire, run, alive):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hidden")
    monkeypatch.setenv("PROSA_TOKEN", "hidden")
    monkeypatch.setenv("LANG", "pt_BR.UTF-8")
    workers = await hire()
    await run("SELECT 1", workers=workers)
    (child,) = alive()
    given = await asyncio.to_thread(Path(f"/proc/{child}/environ").read_bytes)
    assert b"hidden" not in given
    assert b"LANG=pt_BR.UTF-8" in given


async def test_a_child_is_waiting_before_the_first_question(hire, alive):
    workers = await hire()
    while not (await workers.status())["questions"]:  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0)
    assert len(alive()) == 1


async def test_files_in_the_working_folder_are_not_modules(tmp_path, monkeypatch, hire, database, guarded):
    for name in ("duckdb.py", "json.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit('taken from the working folder')")
    monkeypatch.chdir(tmp_path)
    workers, on = await hire(), database()
    assert (await workers.query(guarded("SELECT 1", on), on, result_id="r", time_limit=9)).head == ((1,),)


async def test_ctrl_c_in_the_terminal_does_not_reach_a_child(hire, run, alive):
    workers = await hire()
    await run("SELECT 1", workers=workers)
    (child,) = alive()
    assert os.getsid(child) != os.getsid(0)
    os.kill(child, signal.SIGINT)
    assert (await run("SELECT 2", workers=workers)).head == ((2,),)
    assert child in alive()


PRINTS = """
import os, sys
from prosa.workers import protocol
from prosa.workers.child import Channel
channel = Channel()
print("a stray print", flush=True)
os.write(1, b"straight into descriptor 1")
channel.send(protocol.Ready(), b"payload")
assert sys.stdin.read() == ""
assert channel.read() is None
"""


def test_a_stray_print_never_breaks_a_frame():
    done = subprocess.run([sys.executable, "-c", PRINTS], input=b"", capture_output=True, timeout=60)
    assert done.returncode == 0
    assert list(protocol.Unframer().feed(done.stdout)) == [(protocol.Ready(), b"payload")]
    assert b"a stray print" in done.stderr
    assert b"straight into" in done.stderr


SCRIPT = """
import asyncio, os, signal, sys
from pathlib import Path
from prosa.workers.pool import Workers
from prosa.sources.base import *

database = Database("duckdb", ("d",), (Piece("numbers", "duckdb", (sys.argv[1],), "main.numbers"),),
                    Catalog("duckdb", (), "now"))
guarded = lambda sql: GuardedQuery(sql, "duckdb", ("numbers",), "g", "now")

async def main():
    async with Workers(cache_dir=Path(sys.argv[2]), threads=1) as workers:
        result = await workers.query(guarded("SELECT sum(n) FROM numbers"), database, result_id="r", time_limit=30)
        print(result.head[0][0], flush=True)
        if sys.argv[3:] == ["fork"]:
            (child,) = workers._questions._children
            forked = os.fork()
            if not forked:
                os.close(1)
                os.close(2)
                signal.pause()
            print(child.pid, forked, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        if sys.argv[3:] == ["die"]:
            (child,) = workers._questions._children
            print(child.pid, flush=True)
            begun = asyncio.Event()
            endless = workers.query(guarded("SELECT sum(hash(a.n + b.n)) FROM numbers a, numbers b"), database,
                                    result_id="r", time_limit=600, on_progress=lambda *_: begun.set())
            task = asyncio.create_task(endless)
            await begun.wait()
            os.kill(os.getpid(), signal.SIGKILL)

RUN
"""


def script(how, *arguments):
    command = [sys.executable, "-W", "error", "-c", SCRIPT.replace("RUN", how), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    "how",
    [
        "asyncio.run(main())",
        "import uvloop; uvloop.run(main())",
        "import threading; t = threading.Thread(target=lambda: asyncio.run(main())); t.start(); t.join()",
        "import threading, uvloop; t = threading.Thread(target=lambda: uvloop.run(main())); t.start(); t.join()",
        "loop = asyncio.new_event_loop(); loop.run_until_complete(main()); loop.close()",
    ],
    ids=["asyncio", "uvloop", "thread", "uvloop in a thread", "a loop of its own"],
)
def test_it_works_in_any_loop_without_a_main_guard(how, files, tmp_path):
    done = script(how, files["duckdb"], tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == ("4999950000\n", "", 0)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_the_parent_never_loads_an_engine(files, tmp_path):
    done = script("asyncio.run(main()); print('duckdb' in sys.modules)", files["duckdb"], tmp_path)
    assert done.stdout == "4999950000\nFalse\n"


def test_a_child_ends_with_its_parent_even_in_the_middle_of_a_statement(files, tmp_path):
    done = script("asyncio.run(main())", files["duckdb"], tmp_path, "die")
    assert done.returncode == -signal.SIGKILL
    child = int(done.stdout.split()[1])
    assert ends(child)
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_ends_with_its_parent_even_when_a_fork_of_that_lives_on(files, tmp_path):
    done = script("asyncio.run(main())", files["duckdb"], tmp_path, "fork")
    assert done.returncode == -signal.SIGKILL
    child, forked = map(int, done.stdout.split()[1:])
    try:
        assert ends(child)
    finally:
        os.kill(forked, signal.SIGKILL)


def ends(process):
    """Waits for the end of a process that is nobody's child here."""
    try:
        watch = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return select.select([watch], [], [], 60)[0] == [watch]
    finally:
        os.close(watch)


async def test_a_child_that_cannot_start_is_an_error_and_leaves_nothing(tmp_path, monkeypatch, alive):
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(WorkerDied):
        await ChildProcess.start(tmp_path, Resources(1 << 30))
    monkeypatch.setattr(process, "COMMAND", (str(tmp_path / "no-such-python"),))
    with pytest.raises(WorkerDied):
        await ChildProcess.start(tmp_path, Resources(1 << 30))
    assert alive() == []
    assert list(tmp_path.iterdir()) == []


async def test_what_a_child_says_before_it_is_ready_is_logged(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", "raise SystemExit('no module named duckdb')"))
    with pytest.raises(WorkerDied):
        await ChildProcess.start(tmp_path, Resources(1 << 30))
    assert "no module named duckdb" in caplog.text


async def test_a_cache_folder_that_cannot_be_written_is_a_storage_error(tmp_path, database, guarded):
    (tmp_path / "file").write_text("")
    async with Workers(cache_dir=tmp_path / "file") as workers:
        with pytest.raises(StorageError):
            await workers.query(guarded("SELECT 1", database()), database(), result_id="r", time_limit=9)


def test_folders_of_dead_processes_are_swept_and_others_kept(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / f"{dead.pid}-left").mkdir()
    (tmp_path / f"{dead.pid}-left" / "spill").write_bytes(b"x")
    (tmp_path / "not-ours").mkdir()
    ours = scratch.make(tmp_path)
    scratch.sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "not-ours", ours])
    scratch.sweep(tmp_path / "nowhere")
