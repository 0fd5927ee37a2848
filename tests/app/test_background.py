"""Plain code waits for coroutines in a loop of its own thread, from anywhere."""

import asyncio
import subprocess
import sys
import threading

import pytest

from prosa.app.background import Background


@pytest.fixture
def ended():
    return []


@pytest.fixture
def background(ended):
    async def at_end():
        ended.append(threading.current_thread().name)

    background = Background(at_end)
    yield background
    background.stop()


async def twice(number):
    await asyncio.sleep(0)
    return 2 * number


async def where():
    return threading.current_thread().name


def test_a_coroutine_is_waited_for(background):
    assert background.run(twice(2)) == 4


async def test_also_where_a_loop_is_running(background):
    assert background.run(twice(3)) == 6


def test_from_several_threads_at_once(background):
    found = []
    threads = [threading.Thread(target=lambda n=n: found.append(background.run(twice(n)))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [2 * n for n in range(20)]


def test_there_is_one_thread(background):
    assert background.run(where()) == background.run(where()) == "prosa"


def test_what_a_coroutine_raises_comes_out(background):
    async def fails():
        raise LookupError("x")

    with pytest.raises(LookupError):
        background.run(fails())


def test_the_end_runs_in_the_loop_and_only_where_it_was_started(ended):
    async def at_end():
        ended.append(threading.current_thread().name)

    Background(at_end).stop()
    assert ended == []
    used = Background(at_end)
    used.run(twice(1))
    used.stop()
    used.stop()
    assert ended == ["prosa"]


def test_it_starts_again_after_its_end(background):
    background.run(twice(1))
    background.stop()
    assert background.run(twice(2)) == 4


def test_the_interpreter_ends_cleanly_even_where_closing_needs_a_thread_pool():
    script = """
import asyncio
from prosa.app.background import Background

async def at_end():
    await asyncio.to_thread(print, "closed")

async def nothing(): pass

background = Background(at_end)
background.run(nothing())
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "closed\n", "")
