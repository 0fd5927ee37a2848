"""Windows over results: the same rows whether the result is held or run again."""

import asyncio
import secrets

import msgspec
import pytest

from prosa.errors import QueryRefused, UsageError
from prosa.results import Column
from prosa.workers.pool import PageRequest

MIXED = """
SELECT * FROM (VALUES (3, 'água', DATE '2024-03-01'), (1, 'Abacaxi', NULL), (NULL, NULL, DATE '2024-01-01'),
    (2, 'agua', DATE '2024-02-01'), (2, 'ÁGUA', DATE '2024-02-02'), (10, '50% off', NULL)) t(n, word, day)
"""


@pytest.fixture(params=["held", "recipe"])
def kind(request):
    return request.param


@pytest.fixture
def ask(workers, run, database, kind):
    """Pages a statement's result, held or by its recipe, as if its first rows were not at hand."""
    made = {}

    async def page(sql, dialect="duckdb", row_limit=None, **request):
        key = sql, dialect, row_limit
        if key not in made:
            result = await run(sql, dialect, row_limit=row_limit)
            made[key] = msgspec.structs.replace(result, id=secrets.token_hex(), head=())
        result = made[key]
        if kind == "recipe":
            result = msgspec.structs.replace(result, snapshot=None)
        return await workers.page(result, database(dialect), PageRequest(**request))

    return page


def first(page):
    return [row[0] for row in page.rows]


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
async def test_a_window_in_the_results_own_order(ask, dialect):
    page = await ask("SELECT n, place FROM numbers ORDER BY n DESC", dialect, offset=50_000, limit=3)
    assert page.rows == ((49_999, "São 5"), (49_998, "São 4"), (49_997, "São 3"))
    assert (page.offset, page.total) == (50_000, 100_000)
    assert page.columns == (Column("n", "integer"), Column("place", "text"))


async def test_a_window_beyond_the_end_is_empty(ask):
    page = await ask("SELECT n FROM numbers", offset=200_000)
    assert (page.rows, page.total) == ((), 100_000)


async def test_numbers_sort_both_ways_with_nulls_last(ask):
    assert first(await ask(MIXED, sort="n")) == [1, 2, 2, 3, 10, None]
    assert first(await ask(MIXED, sort="-n")) == [10, 3, 2, 2, 1, None]


async def test_equal_rows_keep_their_order(ask):
    page = await ask("SELECT n % 2 AS odd, n FROM numbers", sort="-odd", limit=4, offset=49_998)
    assert page.rows == ((1, 99_997), (1, 99_999), (0, 0), (0, 2))


async def test_text_sorts_without_case_and_accents(ask):
    assert [row[1] for row in (await ask(MIXED, sort="word")).rows] == [
        "50% off", "Abacaxi", "agua", "ÁGUA", "água", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AGUA", [3, 2, 2]),
        ("água", [3, 2, 2]),
        ("2024-02", [2, 2]),
        ("10", [10]),
        ("%", [10]),
        ("_", []),
        ("' OR 1=1 --", []),
        ("nothing", []),
    ],
)
async def test_a_filter_finds_any_cell_without_case_and_accents(ask, text, found):
    page = await ask(MIXED, filter=text)
    assert (first(page), page.total) == (found, len(found))


async def test_filter_sort_and_window_go_together(ask):
    page = await ask("SELECT n, place FROM numbers", "sqlite", filter="sao 3", sort="-n", offset=1, limit=2)
    assert (page.rows, page.total) == (((99_991, "São 3"), (99_984, "São 3")), 14_286)


async def test_a_cut_result_ends_at_its_limit(ask):
    page = await ask("SELECT n FROM numbers ORDER BY n", row_limit=10, offset=8, limit=5)
    assert (page.rows, page.total) == (((8,), (9,)), 10)
    assert (await ask("SELECT n FROM numbers ORDER BY n", row_limit=10, sort="-n", limit=1)).rows == ((9,),)


async def test_an_unknown_column_is_named_with_those_there_are(ask):
    with pytest.raises(UsageError) as caught:
        await ask(MIXED, sort="-nope")
    assert caught.value.code == "page_sort"
    assert caught.value.values == {"name": "nope", "names": "n, word, day"}


async def test_a_column_may_begin_with_a_dash_or_hold_quotes(ask):
    sql = """SELECT n AS "-n", -n AS "a""b; DROP TABLE numbers" FROM numbers"""
    assert first(await ask(sql, sort="-n", limit=2)) == [0, 1]
    assert first(await ask(sql, sort="--n", limit=1)) == [99_999]
    assert first(await ask(sql, sort='a"b; DROP TABLE numbers', limit=1)) == [99_999]


async def test_renamed_columns_sort_by_their_titles(workers, run, database, kind):
    result = await run("SELECT n FROM numbers")
    snapshot = result.snapshot if kind == "held" else None
    titled = msgspec.structs.replace(result, columns=(Column("Total", "integer", "currency"),), snapshot=snapshot)
    page = await workers.page(titled, database(), PageRequest(sort="-Total", limit=1))
    assert (page.columns, page.rows) == (titled.columns, ((99_999,),))


async def test_odd_windows_give_no_more_than_there_is(ask):
    assert first(await ask(MIXED, offset=-5, limit=1)) == [3]
    assert (await ask(MIXED, limit=-1)).rows == ()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT [n] AS c FROM numbers",
        "SELECT {'a': n} AS c FROM numbers",
        "SELECT n::VARCHAR::BLOB AS c FROM numbers",
        "SELECT INTERVAL (n) DAY AS c FROM numbers",
        "SELECT NULL AS c FROM numbers",
    ],
)
async def test_every_type_can_be_sorted_and_filtered(ask, sql):
    page = await ask(sql, sort="-c", limit=1)
    assert len(page.rows) == 1
    assert (await ask(sql, filter="zzz")).total == 0


async def test_first_rows_need_no_child(run, hire, database):
    result, workers = await run("SELECT n FROM numbers ORDER BY n"), await hire()
    await workers.aclose()
    page = await workers.page(result, database(), PageRequest(offset=990, limit=10))
    assert (first(page), page.total) == (list(range(990, 1000)), 100_000)


async def test_a_held_result_pages_on_when_its_data_has_changed(run, workers, database):
    result = await run("SELECT n FROM numbers ORDER BY n")
    page = await workers.page(result, database(fingerprint="later"), PageRequest(offset=5_000, limit=1))
    assert first(page) == [5_000]


async def test_a_recipe_for_changed_data_is_stale(run, workers, database):
    recipe = msgspec.structs.replace(await run("SELECT n FROM numbers"), snapshot=None)
    with pytest.raises(QueryRefused) as caught:
        await workers.page(recipe, database(fingerprint="later"), PageRequest(offset=5_000))
    assert caught.value.code == "query_stale"


async def test_results_take_turns_in_one_child(hire, database, guarded):
    workers, on = await hire(questions=1), database()
    results = [
        await workers.query(guarded(f"SELECT n + {by} AS n FROM numbers", on), on, result_id=f"r{by}", time_limit=30)
        for by in (0, 1_000_000)
    ]
    for _ in range(2):
        for by, result in zip((0, 1_000_000), results, strict=True):
            page = await workers.page(result, on, PageRequest(sort="-n", limit=1))
            assert first(page) == [by + 99_999]


async def test_a_page_that_is_cancelled_leaves_the_next_one_right(hire, database, guarded):
    workers, on = await hire(questions=1), database()
    results = [
        await workers.query(guarded(f"SELECT n + {by} AS n FROM numbers", on), on, result_id=f"r{by}", time_limit=30)
        for by in (0, 1_000_000)
    ]
    await workers.page(results[0], on, PageRequest(sort="-n", limit=1))
    task = asyncio.create_task(workers.page(results[1], on, PageRequest(sort="-n", limit=1)))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    for by, result in ((0, results[0]), (1_000_000, results[1])):
        assert first(await workers.page(result, on, PageRequest(sort="-n", limit=1))) == [by + 99_999]
