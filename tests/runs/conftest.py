"""Answerers that do one thing each, and managers of runs that are closed again."""

import asyncio

import pytest

from prosa import events as e
from prosa.identity import Principal
from prosa.runs import RunManager


class Scripted:
    """Emits its events and ends. With a `gate`, it waits for it before the last event."""

    def __init__(self, *events, gate=None):
        self.events, self.gate = events, gate
        self.asked = []

    async def answer(self, question, context, emit):
        self.asked.append((question, context))
        for number, event in enumerate(self.events, 1):
            if self.gate is not None and number == len(self.events):
                await self.gate.wait()
            emit(event)


class Hanging:
    """Opens a stage and never ends by itself. `stopped` is set when it is cancelled, `begun` when it is at work."""

    def __init__(self, *, stubborn=False):
        self.begun, self.stopped, self.stubborn = asyncio.Event(), asyncio.Event(), stubborn
        self.release = asyncio.Event()

    async def answer(self, question, context, emit):
        emit(e.StageStarted("execute"))
        self.begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.stopped.set()
            if not self.stubborn:
                raise
            await self.release.wait()
            emit(e.Text(0, "too late"))


@pytest.fixture
def ana():
    return Principal("ana")


@pytest.fixture
def bia():
    return Principal("bia")


@pytest.fixture
def scripted():
    return Scripted


@pytest.fixture
def hanging():
    return Hanging


@pytest.fixture
async def managed():
    """Makes managers; all of them are closed when the test has ended."""
    made = []

    def manage(answerer, **limits):
        made.append(RunManager(answerer, **{"grace_seconds": 0.2, **limits}))
        return made[-1]

    yield manage
    for manager in made:
        await manager.aclose()


@pytest.fixture
def entries():
    """All entries of a run, as its reader gets them."""

    async def read(run, after=0):
        return [entry async for entry in run.follow(after)]

    return read
