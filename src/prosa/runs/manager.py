"""`RunManager`: starts runs, finds them for those who own them, ends them, and sees that each is saved and forgotten.

How an answerer is driven stands in `prosa.runs.driver`; what was said, in each run's `Log`.
"""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from prosa.errors import AccessError, BusyError, ProsaError, QuestionError, UsageError
from prosa.events import Event, Notice, Started
from prosa.identity import Principal
from prosa.locales import normalise, text
from prosa.question import Answerer, Context, Question, Turn
from prosa.runs.driver import drive, failed
from prosa.runs.line import Place, WaitingLine
from prosa.runs.log import Log
from prosa.runs.note import Note
from prosa.runs.pace import Pace
from prosa.runs.run import Run
from prosa.runs.saved import saved_run
from prosa.runs.shelf import Shelf

if TYPE_CHECKING:
    from prosa.conversations.store import ConversationStore

logger = logging.getLogger(__name__)

_WHOLE_RUN = "run"

_Asked = tuple[Question, str | None, bool]


class RunManager:
    """Every run of this process. Times are in seconds, sizes in bytes; limits as in docs/settings.md.

    `locale_of` tells the language of a question that names none, for what the run itself has to say.
    """

    def __init__(
        self,
        answerer: Answerer,
        *,
        conversations: ConversationStore | None = None,
        run_seconds: float = 120.0,
        per_user: int = 4,
        in_all: int = 32,
        waiting: int = 100,
        question_length: int = 8_000,
        log_bytes: int = 4 << 20,
        log_entries: int = 10_000,
        log_total: int = 256 << 20,
        keep_seconds: float = 900.0,
        grace_seconds: float = 2.0,
        note_after: float = 0.25,
        locale_of: Callable[[Question], str] | None = None,
    ) -> None:
        self._answerer = answerer
        self._conversations = conversations
        self._run_seconds, self._grace, self._note_after = run_seconds, grace_seconds, note_after
        self._question_length = question_length
        self._log_bytes, self._log_entries = log_bytes, log_entries
        self._locale_of = locale_of or (lambda question: normalise(question.locale))
        self._line = WaitingLine(per_user=per_user, in_all=in_all, waiting=waiting)
        self._pace = Pace()
        self._shelf = Shelf(seconds=keep_seconds, max_bytes=log_total, on_forget=self._forget_key)
        self._openings: dict[tuple[str, str], tuple[_Asked, asyncio.Task[Run]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._watchers: list[Callable[[Run], None]] = []
        self._closing = False

    async def start(
        self,
        principal: Principal,
        question: Question,
        *,
        conversation: str | None = None,
        new_conversation: bool = False,
        idempotency_key: str | None = None,
        answerer: Answerer | None = None,
    ) -> Run:
        """A new run, already written to by `Started`; with a key that the principal has used before, the run of then.
        It stands in `conversation`, in a new one of its own, or in none. `answerer` answers this one question in place
        of the manager's own. QuestionError, UsageError `idempotency_key`, BusyError, AccessError for a conversation
        that is not theirs."""
        self._check(question)
        if new_conversation and self._conversations is None:
            raise AccessError("not_found")
        opening = partial(self._open, principal, question, conversation, new_conversation, answerer or self._answerer)
        if idempotency_key is None:
            if conversation is None:  # it waits for nothing, so nothing can cut it off halfway
                return await opening(None)
            return await asyncio.shield(asyncio.ensure_future(opening(None)))
        key, asked = (principal.user, idempotency_key), (question, conversation, new_conversation)
        if key not in self._openings:
            self._reserve(key, asked, opening(idempotency_key))
        first, opened = self._openings[key]
        if first != asked:
            raise UsageError("idempotency_key")
        return await asyncio.shield(opened)

    def get(self, principal: Principal, run_id: str) -> Run:
        """The principal's run of this process. AccessError `not_found`, also for what is somebody else's."""
        return self._shelf.get(principal, run_id)

    async def find(self, principal: Principal, run_id: str) -> Run:
        """The principal's run, also one that only the conversations still know. AccessError `not_found`."""
        try:
            return self._shelf.get(principal, run_id)
        except AccessError:
            if self._conversations is None:
                raise
            return saved_run(principal, await self._conversations.answer(principal, run_id))

    async def cancel(self, principal: Principal, run_id: str) -> Run:
        """Asks a run to stop and returns at once; one that has ended stays as it is. AccessError `not_found`."""
        run = await self.find(principal, run_id)
        run.ask_to_stop("cancel")
        return run

    async def aclose(self) -> None:
        """Stops every run as `server_restarted`; its readers are let go without a terminal entry, to resume later."""
        self._closing = True
        for run in self._shelf.live():
            run.ask_to_stop("server")
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._shelf.clear()

    def live(self, principal: Principal) -> list[Run]:
        """The principal's runs that have not ended."""
        return [run for run in self._shelf.live() if run.principal.user == principal.user]

    def watch(self, ended: Callable[[Run], None]) -> None:
        """Calls `ended` with every run that has ended from now on."""
        self._watchers.append(ended)

    @property
    def working(self) -> int:
        """How many runs are at work."""
        return self._line.working

    @property
    def waiting(self) -> int:
        """How many runs stand in line."""
        return self._line.length

    def _check(self, question: Question) -> None:
        if not question.text.strip() and not (question.sql or "").strip():
            raise QuestionError("question_empty")
        longest = max(len(question.text), len(question.sql or ""))
        if longest > self._question_length:
            raise QuestionError("question_too_long", length=longest, limit=self._question_length)
        if self._closing:
            raise BusyError(retry_after=10)

    def _reserve(self, key: tuple[str, str], asked: _Asked, opening: Coroutine[Any, Any, Run]) -> None:
        def opened(task: asyncio.Task[Run]) -> None:
            if task.cancelled() or task.exception() is not None:
                del self._openings[key]

        task = asyncio.ensure_future(opening)
        task.add_done_callback(opened)
        self._openings[key] = (asked, task)

    def _forget_key(self, run: Run) -> None:
        if run.idempotency_key is not None:
            self._openings.pop((run.principal.user, run.idempotency_key), None)

    async def _open(
        self,
        principal: Principal,
        question: Question,
        conversation: str | None,
        new_conversation: bool,
        answerer: Answerer,
        idempotency_key: str | None,
    ) -> Run:
        self._shelf.make_room()
        place = self._line.enter(principal.user, self._retry_after())
        run_id = secrets.token_hex(12)
        try:
            history = await self._begin(principal, question, conversation, run_id)
            log = Log(run_id, max_bytes=self._log_bytes, max_entries=self._log_entries)
            context = Context(principal, run_id, secrets.token_hex(12) if new_conversation else conversation, history)
            run = Run(context, question, log, idempotency_key=idempotency_key)
            self._announce(run, place)
        except BaseException:  # whatever it was, the place must not be lost
            self._line.leave(place)
            raise
        self._shelf.add(run)
        note = self._note(run, known=conversation is not None)
        task = asyncio.create_task(self._work(run, place, answerer, note), name=f"prosa-run-{run_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return run

    async def _begin(
        self, principal: Principal, question: Question, conversation: str | None, run_id: str
    ) -> tuple[Turn, ...]:
        """Notes the turn in its conversation; returns what was said there before."""
        if conversation is None:
            return self._replied_to(principal, question)
        if self._conversations is None:
            raise AccessError("not_found")
        return await self._conversations.add_turn(principal, conversation, run_id, question)

    def _replied_to(self, principal: Principal, question: Question) -> tuple[Turn, ...]:
        """Outside a conversation, `replies_to` brings the one turn that is meant."""
        try:
            before = self._shelf.get(principal, question.replies_to or "")
        except AccessError:
            return ()
        return (Turn(before.question.text, before.answer, before.context.remember),)

    def _announce(self, run: Run, place: Place) -> None:
        question, locale = run.question, self._locale_of(run.question)
        run.log.append(
            Started(question.text, run.conversation, question.analyst, locale=locale, replies_to=question.replies_to)
        )
        number = self._line.number(place)
        if number:
            run.log.append(Notice("waiting", text("notices.waiting", locale, place=number)))

    def _note(self, run: Run, *, known: bool) -> Note | None:
        if self._conversations is None:
            return None
        return Note(self._conversations, run, known=known, after=self._note_after)

    async def _work(self, run: Run, place: Place, answerer: Answerer, note: Note | None) -> None:
        try:
            verdict = await drive(run, answerer, place, self._pace, seconds=self._run_seconds, grace=self._grace)
        except Exception as error:  # a mistake of ours must not leave a reader waiting either
            verdict = failed(run, error)
        self._line.leave(place)
        await self._end(run, verdict, note)

    async def _end(self, run: Run, verdict: Event, note: Note | None) -> None:
        """Saves first, so that who has seen the end finds the turn in the conversation."""
        try:
            if note is not None:
                await note.end(verdict)
        except ProsaError as error:
            logger.error("run %s was not saved", run.id, exc_info=error)
            run.log.append(Notice(error.code, error.sentence(run.answer.locale)))
        except Exception:  # nor must the store
            logger.exception("run %s was not saved", run.id)
        if run.taken:
            run.log.close()
        else:
            run.log.append(verdict)
        if run.answer.duration_ms is not None:
            self._pace.add(_WHOLE_RUN, run.answer.duration_ms)
        self._shelf.end(run)
        for watcher in self._watchers:
            watcher(run)

    def _retry_after(self) -> int:
        """Seconds until the line has probably moved, from the median of whole runs."""
        usual = (self._pace.usual(_WHOLE_RUN) or 1000.0) / 1000
        return min(60, max(1, math.ceil(usual * self._line.length / max(1, self._line.working))))
