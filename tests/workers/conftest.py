"""Small databases of both engines, children to read them, and statements that take long."""

import asyncio
import json
import os
import sqlite3
from pathlib import Path

import duckdb
import pytest

from prosa.sources.base import Catalog, Database, GuardedQuery, Piece, TableInfo
from prosa.workers.pool import Workers

CORPUS = Path(__file__).parents[2] / "../shared/data/guard"

ENDLESS = {
    "duckdb": "SELECT sum(hash(a.n + b.n)) FROM numbers a, numbers b",
    "sqlite": "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r",
}


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """One file of each engine with `numbers` (n from 0 to 99,999, a text, a day) and a table nobody was granted."""
    folder = tmp_path_factory.mktemp("databases")
    rows = (
        "SELECT i AS n, 'São ' || (i % 7) AS place, DATE '2024-01-01' + (i % 366)::INT AS day FROM range(100000) t(i)"
    )
    with duckdb.connect(str(folder / "a.duckdb")) as con:
        con.execute(f"CREATE TABLE numbers AS {rows}")
        con.execute("CREATE TABLE secret AS SELECT 'hidden' AS word")
        found = con.execute("SELECT n, place, day::VARCHAR FROM numbers").fetchall()
    with sqlite3.connect(folder / "a.sqlite") as con:
        con.execute("CREATE TABLE numbers (n INTEGER, place TEXT, day DATE)")
        con.executemany("INSERT INTO numbers VALUES (?, ?, ?)", found)
        con.execute("CREATE TABLE secret AS SELECT 'hidden' AS word")
    con.close()
    return {"duckdb": folder / "a.duckdb", "sqlite": folder / "a.sqlite"}


@pytest.fixture(scope="session")
def database(files):
    """The database of a dialect, with `numbers` alone in its catalog."""

    def make(dialect="duckdb", path=None, fingerprint="now"):
        catalog = Catalog(dialect, (TableInfo("numbers", "demo", (), 100_000),), fingerprint)
        piece = Piece("numbers", dialect, (str(path or files[dialect]),), "main.numbers")
        return Database(dialect, ("demo",), (piece,), catalog)

    return make


@pytest.fixture(scope="session")
def guarded():
    """A statement as if the guard had passed it."""
    return lambda sql, database: GuardedQuery(sql, database.dialect, ("numbers",), "grant", database.fingerprint)


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def hire(tmp_path, alive):
    """Starts workers with these settings; all are closed when the test has ended."""
    hired = []

    async def start(**settings):
        hired.append(Workers(cache_dir=tmp_path / "cache", threads=1, **settings))
        return await hired[-1].__aenter__()

    yield start
    for workers in hired:
        await workers.aclose()
    assert alive() == []


@pytest.fixture(scope="session")
async def workers(tmp_path_factory):
    """Workers that all tests share which do not care."""
    async with Workers(cache_dir=tmp_path_factory.mktemp("cache"), threads=1) as shared:
        yield shared


@pytest.fixture
def run(workers, database, guarded):
    """Runs a statement, on the shared workers or on others."""

    async def query(sql, dialect="duckdb", time_limit=30.0, workers=workers, **options):
        on = database(dialect)
        return await workers.query(guarded(sql, on), on, result_id="r", time_limit=time_limit, **options)

    return query


@pytest.fixture
def endless(database, guarded):
    """A statement that never ends by itself, as a task that is certainly at work when it is given back."""

    async def start(workers, dialect="duckdb", time_limit=600.0):
        on = database(dialect)
        begun = asyncio.Event()
        query = workers.query(
            guarded(ENDLESS[dialect], on), on, result_id="r", time_limit=time_limit, on_progress=lambda *_: begun.set()
        )
        task = asyncio.create_task(query)
        if dialect == "duckdb":
            await begun.wait()
        return task

    return start


@pytest.fixture
def alive(tmp_path):
    """The ids of this test's workers, ended ones that nobody waited for included, from the system's own list.

    Other pools live in this process, and let their idle children go when it suits them.
    """
    own = set()

    def children():
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                environment = (folder / "environ").read_bytes()
            except OSError:
                continue
            child = int(folder.name)
            if int(parent) == os.getpid() and (os.fsencode(tmp_path) in environment or (state == "Z" and child in own)):
                found.append(child)
        own.update(found)
        return found

    return children


@pytest.fixture(scope="session")
def corpus():
    """The lines of a file of statements that lies beside the checkout."""

    def lines(name):
        path = CORPUS / name
        if not path.exists():
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs {path.name} beside the checkout")
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    return lines
