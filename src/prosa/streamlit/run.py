"""`LiveRun`: one question on its way to an answer, in a thread and a buffer of its own.

Plain Python without Streamlit: it neither draws nor knows that anybody looks. Whatever happens, it ends, and says so
exactly once.
"""

from __future__ import annotations

import copy
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Protocol

import msgspec

from prosa.answer import Answer
from prosa.errors import ModelError, ProsaError, TimeLimit
from prosa.events import Cancelled, Entry, Event, Failed

logger = logging.getLogger(__name__)

GRACE = 5.0
"""Seconds after which a run that was asked to stop, and goes on, is left behind."""


class Stream(Protocol):
    """The entries of one run as they come; iterating ends after the terminal one."""

    def __iter__(self) -> Iterator[Entry]: ...

    def stop(self) -> None:
        """Asks the run to stop, from any thread; its last entries still come."""


class LiveRun:
    """`opened` starts the work and is called in the run's own thread; `on_end` gets the run when it has ended, in the
    thread that ended it. `seconds` is the time after which it is given up."""

    def __init__(
        self,
        question: str,
        opened: Callable[[], Stream],
        on_end: Callable[[LiveRun], None],
        *,
        locale: str = "en",
        seconds: float = 180.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.id = secrets.token_hex(16)
        self.question = question
        self._opened, self._on_end = opened, on_end
        self._seconds, self._clock = seconds, clock
        self._answer = Answer(question=question, locale=locale, started_at=time.time())
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._stream: Stream | None = None
        self._stop_wished: float | None = None
        self._begun = clock()

    def start(self) -> None:
        """Starts the thread."""
        threading.Thread(target=self._work, name=f"prosa-run-{self.id[:8]}", daemon=True).start()

    @property
    def active(self) -> bool:
        """Whether an answer is still coming. A run that is overdue ends here, so that nobody stays locked out."""
        if not self._ended.is_set():
            self._give_up_if_overdue()
        return not self._ended.is_set()

    def answer(self) -> Answer:
        """What has come so far; the caller's own."""
        with self._lock:
            return _copied(self._answer)

    def stop(self) -> None:
        """Asks for the end; what has come stays."""
        with self._lock:
            if self._stop_wished is not None or self._ended.is_set():
                return
            self._stop_wished, stream = self._clock(), self._stream
        if stream is not None:
            _ask_to_stop(stream)

    def wait(self, seconds: float | None = None) -> bool:
        """Waits for the end; whether it has come."""
        return self._ended.wait(seconds)

    def _work(self) -> None:
        try:
            self._follow(self._opened())
            self._end(Failed(*_told(ModelError("agent_silent"), self._answer.locale)))
        except ProsaError as error:
            self._end(Failed(*_told(error, self._answer.locale)))
        except BaseException as error:  # whatever it was, somebody waits for the end
            logger.exception("run %s failed", self.id)
            self._end(Failed(*_told(ProsaError(), self._answer.locale)))
            if not isinstance(error, Exception):
                raise

    def _follow(self, stream: Stream) -> None:
        with self._lock:
            self._stream, late = stream, self._stop_wished is not None
        if late:
            _ask_to_stop(stream)
        for entry in stream:
            if self._ended.is_set():
                return
            if entry.terminal:
                self._end(entry.event, entry)
                return
            with self._lock:
                self._answer.add(entry)

    def _give_up_if_overdue(self) -> None:
        now = self._clock()
        if self._stop_wished is not None and now - self._stop_wished > GRACE:
            logger.warning("run %s goes on after it was stopped; its words are ignored", self.id)
            self._end(Cancelled("run", (now - self._stop_wished) * 1000))
        elif now - self._begun > self._seconds:
            self._end(Failed(*_told(TimeLimit(seconds=f"{self._seconds:g}"), self._answer.locale)))

    def _end(self, event: Event, entry: Entry | None = None) -> None:
        """The first end counts. It is told before the run counts as ended, so that who sees the end finds the answer
        where `on_end` has put it."""
        with self._lock:
            if self._ended.is_set() or self._answer.status != "running":
                return
            self._answer.add(entry or Entry(self._answer.run_id, self._answer.seq + 1, time.time(), event))
        try:
            self._on_end(self)
        finally:
            self._ended.set()


def _told(error: ProsaError, locale: str) -> tuple[str, str, str]:
    return error.code, error.sentence(locale), error.hint(locale)


def _ask_to_stop(stream: Stream) -> None:
    with suppress(Exception):  # a wish that can't be passed on: the run is left behind after its grace
        stream.stop()


def _copied(answer: Answer) -> Answer:
    """A copy whose lists and states no later entry changes."""
    lists = {
        name: [copy.copy(item) for item in value]
        for name in Answer.__struct_fields__
        if isinstance(value := getattr(answer, name), list)
    }
    return msgspec.structs.replace(answer, **lists)
