"""Gold replay: a model that answers with the gold statement, through the whole pipeline; every result is the gold's
own, which sqlite3 finds by itself. Once in SQLite, and once in DuckDB, where the database is joined by another source.
A sample by default; all three hundred by `pytest tests/analysts/llm/test_gold.py -m "corpus and slow"`.
"""

import json
import os
import sqlite3
from collections import Counter
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pytest
import sqlglot
from sqlglot import exp

import prosa
from prosa.answer import Answer
from prosa.identity import LOCAL
from prosa.question import Question

DATA = (Path(__file__).parents[3] / "../shared/data/nl2sql").resolve()
FILES = {"spider_dev9_en_pt_syn.json": 240, "geoquery_train_en.json": 60}
"""How many questions of each file are replayed."""
SAMPLE = 5
IN_DUCKDB = 25
"""Of how many of them one is in the default run, in each engine."""

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not DATA.exists() and "CI" not in os.environ, reason="no data folder beside the project"),
]


def statement(item, dialect):
    """The gold in a dialect. Spider's file has its own for DuckDB, but for those that rest on SQLite's loose types;
    those of GeoQuery are plain, once their strings stand in single quotes."""
    if dialect == "sqlite":
        return item["query"]
    if "duckdb_sql" in item:
        return item["duckdb_sql"]
    return sqlglot.parse_one(item["query"], dialect="sqlite").transform(as_string).sql("duckdb")


def as_string(node):
    """To SQLite a double-quoted name that is no column is a string."""
    quoted = isinstance(node, exp.Column) and node.this.quoted
    return exp.Literal.string(node.name) if quoted else node


def golds_in_duckdb():
    return [item for item in golds() if statement(item, "duckdb")]


def golds():
    """The questions, evenly taken, those of one database together."""
    chosen = []
    for name, count in FILES.items():
        every = [item for item in json.loads((DATA / name).read_text("utf-8")) if not item["gold_trivial"]]
        chosen += [every[place * len(every) // count] for place in range(count)]
    return sorted(chosen, key=lambda item: item["database"])


def expected(item):
    """The gold's rows, as sqlite3 finds them without anything of ours."""
    with sqlite3.connect(f"{(DATA / item['database']).as_uri()}?mode=ro", uri=True) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        rows = connection.execute(item["query"]).fetchall()
    connection.close()
    return rows


def cell(value):
    """Numbers as numbers, all else as text: a column of both is text to us."""
    try:
        return round(float(value), 6)
    except (TypeError, ValueError):
        return None if value is None else str(value)


def same(found, gold, *, ordered):
    found, gold = ([tuple(map(cell, row)) for row in rows] for rows in (found, gold))
    return found == gold if ordered else Counter(found) == Counter(gold)


def left_open(item):
    """Whether the gold does not settle its result: of rows that are equal in rank engines take different ones."""
    return item["constructs"]["limit"] or "ANY_VALUE" in statement(item, "duckdb")


async def replayed(desk, provider, replies, item, dialect):
    """The rows that the pipeline comes to."""
    provider.replies = [replies["plan"](statement(item, dialect)), replies["say"]("Done.")]
    answer = Answer.fold([entry async for entry in desk.ask(Question(item["question"], analyst="llm"))])
    if answer.status != "answered":
        return [("not answered", answer.failure)]
    result = desk.results.get(LOCAL, answer.tables[0].result_id).result
    table = pa.ipc.open_stream(pa.py_buffer(result.snapshot)).read_all()
    return [tuple(row.values()) for row in table.rename_columns([str(n) for n in range(table.num_columns)]).to_pylist()]


@pytest.fixture
def replay(provider, replies, settings, tmp_path):
    """Replays questions in one dialect; gives those whose result is not the gold's."""
    beside = tmp_path / "beside.csv"
    beside.write_text("nothing\n1\n", "utf-8")

    async def run(items, dialect):
        wrong = []
        for database, asked in groupby(items, key=lambda item: item["database"]):
            sources = [DATA / database] if dialect == "sqlite" else [DATA / database, beside]
            async with prosa.open(sources, **settings) as desk:
                assert (await desk.databases.open(LOCAL)).dialect == dialect
                for item in asked:
                    found = await replayed(desk, provider, replies, item, dialect)
                    # Of rows that an order does not tell apart each engine has its own first.
                    if not same(found, expected(item), ordered=item["constructs"]["order"] and dialect == "sqlite"):
                        wrong.append(item)
        return wrong

    return run


async def test_a_sample_of_gold_statements_comes_to_the_golds_own_results(replay):
    assert await replay(golds()[::SAMPLE], "sqlite") == []


async def test_a_smaller_sample_does_so_in_duckdb(replay):
    assert await replay([item for item in golds_in_duckdb() if not left_open(item)][::IN_DUCKDB], "duckdb") == []


@pytest.mark.slow
async def test_three_hundred_gold_statements_come_to_the_golds_own_results(replay):
    items = golds()
    assert len(items) == 300
    assert await replay(items, "sqlite") == []


@pytest.mark.slow
async def test_three_hundred_gold_statements_do_so_in_duckdb(replay):
    items = golds_in_duckdb()
    assert len(items) >= 285  # of 300
    wrong = await replay(items, "duckdb")
    assert [item["id"] for item in wrong if not left_open(item)] == []
    assert len(wrong) <= 0.01 * len(items), [item["id"] for item in wrong]
