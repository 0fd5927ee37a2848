"""A plan's statements pass guard and engine before they run: at the analyst's trial, or here."""

import pytest

from prosa.analysts.base import Classification, Plan, PlannedQuery, Selection
from prosa.errors import QueryRefused
from prosa.events import Sql
from prosa.pipeline.plan import ready
from prosa.sources.base import Catalog, Database, Grant
from prosa.sources.guard import check

READS = "SELECT name FROM artist"


class Engine:
    """Counts what it is asked to explain."""

    def __init__(self):
        self.explained = []

    async def dry_run(self, query, database):
        self.explained.append(query.sql)


@pytest.fixture
def readied():
    """Readies a statement for somebody who may read `artist`; gives its query, what was shown, what was explained."""

    async def run(sql, tried):
        database = Database("sqlite", (), (), Catalog("sqlite", (), ""))
        selection = Selection(database, Grant.of("sqlite", ["artist"]), Classification("en"))
        engine, shown = Engine(), []
        queries = await ready(Plan((PlannedQuery(sql),), "Names.", tried=tried), selection, engine, shown.append)
        return queries[0].guarded, shown, engine.explained

    return run


async def test_what_the_analyst_has_not_tried_is_guarded_and_explained(readied):
    guarded, shown, explained = await readied(READS, {})
    assert explained == [guarded.sql]
    assert [type(event) for event in shown] == [Sql]
    with pytest.raises(QueryRefused):
        await readied("DELETE FROM artist", {})


async def test_what_it_has_tried_is_shown_and_not_explained_again(readied):
    taken = check(READS, Grant.of("sqlite", ["artist"]))
    guarded, shown, explained = await readied(READS, {READS: taken})
    assert guarded is taken
    assert [event.text for event in shown] == [taken.sql]
    assert explained == []


async def test_a_trial_under_another_grant_counts_for_nothing(readied):
    reads = "SELECT secret FROM wages"
    taken = check(reads, Grant.of("sqlite", ["wages"]))
    with pytest.raises(QueryRefused):
        await readied(reads, {reads: taken})
    _, _, explained = await readied(READS, {READS: check(READS, Grant.of("sqlite", ["artist", "wages"]))})
    assert len(explained) == 1
