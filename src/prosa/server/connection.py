"""Work that lasts as long as its client stays, and the way to cut off a client who takes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Receive, Scope, Send

ABORT = "prosa.abort"
"""The ASGI extension of our own server by which a connection is cut at once, whatever its buffers hold."""

BODIES = "prosa.bodies"
"""Where `Edge` takes the bodies that it sends itself, when the routes are done: a list in the scope."""

Body = Callable[[Scope, Receive, Send], Awaitable[None]]


async def while_connected(work: asyncio.Task[None], receive: Receive) -> None:
    """Waits for `work`, and cancels it when the client has gone, which not every server tells by a failing `send`:
    ASGI knows that only from 2.4 on, as an OSError, and uvicorn says 2.3."""
    gone = asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (work, gone):
            task.cancel()
        await asyncio.wait({work, gone})
    error = None if work.cancelled() else work.exception()
    if error is not None and not isinstance(error, OSError):
        raise error


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def cut(scope: Scope) -> None:
    """Ends the connection where the server lets us; elsewhere it ends when the response is left unfinished."""
    if ABORT in scope.get("extensions", {}):
        scope["extensions"][ABORT]["cut"]()
        await asyncio.sleep(0)  # the server learns of the cut before it looks for an unfinished response
