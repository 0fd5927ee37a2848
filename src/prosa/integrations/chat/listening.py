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
    ModelError `agent_parts`, `agent_quiet`, `agent_failed`, and whatever the agent raises."""
    count = 0
    stream = aiter(parts)
    try:
        while True:
            try:
                async with asyncio.timeout(silence):
                    component = await anext(stream)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise ModelError("agent_quiet", seconds=f"{silence:g}") from error
            count += 1
            if count > most:
                raise ModelError("agent_parts", limit=most)
            await telling.say(components.read(component))
            await asyncio.sleep(0)  # a generator that never waits would starve everybody else
    finally:
        await closed(stream)


async def closed(stream: AsyncIterator[Any]) -> None:
    """Closes somebody's generator, which may refuse to end."""
    close = getattr(stream, "aclose", None)
    if close is not None:
        with suppress(Exception):  # it is theirs, and nobody reads it any more
            async with asyncio.timeout(_CLOSE_SECONDS):
                await close()
