"""Queries that wait together share one transaction, and nobody notices."""

import asyncio
import sqlite3

import pytest
from sqlalchemy import text

from prosa.conversations.database import StoreFile
from prosa.conversations.thread import StoreThread
from prosa.errors import AccessError, StorageError


@pytest.fixture
def file(path):
    file = StoreFile(path)
    file.open()
    with file.write() as connection:
        connection.execute(text("CREATE TABLE notes (number INTEGER PRIMARY KEY)"))
    yield file
    file.close()


@pytest.fixture
async def thread(file):
    thread = StoreThread(file)
    yield thread
    thread.close()


def adding(number):
    return lambda connection: connection.execute(text(f"INSERT INTO notes VALUES ({number})")).rowcount


def numbers(connection):
    return [*connection.execute(text("SELECT number FROM notes ORDER BY number")).scalars()]


async def test_those_that_wait_together_share_one_transaction(thread, file, monkeypatch):
    begun = []
    write = file.write
    monkeypatch.setattr(file, "write", lambda: begun.append(1) or write())
    await asyncio.gather(*(thread.query(adding(number), writes=True) for number in range(100)))
    assert await thread.query(numbers, writes=False) == [*range(100)]
    assert len(begun) == 2  # the first, and all that came while it was at work


async def test_calls_run_in_their_order_whether_they_read_or_write(thread):
    calls = [thread.query(adding(n) if n % 2 else numbers, writes=bool(n % 2)) for n in range(10)]
    told = await asyncio.gather(*calls)
    assert told[::2] == [[], [1], [1, 3], [1, 3, 5], [1, 3, 5, 7]]


async def test_one_that_fails_takes_nobody_with_it(thread):
    def refused(connection):
        adding(50)(connection)
        raise AccessError("not_found")

    calls = [adding(1), adding(2), refused, adding(2), adding(3)]
    told = await asyncio.gather(*(thread.query(call, writes=True) for call in calls), return_exceptions=True)
    assert [type(each) for each in told] == [int, int, AccessError, StorageError, int]
    assert await thread.query(numbers, writes=False) == [1, 2, 3]


async def test_what_has_been_told_is_committed(thread, path):
    async def add(number):
        await thread.query(adding(number), writes=True)
        with sqlite3.connect(path) as other:
            assert number in {found for (found,) in other.execute("SELECT number FROM notes")}

    await asyncio.gather(*(add(number) for number in range(20)))


async def test_one_that_nobody_waits_for_any_longer_stops_nobody(thread):
    calls = [asyncio.ensure_future(thread.query(adding(number), writes=True)) for number in range(5)]
    await asyncio.sleep(0)
    calls[3].cancel()
    await asyncio.wait(calls)
    assert [call.result() for call in calls if not call.cancelled()] == [1, 1, 1, 1]


async def test_nothing_else_runs_before_the_queries_that_were_asked_for(thread, path):
    calls = [asyncio.ensure_future(thread.query(adding(number), writes=True)) for number in range(5)]
    await asyncio.sleep(0)

    def count():
        with sqlite3.connect(path) as other:
            return other.execute("SELECT count(*) FROM notes").fetchone()

    assert await thread.run(count) == (5,)
    await asyncio.wait(calls)
