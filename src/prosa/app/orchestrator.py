"""`PipelineOrchestrator`: the pipeline for library users who want one result, and to be told of stages meanwhile."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import msgspec

from prosa.answer import Answer
from prosa.app import staged
from prosa.app.desk import Desk
from prosa.app.library import day
from prosa.app.library import open as open_desk
from prosa.app.locations import Source
from prosa.app.staged import PipelineResult
from prosa.errors import AccessError, UsageError
from prosa.events import StageCompleted, StageStarted
from prosa.identity import LOCAL, Principal
from prosa.question import Question
from prosa.runs import Run

logger = logging.getLogger(__name__)

ProgressCallback = Callable[[str, str, dict[str, Any]], Awaitable[None] | None]
"""Called with `stage_a` (and so on), `start` or `complete`, and `{stage, name, message, duration_ms?}`."""

_CALLBACK_GRACE = 2.0
_SESSIONS_KEPT = 1000
_KNOWN = frozenset({"locale", "sources", "documents", "analyst", "as_of", "limit"})


class PipelineOrchestrator:
    """Puts questions to data, `source` as in `prosa.open`, or to a desk that is open already.

        async with PipelineOrchestrator("sales.csv") as pipeline:
            result = await pipeline.process_request("top 5 customers by revenue")
            print(result.message)

    Without `async with`, the first request opens it, and `aclose` closes it. `settings` as in `prosa.open`.
    """

    def __init__(self, source: Source | Desk, *, principal: Principal = LOCAL, **settings: Any) -> None:
        self._source, self._settings, self._principal = source, settings, principal
        self._desk = source if isinstance(source, Desk) else None
        self._parts = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._last_of: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        """UsageError, ConfigError, SourceError, StorageError."""
        await self._opened()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes what the first request has opened."""
        await self._parts.aclose()
        if not isinstance(self._source, Desk):
            self._desk = None

    async def process_request(
        self,
        user_request: str,
        request_id: str | None = None,
        context: Mapping[str, Any] | None = None,
        session_id: str | None = None,
        progress_callback: ProgressCallback | None = None,
    ) -> PipelineResult:
        """The result of one question, also where it fails: then `success` is false.

        `request_id` comes back in the result (else the run's own id stands there); `context` may hold locale, sources,
        documents, analyst, as_of and limit; a question goes on from the one before it of the same `session_id`.
        `progress_callback` is awaited for each stage; one that raises or is slow changes nothing: when the run has
        ended, what it was not told of within two seconds is left out. UsageError, QuestionError, BusyError.
        """
        desk = await self._opened()
        words = await self._meant(desk, user_request, session_id)
        run = await desk.start(self._question(desk, words, context, session_id), principal=self._principal)
        telling = asyncio.create_task(_tell(run, progress_callback)) if progress_callback is not None else None
        try:
            answer = await run.finished()
        except asyncio.CancelledError:
            run.ask_to_stop("cancel")
            raise
        finally:
            if telling is not None:
                await asyncio.wait({telling}, timeout=_CALLBACK_GRACE)
                telling.cancel()
        self._remember(session_id, answer)
        return staged.result(answer, request_id or run.id)

    async def _opened(self) -> Desk:
        async with self._opening:
            if self._desk is None:
                assert not isinstance(self._source, Desk)
                self._desk = await self._parts.enter_async_context(open_desk(self._source, **self._settings))
            return self._desk

    async def _meant(self, desk: Desk, words: str, session_id: str | None) -> str:
        """The question behind a reply to what the session was asked back, as long as its last run is remembered."""
        try:
            before = await desk.runs.find(self._principal, self._last_of.get(session_id or "", ""))
        except AccessError:
            return words
        return before.answer.meant(words)

    def _question(self, desk: Desk, words: str, context: Mapping[str, Any] | None, session_id: str | None) -> Question:
        given = dict(context or {})
        if unknown := sorted(set(given) - _KNOWN):
            raise UsageError("context_unknown", names=", ".join(unknown), known=", ".join(sorted(_KNOWN)))
        told = {name: value for name, value in given.items() if value is not None}
        for name in ("sources", "documents"):
            if name in told:
                told[name] = tuple(told[name])
        if "as_of" in told:
            told["as_of"] = day(told["as_of"])
        return msgspec.structs.replace(
            desk.question(words), **told, replies_to=self._last_of.get(session_id) if session_id else None
        )

    def _remember(self, session_id: str | None, answer: Answer) -> None:
        if session_id is None:
            return
        self._last_of.pop(session_id, None)
        self._last_of[session_id] = answer.run_id
        if len(self._last_of) > _SESSIONS_KEPT:
            del self._last_of[next(iter(self._last_of))]


async def _tell(run: Run, callback: ProgressCallback) -> None:
    async for entry in run.follow():
        event, locale = entry.event, run.answer.locale
        if isinstance(event, StageStarted):
            await _call(callback, staged.key(event.stage), "start", staged.started(event.stage, locale))
        elif isinstance(event, StageCompleted):
            told = staged.completed(event.stage, event.duration_ms, locale)
            await _call(callback, staged.key(event.stage), "complete", told)


async def _call(callback: ProgressCallback, stage: str, what: str, told: dict[str, Any]) -> None:
    try:
        called = callback(stage, what, told)
        if inspect.isawaitable(called):
            await called
    except Exception:  # somebody else's code: whatever it raises is theirs, the run is ours
        logger.exception("the progress callback failed at the %s of %s", what, stage)
