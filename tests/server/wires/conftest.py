"""Frames of a stream, and an answerer that takes its next step only when it is told to."""

import asyncio
import json
import queue
import threading

import pytest

from prosa import events as e


class Stepwise:
    """Emits its events one by one, each when `step` was called."""

    def __init__(self, *events):
        self.events = events
        self._steps = queue.Queue()

    def step(self):
        self._steps.put(None)

    async def answer(self, question, context, emit):
        for event in self.events:
            await asyncio.to_thread(self._steps.get)
            emit(event)


class Asked:
    """Says what was asked before it, and waits if it is told to."""

    def __init__(self):
        self.contexts, self.questions = [], []
        self.hold, self.holding = None, threading.Event()

    async def answer(self, question, context, emit):
        self.contexts.append(context)
        self.questions.append(question)
        emit(e.Text(0, f"{question.text} after {[turn.question for turn in context.history]}"))


@pytest.fixture
def stepwise():
    return Stepwise


@pytest.fixture
def asked():
    return Asked


@pytest.fixture(scope="session")
def data_frames():
    """The JSON of every `data:` line of a stream; a line that is none of them, nor a comment, is a mistake."""

    def read(text):
        found = []
        for frame in text.split("\n\n"):
            lines = [line for line in frame.split("\n") if line and not line.startswith(":")]
            if lines:
                (line,) = lines
                assert line.startswith("data: ")
                found.append(json.loads(line[6:]))
        return found

    return read
