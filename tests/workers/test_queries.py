"""Statements through a child and back: whole results, exact totals, limits, snapshots, and errors in people's words."""

import asyncio
import logging

import pyarrow as pa
import pytest

from prosa.errors import QueryError, QueryRefused, SourceError
from prosa.results import Column, Recipe, Stats
from prosa.sources.base import GuardedQuery


def table(result):
    return pa.ipc.open_stream(result.snapshot).read_all()


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
async def test_a_result_is_whole(run, dialect):
    result = await run("SELECT n, place, day FROM numbers ORDER BY n", dialect)
    assert result.columns == (Column("n", "integer"), Column("place", "text"), Column("day", "date"))
    assert len(result.head) == 1000
    assert result.head[8] == (8, "São 1", "2024-01-09")
    assert result.total == 100_000
    assert not result.truncated
    assert result.stats == (
        Stats(0, 0, 99_999, 4_999_950_000, 49_999.5),
        Stats(0, "São 0", "São 6"),
        Stats(0, "2024-01-01", "2024-12-31"),
    )
    assert result.held
    assert table(result).num_rows == 100_000
    assert table(result).column("n").to_pylist() == list(range(100_000))
    assert result.recipe == Recipe(
        "SELECT n, place, day FROM numbers ORDER BY n", dialect, ("demo",), "now", ("numbers",)
    )


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
async def test_a_row_limit_is_known_exactly(run, dialect):
    sql = "SELECT n FROM numbers ORDER BY n LIMIT 10"
    cut = await run(sql, dialect, row_limit=9)
    assert (cut.truncated, cut.total, len(cut.head), table(cut).num_rows) == (True, 10, 9, 9)
    assert cut.recipe.row_limit == 9
    whole = await run(sql, dialect, row_limit=10)
    assert (whole.truncated, whole.total, len(whole.head), table(whole).num_rows) == (False, 10, 10, 10)


@pytest.mark.parametrize("limit", [0, 1, 65_536, 65_537, 99_999])
async def test_a_row_limit_may_fall_anywhere(run, limit):
    cut = await run("SELECT n FROM numbers", row_limit=limit)
    assert (cut.truncated, cut.total, table(cut).num_rows) == (True, 100_000, limit)
    assert cut.stats[0].max == 99_999


async def test_no_rows_is_a_result(run):
    result = await run("SELECT n, place FROM numbers WHERE n < 0")
    assert (result.total, result.head, result.stats) == (0, (), (Stats(), Stats()))
    assert table(result).num_rows == 0


async def test_above_the_cap_only_the_recipe_is_kept(hire, database, guarded):
    workers = await hire(snapshot_cap=10_000)
    on = database()
    result = await workers.query(guarded("SELECT n FROM numbers", on), on, result_id="r", time_limit=30)
    assert not result.held
    assert (result.total, result.stats[0].sum, len(result.head)) == (100_000, 4_999_950_000, 1000)
    small = await workers.query(guarded("SELECT n FROM numbers LIMIT 5", on), on, result_id="r", time_limit=30)
    assert small.held


async def test_columns_may_be_called_alike(run):
    result = await run("SELECT 1 AS a, 2 AS a, NULL AS b")
    assert result.columns == (Column("a", "integer"), Column("a", "integer"), Column("b", "null"))
    assert result.head == ((1, 2, None),)


@pytest.mark.parametrize(
    ("dialect", "words"),
    [("duckdb", "Table with name nope does not exist"), ("sqlite", "no such table: nope")],
)
async def test_the_engines_words_are_told(run, workers, database, guarded, dialect, words):
    with pytest.raises(QueryError) as caught:
        await run("SELECT * FROM nope", dialect)
    assert words in caught.value.values["what"]
    on = database(dialect)
    with pytest.raises(QueryError):
        await workers.dry_run(guarded("SELECT missing FROM numbers", on), on)
    await workers.dry_run(guarded("SELECT n FROM numbers", on), on)


async def test_an_error_in_the_middle_of_the_rows_is_an_error(run):
    with pytest.raises(QueryError) as caught:
        await run("SELECT CASE WHEN n = 90000 THEN CAST(place AS INT) ELSE n END FROM numbers")
    assert "Could not convert string 'São" in caught.value.values["what"]
    assert "\n" not in caught.value.values["what"]


async def test_a_statement_for_other_data_is_stale(workers, database, guarded):
    old = database(fingerprint="then")
    with pytest.raises(QueryRefused) as caught:
        await workers.query(guarded("SELECT 1", old), database(), result_id="r", time_limit=9)
    assert caught.value.code == "query_stale"
    with pytest.raises(QueryRefused):
        await workers.dry_run(guarded("SELECT 1", old), database())
    await workers.dry_run(guarded("SELECT 1", database()), database())


async def test_a_statement_in_another_dialect_is_refused(workers, database):
    query = GuardedQuery("SELECT 1", "sqlite", (), "g", "now")
    with pytest.raises(QueryRefused) as caught:
        await workers.query(query, database(), result_id="r", time_limit=9)
    assert caught.value.values["reason"] == "dialect"


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
async def test_a_file_that_is_gone_is_a_source_error(workers, database, guarded, tmp_path, dialect):
    on = database(dialect, path=tmp_path / "gone")
    with pytest.raises(SourceError) as caught:
        await workers.query(guarded("SELECT 1", on), on, result_id="r", time_limit=9)
    assert caught.value.code == "source_changed"


async def test_many_at_once_each_get_their_own(run):
    results = await asyncio.gather(*(run(f"SELECT {n}, sum(n + {n}) FROM numbers") for n in range(40)))
    assert [result.head[0][0] for result in results] == list(range(40))
    assert [result.head[0][1] for result in results] == [4_999_950_000 + 100_000 * n for n in range(40)]


async def test_progress_is_told_while_a_long_statement_runs(workers, endless):
    task = await endless(workers)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_two_engines_and_many_databases_share_a_child(run, workers, database, guarded, files):
    for number in range(8):
        on = database("duckdb", files["duckdb"], fingerprint=f"f{number}")
        query = guarded("SELECT count(*) FROM numbers", on)
        assert (await workers.query(query, on, result_id="r", time_limit=30)).head == ((100_000,),)
        assert (await run("SELECT count(*) FROM numbers", "sqlite")).head == ((100_000,),)


async def test_the_log_never_holds_data(run, caplog):
    with caplog.at_level(logging.DEBUG), pytest.raises(QueryError):
        await run("SELECT CAST(place AS INT) FROM numbers")
    assert "São" not in caplog.text


@pytest.mark.parametrize(
    ("sql", "kind", "cell"),
    [
        ("SELECT 'a'::ENUM('a', 'b')", "text", "a"),
        ("SELECT '101'::BIT", "text", "101"),
        ("SELECT '10:11:12+02'::TIMETZ", "text", "10:11:12+02"),
        ("SELECT union_value(k := 1)", "text", "1"),
        ("SELECT 340282366920938463463374607431768211455::UHUGEINT", "text", "340282366920938463463374607431768211455"),
        ("SELECT 1::VARIANT", "text", "1"),
        ("SELECT 99999999999999999999999999999999999999999::BIGNUM", "text", "9" * 41),
        ("SELECT INTERVAL '1 month'", "interval", "1 month"),
        ("SELECT sum(n)::HUGEINT FROM numbers", "decimal", 4_999_950_000),
        ("SELECT [1]::INT[]", "list", [1]),
        ("SELECT {'a': 1}", "struct", {"a": 1}),
        ("SELECT MAP {'a': 1}", "struct", {"a": 1}),
        ("SELECT 'x'::BLOB", "blob", "eA=="),
        ("SELECT '10:11'::TIME", "time", "10:11:00"),
        ("SELECT '2025-01-01 02:00+02'::TIMESTAMPTZ", "timestamp", "2025-01-01T00:00:00+00:00"),
        ("SELECT 'infinity'::DATE", "date", "infinity"),
        ("SELECT true", "boolean", True),
        ("SELECT '{\"a\": 1}'::JSON", "text", '{"a": 1}'),
    ],
)
async def test_every_type_of_duckdb_has_a_place(run, sql, kind, cell):
    result = await run(sql)
    assert (result.columns[0].type, result.head) == (kind, ((cell,),))


async def test_casts_for_rare_types_keep_the_order(run):
    result = await run("SELECT n, (n % 3)::VARCHAR::ENUM('0', '1', '2') AS e FROM numbers ORDER BY n DESC")
    assert result.head[0] == (99_999, "0")
    assert table(result).column(0).to_pylist() == list(range(99_999, -1, -1))
