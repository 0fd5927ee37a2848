"""Runs are started within limits, found by their owners alone, saved, and forgotten."""

import asyncio
import sqlite3

import pytest

from prosa import events as e
from prosa.conversations.store import ConversationStore
from prosa.errors import AccessError, BusyError, QuestionError, StorageError, UsageError
from prosa.question import Question
from prosa.runs import RunManager

ASK = Question("how many?")


@pytest.fixture
async def store(tmp_path):
    store = await ConversationStore.open(tmp_path / "c.db")
    store.fill_disk = lambda: store._read(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=1"))
    yield store
    await store.aclose()


async def test_a_run_has_begun_when_start_returns(managed, hanging, ana):
    run = await managed(hanging()).start(ana, ASK)
    assert run.log.read()[0].event.question == "how many?"
    assert not run.ended


@pytest.mark.parametrize("text", ["", " \n\t "])
async def test_an_empty_question_is_refused(managed, scripted, ana, text):
    with pytest.raises(QuestionError) as caught:
        await managed(scripted()).start(ana, Question(text))
    assert caught.value.code == "question_empty"


@pytest.mark.parametrize("question", [Question("x" * 101), Question("x", sql="x" * 101)])
async def test_a_question_that_is_too_long_is_refused(managed, scripted, ana, question):
    manager = managed(scripted(e.Text(0, "x")), question_length=100)
    with pytest.raises(QuestionError) as caught:
        await manager.start(ana, question)
    assert caught.value.values == {"length": 101, "limit": 100}
    assert await manager.start(ana, Question("x" * 100))


async def test_a_run_is_found_by_its_owner_alone(managed, hanging, ana, bia):
    manager = managed(hanging())
    run = await manager.start(ana, ASK)
    assert manager.get(ana, run.id) is run
    assert await manager.find(ana, run.id) is run
    for use in (manager.find(bia, run.id), manager.cancel(bia, run.id), manager.find(ana, "nowhere")):
        with pytest.raises(AccessError) as caught:
            await use
        assert caught.value.code == "not_found"
    assert manager.live(bia) == []
    assert manager.live(ana) == [run]


async def test_a_run_goes_on_when_its_readers_have_gone(managed, scripted, ana, entries):
    gate = asyncio.Event()
    run = await managed(scripted(e.Text(0, "a"), e.Text(0, "b"), gate=gate)).start(ana, ASK)
    reader = asyncio.create_task(entries(run))
    await asyncio.sleep(0)
    reader.cancel()
    gate.set()
    assert (await run.finished()).text == "ab"


async def test_one_user_too_many_waits_and_is_told_its_place(managed, ana, bia, entries):
    gates = [asyncio.Event() for _ in range(3)]

    class Gated:
        async def answer(self, question, context, emit):
            await gates[int(question.text)].wait()
            emit(e.Text(0, "done"))

    manager = managed(Gated(), per_user=2, in_all=9)
    first, second, third = [await manager.start(ana, Question(str(number))) for number in range(3)]
    assert [notice.code for notice in third.answer.notices] == ["waiting"]
    assert "1" in third.answer.notices[0].words
    assert first.answer.notices == second.answer.notices == []
    assert (manager.working, manager.waiting) == (2, 1)
    gates[2].set()
    gates[0].set()
    assert (await third.finished()).status == "answered"
    assert not second.ended


async def test_beyond_the_line_a_question_is_refused_until_there_is_room(managed, hanging, ana):
    answerer = hanging()
    manager = managed(answerer, per_user=1, waiting=1)
    first, second = await manager.start(ana, ASK), await manager.start(ana, ASK)
    with pytest.raises(BusyError) as caught:
        await manager.start(ana, ASK)
    assert caught.value.values["retry_after"] >= 1
    await manager.cancel(ana, second.id)
    await second.finished()
    assert second.answer.cancelled.stopped == "waiting"
    assert (await manager.start(ana, ASK)).id not in (first.id, second.id)


async def test_the_same_key_gives_the_same_run(managed, scripted, ana, bia):
    answerer = scripted(e.Text(0, "x"))
    manager = managed(answerer)
    runs = await asyncio.gather(*(manager.start(ana, ASK, idempotency_key="k") for _ in range(5)))
    other = await manager.start(bia, ASK, idempotency_key="k")
    await other.finished()
    assert len({run.id for run in runs}) == 1
    assert other.id != runs[0].id
    assert len(answerer.asked) == 2
    assert (await manager.start(ana, ASK, idempotency_key="k")) is runs[0]


async def test_a_key_is_not_for_two_questions(managed, scripted, ana):
    manager = managed(scripted(e.Text(0, "x")))
    await manager.start(ana, ASK, idempotency_key="k")
    with pytest.raises(UsageError) as caught:
        await manager.start(ana, Question("something else"), idempotency_key="k")
    assert caught.value.code == "idempotency_key"


async def test_a_key_whose_start_was_refused_may_be_used_again(managed, hanging, ana):
    manager = managed(hanging(), per_user=1, waiting=0)
    first = await manager.start(ana, ASK)
    with pytest.raises(BusyError):
        await manager.start(ana, ASK, idempotency_key="k")
    await manager.cancel(ana, first.id)
    await first.finished()
    await asyncio.sleep(0)
    assert await manager.start(ana, ASK, idempotency_key="k")


async def test_ended_runs_are_forgotten_after_a_while(managed, scripted, ana):
    manager = managed(scripted(e.Text(0, "x")), keep_seconds=0)
    run = await manager.start(ana, ASK, idempotency_key="k")
    await run.finished()
    while True:
        try:
            manager.get(ana, run.id)
        except AccessError:
            break
        await asyncio.sleep(0)
    assert (await manager.start(ana, ASK, idempotency_key="k")).id != run.id


async def test_the_oldest_ended_runs_make_room_for_new_ones(managed, scripted, ana):
    manager = managed(scripted(e.Text(0, "x" * 10_000)), log_total=25_000)
    runs = []
    for _ in range(4):
        runs.append(await manager.start(ana, ASK))
        await runs[-1].finished()
        await asyncio.sleep(0)
    with pytest.raises(AccessError):
        manager.get(ana, runs[0].id)
    assert manager.get(ana, runs[3].id) is runs[3]


async def test_no_run_is_started_when_the_live_ones_fill_the_memory(managed, ana):
    class Growing:
        async def answer(self, question, context, emit):
            emit(e.Text(0, "x" * 10_000))
            await asyncio.Event().wait()

    manager = managed(Growing(), log_total=5_000)
    run = await manager.start(ana, ASK)
    await anext(run.follow(1))
    with pytest.raises(BusyError):
        await manager.start(ana, ASK)


async def test_whoever_watches_hears_of_every_end(managed, scripted, ana):
    heard = []
    manager = managed(scripted(e.Text(0, "x")))
    manager.watch(heard.append)
    run = await manager.start(ana, ASK)
    await run.finished()
    await asyncio.sleep(0)
    assert heard == [run]


async def test_a_turn_is_saved_with_nobody_connected(managed, scripted, ana, store):
    conversation = await store.create(ana)
    manager = managed(scripted(e.Text(0, "Three.")), conversations=store)
    run = await manager.start(ana, ASK, conversation=conversation.id)
    await run.finished()
    [turn] = (await store.get(ana, conversation.id)).items
    assert (turn.run_id, turn.question) == (run.id, "how many?")
    assert turn.answer == run.answer


async def test_the_next_turn_knows_what_was_said_and_remembered(managed, ana, store):
    seen = []

    class Remembering:
        async def answer(self, question, context, emit):
            seen.append(context)
            context.remember["asked"] = question.text
            emit(e.Text(0, f"answer to {question.text}"))

    conversation = await store.create(ana)
    manager = managed(Remembering(), conversations=store)
    for text in ("one", "two", "three"):
        await (await manager.start(ana, Question(text), conversation=conversation.id)).finished()
    history = seen[-1].history
    assert [(turn.question, turn.answer.text, turn.state) for turn in history] == [
        ("one", "answer to one", {"asked": "one"}),
        ("two", "answer to two", {"asked": "two"}),
    ]
    assert (seen[-1].principal, seen[-1].conversation) == (ana, conversation.id)


async def test_outside_a_conversation_a_reply_knows_the_turn_that_it_replies_to(managed, scripted, ana, bia):
    answerer = scripted(e.Text(0, "x"))
    manager = managed(answerer)
    first = await manager.start(ana, ASK)
    await first.finished()
    for who in (ana, bia):
        await (await manager.start(who, Question("and by month?", replies_to=first.id))).finished()
    assert [[turn.question for turn in context.history] for _, context in answerer.asked] == [[], ["how many?"], []]


@pytest.mark.parametrize("kept", [True, False])
async def test_a_conversation_that_is_not_theirs_refuses_the_run(managed, scripted, ana, bia, store, kept):
    conversation = await store.create(bia)
    manager = managed(scripted(e.Text(0, "x")), conversations=store if kept else None, per_user=1, waiting=0)
    for _ in range(2):
        with pytest.raises(AccessError) as caught:
            await manager.start(ana, ASK, conversation=conversation.id)
        assert caught.value.code == "not_found"
    assert await manager.start(ana, ASK)


async def test_a_turn_that_can_not_be_saved_still_ends_and_says_so(managed, ana, store, tmp_path, entries):
    class Filling:
        async def answer(self, question, context, emit):
            await store.fill_disk()
            emit(e.Text(0, "x" * 100_000))

    conversation = await store.create(ana)
    run = await managed(Filling(), conversations=store).start(ana, ASK, conversation=conversation.id)
    got = await entries(run)
    assert isinstance(got[-1].event, e.Completed)
    full = StorageError("storage_full", where=str(tmp_path / "c.db"))
    assert got[-2].event == e.Notice("storage_full", full.sentence())


async def test_a_run_in_a_new_conversation_is_kept_with_it_when_it_has_ended(managed, scripted, ana, bia, store):
    manager = managed(scripted(e.Text(0, "Three.")), conversations=store, note_after=60)
    run = await manager.start(ana, ASK, new_conversation=True)
    assert await store.list(ana) == []
    answer = await run.finished()
    (head,) = await store.list(ana)
    assert head.id == answer.conversation == run.conversation
    assert head.title == "how many?"
    assert [turn.answer for turn in (await store.get(ana, head.id)).items] == [answer]
    assert await store.list(bia) == []
    again = await manager.start(ana, ASK, conversation=head.id)
    assert [turn.answer for turn in again.context.history] == [answer]


async def test_a_new_conversation_is_there_while_its_first_run_still_works(managed, hanging, ana, store, tmp_path):
    answerer = hanging()
    manager = managed(answerer, conversations=store, note_after=0.01)
    run = await manager.start(ana, ASK, new_conversation=True)
    await answerer.begun.wait()
    await noted(tmp_path / "c.db")
    (turn,) = (await store.get(ana, run.conversation)).items
    assert (turn.question, turn.answer.status) == ("how many?", "running")
    run.ask_to_stop("cancel")
    assert (await run.finished()).status == "cancelled"
    (turn,) = (await store.get(ana, run.conversation)).items
    assert turn.answer.status == "cancelled"


async def test_a_new_conversation_that_the_servers_end_took_is_kept(hanging, ana, store):
    answerer = hanging()
    manager = RunManager(answerer, conversations=store, note_after=60)
    run = await manager.start(ana, ASK, new_conversation=True)
    await answerer.begun.wait()
    await manager.aclose()
    (turn,) = (await store.get(ana, run.conversation)).items
    assert turn.answer.failure.code == "server_restarted"


async def test_a_new_conversation_that_can_not_be_saved_is_said(managed, scripted, ana, store, tmp_path, entries):
    await store.fill_disk()
    run = await managed(scripted(e.Text(0, "x" * 100_000)), conversations=store).start(ana, ASK, new_conversation=True)
    got = await entries(run)
    assert isinstance(got[-1].event, e.Completed)
    assert got[-2].event.code == "storage_full"
    with pytest.raises(AccessError):
        await managed(scripted()).start(ana, ASK, new_conversation=True)


async def test_a_run_that_is_no_longer_in_memory_is_found_in_the_store(managed, scripted, ana, bia, store, entries):
    conversation = await store.create(ana)
    run = await managed(scripted(e.Text(0, "Three.")), conversations=store).start(
        ana, ASK, conversation=conversation.id
    )
    await run.finished()
    later = managed(scripted(), conversations=store)
    found = await later.find(ana, run.id)
    assert found.ended
    assert found.answer == run.answer
    assert (await entries(found, 2))[-1].event == (await entries(run))[-1].event
    with pytest.raises(AccessError):
        await later.find(bia, run.id)


async def test_the_servers_end_lets_readers_go_and_marks_the_turn(hanging, ana, store, entries):
    answerer = hanging()
    manager = RunManager(answerer, conversations=store)
    conversation = await store.create(ana)
    run = await manager.start(ana, ASK, conversation=conversation.id)
    await answerer.begun.wait()
    reader = asyncio.create_task(entries(run))
    await manager.aclose()
    seen = await reader
    assert not seen[-1].terminal
    assert answerer.stopped.is_set()
    with pytest.raises(BusyError):
        await manager.start(ana, ASK)
    again = await RunManager(answerer, conversations=store).find(ana, run.id)
    [last] = await entries(again, seen[-1].seq)
    assert (last.event.code, last.event.stage, last.seq) == ("server_restarted", "execute", seen[-1].seq + 1)


async def noted(path):
    """Waits until a run stands in the store."""
    connection = sqlite3.connect(path)
    while not connection.execute("SELECT count(*) FROM turns").fetchone()[0]:
        await asyncio.to_thread(lambda: None)  # another thread's turn
    connection.close()


async def test_a_run_without_a_conversation_is_resumed_after_a_crash_as_failed(hanging, ana, tmp_path, entries):
    store = await ConversationStore.open(tmp_path / "c.db")
    answerer = hanging()
    manager = RunManager(answerer, conversations=store, note_after=0.01)
    run = await manager.start(ana, ASK)
    await answerer.begun.wait()
    await noted(tmp_path / "c.db")
    seen = run.log.read()
    store._lease.release()  # what the system does when a process dies
    store._lease = None
    next_store = await ConversationStore.open(tmp_path / "c.db")
    found = await RunManager(answerer, conversations=next_store).find(ana, run.id)
    rest = await entries(found, seen[-1].seq)
    assert rest[-1].event.code == "server_restarted"
    assert rest[-1].seq > seen[-1].seq
    await manager.aclose()
    await next_store.aclose()
    await store.aclose()


async def test_a_run_outside_conversations_that_the_servers_end_took_is_told_by_the_next(
    hanging, ana, tmp_path, entries
):
    store = await ConversationStore.open(tmp_path / "c.db")
    answerer = hanging()
    manager = RunManager(answerer, conversations=store)
    run = await manager.start(ana, ASK)
    await answerer.begun.wait()
    seen = run.log.read()
    await manager.aclose()
    await store.aclose()
    store = await ConversationStore.open(tmp_path / "c.db")
    rest = await entries(await RunManager(answerer, conversations=store).find(ana, run.id), seen[-1].seq)
    assert rest[-1].event.code == "server_restarted"
    await store.aclose()


async def test_a_short_run_outside_conversations_asks_nothing_of_the_store(scripted, ana, store, monkeypatch):
    for method in ("add_turn", "forget_turn", "finish_turn", "open_with_turn", "open_with_answer"):
        monkeypatch.setattr(store, method, None)
    manager = RunManager(scripted(e.Text(0, "one")), conversations=store, note_after=60)
    assert (await (await manager.start(ana, ASK)).finished()).status == "answered"
    await manager.aclose()
