"""The desk puts the parts together, opens and closes them as one, and gives nobody another's rows."""

import pytest

from prosa import config
from prosa.app import Desk
from prosa.errors import AccessError, StorageError
from prosa.identity import Principal
from prosa.question import Question
from prosa.workers.pool import PageRequest

ANA, BIA = Principal("ana"), Principal("bia")
SQL = "SELECT city, revenue FROM sales ORDER BY order_id"


@pytest.fixture
def settings(tmp_path):
    return config.read({"data_dir": str(tmp_path / "data")})


@pytest.fixture
async def desk(settings, sales):
    async with Desk(settings, [("sales", str(sales))]) as desk:
        yield desk


async def answered(desk, question, **arguments):
    return await (await desk.start(question, **arguments)).finished()


async def test_a_page_of_a_result_is_its_owners_alone(desk):
    result_id = (await answered(desk, SQL, principal=ANA)).table.result_id
    page = await desk.page(ANA, result_id, PageRequest(offset=1, limit=2, sort="-revenue"))
    assert page.rows == (("São Paulo", 120.5), ("Rio", 99.9))
    with pytest.raises(AccessError):
        await desk.page(BIA, result_id, PageRequest())


async def test_an_export_is_its_owners_alone(desk):
    result_id = (await answered(desk, SQL, principal=ANA)).table.result_id
    data = b"".join([chunk async for chunk in desk.export(ANA, result_id, "csv", {})])
    assert data.startswith(b"city,revenue\r\n")
    with pytest.raises(AccessError):
        desk.export(BIA, result_id, "csv", {})


async def test_the_same_key_is_the_same_run(desk):
    first = await desk.start(SQL, principal=ANA, idempotency_key="k")
    assert await desk.start(SQL, principal=ANA, idempotency_key="k") is first
    assert await desk.start(SQL, principal=BIA, idempotency_key="k") is not first


async def test_words_take_locale_and_analyst_from_the_settings(sales):
    desk = Desk(config.read({"locale": "pt"}), [("sales", str(sales))])
    assert desk.question("x") == Question("x", locale="pt-BR")
    assert desk.question(Question("x", locale="en")).locale == "en"


async def test_the_settings_sources_come_first(sales, settings):
    desk = Desk(config.Settings(sources={"a": "a.csv"}), [("b", "b.csv")])
    assert [name for name, _ in desk.sources] == ["a", "b"]


async def test_without_keeping_there_are_no_conversations(desk, settings):
    assert desk.conversations is None
    assert not (settings.data_dir / "conversations.db").exists()


async def test_kept_conversations_are_there_after_a_restart(settings, sales):
    async with Desk(settings, [("sales", str(sales))], keep=True) as desk:
        conversation = await desk.conversations.create(ANA)
        await answered(desk, "total revenue", principal=ANA, conversation=conversation.id)
    async with Desk(settings, [("sales", str(sales))], keep=True) as desk:
        detail = await desk.conversations.get(ANA, conversation.id)
        assert "655.75" in detail.items[0].answer.text
        with pytest.raises(AccessError):
            await desk.conversations.get(BIA, conversation.id)


async def test_what_fails_while_opening_closes_what_was_open(settings):
    settings.data_dir.mkdir()
    (settings.data_dir / "conversations.db").write_bytes(b"no database at all" * 100)
    desk = Desk(settings, keep=True)
    with pytest.raises(StorageError):
        await desk.__aenter__()
    assert await desk.workers.status() == {"questions": 0, "exports": 0}


async def test_leaving_ends_the_runs_and_the_children(settings, tmp_path):
    (tmp_path / "many.csv").write_text("n\n" + "\n".join(map(str, range(30_000))) + "\n")
    async with Desk(settings, [("many", str(tmp_path / "many.csv"))]) as desk:
        run = await desk.start("SELECT count(*) FROM many a, many b, many c WHERE a.n + b.n + c.n = 7")
        async for entry in run.follow():
            if getattr(entry.event, "stage", "") == "execute":
                break
    assert run.ended
    assert await desk.workers.status() == {"questions": 0, "exports": 0}
