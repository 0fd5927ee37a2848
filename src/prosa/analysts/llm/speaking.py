"""The model as speaker: sentences over results, each checked, and corrected once, before it is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, TypeAlias

from pydantic_ai import Agent
from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import (
    ModelRequest,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    UserPromptPart,
)
from pydantic_ai.models import Model

from prosa.analysts.base import Plan, Say
from prosa.analysts.llm import envelope
from prosa.analysts.llm.budget import Budget
from prosa.analysts.llm.calling import limits, settings, spending
from prosa.analysts.llm.job import Job
from prosa.analysts.llm.planning import LANGUAGES
from prosa.analysts.llm.prompts import prompt
from prosa.analysts.llm.sentences import LONGEST, Gatherer, harmless
from prosa.documents.telling import texts
from prosa.errors import ModelError
from prosa.events import Span
from prosa.results import Result

Check: TypeAlias = Callable[[str], Awaitable[tuple[Span, ...]]]
"""Looks for a sentence's numbers in what the answer rests on."""

Checks: TypeAlias = Callable[[Sequence[Result], str, str, Sequence[str]], Check]
"""The check of one answer: its results, question, locale, texts of cited passages."""

_MOST_CORRECTIONS = 2


class Speaker:
    """Asks the model for words. ModelError where the model fails before it has said anything."""

    def __init__(self, model: Model, budget: Budget, checks: Checks) -> None:
        self._model = model
        self._budget = budget
        self._checks = checks
        self._agent: Agent[Job, str] = Agent(model, deps_type=Job, name="speaker", retries=budget.repairs)

    async def speak(self, job: Job, plan: Plan, results: Sequence[Result], say: Say) -> None:
        """Says sentences as they are finished, none of them before its numbers were looked for."""
        check = self._checks(results, job.question.text, job.locale, texts(plan.cited))
        seen = _Seen(_sealed(plan, results, job), check)
        telling = _Telling(self, job, seen, say)
        words = prompt(
            "answer",
            question=job.question.text,
            reading=plan.reading,
            seen=seen.sealed,
        )
        # Straight from the model: words need no tools, and an agent's stream costs ten times as much for each delta.
        request = ModelRequest([UserPromptPart(words)], instructions=prompt("respond", language=LANGUAGES[job.locale]))
        gathered = Gatherer()
        async with spending(job.context.spent, self._budget) as usage:
            limits(self._budget).check_before_request(usage)
            usage.requests += 1
            async with model_request_stream(
                self._model, [request], model_settings=settings(self._budget, self._model)
            ) as stream:
                try:
                    async for event in stream:
                        for sentence in gathered.add(_words(event)):
                            await telling.tell(sentence)
                        if gathered.full:
                            break
                finally:
                    usage.incr(stream.usage)
            await telling.tell(gathered.rest())

    async def corrected(self, job: Job, sentence: str, wrong: list[str], seen: _Seen) -> str:
        """The sentence written again. ModelError."""
        async with spending(job.context.spent, self._budget) as usage:
            found = await self._agent.run(
                f"{seen.sealed}\n\nThe sentence:\n{envelope.sealed('sentence', sentence)}",
                deps=job,
                instructions=prompt("correct", language=LANGUAGES[job.locale], wrong=", ".join(wrong)),
                usage=usage,
                usage_limits=limits(self._budget),
                model_settings=settings(self._budget, self._model),
            )
        return found.output[:LONGEST]


class _Seen(NamedTuple):
    """What an answer rests on: as the model sees it, and as the check of its numbers has it."""

    sealed: str
    check: Check

    async def wrong(self, sentence: str) -> list[str]:
        """The numbers of a sentence that nothing confirms."""
        return [sentence[span.start : span.end] for span in await self.check(sentence) if not span.confirmed]


def _sealed(plan: Plan, results: Sequence[Result], job: Job) -> str:
    parts = [envelope.passages({f"p{place}": one for place, one in enumerate(plan.cited, 1)})] if plan.cited else []
    return "\n".join([*parts, envelope.results(results, job.sees)])


def _words(event: object) -> str:
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    return ""


class _Telling:
    """The sentences of one answer: each is made harmless, its numbers are looked for, and then it is said."""

    def __init__(self, speaker: Speaker, job: Job, seen: _Seen, say: Say) -> None:
        self._speaker, self._job, self._seen, self._say = speaker, job, seen, say
        self._corrections = _MOST_CORRECTIONS

    async def tell(self, sentence: str) -> None:
        words = harmless(sentence)
        if words:
            self._say(await self._right(words))

    async def _right(self, sentence: str) -> str:
        wrong = await self._seen.wrong(sentence)
        if not wrong or not self._corrections:
            return sentence
        self._corrections -= 1
        try:
            again = harmless(await self._speaker.corrected(self._job, sentence, wrong, self._seen))
        except ModelError:
            return sentence
        still = await self._seen.wrong(again) if again else wrong
        return again if len(still) < len(wrong) else sentence
