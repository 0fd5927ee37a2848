"""How long the guard takes for a statement, as a ratio to sqlglot reading and writing it once, in one run.

    uv run python bench/guard.py [--rounds 5]

The statements are the ordinary ones of the guard's tests. The guard reads twice and writes once, so that a ratio of
about 2 is its floor; under 3 is the aim.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from sqlglot.dialects.dialect import Dialect

from prosa.sources import Grant
from prosa.sources.guard import check

TESTS = Path(__file__).parent.parent / "tests/sources/guard"
GRANTED = {"t": [*"abdxjlsm", "ts", "flag"], "u": ["a", "c", "d"], "u_keys": ["a"]}


def listed() -> list[tuple[str, str]]:
    return [
        (dialect, sql)
        for dialect in ("duckdb", "sqlite")
        for sql in (TESTS / f"accepted_{dialect}.sql").read_text("utf-8").splitlines()
        if sql.startswith(("SELECT", "WITH", "select", "FROM", "VALUES"))
    ]


def plain(dialect: str, sql: str) -> None:
    """What sqlglot alone takes to read and write a statement."""
    grammar = Dialect.get_or_raise(dialect)
    for tree in grammar.parse(sql):
        if tree is not None:
            tree.sql(grammar, comments=False)


def guarded(grants: dict[str, Grant]) -> Callable[[str, str], None]:
    def run(dialect: str, sql: str) -> None:
        check(sql, grants[dialect])

    return run


def times(run: Callable[[str, str], None], statements: list[tuple[str, str]], rounds: int) -> list[float]:
    """The fastest time of each statement over the rounds, in milliseconds."""
    best = [float("inf")] * len(statements)
    for _ in range(rounds):
        for place, (dialect, sql) in enumerate(statements):
            begun = time.perf_counter()
            run(dialect, sql)
            best[place] = min(best[place], (time.perf_counter() - begun) * 1000)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    statements = listed()
    every = frozenset(GRANTED)
    forms = {
        "sqlglot alone": plain,
        "whole tables": guarded({d: Grant.of(d, every) for d in Dialect.classes}),
        "all columns": guarded({d: Grant(d, GRANTED, complete=every) for d in Dialect.classes}),
        "some columns": guarded({d: Grant(d, GRANTED) for d in Dialect.classes}),
    }
    base = 0.0
    print(f"{len(statements)} statements, best of {options.rounds}")
    for name, run in forms.items():
        found = sorted(times(run, statements, options.rounds))
        median, p99 = statistics.median(found), found[int(len(found) * 0.99)]
        base = base or median
        print(f"{name:14} median {median:6.2f} ms  p99 {p99:6.2f} ms  ratio {median / base:5.2f}")


if __name__ == "__main__":
    main()
