"""Gold replay: a model that answers with the gold statement, through the whole pipeline; every result is the gold's
own, which sqlite3 finds by itself. A sample by default; all three hundred by
`pytest tests/analysts/llm/test_gold.py -m "corpus and slow"`.
"""

import json
import os
import sqlite3
from collections import Counter
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pytest

import prosa
from prosa.answer import Answer
from prosa.identity import LOCAL
from prosa.question import Question

DATA = (Path(__file__).parents[3] / "../shared/data/nl2sql").resolve()
FILES = {"spider_dev9_en_pt_syn.json": 240, "geoquery_train_en.json": 60}
"""How many questions of each file are replayed."""
SAMPLE = 5
"""Of how many of them one is in the default run."""

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not DATA.exists() and "CI" not in os.environ, reason="no data folder beside the project"),
]


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


async def replayed(desk, provider, replies, item):
    """The rows that the pipeline comes to."""
    provider.replies = [replies["plan"](item["query"]), replies["say"]("Done.")]
    answer = Answer.fold([entry async for entry in desk.ask(Question(item["question"], analyst="llm"))])
    assert answer.status == "answered", (item["id"], answer.failure, answer.text)
    assert len(answer.tables) == 1, item["id"]
    result = desk.results.get(LOCAL, answer.tables[0].result_id).result
    table = pa.ipc.open_stream(pa.py_buffer(result.snapshot)).read_all()
    return [tuple(row.values()) for row in table.rename_columns([str(n) for n in range(table.num_columns)]).to_pylist()]


async def replay(items, provider, replies, settings):
    wrong = []
    for database, asked in groupby(items, key=lambda item: item["database"]):
        async with prosa.open(DATA / database, **settings) as desk:
            for item in asked:
                found = await replayed(desk, provider, replies, item)
                if not same(found, expected(item), ordered=item["constructs"]["order"]):
                    wrong.append((item["id"], item["query"]))
    assert wrong == []


async def test_a_sample_of_gold_statements_comes_to_the_golds_own_results(provider, replies, settings):
    await replay(golds()[::SAMPLE], provider, replies, settings)


@pytest.mark.slow
async def test_three_hundred_gold_statements_come_to_the_golds_own_results(provider, replies, settings):
    items = golds()
    assert len(items) == 300
    await replay(items, provider, replies, settings)
