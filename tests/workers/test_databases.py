"""Sources by name: who sees them, when they are read, and what happens when one is broken or changes."""

import asyncio
import os
import shutil
import sqlite3
from contextlib import suppress

import pytest

from prosa.errors import AccessError, SourceError, UsageError
from prosa.identity import LOCAL, Principal
from prosa.sources.base import GuardedQuery
from prosa.workers.databases import Databases
from prosa.workers.files import identity, there
from prosa.workers.preparing import Preparing, Share

ANA, BIA = Principal("ana"), Principal("bia", frozenset({"sales"}))


@pytest.fixture
def csv(tmp_path):
    """Writes a small CSV file and gives its path."""

    def write(name, text="n,word\n1,one\n2,two\n"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


@pytest.fixture
def sqlite(tmp_path):
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as con:
        con.executescript("CREATE TABLE orders (id INTEGER, total REAL); INSERT INTO orders VALUES (1, 9.5), (2, 1.5)")
    con.close()
    return str(path)


@pytest.fixture
async def registry(workers):
    return Databases(workers)


@pytest.fixture
async def counted(hire):
    """A registry and the number of times that it has really prepared something."""
    workers = await hire()
    count = []
    prepare = workers.prepare

    async def counting(*arguments, **options):
        count.append(arguments[0])
        return await prepare(*arguments, **options)

    workers.prepare = counting
    return Databases(workers), count


async def rows(workers, database, sql):
    query = GuardedQuery(
        sql, database.dialect, tuple(t.name for t in database.catalog.tables), "g", database.fingerprint
    )
    return (await workers.query(query, database, result_id="r", time_limit=30)).head


async def test_sources_can_be_given_at_once_or_later(workers, csv):
    registry = Databases(workers, [("a", csv("a.csv"))])
    registry.add("b", csv("b.csv"))
    assert [info.name for info in await registry.list(LOCAL)] == ["a", "b"]


async def test_one_source_is_opened_and_asked(registry, workers, csv):
    registry.add("words", csv("words.csv"))
    database = await registry.open(LOCAL)
    assert (database.dialect, database.sources) == ("duckdb", ("words",))
    assert await rows(workers, database, "SELECT sum(n), max(word) FROM words") == ((3, "two"),)


async def test_sqlite_alone_speaks_sqlite_and_in_company_duckdb(registry, workers, csv, sqlite):
    registry.add("shop", sqlite)
    registry.add("words", csv("words.csv"))
    alone = await registry.open(LOCAL, ("shop",))
    assert alone.dialect == "sqlite"
    assert await rows(workers, alone, "SELECT sum(total), typeof(max(id)) FROM orders") == ((11, "integer"),)
    both = await registry.open(LOCAL)
    assert both.dialect == "duckdb"
    assert await rows(workers, both, "SELECT word, total FROM orders JOIN words ON id = n ORDER BY n") == (
        ("one", 9.5),
        ("two", 1.5),
    )


async def test_sources_are_found_by_name_in_any_case_and_by_id(registry, csv):
    key = registry.add("Words", csv("words.csv"))
    assert (await registry.open(LOCAL, ("words",))).sources == ("Words",)
    assert (await registry.open(LOCAL, (key, "WORDS"))).sources == ("Words",)


async def test_an_unknown_source_is_named_with_those_most_like_it(registry, csv):
    for name in ("customers", "orders", "order_items"):
        registry.add(name, csv(f"{name}.csv"))
    with pytest.raises(AccessError) as caught:
        await registry.open(LOCAL, ("oders",))
    assert caught.value.code == "source_unknown"
    assert caught.value.values["names"].startswith("orders, ")
    assert caught.value.status == 404


async def test_no_source_at_all_is_said(registry):
    with pytest.raises(UsageError) as caught:
        await registry.open(LOCAL)
    assert caught.value.code == "source_none"


async def test_a_private_source_does_not_exist_for_others(registry, csv):
    key = registry.add("salaries", csv("salaries.csv"), owner="ana")
    registry.add("team", csv("team.csv"), owner="group:sales")
    registry.add("shared", csv("shared.csv"))
    assert [info.name for info in await registry.list(ANA)] == ["salaries", "shared"]
    assert [info.name for info in await registry.list(BIA)] == ["team", "shared"]
    assert (await registry.open(BIA)).sources == ("team", "shared")
    for wanted in ("salaries", key):
        with pytest.raises(AccessError) as caught:
            await registry.open(BIA, (wanted,))
        assert "salaries" not in caught.value.values["names"]
    with pytest.raises(AccessError):
        registry.remove(BIA, key)
    assert (await registry.open(ANA, (key,))).sources == ("salaries",)


async def test_an_own_source_hides_a_shared_one_of_the_same_name(registry, workers, csv):
    registry.add("words", csv("shared.csv"))
    registry.add("words", csv("own.csv", "n\n7\n"), owner="ana")
    assert await rows(workers, await registry.open(ANA, ("words",)), "SELECT n FROM words") == ((7,),)
    assert len(await rows(workers, await registry.open(BIA, ("words",)), "SELECT n FROM words")) == 2


async def test_only_the_owner_removes_a_source(registry, csv):
    own = registry.add("own", csv("own.csv"), owner="ana")
    shared = registry.add("shared", csv("shared.csv"))
    with pytest.raises(AccessError) as caught:
        registry.remove(ANA, shared)
    assert caught.value.code == "not_allowed"
    registry.remove(ANA, own)
    assert [info.name for info in await registry.list(ANA)] == ["shared"]
    with pytest.raises(AccessError):
        registry.remove(ANA, own)


async def test_a_source_that_is_removed_while_it_is_read_is_still_answered_from(registry, workers, csv, sqlite):
    ana = Principal("ana")
    registry.add("words", csv("words.csv"), "ana")
    shop = registry.add("shop", sqlite, "ana")

    def remove(done, total):
        with suppress(AccessError):  # it is gone already
            registry.remove(ana, shop)

    database = await registry.open(ana, on_progress=remove)
    assert await rows(workers, database, "SELECT sum(total) FROM orders") == ((11.0,),)


async def test_a_broken_source_does_not_hide_the_others(registry, csv, tmp_path):
    registry.add("good", csv("good.csv"))
    registry.add("gone", str(tmp_path / "gone.csv"))
    assert [info.name for info in await registry.list(LOCAL)] == ["good"]
    (problem,) = registry.problems(LOCAL)
    assert (problem.name, type(problem.error)) == ("gone", SourceError)
    assert (await registry.open(LOCAL)).sources == ("good",)
    with pytest.raises(SourceError):
        await registry.open(LOCAL, ("gone",))
    with pytest.raises(SourceError):
        await registry.open(LOCAL, ("good", "gone"))


async def test_when_everything_is_broken_the_reason_is_raised(registry, tmp_path):
    registry.add("gone", str(tmp_path / "gone.csv"))
    with pytest.raises(SourceError):
        await registry.open(LOCAL)


async def test_a_source_that_comes_back_is_read(registry, csv, tmp_path):
    registry.add("late", str(tmp_path / "late.csv"))
    assert await registry.list(LOCAL) == ()
    csv("late.csv")
    assert [info.name for info in await registry.list(LOCAL)] == ["late"]
    assert registry.problems(LOCAL) == ()


async def test_nothing_is_read_twice_unless_it_has_changed(counted, csv):
    registry, count = counted
    path = csv("words.csv")
    registry.add("words", path)
    first = await registry.open(LOCAL)
    assert await registry.open(LOCAL, ("words",)) is first
    await registry.list(LOCAL)
    assert count == ["words"]
    csv("words.csv", "n,word,more\n1,one,x\n")
    changed = await registry.open(LOCAL)
    assert count == ["words"] * 2
    assert changed.fingerprint != first.fingerprint
    assert len(changed.catalog.tables[0].columns) == 3


async def test_a_cache_that_was_emptied_is_filled_again(counted, csv):
    registry, count = counted
    registry.add("words", csv("words.csv"))
    database = await registry.open(LOCAL)
    shutil.rmtree(os.path.dirname(database.pieces[0].paths[0]))
    again = await registry.open(LOCAL)
    assert count == ["words"] * 2
    assert there((await registry.list(LOCAL))[0])
    assert again.fingerprint == database.fingerprint


async def test_many_askers_share_one_reading(counted, csv):
    registry, count = counted
    registry.add("words", csv("words.csv"))
    opened = await asyncio.gather(*(registry.open(LOCAL) for _ in range(10)))
    assert count == ["words"]
    assert all(database is opened[0] for database in opened)


async def test_progress_counts_the_bytes_of_all_files(registry, csv):
    sizes = 0
    for name in ("a", "b"):
        text = "n,word\n" + "".join(f"{n},{name}\n" for n in range(50_000))
        registry.add(name, csv(f"{name}.csv", text))
        sizes += len(text)
    seen = []
    await registry.list(LOCAL, lambda done, total: seen.append((done, total)))
    assert all(0 <= done <= total <= sizes for done, total in seen)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


async def hold(started, stopped):
    started.set()
    try:
        await asyncio.Event().wait()
    finally:
        stopped.set()


async def test_a_preparation_ends_with_its_last_asker():
    started, stopped = asyncio.Event(), asyncio.Event()
    work = Preparing(lambda report: hold(started, stopped))
    askers = [asyncio.create_task(work.wait(lambda *_: None)) for _ in range(2)]
    await started.wait()
    askers[0].cancel()
    await asyncio.gather(askers[0], return_exceptions=True)
    assert (stopped.is_set(), work.over) == (False, False)
    askers[1].cancel()
    await asyncio.gather(askers[1], return_exceptions=True)
    assert (stopped.is_set(), work.over) == (True, True)


def test_shares_add_up_whatever_their_units():
    seen = []
    share = Share(lambda done, total: seen.append((done, total)))
    first, second = share.of(1000), share.of(500)
    first(1, 2)
    second(100, 100)
    first(2, 2)
    second(0, 0)
    assert seen == [(500, 1500), (1000, 1500), (1500, 1500), (1000, 1500)]


def test_identity_sees_files_folders_globs_and_side_files(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.csv").write_text("yy")
    assert identity(str(tmp_path / "a.csv")).size == 1
    assert identity(str(tmp_path)).size == 3
    assert identity(str(tmp_path / "**" / "*.csv")).size == 3
    assert identity(str(tmp_path / "nothing")).files == ()
    before = identity(str(tmp_path / "a.csv"))
    (tmp_path / "a.csv-wal").write_text("log")
    assert identity(str(tmp_path / "a.csv")) != before
    (tmp_path / "odd[1].csv").write_text("zzz")
    assert identity(str(tmp_path / "odd[1].csv")).size == 3
