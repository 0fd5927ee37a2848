"""Work that lasts as long as its client stays, and the way to cut off a client who takes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from starlette.types import Receive, Scope, Send

ABORT = "prosa.abort"
"""The ASGI extension of our own server by which a connection is cut at once, whatever its buffers hold."""

BODIES = "prosa.bodies"
"""Where `Edge` takes the bodies that it sends itself, when the routes are done: a list in the scope."""

Body = Callable[[Scope, Receive, Send], Awaitable[None]]


class WhileConnected:
    """`async with WhileConnected(receive):` is left when the client has gone, which not every server tells by a failing
    `send`: ASGI knows that only from 2.4 on, as an OSError, and uvicorn says 2.3."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._over = self._left = False

    async def __aenter__(self) -> Self:
        task = asyncio.current_task()
        assert task is not None
        self._task, self._cancelling = task, task.cancelling()
        self._gone = asyncio.create_task(_gone(self._receive))
        self._gone.add_done_callback(self._told)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._over = True
        self._gone.cancel()
        if self._left and self._task.uncancel() <= self._cancelling:  # nobody else has cancelled the task
            return kind is asyncio.CancelledError
        return kind is not None and issubclass(kind, OSError)

    def leave(self) -> None:
        """Leaves it at once, whatever it waits for."""
        if not self._over and not self._left:
            self._left = True
            self._task.cancel()

    def _told(self, gone: asyncio.Task[None]) -> None:
        if not gone.cancelled():
            gone.exception()  # whatever it was, nothing comes from there any more
        self.leave()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def cut(scope: Scope) -> None:
    """Ends the connection where the server lets us; elsewhere it ends when the response is left unfinished."""
    if ABORT in scope.get("extensions", {}):
        scope["extensions"][ABORT]["cut"]()
        await asyncio.sleep(0)  # the server learns of the cut before it looks for an unfinished response
