"""Agents and answerers that are none: each question ends in bounded time with an error that says what was wrong."""

import asyncio
import threading

import pytest

from prosa import events as e

HASTY = {"silence": 0.2, "run_seconds": 30.0}


class Sending:
    """An agent whose `send_message` is the function that it was given."""

    def __init__(self, send):
        self.send_message = send


async def _for_ever(*given, **more):
    while True:
        yield "and on "


async def _breathless(*given, **more):
    while True:
        await asyncio.sleep(0)
        yield ""


async def _deaf(*given, **more):
    """Swallows its end."""
    while True:
        try:
            yield "a"
            await asyncio.Event().wait()
        except (asyncio.CancelledError, GeneratorExit):
            return


async def _never(*given, **more):
    await asyncio.Event().wait()
    yield "too late"


def _refuses(*given, **more):
    raise RuntimeError("secret detail")


@pytest.mark.parametrize(
    ("send", "codes"),
    [
        (_for_ever, {"agent_parts"}),
        (_breathless, {"agent_parts", "agent_silent"}),
        (_deaf, {"agent_quiet"}),
        (_never, {"agent_quiet"}),
        (_refuses, {"internal"}),
        (lambda *given, **more: None, {"agent_invalid"}),
        (lambda *given, **more: ["a", "b"], {"agent_invalid"}),
        (lambda *given, **more: "words", {"agent_invalid"}),
        (lambda: None, {"internal"}),
    ],
    ids=["for ever", "breathless", "deaf", "never", "raises", "None", "a list", "words", "takes nothing"],
)
def test_an_agent_that_is_none_ends_in_an_error(chatting, send, codes, caplog):
    with chatting(Sending(send), **HASTY) as chat:
        last = chat.ask("x")[-1]
        assert last["event"] == "error"
        assert last["code"] in codes
        assert last["message"].strip()
        assert "secret" not in last["message"]
        assert chat.endpoint._runs.working == 0


class Answering:
    """An answerer that is the function it was given."""

    def __init__(self, answer):
        self.answer = answer


async def _shouts(question, context, emit):
    while True:
        emit(e.Text(0, "and on "))


async def _talks_on(question, context, emit):
    while True:
        emit(e.Text(0, "x" * 65_536))
        await asyncio.sleep(0)


async def _waits(question, context, emit):
    await asyncio.Event().wait()


async def _babbles(question, context, emit):
    emit({"event": "text", "delta": "words"})


async def _nothing(question, context, emit):
    return None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (_shouts, "answer_too_long"),
        (_talks_on, "answer_too_long"),
        (_waits, "agent_quiet"),
        (_babbles, "agent_invalid"),
        (_nothing, "agent_silent"),
        (lambda question, context, emit: 7, "internal"),
    ],
    ids=["shouts", "talks on", "waits", "babbles", "nothing", "no coroutine"],
)
def test_an_answerer_that_is_none_ends_in_an_error(chatting, answer, code, caplog):
    with chatting(Answering(answer), **HASTY) as chat:
        last = chat.ask("x")[-1]
        assert (last["event"], last["code"]) == ("error", code)
        assert last["message"].strip()


def test_a_bad_question_leaves_the_next_one_alone(chatting):
    """One endpoint, first an agent at its worst, then at its best."""
    worst = threading.Event()
    worst.set()

    async def send(*given, **more):
        while worst.is_set():
            yield "and on "
        yield "well"

    with chatting(Sending(send), **HASTY) as chat:
        assert chat.ask("x")[-1]["code"] == "agent_parts"
        worst.clear()
        assert chat.ask("x")[-1]["answer"] == "well"
