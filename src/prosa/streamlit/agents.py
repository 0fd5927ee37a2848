"""Somebody's own function as an Answerer: it gets the question and gives its words, whole or piece by piece."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextvars import copy_context
from typing import Any, TypeAlias

from prosa.errors import UsageError
from prosa.events import Text
from prosa.question import Answerer, Context, Emit, Question

Words: TypeAlias = Callable[[str], "str | Iterable[str]"]


def as_answerer(given: Any) -> Answerer:
    """An Answerer as it is; a function of the question's text as one. UsageError `streamlit_answerer`."""
    if hasattr(given, "answer"):
        found: Answerer = given
        return found
    if not callable(given):
        raise UsageError("streamlit_answerer", kind=type(given).__name__)
    return _Function(given)


class _Function:
    """Runs the function in a thread of its own; between two pieces it sees whether somebody has stopped it. One that
    never comes back keeps no process from ending."""

    def __init__(self, function: Words) -> None:
        self._function = function

    async def answer(self, question: Question, context: Context, emit: Emit) -> None:
        stopped = threading.Event()
        said: Future[None] = Future()
        run = copy_context().run
        threading.Thread(target=run, args=(self._say, question.text, emit, stopped, said), daemon=True).start()
        try:
            await asyncio.wrap_future(said)
        finally:
            stopped.set()

    def _say(self, question: str, emit: Emit, stopped: threading.Event, said: Future[None]) -> None:
        try:
            found = self._function(question)
            for delta in [found] if isinstance(found, str) else found:
                if stopped.is_set():
                    return
                emit(Text(0, str(delta)))
        except BaseException as error:  # the run tells it
            _settle(said, error)
        else:
            _settle(said, None)


def _settle(said: Future[None], error: BaseException | None) -> None:
    """A future that was cancelled meanwhile takes no more."""
    if said.set_running_or_notify_cancel():
        said.set_exception(error) if error is not None else said.set_result(None)
