"""Cancel, time limit, memory limit and sudden death: the statement ends, nobody else is hurt, nothing is left."""

import asyncio
import os
import re
import signal
from contextlib import suppress

import pytest

from prosa.errors import MemoryLimit, QueryError, TimeLimit, WorkerDied
from prosa.sources.engine import Resources
from prosa.workers.lane import Lane
from prosa.workers.process import ChildProcess

UNSTOPPABLE = "SELECT length(lpad('x', 1500000000, 'y'))"


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
async def test_a_cancelled_statement_stops_and_its_child_goes_on(hire, endless, run, alive, dialect):
    workers = await hire(questions=1)
    await run("SELECT 1", dialect, workers=workers)
    before = alive()
    task = await endless(workers, dialect)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await run("SELECT count(*) FROM numbers", dialect, workers=workers)).head == ((100_000,),)
    assert alive() == before


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
async def test_the_time_limit_stops_a_statement_and_says_so(run, endless, workers, dialect):
    with pytest.raises(TimeLimit) as caught:
        await (await endless(workers, dialect, time_limit=0.4))
    assert caught.value.values == {"seconds": "0.4"}
    assert (await run("SELECT 1", dialect)).head == ((1,),)


async def test_what_cannot_be_interrupted_is_killed_and_replaced(hire, database, guarded, alive):
    workers = await hire(kill_after=0.1)
    on = database()
    first = (await workers.query(guarded("SELECT 1", on), on, result_id="r", time_limit=9)).head
    before = set(alive())
    with pytest.raises(TimeLimit):
        await workers.query(guarded(UNSTOPPABLE, on), on, result_id="r", time_limit=0.1)
    assert (await workers.query(guarded("SELECT 1", on), on, result_id="r", time_limit=9)).head == first
    assert set(alive()).isdisjoint(before)


async def test_a_second_cancel_while_stopping_still_gives_the_child_back(hire, database, guarded, endless):
    workers = await hire(questions=1, kill_after=0.3)
    on = database()
    task = asyncio.create_task(workers.query(guarded(UNSTOPPABLE, on), on, result_id="r", time_limit=60))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await workers.query(guarded("SELECT 1", on), on, result_id="r", time_limit=9)).head == ((1,),)


async def test_a_killed_child_fails_its_own_statement_alone(hire, endless, run, alive):
    workers = await hire()
    task = await endless(workers)
    doomed = alive()
    other = asyncio.create_task(run("SELECT sum(n) FROM numbers", workers=workers))
    await other
    for process in doomed:
        os.kill(process, signal.SIGKILL)
    with pytest.raises(WorkerDied):
        await task
    assert other.result().head == ((4_999_950_000,),)
    assert (await run("SELECT 1", workers=workers)).head == ((1,),)


async def test_an_idle_child_that_dies_is_replaced_unnoticed(hire, run, alive):
    workers = await hire()
    await run("SELECT 1", workers=workers)
    (idle,) = alive()
    os.kill(idle, signal.SIGKILL)
    while not set(alive()) - {idle}:  # noqa: ASYNC110 - the system has no event for it
        await asyncio.sleep(0)
    assert (await run("SELECT 2", workers=workers)).head == ((2,),)
    assert idle not in alive()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT list_sum(range(3000000000))",
        "SELECT length(repeat('x', 4000000000))",
        "SELECT list(n || repeat('x', 1000000)) FROM numbers",
    ],
)
async def test_too_much_memory_is_an_error_and_the_machine_is_safe(hire, database, guarded, sql):
    workers = await hire(questions=1, memory_limit=128 << 20)
    on = database()
    for _ in range(3):
        with pytest.raises(MemoryLimit):
            await workers.query(guarded(sql, on), on, result_id="r", time_limit=60)
        assert (await workers.query(guarded("SELECT 1", on), on, result_id="r", time_limit=9)).head == ((1,),)


async def test_a_child_that_holds_on_to_much_memory_is_replaced(hire, database, guarded, alive):
    workers = await hire(questions=1, memory_limit=128 << 20)
    on = database()
    await workers.query(guarded("SELECT 1", on), on, result_id="r", time_limit=9)
    before = set(alive())
    wasteful = "SELECT length(repeat('x', 400000000))"
    assert (await workers.query(guarded(wasteful, on), on, result_id="r", time_limit=60)).head == ((400_000_000,),)
    assert before.isdisjoint(alive())


async def test_sqlite_has_a_memory_limit_too(hire, database, guarded):
    workers = await hire(memory_limit=8 << 20)
    on = database("sqlite")
    with pytest.raises(MemoryLimit):
        await workers.query(
            guarded("SELECT group_concat(hex(zeroblob(1000))) FROM numbers", on), on, result_id="r", time_limit=60
        )


async def test_waiting_questions_are_served_in_the_order_of_asking(hire, database, guarded, endless):
    workers = await hire(questions=1)
    on = database()
    task = await endless(workers)
    order = []

    async def ask(number):
        await workers.query(guarded(f"SELECT {number}", on), on, result_id="r", time_limit=30)
        order.append(number)

    waiting = [asyncio.create_task(ask(number)) for number in range(8)]
    await asyncio.sleep(0)
    waiting[3].cancel()
    task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert order == [0, 1, 2, 4, 5, 6, 7]


async def test_closing_ends_children_at_work_and_tells_those_who_wait(hire, endless, alive):
    workers = await hire(questions=1)
    task = await endless(workers)
    await workers.aclose()
    with pytest.raises(WorkerDied):
        await task
    assert alive() == []


async def test_a_closed_pool_starts_no_child(hire, database, guarded, alive):
    workers = await hire()
    await workers.aclose()
    on = database()
    with pytest.raises(WorkerDied):
        await workers.query(guarded("SELECT 1", on), on, result_id="r", time_limit=9)
    assert alive() == []


async def test_a_used_child_is_let_go_when_idle_and_the_warm_one_replaced(tmp_path):
    async def start():
        return await ChildProcess.start(tmp_path, Resources(1 << 30))

    lane = Lane(2, 1, start, idle_seconds=0.05)
    used = [await lane.acquire(), await lane.acquire()]
    for child in used:
        lane.release(child)
    await asyncio.gather(*(child.gone for child in used))
    fresh = await lane.acquire()
    assert fresh not in used
    lane.release(fresh)
    await lane.aclose()
    assert lane.alive == 0


async def kills(workers, database, guarded, count):
    """Kills so many children in the middle of a statement; gives the number of open files before and after."""
    on = database()

    async def once():
        with pytest.raises(TimeLimit):
            await workers.query(guarded(UNSTOPPABLE, on), on, result_id="r", time_limit=0.05)

    await once()
    await workers.query(guarded("SELECT 1", on), on, result_id="r", time_limit=9)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(count):
        await once()
    await workers.query(guarded("SELECT 1", on), on, result_id="r", time_limit=9)
    return before, len(os.listdir("/proc/self/fd"))


async def test_kills_leave_no_process_file_or_folder_behind(hire, database, guarded, alive, tmp_path):
    workers = await hire(questions=1, kill_after=0.01)
    before, after = await kills(workers, database, guarded, 5)
    assert after <= before
    assert len(alive()) == 1
    assert len(list((tmp_path / "cache" / "scratch").iterdir())) == 1
    await workers.aclose()
    assert list((tmp_path / "cache" / "scratch").iterdir()) == []


@pytest.mark.slow
async def test_two_hundred_kills_leave_nothing_behind(hire, database, guarded, alive, tmp_path):
    def resident():
        with open("/proc/self/statm") as pages:
            return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    workers = await hire(questions=1, kill_after=0.01)
    await kills(workers, database, guarded, 20)
    memory = resident()
    before, after = await kills(workers, database, guarded, 200)
    assert after <= before
    assert resident() - memory < 8 << 20
    assert len(alive()) == 1
    assert len(list((tmp_path / "cache" / "scratch").iterdir())) == 1


@pytest.mark.corpus
async def test_runaways_are_stopped_without_the_guard(hire, database, guarded, corpus):
    workers = await hire(memory_limit=512 << 20)
    clock = asyncio.get_running_loop().time
    for line in corpus("runaway.jsonl"):
        if line["dialect"] in ("duckdb", "sqlite"):
            on = database(line["dialect"])
            sql = re.sub(r"\bt ([a-h])\b", r"numbers \1", line["sql"])
            await workers.query(guarded("SELECT 1", on), on, result_id="r", time_limit=30)
            began = clock()
            with suppress(TimeLimit, MemoryLimit, QueryError):
                await workers.query(guarded(sql, on), on, result_id="r", time_limit=1.0)
            assert clock() - began < 2.5, line["id"]
