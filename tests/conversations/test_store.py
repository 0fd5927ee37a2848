"""Conversations are kept, found, and nobody else's."""

import asyncio
import inspect
import os
import sqlite3
import stat
from contextlib import suppress

import pytest

from prosa.answer import Answer
from prosa.conversations.store import ConversationStore
from prosa.errors import AccessError, StorageError
from prosa.question import Question


async def test_a_conversation_is_made_listed_read_renamed_and_deleted(store, ana):
    made = await store.create(ana, "Sales")
    assert [head.title for head in await store.list(ana)] == ["Sales"]
    assert (await store.rename(ana, made.id, "Sales 2024")).title == "Sales 2024"
    assert (await store.get(ana, made.id)).title == "Sales 2024"
    await store.delete(ana, made.id)
    assert await store.list(ana) == []
    with pytest.raises(AccessError):
        await store.get(ana, made.id)


async def test_turns_stand_in_the_order_in_which_they_were_asked(store, ana, take_turn):
    made = await store.create(ana)
    for number in range(3):
        await take_turn(ana, made.id, f"r{number}", f"question {number}")
    detail = await store.get(ana, made.id)
    assert [turn.question for turn in detail.items] == ["question 0", "question 1", "question 2"]
    assert detail.turns == 3
    assert detail.items[0].answer.text == "Four stores."


async def test_a_conversation_without_a_title_takes_its_first_question(store, ana, take_turn):
    made = await store.create(ana)
    await take_turn(ana, made.id, "r1", "how  many\n stores? " + "x" * 200)
    await take_turn(ana, made.id, "r2", "and now?")
    title = (await store.get(ana, made.id)).title
    assert title.startswith("how many stores? xxx")
    assert len(title) == 80


async def test_a_running_turn_is_there_before_it_has_ended(store, ana):
    made = await store.create(ana)
    await store.add_turn(ana, made.id, "r1", Question("how many?"))
    [turn] = (await store.get(ana, made.id)).items
    assert (turn.answer.status, turn.answer.question) == ("running", "how many?")
    with pytest.raises(AccessError):
        await store.answer(ana, "r1")


async def test_the_last_used_conversation_comes_first(store, ana, take_turn):
    first, second = await store.create(ana, "first"), await store.create(ana, "second")
    await take_turn(ana, first.id, "r1", "x")
    assert [head.id for head in await store.list(ana)] == [first.id, second.id]
    assert [head.id for head in await store.list(ana, limit=1, offset=1)] == [second.id]


@pytest.mark.parametrize("words", ["AÇÃO", "acao", "promoção de são joão", "SAO JOAO", "vendemos 40%", "Títülo"])
async def test_search_finds_words_in_titles_questions_and_answers(store, ana, take_turn, words):
    found, other = await store.create(ana, "Título"), await store.create(ana, "other")
    await take_turn(ana, found.id, "r1", "promoção de São João", "Vendemos 40% em ação.")
    await take_turn(ana, other.id, "r2", "something else")
    assert [head.id for head in await store.list(ana, words)] == [found.id]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; DROP TABLE turns; --", "nowhere"])
async def test_search_takes_every_sign_for_itself(store, ana, take_turn, words):
    made = await store.create(ana, "plain")
    await take_turn(ana, made.id, "r1", "plain words", "plain answer")
    assert await store.list(ana, words) == []
    assert [head.id for head in await store.list(ana, "plain")] == [made.id]


async def test_history_holds_the_last_finished_turns(store, ana, take_turn):
    made = await store.create(ana)
    for number in range(12):
        await take_turn(ana, made.id, f"r{number}", f"q{number}", state={"number": number})
    await store.add_turn(ana, made.id, "running", Question("unfinished"))
    history = await store.add_turn(ana, made.id, "next", Question("and?"))
    assert [turn.question for turn in history] == [f"q{number}" for number in range(2, 12)]
    assert history[-1].state == {"number": 11}


async def test_a_run_outside_conversations_can_be_forgotten_and_no_other(store, ana, bia, answered, take_turn):
    assert await store.add_turn(ana, None, "r1", Question("x")) == ()
    await store.finish_turn(ana, "r1", answered("r1", "x"), {})
    await store.forget_turn(bia, "r1")
    assert await store.answer(ana, "r1")
    await store.forget_turn(ana, "r1")
    with pytest.raises(AccessError):
        await store.answer(ana, "r1")
    await take_turn(ana, (await store.create(ana)).id, "r2", "y")
    await store.forget_turn(ana, "r2")
    assert await store.answer(ana, "r2")


@pytest.mark.parametrize("ended", [False, True])
async def test_a_conversation_can_be_opened_with_its_first_turn(store, ana, answered, ended):
    answer = answered("r1", " what is\nthere? ")
    answer.conversation = "c1"
    if ended:
        await store.open_with_answer(ana, "c1", Question(" what is\nthere? "), answer, {"n": 1})
    else:
        await store.open_with_turn(ana, "c1", "r1", Question(" what is\nthere? "))
        await store.finish_turn(ana, "r1", answer, {"n": 1})
    (head,) = await store.list(ana)
    assert (head.id, head.title, head.turns) == ("c1", "what is there?", 1)
    (turn,) = (await store.get(ana, "c1")).items
    assert turn.answer == answer
    assert [past.state for past in await store.add_turn(ana, "c1", "r2", Question("and then?"))] == [{"n": 1}]


async def test_the_end_of_a_turn_whose_conversation_was_deleted_is_no_error(store, ana, answered):
    made = await store.create(ana)
    await store.add_turn(ana, made.id, "r1", Question("x"))
    await store.delete(ana, made.id)
    await store.finish_turn(ana, "r1", answered("r1", "x"), {})
    with pytest.raises(AccessError):
        await store.answer(ana, "r1")


async def test_every_sign_is_kept(store, ana, answered):
    made = await store.create(ana, "a\x00b \ud800 😀")
    await store.add_turn(ana, made.id, "r1", Question("tab\t nul\x00 lone\ud800 '\"; 😀"))
    await store.finish_turn(ana, "r1", answered("r1", "tab\t nul\x00 lone? '\"; 😀"), {"words": "\ud800", "when": 1j})
    detail = await store.get(ana, made.id)
    assert (detail.title, detail.items[0].question) == ("a\x00b ? 😀", "tab\t nul\x00 lone? '\"; 😀")


async def test_another_person_finds_nothing_by_any_id(store, ana, bia, answered, take_turn):
    """Every method of the store that takes an id, called by somebody else with an id that exists."""
    made = await store.create(ana, "private")
    await take_turn(ana, made.id, "r1", "secret question")
    await store.add_turn(ana, made.id, "r2", Question("secret question"))
    given = {
        "conversation_id": made.id,
        "run_id": "r1",
        "title": "mine now",
        "search": "secret",
        "question": Question("and?"),
        "answer": answered("r2", "stolen"),
        "state": {},
        "pin_id": (await store.pin(ana, "secret question")).id,
    }
    before = await store.get(ana, made.id)
    tried = []
    for name, method in inspect.getmembers(store, inspect.iscoroutinefunction):
        parameters = inspect.signature(method).parameters
        if name.startswith("_") or "principal" not in parameters or name in ("create", "keyed", "pin"):
            continue
        arguments = {key: given[key] for key in parameters if key in given}
        if name in ("finish_turn", "add_turn"):
            arguments["run_id"] = {"finish_turn": "r2", "add_turn": "r3"}[name]
        with suppress(AccessError, StorageError):
            assert await method(bia, **arguments) in (None, [], ())
        tried.append(name)
        assert await store.get(ana, made.id) == before, f"{name} let somebody else in"
    assert set(tried) == {
        "add_turn", "answer", "delete", "finish_turn", "forget_turn", "get", "list", "open_with_answer",
        "open_with_turn", "pinned", "rename", "unpin",
    }  # fmt: skip
    assert (await store.answer(ana, "r1")).question == "secret question"


async def test_a_key_names_the_same_conversation_for_ever_and_only_its_owners(path, store, ana, bia):
    made = await store.keyed(ana, "session 1")
    assert await store.keyed(ana, "session 1") == made
    assert await store.keyed(ana, made) == made
    assert await store.keyed(ana, "session 2") != made
    others = {await store.keyed(bia, "session 1"), await store.keyed(bia, made)}
    assert made not in others
    again = await ConversationStore.open(path)
    assert await again.keyed(ana, "session 1") == made
    await again.aclose()


async def test_a_store_of_the_first_version_learns_of_keys(path, ana):
    store = await ConversationStore.open(path)
    old = await store.create(ana, "old")
    await store.aclose()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP INDEX conversations_by_key")
        connection.execute("ALTER TABLE conversations DROP COLUMN key")
        connection.execute("UPDATE prosa_schema SET version = 1")
    connection.close()
    again = await ConversationStore.open(path)
    assert [one.title for one in await again.list(ana)] == ["old"]
    assert await again.keyed(ana, "k") != old.id
    assert await again.keyed(ana, "k") == await again.keyed(ana, "k")
    await again.aclose()


async def test_conversations_are_kept_over_restarts(path, ana, answered):
    store = await ConversationStore.open(path)
    made = await store.create(ana, "kept")
    await store.add_turn(ana, made.id, "r1", Question("x"))
    await store.finish_turn(ana, "r1", answered("r1", "x"), {})
    await store.aclose()
    again = await ConversationStore.open(path)
    assert (await again.get(ana, made.id)).items[0].answer == answered("r1", "x")
    await again.aclose()


async def test_what_a_dead_server_left_unfinished_has_failed(path, ana):
    store = await ConversationStore.open(path)
    made = await store.create(ana)
    await store.add_turn(ana, made.id, "r1", Question("quantas lojas?", locale="pt-BR"))
    await store.aclose()
    again = await ConversationStore.open(path)
    answer = await again.answer(ana, "r1")
    assert (answer.status, answer.failure.code) == ("failed", "server_restarted")
    assert answer.failure.message.startswith("O servidor foi reiniciado")
    await again.aclose()


async def test_a_living_server_on_the_same_store_keeps_its_turns(path, ana, answered):
    one = await ConversationStore.open(path)
    made = await one.create(ana)
    await one.add_turn(ana, made.id, "r1", Question("x"))
    other = await ConversationStore.open(path)
    assert (await other.get(ana, made.id)).items[0].answer.status == "running"
    await one.finish_turn(ana, "r1", answered("r1", "x"), {})
    assert (await other.answer(ana, "r1")).status == "answered"
    await asyncio.gather(one.aclose(), other.aclose())


async def test_two_servers_write_to_one_store_at_once(path, ana, answered):
    stores = [await ConversationStore.open(path) for _ in range(2)]
    made = await stores[0].create(ana)

    async def ask(store, run_id):
        await store.add_turn(ana, made.id, run_id, Question("x"))
        await store.finish_turn(ana, run_id, answered(run_id, "x"), {})

    await asyncio.gather(
        *(ask(store, f"{place}-{number}") for number in range(20) for place, store in enumerate(stores))
    )
    assert (await stores[1].get(ana, made.id)).turns == 40
    for store in stores:
        await store.aclose()


async def test_the_file_is_for_its_owner_alone(store, path):
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(path.parent).st_mode) == 0o700


async def test_nothing_but_the_store_is_left_when_it_is_closed(path):
    store = await ConversationStore.open(path)
    await store.aclose()
    assert [file.name for file in path.parent.iterdir()] == ["conversations.db"]


async def test_a_store_in_memory_needs_no_file(ana):
    store = await ConversationStore.open()
    made = await store.create(ana, "x")
    assert (await store.get(ana, made.id)).title == "x"
    await store.aclose()


async def test_a_file_that_is_no_store_is_said_to_be_none(path):
    path.parent.mkdir()
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(StorageError) as caught:
        await ConversationStore.open(path)
    assert caught.value.code == "storage_broken"
    assert str(path) in caught.value.sentence()


async def test_a_store_of_a_newer_version_is_left_alone(path):
    await (await ConversationStore.open(path)).aclose()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE prosa_schema SET version = 99")
    connection.close()
    with pytest.raises(StorageError) as caught:
        await ConversationStore.open(path)
    assert caught.value.code == "storage_newer"


async def test_a_place_that_can_not_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError) as caught:
        await ConversationStore.open(tmp_path / "file" / "conversations.db")
    assert caught.value.code == "storage_readonly"


async def test_a_full_disk_loses_nothing_that_was_there(store, ana):
    made = await store.create(ana, "kept")
    await store._read(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=1"))
    with pytest.raises(StorageError) as caught:
        await store.create(ana, "x" * 100_000)
    assert caught.value.code == "storage_full"
    assert [head.id for head in await store.list(ana)] == [made.id]


async def test_a_store_that_another_program_holds_says_so(store, path, ana):
    await store._read(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=1"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError) as caught:
        await store.create(ana)
    other.execute("ROLLBACK")
    other.close()
    assert caught.value.code == "storage_busy"
    assert await store.create(ana)


async def test_an_answer_of_an_older_version_is_still_read(store, ana):
    made = await store.create(ana)
    await store.add_turn(ana, made.id, "r1", Question("x"))
    await store.finish_turn(ana, "r1", Answer(run_id="r1", status="answered"), {})
    old = '{"run_id":"r1","status":"answered","something":"else"}'
    await store._write(lambda connection: connection.exec_driver_sql("UPDATE turns SET answer = ?", (old,)))
    assert (await store.answer(ana, "r1")).status == "answered"
