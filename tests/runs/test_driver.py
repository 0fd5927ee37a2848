"""Whatever an answerer does, its run ends with exactly one terminal event and nobody waits for ever."""

import asyncio
import logging
import sys
import threading

import pytest

from prosa import errors
from prosa import events as e
from prosa.question import Question

ASK = Question("how many?")


def ends(entries):
    """The terminal events of a log; its last entry must be one."""
    assert entries[-1].terminal
    return [entry.event for entry in entries if entry.terminal]


async def test_a_run_tells_its_question_its_words_and_its_outcome(managed, scripted, ana, entries):
    stage = (e.StageStarted("plan"), e.StageCompleted("plan", 5.0, "ok"))
    run = await managed(scripted(*stage, e.Text(0, "Three."))).start(ana, Question("how many?", locale="pt"))
    got = await entries(run)
    assert [type(entry.event) for entry in got] == [e.Started, e.StageStarted, e.StageCompleted, e.Text, e.Completed]
    assert got[0].event == e.Started("how many?", locale="pt-BR")
    completed = got[-1].event
    assert (completed.outcome, completed.stages) == ("answered", {"plan": 5.0})
    assert completed.duration_ms > 0


async def test_a_clarification_is_an_outcome(managed, scripted, ana, entries):
    run = await managed(scripted(e.Clarification("Which one?", ()))).start(ana, ASK)
    assert ends(await entries(run))[0].outcome == "clarify"


async def test_an_answerer_may_say_its_own_outcome(managed, scripted, ana, entries):
    run = await managed(scripted(e.Text(0, "No."), e.Completed("refused", 0.0, tokens=12, cost=0.5))).start(ana, ASK)
    [completed] = ends(await entries(run))
    assert (completed.outcome, completed.tokens, completed.cost) == ("refused", 12, 0.5)
    assert completed.duration_ms > 0


async def test_an_error_is_told_in_the_language_of_the_run_with_its_stage(managed, ana, entries):
    class Failing:
        async def answer(self, question, context, emit):
            emit(e.StageStarted("execute"))
            raise errors.QueryError(what="no such table")

    run = await managed(Failing()).start(ana, Question("quantos?", locale="pt-BR"))
    [failed] = ends(await entries(run))
    assert (failed.code, failed.stage) == ("query_failed", "execute")
    assert failed.message == errors.QueryError(what="no such table").sentence("pt-BR")
    assert failed.hint == errors.QueryError().hint("pt-BR")


async def test_an_unknown_error_goes_to_the_log_and_not_to_the_person(managed, ana, entries, caplog):
    class Broken:
        async def answer(self, question, context, emit):
            raise KeyError("password=hunter2")

    with caplog.at_level(logging.ERROR):
        [failed] = ends(await entries(await managed(Broken()).start(ana, ASK)))
    assert failed.code == "internal"
    assert "hunter2" not in failed.message + failed.hint
    assert "hunter2" in caplog.text


async def test_an_error_with_a_code_that_has_no_words_is_an_internal_one(managed, ana, entries, caplog):
    class Own:
        async def answer(self, question, context, emit):
            raise errors.ProsaError("my_own_code")

    [failed] = ends(await entries(await managed(Own()).start(ana, ASK)))
    assert failed.code == "internal"
    assert "my_own_code" in caplog.text


@pytest.mark.parametrize(
    ("answerer", "code"),
    [
        (lambda question, context, emit: None, "internal"),
        (lambda question: None, "internal"),
        (lambda question, context, emit: sys.exit(3), "internal"),
        (lambda question, context, emit: asyncio.sleep(0), "agent_silent"),
        (lambda question, context, emit: emit("words") or asyncio.sleep(0), "agent_invalid"),
        (lambda question, context, emit: emit(e.Text(7, "x")) or asyncio.sleep(0), "agent_invalid"),
    ],
    ids=["no coroutine", "other arguments", "sys.exit", "silent", "emits words", "emits nonsense"],
)
async def test_an_answerer_that_is_none_fails_its_run(managed, ana, entries, answerer, code, caplog):
    class Odd:
        answer = staticmethod(answerer)

    assert [failed.code for failed in ends(await entries(await managed(Odd()).start(ana, ASK)))] == [code]


async def test_what_is_emitted_after_the_end_is_ignored(managed, ana, entries):
    kept = []

    class Late:
        async def answer(self, question, context, emit):
            kept.append(emit)
            emit(e.Text(0, "Done."))
            emit(e.Completed("answered", 0.0))
            emit(e.Text(0, " Not this."))
            emit(e.Failed("x", "nor this"))

    run = await managed(Late()).start(ana, ASK)
    got = await entries(run)
    kept[0](e.Text(0, "nor this"))
    assert len(ends(got)) == 1
    assert run.answer.text == "Done."
    assert await entries(run) == got


async def test_a_last_word_ends_the_run_though_the_answerer_goes_on(managed, ana, entries):
    class Lingering:
        async def answer(self, question, context, emit):
            emit(e.Text(0, "Done."))
            emit(e.Completed("answered", 0.0))
            await asyncio.Event().wait()

    [completed] = ends(await entries(await managed(Lingering(), grace_seconds=0.01).start(ana, ASK)))
    assert completed.outcome == "answered"


async def test_an_invalid_last_word_is_refused_to_the_answerer(managed, scripted, ana, entries):
    run = await managed(scripted(e.Completed("perhaps", 0.0))).start(ana, ASK)
    assert [failed.code for failed in ends(await entries(run))] == ["agent_invalid"]


async def test_cancel_stops_the_answerer_and_says_what_was_stopped(managed, hanging, ana, entries):
    answerer = hanging()
    manager = managed(answerer)
    run = await manager.start(ana, ASK)
    await answerer.begun.wait()
    await manager.cancel(ana, run.id)
    await manager.cancel(ana, run.id)
    [cancelled] = ends(await entries(run))
    assert cancelled.stopped == "execute"
    assert cancelled.after_ms >= 0
    assert answerer.stopped.is_set()


async def test_cancel_after_the_end_changes_nothing(managed, scripted, ana, entries):
    manager = managed(scripted(e.Text(0, "x")))
    run = await manager.start(ana, ASK)
    before = await entries(run)
    assert (await manager.cancel(ana, run.id)) is run
    assert await entries(run) == before


async def test_an_answerer_that_swallows_its_cancellation_is_left_behind(managed, hanging, ana, entries, caplog):
    answerer = hanging(stubborn=True)
    manager = managed(answerer, grace_seconds=0.01)
    run = await manager.start(ana, ASK)
    await answerer.begun.wait()
    await manager.cancel(ana, run.id)
    assert isinstance(ends(await entries(run))[0], e.Cancelled)
    answerer.release.set()
    assert run.answer.text == ""
    assert "goes on after it was stopped" in caplog.text


async def test_a_last_word_said_while_being_cancelled_does_not_count(managed, ana, entries):
    begun = asyncio.Event()

    class Stubborn:
        async def answer(self, question, context, emit):
            begun.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                emit(e.Completed("answered", 0.0))

    manager = managed(Stubborn())
    run = await manager.start(ana, ASK)
    await begun.wait()
    await manager.cancel(ana, run.id)
    assert isinstance(ends(await entries(run))[0], e.Cancelled)


async def test_the_time_limit_stops_a_run_that_never_ends(managed, hanging, ana, entries):
    answerer = hanging()
    run = await managed(answerer, run_seconds=0.05).start(ana, ASK)
    [failed] = ends(await entries(run))
    assert (failed.code, failed.stage) == ("time_limit", "execute")
    assert "0.05" in failed.message
    assert answerer.stopped.is_set()


async def test_an_answerer_that_cancels_itself_has_been_cancelled(managed, ana, entries):
    class Quitting:
        async def answer(self, question, context, emit):
            emit(e.StageStarted("plan"))
            raise asyncio.CancelledError

    assert ends(await entries(await managed(Quitting()).start(ana, ASK))) == [e.Cancelled("plan", 0.0)]


async def test_events_from_another_thread_are_written_in_order(managed, ana, entries):
    class Threaded:
        async def answer(self, question, context, emit):
            def work():
                assert threading.current_thread() is not threading.main_thread()
                for number in range(20):
                    emit(e.Text(0, f"{number} "))

            await asyncio.to_thread(work)

    run = await managed(Threaded()).start(ana, ASK)
    await entries(run)
    assert run.answer.text.split() == [str(number) for number in range(20)]


async def test_nonsense_from_another_thread_fails_the_run(managed, ana, entries):
    class Threaded:
        async def answer(self, question, context, emit):
            await asyncio.to_thread(emit, "words")
            await asyncio.Event().wait()

    [failed] = ends(await entries(await managed(Threaded(), grace_seconds=0.01).start(ana, ASK)))
    assert failed.code == "agent_invalid"


async def test_a_stage_that_was_slow_before_comes_with_an_estimate(managed, scripted, ana, entries):
    manager = managed(scripted(e.StageStarted("execute"), e.StageCompleted("execute", 800.0), e.Text(0, "x")))
    for _ in range(3):
        await entries(await manager.start(ana, ASK))
    got = [entry.event for entry in await entries(await manager.start(ana, ASK))]
    assert e.StageProgress("execute", eta_ms=800) in got
