"""What a tool is: a name, typed arguments, and a text for whoever called it. Failures are texts as well, since a model
can only go on from words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

import msgspec

from prosa import locales
from prosa.errors import ProsaError, UsageError
from prosa.exports.downloads import PendingDownloads

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
        for name, described in schema["properties"].items():
            described["description"] = locales.text(f"tools.{self.name}_{name}")
        return schema

    async def call(self, given: Mapping[str, Any], session: PendingDownloads) -> str:
        """The tool's answer to plain arguments; never an error of ours, but its sentence."""
        try:
            arguments = msgspec.convert(dict(given), self.arguments, strict=False)
            return await self.run(arguments, session)
        except msgspec.ValidationError as error:
            return failed(UsageError("tool_arguments", tool=self.name, what=str(error)), session.locale)
        except ProsaError as error:
            return failed(error, session.locale)


def failed(error: ProsaError, locale: str | None) -> str:
    """An error as a tool's answer."""
    language = locales.normalise(locale)
    return f"❌ {' '.join(filter(None, (error.sentence(language), error.hint(language))))}"


async def at_desk(session: PendingDownloads, work: Coroutine[Any, Any, T]) -> T:
    """Waits for work that belongs to the loop of the session's desk, from whichever loop the tool runs in."""
    if session.loop is None or session.loop is asyncio.get_running_loop():
        return await work
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, session.loop))
