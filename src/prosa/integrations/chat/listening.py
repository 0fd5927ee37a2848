"""`listen`: an agent's components as they come, within limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from prosa.errors import ModelError
from prosa.integrations.chat import components
from prosa.integrations.chat.telling import Telling

_CLOSE_SECONDS = 1.0


async def listen(parts: AsyncIterator[Any], telling: Telling, *, most: int, silence: float) -> None:
    """Tells every component, at most `most` of them and none later than `silence` seconds after the one before.
    ModelError `agent_parts`, `agent_quiet`, `agent_failed`, `agent_invalid` for what gives no components, and whatever
    the agent raises."""
    if not hasattr(parts, "__aiter__"):
        raise ModelError("agent_invalid", what=type(parts).__name__)
    count = 0
    stream = aiter(parts)
    try:
        while True:
            try:
                component = await _next(stream, silence)
            except StopAsyncIteration:
                return
            count += 1
            if count > most:
                raise ModelError("agent_parts", limit=most)
            await telling.say(components.read(component))
            await asyncio.sleep(0)  # a generator that never waits would starve everybody else
    finally:
        await closed(stream)


async def _next(stream: AsyncIterator[Any], silence: float) -> Any:
    limit = asyncio.timeout(silence)
    try:
        async with limit:
            return await anext(stream)
    except TimeoutError as error:
        raise ModelError("agent_quiet", seconds=f"{silence:g}") from error
    except StopAsyncIteration:
        if limit.expired():  # an agent that swallows that it was stopped has not come to its end
            raise ModelError("agent_quiet", seconds=f"{silence:g}") from None
        raise


async def closed(stream: AsyncIterator[Any]) -> None:
    """Closes somebody's generator, which may refuse to end."""
    close = getattr(stream, "aclose", None)
    if close is not None:
        with suppress(Exception):  # it is theirs, and nobody reads it any more
            async with asyncio.timeout(_CLOSE_SECONDS):
                await close()
