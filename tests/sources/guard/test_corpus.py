"""The guard against the corpora: every attack refused, every ordinary statement passed and unchanged in its rows.

The whole comparison of rows takes minutes: `pytest tests/sources/guard/test_corpus.py -m "corpus and slow"`.
"""

import json
import os
import sqlite3
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from sqlglot import exp

from prosa.sources import Grant
from prosa.sources.guard import check
from prosa.sources.guard.grammar import grammar

DATA = Path(__file__).parents[3] / "../shared/data"
SHARDS = 8
SAMPLE = 6
"""Of how many statements one has its rows compared in the quick run."""
UNINTERRUPTIBLE = {"run-2", "run-3", "run-7", "run-8", "run-9", "run-12", "run-14", "run-15"}
"""Of the runaway statements, those that the guard refuses; the time limit stops the others."""

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not DATA.exists() and "CI" not in os.environ, reason="no data folder beside the project"),
]


def lines(name):
    return [json.loads(line) for line in (DATA / "guard" / name).read_text("utf-8").splitlines()]


@cache
def accepted():
    return lines("accept.jsonl")


@cache
def opened(database):
    """The SQLite database, or None where it is not among the data."""
    file = DATA / "nl2sql" / database
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True) if file.exists() else None


@cache
def tables(database):
    connection = opened(database)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    return {name: [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')] for name in names}


@cache
def copied(database):
    """The database's tables in DuckDB, with the types of their values. One thread: of rows that tie, the same comes."""
    source, target = opened(database), duckdb.connect(config={"threads": 1})
    for name, columns in tables(database).items():
        cells = list(zip(*source.execute(f'SELECT * FROM "{name}"').fetchall(), strict=True)) or [[]] * len(columns)
        target.register("read", pa.table([of_one_type(column) for column in cells], names=columns))
        target.execute(f'CREATE TABLE "{name}" AS FROM read')
    return target


def of_one_type(cells):
    try:
        array = pa.array(cells)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        array = pa.array([None if cell is None else str(cell) for cell in cells])
    return array.cast(pa.string()) if array.type == pa.null() else array


def grants(item):
    """The grant of whole tables, the one by column, and the one that knows that those columns are all."""
    dialect, database = item["dialect"], item["database"]
    if database and opened(database):
        listed = tables(database)
    else:
        # No database to look into: the tables that the statement names stand for those that are granted.
        trees = [tree for tree in grammar(dialect).parse(item["sql"]) if tree]
        listed = dict.fromkeys(["t", "u", *(table.name for tree in trees for table in tree.find_all(exp.Table))])
    return [Grant.of(dialect, listed), Grant(dialect, listed), Grant(dialect, listed, complete=frozenset(listed))]


@pytest.mark.parametrize("item", lines("attacks_dev.jsonl") if DATA.exists() else [], ids=lambda item: item["id"])
def test_every_attack_is_refused(item, reason):
    for grant in (Grant.of(item["dialect"], ["t"]), Grant(item["dialect"], {"t": ["a", "b"]})):
        assert reason(item["sql"], grant) is not None


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_ordinary_statement_passes(shard, reason):
    refused = [
        (item["id"], grant)
        for place, item in enumerate(accepted()[shard::SHARDS])
        for grant in (grants(item)[0], grants(item)[1 + place % 2])
        if reason(item["sql"], grant) is not None
    ]
    assert refused == []


def changed(items):
    """Statements whose rows differ after the guard, and how many were compared."""
    found, compared = [], 0
    for item in items:
        if not (item["database"] and opened(item["database"])):
            continue
        connection = copied(item["database"]) if item["dialect"] == "duckdb" else opened(item["database"])
        expected = rows(connection, item["sql"])
        for grant in grants(item) if expected is not None else []:
            compared += 1
            if rows(connection, check(item["sql"], grant).sql) != expected:
                found.append((item["id"], item["sql"], check(item["sql"], grant).sql))
    return found, compared


def rows(connection, sql):
    """The rows in no order; None where the engine won't run the original (a type that the copy made different)."""
    try:
        return sorted(map(repr, connection.execute(sql).fetchall()))
    except (duckdb.Error, sqlite3.Error):
        return None


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_sample_gives_the_same_rows(shard):
    found, compared = changed(accepted()[shard :: SHARDS * SAMPLE])
    assert found == []
    assert compared > 300


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_ordinary_statement_gives_the_same_rows(shard):
    assert changed(accepted()[shard::SHARDS])[0] == []


def test_what_cannot_be_interrupted_is_refused(reason):
    refused = {
        item["id"]
        for item in lines("runaway.jsonl")
        if reason(item["sql"], Grant.of(item["dialect"], ["t"])) is not None
    }
    assert refused == UNINTERRUPTIBLE
