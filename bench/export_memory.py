"""How much memory a long export takes: the server and its workers together, while rows flow over HTTP.

    uv run python bench/export_memory.py [--rows 10000000] [--exports 1000]

A server with 10 mixed columns is asked for every row as CSV, at full speed; the most resident memory of the server and
all its children is printed, and what a thousand exports in a row leave behind. Aims: under 600 MB; after the last
export as after the first 100.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import httpx

ROWS = """
    SELECT i::INTEGER AS id, (i * 7919) % 1000 AS qty, 9007199254740993 + i * 1000003 AS big,
        ((i * 7919) % 1000000 / 100.0)::DECIMAL(12, 2) AS price, (i % 97) / 7.0 AS ratio,
        DATE '2020-01-01' + (i % 1500)::INTEGER AS day, TIMESTAMP '2024-01-01 08:00:00' + INTERVAL (i) SECOND AS at,
        CASE WHEN i % 13 > 0 THEN 'Cliente João nº ' || i END AS name,
        ['São Paulo', 'Rio & Cia', 'Belém', 'Curitiba <Sul>'][1 + i % 4] AS city, i % 2 = 0 AS flag
    FROM range({rows}) AS t(i)
"""
TOKEN = "bench-token-0123456789"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=10_000_000)
    words.add_argument("--exports", type=int, default=1_000)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.parquet"
        duckdb.sql(f"COPY ({ROWS.format(rows=given.rows)}) TO '{data}' (FORMAT parquet)")
        with serving(data, folder) as (server, client):
            large(server, client, given.rows)
            many(server, client, given.exports)


@contextmanager
def serving(data: Path, folder: str) -> Iterator[tuple[int, httpx.Client]]:
    environment = {**os.environ, "PROSA_CACHE_DIR": f"{folder}/cache", "PROSA_DATA_DIR": f"{folder}/kept"}
    command = [sys.executable, "-m", "prosa", "serve", str(data), "--port", "0", "--no-browser", "--token", TOKEN]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        link = next(word for line in process.stdout for word in line.split() if word.startswith("http"))
        headers = {"authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=link.partition("?")[0], headers=headers, timeout=600) as client:
            yield process.pid, client
    finally:
        process.terminate()
        process.wait()


def asked(client: httpx.Client, sql: str) -> dict[str, Any]:
    """The table of a statement."""
    run = client.post("/api/query", json={"sql": sql}).json()["run_id"]
    client.get(f"/api/runs/{run}/events")
    answer = json.loads(client.get(f"/api/runs/{run}").content)
    assert answer["status"] == "answered", answer
    table: dict[str, Any] = answer["tables"][0]
    return table


def large(server: int, client: httpx.Client, rows: int) -> None:
    table = asked(client, "SELECT * FROM data")
    print("memory before:", ", ".join(f"{resident(pid)} MB" for pid in family(server)))
    with watched(server) as memory:
        begun, size = time.perf_counter(), 0
        with client.stream("GET", f"/api/results/{table['result_id']}/export", params={"format": "csv"}) as reply:
            for chunk in reply.iter_raw(1 << 20):
                size += len(chunk)
            assert reply.headers["prosa-rows"] == str(rows)
        seconds = time.perf_counter() - begun
    print(f"{rows:,} rows as csv over HTTP: {seconds:.1f} s, {size / seconds / 1e6:.0f} MB/s")
    print("memory after:", ", ".join(f"{resident(pid)} MB" for pid in family(server)))
    print(f"most memory of the server and its workers: {max(memory)} MB (aim 600)")


def many(server: int, client: httpx.Client, exports: int) -> None:
    table = asked(client, "SELECT * FROM data LIMIT 1000")
    sizes = {}
    for number in range(1, exports + 1):
        format = ("csv", "xlsx", "json", "xml", "parquet")[number % 5]
        client.get(f"/api/results/{table['result_id']}/export", params={"format": format}).raise_for_status()
        if number in (min(100, exports), exports):
            sizes[number] = together(server)
    print("memory after " + ", ".join(f"{number:,} exports {size} MB" for number, size in sizes.items()))


@contextmanager
def watched(server: int) -> Iterator[list[int]]:
    """The memory of a process and its descendants, in MB, a sample every 20 ms."""
    samples, over = [together(server)], threading.Event()

    def sample() -> None:
        while not over.wait(0.02):
            samples.append(together(server))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        over.set()
        thread.join()


def together(server: int) -> int:
    return sum(resident(pid) for pid in family(server))


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(found for child in children for found in family(int(child)))]


def resident(pid: int) -> int:
    """In MB; a page that processes share counts in parts (PSS), so that the sum is what the machine has given."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) >> 10


if __name__ == "__main__":
    main()
