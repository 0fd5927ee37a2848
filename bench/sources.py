"""How long a first look at data takes: 100 tables of 10,000 rows against DuckDB's SUMMARIZE over the same tables, and a
large CSV file against DuckDB's own reading of it, in one run.

    uv run python bench/sources.py [--tables 100] [--rows 10000] [--csv-mb 200] [--rounds 3]

Aims: the hundred tables under 20 s as a DuckDB file and under 20 s as CSV files; memory under 1.5 GB for any size.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.modules.setdefault("numpy", None)  # as in a worker's child

import duckdb

from prosa.sources.prepare import prepare

COLUMNS = """
    i AS id, (i * 7919) % {rows} AS other_id, 'name ' || (i * 31 % 5000) AS name, 'kind ' || (i % 12) AS kind,
    DATE '2024-01-01' + (i % 700)::INTEGER AS day, ((i * 7919) % 1000000 / 100.0)::DECIMAL(12, 2) AS price,
    (i % 97) / 7.0 AS ratio, i % 5 AS quantity, i % 2 = 0 AS flag, 'some words about row ' || i AS note
"""


def make_tables(path: Path, tables: int, rows: int) -> None:
    with duckdb.connect(str(path)) as con:
        for number in range(tables):
            con.execute(f"CREATE TABLE table_{number} AS SELECT {COLUMNS.format(rows=rows)} FROM range({rows}) t(i)")


def make_files(database: Path, folder: Path, tables: int) -> None:
    folder.mkdir()
    with duckdb.connect(str(database), read_only=True) as con:
        for number in range(tables):
            con.execute(f"COPY table_{number} TO '{folder / f'table_{number}.csv'}' (HEADER)")


def make_csv(path: Path, megabytes: int) -> None:
    rows = megabytes * 10_500
    duckdb.execute(f"COPY (SELECT {COLUMNS.format(rows=rows)} FROM range({rows}) t(i)) TO '{path}' (HEADER)")


def summarize(path: Path, tables: int) -> None:
    with duckdb.connect() as con:
        con.execute("SET threads = 4")
        con.execute(f"ATTACH '{path}' AS d (READ_ONLY)")
        for number in range(tables):
            con.execute(f"SUMMARIZE d.table_{number}").fetchall()


def read_csv(path: Path, folder: Path) -> None:
    target = folder / "plain.duckdb"
    target.unlink(missing_ok=True)
    with duckdb.connect(str(target)) as con:
        con.execute("SET memory_limit = '512MB'")
        con.execute(f"CREATE TABLE t AS FROM read_csv('{path}', sample_size = -1)")


def first_look(location: Path, cache: Path) -> None:
    shutil.rmtree(cache, ignore_errors=True)
    prepare("bench", str(location), cache_dir=cache)


def median(rounds: int, work: Callable[[], None]) -> float:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def show(what: str, ours: float, theirs: float, peer: str) -> None:
    print(f"{what:34} {ours:7.2f} s   {peer} {theirs:7.2f} s   ratio {ours / theirs:5.2f}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("tables", 100), ("rows", 10_000), ("csv-mb", 200), ("rounds", 3)):
        options.add_argument(f"--{name}", type=int, default=default)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        database, files, csv, cache = (folder / name for name in ("d.duckdb", "files", "big.csv", "cache"))
        make_tables(database, wanted.tables, wanted.rows)
        make_files(database, files, wanted.tables)
        make_csv(csv, wanted.csv_mb)
        label = f"{wanted.tables} tables x {wanted.rows} rows"
        theirs = median(wanted.rounds, lambda: summarize(database, wanted.tables))
        ours = median(wanted.rounds, lambda: first_look(database, cache))
        show(f"{label}, DuckDB", ours, theirs, "SUMMARIZE")
        ours = median(wanted.rounds, lambda: first_look(files, cache))
        show(f"{label}, CSV", ours, theirs, "SUMMARIZE")
        theirs = median(wanted.rounds, lambda: read_csv(csv, folder))
        ours = median(wanted.rounds, lambda: first_look(csv, cache))
        show(f"CSV of {csv.stat().st_size >> 20} MB", ours, theirs, "read_csv ")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


if __name__ == "__main__":
    main()
