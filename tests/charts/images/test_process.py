"""The picture process: late, killed, full, grown, left alone. A stopped process (SIGSTOP) stands for one at work."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from prosa.charts.images import pictures as module
from prosa.charts.images.pictures import Pictures
from prosa.errors import BusyError, TimeLimit, WorkerDied

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs a system that can stop a process"),
]

BARS = {"data": [{"type": "bar", "x": ["a", "b"], "y": [3, 1]}]}


@pytest.fixture
async def warm():
    """One that has drawn, so that its process is there."""
    found = Pictures(seconds=20, waiting=2)
    await found.draw(BARS, "svg")
    yield found
    found.close()


async def in_line(pictures, count):
    """Pictures that have been asked for, of which the first is at work."""
    tasks = [asyncio.create_task(pictures.draw(BARS, "svg")) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks


async def test_nothing_runs_before_the_first_picture():
    pictures = Pictures()
    assert pictures.pid is None
    pictures.close()


async def test_one_process_draws_all(warm):
    pid = warm.pid
    await warm.draw(BARS, "png")
    assert warm.pid == pid


async def test_killed_in_the_middle_the_picture_comes_from_a_new_one(warm):
    pid = warm.pid
    os.kill(pid, signal.SIGSTOP)
    (task,) = await in_line(warm, 1)
    os.kill(pid, signal.SIGKILL)
    assert (await task).data.startswith(b"<svg")
    assert warm.pid != pid


async def test_a_process_that_never_comes_up_is_an_error_of_its_own(monkeypatch):
    monkeypatch.setattr(module, "COMMAND", (sys.executable, "-c", ""))
    pictures = Pictures()
    with pytest.raises(WorkerDied) as caught:
        await pictures.draw(BARS, "svg")
    assert caught.value.code == "picture_died"
    monkeypatch.undo()
    assert (await pictures.draw(BARS, "svg")).data.startswith(b"<svg")
    pictures.close()


async def test_killed_between_two_pictures_nobody_notices(warm):
    pid = warm.pid
    os.kill(pid, signal.SIGKILL)
    assert (await warm.draw(BARS, "svg")).data.startswith(b"<svg")
    assert warm.pid != pid


async def test_a_picture_that_takes_too_long_is_given_up(warm):
    pid = warm.pid
    warm.limit(seconds=0.1, waiting=2, largest=4_000)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(TimeLimit) as caught:
        await warm.draw(BARS, "svg")
    assert caught.value.code == "picture_time"
    warm.limit(seconds=20, waiting=2, largest=4_000)
    assert (await warm.draw(BARS, "svg")).data.startswith(b"<svg")


async def test_a_figure_that_keeps_plotly_busy_is_given_up_by_the_page_itself(warm):
    points = {
        "type": "scatter",
        "mode": "markers+text",
        "x": list(range(40_000)),
        "y": list(range(40_000)),
        "text": "a",
    }
    warm.limit(seconds=0.2, waiting=2, largest=4_000)
    with pytest.raises(TimeLimit):
        await warm.draw({"data": [points]}, "svg")


async def test_one_too_many_is_refused_and_those_in_line_are_drawn(warm):
    os.kill(warm.pid, signal.SIGSTOP)
    tasks = await in_line(warm, 3)
    with pytest.raises(BusyError) as caught:
        await warm.draw(BARS, "svg")
    assert caught.value.code == "picture_queue"
    os.kill(warm.pid, signal.SIGCONT)
    assert all(picture.data.startswith(b"<svg") for picture in await asyncio.gather(*tasks))


async def test_who_leaves_the_line_makes_room(warm):
    os.kill(warm.pid, signal.SIGSTOP)
    *others, last = await in_line(warm, 3)
    last.cancel()
    await asyncio.wait([last])
    (again,) = await in_line(warm, 1)
    os.kill(warm.pid, signal.SIGCONT)
    assert all(picture.data for picture in await asyncio.gather(*others, again))


async def test_a_grown_process_is_replaced(warm, monkeypatch):
    pid = warm.pid
    monkeypatch.setattr(module, "GROWN", 1)
    assert (await warm.draw(BARS, "svg")).data.startswith(b"<svg")
    assert warm.pid is None
    monkeypatch.undo()
    await warm.draw(BARS, "svg")
    assert warm.pid not in (None, pid)


async def test_a_broken_figure_leaves_the_process_alive(warm):
    pid = warm.pid
    with pytest.raises(Exception, match=r"drawn|draw"):
        await warm.draw({"data": [{"type": "image", "z": [[1]], "source": "x"}]}, "svg")
    await warm.draw(BARS, "svg")
    assert warm.pid == pid


async def test_after_some_time_without_work_the_process_goes(monkeypatch):
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.01)
    pictures = Pictures()
    await pictures.draw(BARS, "svg")
    async with asyncio.timeout(30):
        while pictures.pid is not None:  # noqa: ASYNC110 the process goes by itself and tells nobody
            await asyncio.sleep(0.01)
    assert (await pictures.draw(BARS, "svg")).data.startswith(b"<svg")
    pictures.close()


async def test_it_belongs_to_no_event_loop(warm):
    def elsewhere():
        return asyncio.run(warm.draw(BARS, "svg")).data

    assert (await asyncio.to_thread(elsewhere)) == (await warm.draw(BARS, "svg")).data


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_the_process_gets_no_secret_of_the_environment(monkeypatch):
    monkeypatch.setenv("PROSA_TOKEN", "a-secret-of-16-characters")
    pictures = Pictures()
    asyncio.run(pictures.draw(BARS, "svg"))
    assert b"a-secret" not in Path(f"/proc/{pictures.pid}/environ").read_bytes()
    pictures.close()
