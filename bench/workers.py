"""What the child processes cost and how soon they stop: ratios to DuckDB and writers in this process, in one run.

    uv run python bench/workers.py [--rows 2000000]

Ratios are in-process time to worker time: 1 means that a process of its own costs nothing. Aims: a large result 0.6, an
export 0.75, a cancel at the 95th percentile 250 ms, an idle child 75 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import duckdb

from prosa.exports import formats
from prosa.exports.options import Options
from prosa.sources.base import Catalog, Database, GuardedQuery, Piece
from prosa.sources.duckdb import DuckDB
from prosa.sources.engine import Attachment, Resources
from prosa.workers.gather import gather
from prosa.workers.pool import PageRequest, Workers
from prosa.workers.process import ChildProcess

ROWS = """
    SELECT i::INTEGER AS id, (i * 7919) % 1000 AS qty, ((i * 7919) % 1000000 / 100.0)::DECIMAL(12, 2) AS price,
        (i % 97) / 7.0 AS ratio, DATE '2020-01-01' + (i % 1500)::INTEGER AS day,
        TIMESTAMP '2024-01-01 08:00:00' + INTERVAL (i) SECOND AS at, 'Cliente João nº ' || i AS name,
        ['São Paulo', 'Rio & Cia', 'Belém', 'Curitiba'][1 + i % 4] AS city, i % 2 = 0 AS flag, i % 13 AS k
    FROM range({rows}) AS t(i)
"""
SMALL = "SELECT city, sum(price) FROM sales GROUP BY city ORDER BY 2 DESC"
LARGE = "SELECT * FROM sales LIMIT 500000"
WHOLE = "SELECT * FROM sales"
ENDLESS = "SELECT sum(hash(a.id + b.id)) FROM sales a, sales b"


class Nowhere:
    """A desk in this process, for what a child would do."""

    id = 0

    def check(self) -> None: ...


async def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=2_000_000)
    rows = words.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="prosa-bench-") as folder:
        path = Path(folder) / "sales.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"CREATE TABLE sales AS {ROWS.format(rows=rows)}")
        piece = Piece("sales", "duckdb", (str(path),), "main.sales")
        database = Database("duckdb", ("sales",), (piece,), Catalog("duckdb", (), "now"))
        await measure(Path(folder), database, rows)


async def measure(folder: Path, database: Database, rows: int) -> None:
    here = DuckDB(Attachment.of(database), Resources(1 << 30))
    begun = time.perf_counter()
    async with Workers(cache_dir=folder / "cache") as workers:
        child = await workers._questions.acquire()
        print(f"{'a child is ready after':<34}{(time.perf_counter() - begun) * 1000:8.0f} ms")
        print(f"{'an idle child':<34}{resident(child):8.0f} MB  (aim 75)")
        workers._questions.release(child)
        print(f"{'':<34}{'here':>11}{'worker':>10}{'ratio':>8}")
        await compare("a small question", lambda: asked_here(here, SMALL), lambda: asked(workers, database, SMALL), 30)
        await compare("500,000 rows, held", lambda: asked_here(here, LARGE), lambda: asked(workers, database, LARGE), 3)
        await compare(f"CSV of {rows:,} rows", lambda: written_here(here), lambda: written(workers, database), 3)
        await pages(workers, database)
        await cancels(workers, database)


async def compare(name: str, here: Callable[[], object], there: Callable[[], Awaitable[object]], rounds: int) -> None:
    """Rounds in turn, the medians; one round before warms both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        begun = time.perf_counter()
        here()
        middle = time.perf_counter()
        await there()
        if number:
            taken[0].append(middle - begun)
            taken[1].append(time.perf_counter() - middle)
    mine, worker = map(statistics.median, taken)
    print(f"{name:<34}{mine * 1000:8.1f} ms{worker * 1000:7.1f} ms{mine / worker:8.2f}")


def asked_here(engine: DuckDB, sql: str) -> None:
    gather(engine.query(sql, ()), None, 64 << 20, Nowhere())  # type: ignore[arg-type]


async def asked(workers: Workers, database: Database, sql: str) -> object:
    return await workers.query(guarded(sql), database, result_id="r", time_limit=60)


def written_here(engine: DuckDB) -> None:
    with open(os.devnull, "wb") as file:
        formats.find("csv").writer()(engine.query(WHOLE, ()), file.write, Options())


async def written(workers: Workers, database: Database) -> None:
    async for _ in workers.export(guarded(WHOLE), database, "csv", {}):
        pass


async def pages(workers: Workers, database: Database) -> None:
    result = await workers.query(guarded(LARGE), database, result_id="paged", time_limit=60)
    for name, request in {
        "first rows": PageRequest(),
        "a window": PageRequest(400_000),
        "sorted": PageRequest(1_000, sort="-price"),
        "filtered": PageRequest(filter="sao paulo"),
    }.items():
        times = []
        for _ in range(4):
            begun = time.perf_counter()
            await workers.page(result, database, request)
            times.append(time.perf_counter() - begun)
        print(f"{'page of 500,000 rows, ' + name:<34}{statistics.median(times[1:]) * 1000:8.1f} ms")


async def cancels(workers: Workers, database: Database) -> None:
    times = []
    for _ in range(60):
        started = asyncio.Event()
        query = workers.query(
            guarded(ENDLESS),
            database,
            result_id="r",
            time_limit=60,
            on_progress=lambda *_: started.set(),  # noqa: B023
        )
        task = asyncio.create_task(query)
        await started.wait()
        begun = time.perf_counter()
        task.cancel()
        await asyncio.wait([task])
        times.append(time.perf_counter() - begun)
    times.sort()
    print(f"{'cancel, median and 95 %':<34}{times[30] * 1000:8.1f} ms{times[56] * 1000:7.1f} ms  (aim 250)")


def guarded(sql: str) -> GuardedQuery:
    return GuardedQuery(sql, "duckdb", ("sales",), "grant", "now")


def resident(child: ChildProcess) -> float:
    return int(Path(f"/proc/{child.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


if __name__ == "__main__":
    asyncio.run(main())
