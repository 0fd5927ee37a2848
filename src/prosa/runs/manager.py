"""`RunManager`: starts runs, finds them for those who own them, ends them, and sees that each is saved and forgotten.

How an answerer is driven stands in `prosa.runs.driver`; what was said, in each run's `Log`.
"""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from prosa.answer import Answer
from prosa.errors import AccessError, BusyError, ProsaError, QuestionError, UsageError
from prosa.events import Entry, Event, Notice, Started
from prosa.identity import Principal
from prosa.locales import normalise, text
from prosa.question import Answerer, Context, Question, Turn
from prosa.runs.driver import drive, failed
from prosa.runs.line import Place, WaitingLine
from prosa.runs.log import Log
from prosa.runs.pace import Pace
from prosa.runs.run import Run
from prosa.runs.saved import saved_run
from prosa.runs.shelf import Shelf

if TYPE_CHECKING:
    from prosa.conversations.store import ConversationStore

logger = logging.getLogger(__name__)

_WHOLE_RUN = "run"


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
        self._openings: dict[tuple[str, str], tuple[Question, str | None, asyncio.Task[Run]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._watchers: list[Callable[[Run], None]] = []
        self._closing = False

    async def start(
        self,
        principal: Principal,
        question: Question,
        *,
        conversation: str | None = None,
        idempotency_key: str | None = None,
        answerer: Answerer | None = None,
    ) -> Run:
        """A new run, already written to by `Started`; with a key that the principal has used before, the run of then.
        `answerer` answers this one question in place of the manager's own. QuestionError, UsageError `idempotency_key`,
        BusyError, AccessError for a conversation that is not theirs."""
        by = answerer or self._answerer
        self._check(question)
        if idempotency_key is None:
            return await asyncio.shield(asyncio.ensure_future(self._open(principal, question, conversation, None, by)))
        key = (principal.user, idempotency_key)
        if key not in self._openings:
            self._reserve(key, principal, question, conversation, by)
        first, where, opening = self._openings[key]
        if (first, where) != (question, conversation):
            raise UsageError("idempotency_key")
        return await asyncio.shield(opening)

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

    def _reserve(
        self,
        key: tuple[str, str],
        principal: Principal,
        question: Question,
        conversation: str | None,
        answerer: Answerer,
    ) -> None:
        def opened(task: asyncio.Task[Run]) -> None:
            if task.cancelled() or task.exception() is not None:
                del self._openings[key]

        opening = asyncio.ensure_future(self._open(principal, question, conversation, key[1], answerer))
        opening.add_done_callback(opened)
        self._openings[key] = (question, conversation, opening)

    def _forget_key(self, run: Run) -> None:
        if run.idempotency_key is not None:
            self._openings.pop((run.principal.user, run.idempotency_key), None)

    async def _open(
        self,
        principal: Principal,
        question: Question,
        conversation: str | None,
        idempotency_key: str | None,
        answerer: Answerer,
    ) -> Run:
        self._shelf.make_room()
        place = self._line.enter(principal.user, self._retry_after())
        run_id = secrets.token_hex(12)
        try:
            history = await self._begin(principal, question, conversation, run_id)
            log = Log(run_id, max_bytes=self._log_bytes, max_entries=self._log_entries)
            context = Context(principal, run_id, conversation, history)
            run = Run(context, question, log, idempotency_key=idempotency_key)
            self._announce(run, place)
        except BaseException:  # whatever it was, the place must not be lost
            self._line.leave(place)
            raise
        self._shelf.add(run)
        task = asyncio.create_task(self._work(run, place, answerer), name=f"prosa-run-{run_id}")
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

    async def _work(self, run: Run, place: Place, answerer: Answerer) -> None:
        over = asyncio.Event()
        noting = asyncio.create_task(self._note(run, over))
        try:
            verdict = await drive(run, answerer, place, self._pace, seconds=self._run_seconds, grace=self._grace)
        except Exception as error:  # a mistake of ours must not leave a reader waiting either
            verdict = failed(run, error)
        self._line.leave(place)
        over.set()
        await self._end(run, verdict, noted=await noting)

    async def _note(self, run: Run, over: asyncio.Event) -> bool:
        """Whether the store knows of the run. Outside any conversation it is told of those alone that last, or that the
        server's end takes, so that many short questions at once need not wait for a disk."""
        if self._conversations is None or run.conversation is not None:
            return self._conversations is not None
        with suppress(TimeoutError):
            async with asyncio.timeout(self._note_after):
                await over.wait()
        if over.is_set() and not _taken(run):
            return False
        try:
            await self._conversations.add_turn(run.principal, None, run.id, run.question)
        except ProsaError:
            logger.exception("run %s was not noted", run.id)
        return True

    async def _end(self, run: Run, verdict: Event, *, noted: bool) -> None:
        """Saves first, so that who has seen the end finds the turn in the conversation."""
        try:
            # What the server's end took outside any conversation stays noted: the next server tells of it.
            if noted and not (run.conversation is None and _taken(run)):
                await self._save(run, verdict)
        except ProsaError as error:
            logger.error("run %s was not saved", run.id, exc_info=error)
            run.log.append(Notice(error.code, error.sentence(run.answer.locale)))
        except Exception:  # nor must the store
            logger.exception("run %s was not saved", run.id)
        if _taken(run):
            run.log.close()
        else:
            run.log.append(verdict)
        if run.answer.duration_ms is not None:
            self._pace.add(_WHOLE_RUN, run.answer.duration_ms)
        self._shelf.end(run)
        for watcher in self._watchers:
            watcher(run)

    async def _save(self, run: Run, verdict: Event) -> None:
        assert self._conversations is not None, "only what was noted is saved"
        if run.conversation is None:
            await self._conversations.forget_turn(run.principal, run.id)
            return
        last = Entry(run.id, run.log.last + 1, run.answer.started_at, verdict)
        answer = Answer.fold([last], msgspec.structs.replace(run.answer))
        await self._conversations.finish_turn(run.principal, run.id, answer, run.context.remember)

    def _retry_after(self) -> int:
        """Seconds until the line has probably moved, from the median of whole runs."""
        usual = (self._pace.usual(_WHOLE_RUN) or 1000.0) / 1000
        return min(60, max(1, math.ceil(usual * self._line.length / max(1, self._line.working))))


def _taken(run: Run) -> bool:
    """Whether the server's end stopped it."""
    return run.stop.done() and run.stop.result() == "server"
