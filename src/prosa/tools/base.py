"""What a tool is: a name, typed arguments, and a text for whoever called it. Failures are texts as well, since a model
can only go on from words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import aclosing
from typing import Any, TypeVar

import msgspec

from prosa import locales
from prosa.answer import Answer
from prosa.errors import Cancelled, ProsaError, RunFailed, UsageError
from prosa.exports.downloads import PendingDownloads
from prosa.question import Question

T = TypeVar("T")


class Tool(msgspec.Struct, frozen=True):
    """`arguments` is the struct that calls are read into; `run` gets one and the session that it works for. A tool that
    `asks` puts questions to the session's desk, in the desk's own loop."""

    name: str
    arguments: type[msgspec.Struct]
    run: Callable[[Any, PendingDownloads], Awaitable[str]]
    asks: bool = False

    @property
    def description(self) -> str:
        """What it does, for a model."""
        return locales.text(f"tools.{self.name}")

    @property
    def schema(self) -> dict[str, Any]:
        """Its arguments as a JSON Schema object."""
        (made,), definitions = msgspec.json.schema_components([self.arguments])
        schema: dict[str, Any] = definitions[made["$ref"].rpartition("/")[2]]
        schema.pop("description", None)
        for name, described in schema["properties"].items():
            described["description"] = locales.text(f"tools.{self.name}_{name}")
        return schema

    async def call(self, given: Mapping[str, Any], session: PendingDownloads) -> str:
        """The tool's answer to plain arguments; never an error of ours, but its sentence."""
        try:
            return await self.attempt(given, session)
        except ProsaError as error:
            return failed(error, session.locale)

    async def attempt(self, given: Mapping[str, Any], session: PendingDownloads) -> str:
        """The same, for those who have a way of their own to tell of errors. ProsaError."""
        try:
            arguments = msgspec.convert(dict(given), self.arguments, strict=False)
        except msgspec.ValidationError as error:
            raise UsageError("tool_arguments", tool=self.name, what=str(error)) from error
        return await self.run(arguments, session)


def failed(error: ProsaError, locale: str | None) -> str:
    """An error as a tool's answer."""
    language = locales.normalise(locale)
    return f"❌ {' '.join(filter(None, (error.sentence(language), error.hint(language))))}"


async def at_desk(session: PendingDownloads, work: Coroutine[Any, Any, T]) -> T:
    """Waits for work that belongs to the loop of the session's desk, from whichever loop the tool runs in."""
    if session.loop is None or session.loop is asyncio.get_running_loop():
        return await work
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, session.loop))


async def answered(question: Question, session: PendingDownloads) -> Answer:
    """The answer of a run over the session's desk, told of entry by entry. UsageError; RunFailed where it failed,
    Cancelled where somebody stopped it."""
    if session.desk is None:
        raise UsageError("tool_no_data")
    answer = await at_desk(session, _folded(question, session))
    if answer.failure is not None:
        raise RunFailed(answer.failure.code, answer.failure.message, answer.failure.hint)
    if answer.cancelled is not None:
        raise Cancelled()
    return answer


async def _folded(question: Question, session: PendingDownloads) -> Answer:
    answer = Answer()
    # Closed at once when whoever is told has gone, so that the run is not left to work for nobody.
    async with aclosing(session.desk.ask(question, principal=session.principal)) as entries:
        async for entry in entries:
            answer.add(entry)
            if session.told is not None:
                await session.told(entry)
    return answer
