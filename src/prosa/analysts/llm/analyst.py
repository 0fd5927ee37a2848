"""`LlmAnalyst`: an `Analyst` whose mind is a language model, loaded with the first question unless it was warmed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from prosa import locales
from prosa.analysts.base import Plan, Reads, Refusal, Say, Selection
from prosa.analysts.llm.budget import Budget
from prosa.analysts.llm.job import Job, ModelChoice, Sees, Trials
from prosa.analysts.rules.telling import Told, tell
from prosa.documents.telling import placed
from prosa.errors import ConfigError, ModelError
from prosa.events import Clarification, Notice
from prosa.question import Context, Question
from prosa.results import NUMERIC, Result

if TYPE_CHECKING:
    from pydantic_ai.models import Model

    from prosa.analysts.llm.planning import Planner
    from prosa.analysts.llm.speaking import Checks, Speaker


class _Mind(NamedTuple):
    model: Model
    planner: Planner
    speaker: Speaker


class LlmAnalyst:
    """Plans and speaks through a model. `trials` try its statements, `checks` look for its numbers in the results;
    `sees` is what of the data may reach it. `model` is a choice, or a ready model of pydantic-ai; `instrumented` puts
    spans around its calls."""

    name = "llm"

    def __init__(
        self,
        model: ModelChoice | Model,
        trials: Trials,
        checks: Checks,
        *,
        budget: Budget | None = None,
        sees: Sees = "preview",
        instrumented: Callable[[Model], Model] | None = None,
    ) -> None:
        self._model = model
        self._instrumented = instrumented
        self._trials = trials
        self._checks = checks
        self._budget = budget or Budget()
        self._sees: Sees = sees
        self._mind: _Mind | None = None
        self._loading = asyncio.Lock()
        self._warming: asyncio.Task[_Mind] | None = None

    def warm(self) -> None:
        """Loads the mind in the background, so that the first question need not wait for it. What fails, the questions
        tell."""
        if self._warming is None:
            self._warming = asyncio.create_task(self._awake(), name="prosa-model-warming")
            self._warming.add_done_callback(_heard)

    @property
    def reads(self) -> Reads:
        """The model looks into documents by itself where their words may reach it."""
        return "first" if self._sees == "preview" else "never"

    async def plan(self, question: Question, context: Context, selection: Selection) -> Plan | Clarification | Refusal:
        """The model's plan, its question back, or its no. ModelError, ConfigError."""
        mind = await self._awake()
        return await mind.planner.plan(self._job(question, context, selection))

    async def revise(
        self, question: Question, context: Context, selection: Selection, plan: Plan, results: Sequence[Result]
    ) -> Plan | None:
        """One more plan where the first one asked to look again and may see what came of it. A model that fails then
        leaves it at the first."""
        if plan.meaning is not True or self._sees == "schema":
            return None
        mind = await self._awake()
        job = self._job(question, context, selection)
        try:
            return await mind.planner.revise(job, plan, results)
        except ModelError as error:
            job.show(notice(error, job.locale))
            return None

    async def respond(
        self, question: Question, context: Context, plan: Plan, results: Sequence[Result], locale: str, say: Say
    ) -> None:
        """The model's words. Where it fails, or may not see what the data holds, the plain words of the rules."""
        said: list[str] = []

        def heard(sentence: str) -> None:
            said.append(sentence)
            say(sentence)

        if self._sees != "schema":
            try:
                mind = await self._awake()
                await mind.speaker.speak(self._speaking(question, context, locale), plan, results, heard)
            except ModelError as error:
                self._speaking(question, context, locale).show(notice(error, locale))
        if not said:
            for cited in plan.cited:
                say(placed("says", cited, locale))
            plainly(results, locale, say)

    async def aclose(self) -> None:
        """Closes the connections to the model."""
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.wait([self._warming])
        mind, self._mind = self._mind, None
        if mind is not None:
            await mind.model.__aexit__(None, None, None)

    def _job(self, question: Question, context: Context, selection: Selection) -> Job:
        return Job(question, context, selection.classification.locale, self._sees, selection, self._trials)

    def _speaking(self, question: Question, context: Context, locale: str) -> Job:
        return Job(question, context, locale, self._sees)

    async def _awake(self) -> _Mind:
        async with self._loading:
            if self._mind is None:
                mind = await asyncio.to_thread(self._load)
                await mind.model.__aenter__()
                self._mind = mind
        return self._mind

    def _load(self) -> _Mind:
        try:
            from prosa.analysts.llm import models
            from prosa.analysts.llm.calling import Bounded
            from prosa.analysts.llm.planning import Planner
            from prosa.analysts.llm.speaking import Speaker
        except ImportError as error:
            raise ConfigError("extra_missing", extra="llm") from error
        model: Any = Bounded(models.make(self._model) if isinstance(self._model, ModelChoice) else self._model)
        if self._instrumented is not None:
            model = self._instrumented(model)
        return _Mind(model, Planner(model, self._budget), Speaker(model, self._budget, self._checks))


def _heard(warming: asyncio.Task[_Mind]) -> None:
    """Takes note of a failure, which asyncio would complain of otherwise; the first question meets it again."""
    if not warming.cancelled():
        warming.exception()


def notice(error: ModelError, locale: str) -> Notice:
    """A model's failure as something to know about an answer that stands without it."""
    words = " ".join(part for part in (error.sentence(locale), locales.text("notices.model_left_out", locale)) if part)
    return Notice(error.code, words)


def plainly(results: Sequence[Result], locale: str, say: Say) -> None:
    """What the rules say of results whose meaning they don't know."""
    for result in results:
        measures = sum(column.type in NUMERIC and not column.format for column in result.columns)
        groups = len(result.columns) - measures
        tell(Told(groups, measures, additive=False, ranked=False, what=""), result, locale, say)
