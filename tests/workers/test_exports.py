"""Exports: every row, at the reader's pace, with an honest end."""

import asyncio
import hashlib

import msgspec
import pytest

from prosa.errors import QueryError, QueryRefused, UsageError, WorkerDied
from prosa.results import Column


async def drain(chunks):
    async for _ in chunks:
        pass


async def read(export):
    return b"".join([chunk async for chunk in export])


@pytest.fixture(params=["held", "recipe"])
def made(request, run):
    async def make(sql, dialect="duckdb", **options):
        result = await run(sql, dialect, **options)
        return result if request.param == "held" else msgspec.structs.replace(result, snapshot=None)

    return make


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
async def test_every_row_of_a_result_is_written(workers, made, database, dialect):
    export = workers.export(
        await made("SELECT n, place FROM numbers ORDER BY n", dialect), database(dialect), "csv", {}
    )
    assert (export.rows, export.sha256) == (None, None)
    data = await read(export)
    lines = data.decode().splitlines()
    assert lines[0] == "n,place"
    assert lines[1:] == [f"{n},São {n % 7}" for n in range(100_000)]
    assert (export.rows, export.sha256) == (100_000, hashlib.sha256(data).hexdigest())


async def test_a_guarded_statement_is_written_without_a_result(workers, database, guarded):
    on = database()
    data = await read(
        workers.export(guarded("SELECT 1 AS a, 'x' AS b", on), on, "csv", {"bom": True, "delimiter": ";"})
    )
    assert data == b"\xef\xbb\xbfa;b\r\n1;x\r\n"


async def test_a_cut_result_is_written_to_its_limit(workers, made, database):
    export = workers.export(await made("SELECT n FROM numbers ORDER BY n", row_limit=3), database(), "csv", {})
    assert await read(export) == b"n\r\n0\r\n1\r\n2\r\n"
    assert export.rows == 3


async def test_columns_are_called_as_the_result_calls_them(workers, made, database):
    result = msgspec.structs.replace(await made("SELECT 1 AS n"), columns=(Column("Pedidos", "integer"),))
    assert await read(workers.export(result, database(), "csv", {})) == b"Pedidos\r\n1\r\n"
    titles = {"columns": [{"name": "Orders", "type": "integer"}]}
    assert await read(workers.export(result, database(), "csv", titles)) == b"Orders\r\n1\r\n"


@pytest.mark.parametrize(
    ("format", "options", "code"),
    [
        ("docx", {}, "export_format"),
        ("csv", {"colour": "red"}, "export_option_unknown"),
        ("csv", {"decimal": "x"}, "export_option"),
    ],
)
async def test_what_cannot_be_written_is_said_before_anything_starts(hire, run, database, format, options, code):
    result, workers = await run("SELECT 1"), await hire()
    with pytest.raises(UsageError) as caught:
        workers.export(result, database(), format, options)
    assert caught.value.code == code
    assert (await workers.status())["exports"] == 0


async def test_an_error_in_the_middle_reaches_the_reader(workers, database, guarded):
    on = database()
    broken = """SELECT a.n, a.place, CASE WHEN a.n = 99999 AND b.n = 20 THEN CAST(a.place AS INT) ELSE b.n END AS m
        FROM numbers a, (FROM numbers LIMIT 40) b"""
    export = workers.export(guarded(broken, on), on, "csv", {})
    chunks = aiter(export)
    assert await anext(chunks)
    with pytest.raises(QueryError):
        await drain(chunks)
    assert export.rows is None
    assert await read(workers.export(guarded("SELECT 1 AS a", on), on, "csv", {})) == b"a\r\n1\r\n"


async def test_a_recipe_for_changed_data_is_stale(workers, run, database):
    recipe = msgspec.structs.replace(await run("SELECT 1 AS a"), snapshot=None)
    with pytest.raises(QueryRefused):
        await read(workers.export(recipe, database(fingerprint="later"), "csv", {}))
    assert await read(workers.export(recipe, database(), "csv", {})) == b"a\r\n1\r\n"


HUGE = "SELECT a.n, a.place, b.n AS m FROM numbers a, numbers b"


async def test_leaving_early_stops_the_statement(hire, database, guarded, run, alive):
    workers, on = await hire(), database()
    await run("SELECT 1", workers=workers)
    export = workers.export(guarded(HUGE, on), on, "csv", {})
    async for _ in export:
        break
    before = alive()
    await export.aclose()
    assert await read(workers.export(guarded("SELECT 1 AS a", on), on, "csv", {})) == b"a\r\n1\r\n"
    assert alive() == before


async def test_cancelling_the_reader_stops_the_statement(hire, database, guarded):
    workers, on = await hire(exports=1), database()
    begun = asyncio.Event()

    async def consume():
        async for _ in workers.export(guarded(HUGE, on), on, "csv", {}):
            begun.set()

    task = asyncio.create_task(consume())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await read(workers.export(guarded("SELECT 1 AS a", on), on, "csv", {})) == b"a\r\n1\r\n"


async def test_a_slow_reader_slows_the_child_and_fills_no_memory(hire, database, guarded):
    workers, on = await hire(exports=1), database()
    export = workers.export(guarded(HUGE, on), on, "csv", {})
    chunks = aiter(export)
    await anext(chunks)
    # While nobody reads, other work goes on; what has piled up meanwhile is bounded.
    for number in range(20):
        await workers.query(guarded(f"SELECT {number}", on), on, result_id="r", time_limit=30)
    (child,) = workers._exports._children
    assert sum(len(data) for _, data in child._received) <= 2 << 20
    await export.aclose()


async def test_a_child_that_dies_breaks_the_export_off(hire, database, guarded):
    workers, on = await hire(exports=1), database()
    export = workers.export(guarded(HUGE, on), on, "csv", {})
    chunks = aiter(export)
    await anext(chunks)
    (child,) = workers._exports._children
    await child.kill()
    with pytest.raises(WorkerDied):
        await drain(chunks)
    assert await read(workers.export(guarded("SELECT 1 AS a", on), on, "csv", {})) == b"a\r\n1\r\n"


async def test_exports_never_keep_questions_waiting(hire, database, guarded):
    workers, on = await hire(questions=1, exports=1), database()
    export = workers.export(guarded(HUGE, on), on, "csv", {})
    await anext(aiter(export))
    waiting = asyncio.create_task(read(workers.export(guarded("SELECT 1 AS a", on), on, "csv", {})))
    result = await workers.query(guarded("SELECT 7", on), on, result_id="r", time_limit=30)
    assert result.head == ((7,),)
    assert not waiting.done()
    await export.aclose()
    assert await waiting == b"a\r\n1\r\n"


async def test_an_export_that_nobody_reads_starts_nothing(hire, run, database):
    workers = await hire()
    export = workers.export(await run("SELECT 1"), database(), "csv", {})
    await export.aclose()
    assert (await workers.status())["exports"] == 0


async def test_the_reader_sees_how_many_rows_have_been_read(workers, made, database):
    export = workers.export(await made("SELECT n, place FROM numbers"), database(), "csv", {})
    seen = [export.done async for _ in export]
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] == export.rows == 100_000
