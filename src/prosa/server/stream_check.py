"""`StreamChecks`: whether what the server sends reaches a client when it is sent.

No clock of ours decides: each frame waits until the client has said, by a request of its own, that it has seen it.
Where something between the two holds the stream back, no such word comes, and the last frame, seen when all is over,
says so.
"""

from __future__ import annotations

import asyncio
import secrets

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from prosa.errors import AccessError
from prosa.identity import Principal
from prosa.server.connection import WhileConnected
from prosa.server.sse import HEADERS
from prosa.server.wires import data

STEPS = 3


class StreamChecks:
    """The checks that are under way, each for whoever began it."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[str, list[asyncio.Event]]] = {}

    def stream(self, principal: Principal, patience: float) -> Response:
        """A stream that waits `patience` seconds for each of its frames to be seen."""
        return _CheckedStream(self, principal, patience)

    def seen(self, principal: Principal, check_id: str, step: int) -> None:
        """The client has seen a frame. AccessError `not_found`."""
        owner, steps = self._waiting.get(check_id, ("", []))
        if owner != principal.user or not 1 <= step <= len(steps):
            raise AccessError("not_found")
        steps[step - 1].set()

    def begin(self, principal: Principal) -> tuple[str, list[asyncio.Event]]:
        """An id, and an event for each step."""
        check_id, steps = secrets.token_urlsafe(16), [asyncio.Event() for _ in range(STEPS)]
        self._waiting[check_id] = (principal.user, steps)
        return check_id, steps

    def end(self, check_id: str) -> None:
        """Nobody waits any longer."""
        self._waiting.pop(check_id, None)


class _CheckedStream(Response):
    media_type = "text/event-stream"

    def __init__(self, checks: StreamChecks, principal: Principal, patience: float) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._checks, self._principal, self._patience = checks, principal, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        check_id, steps = self._checks.begin(self._principal)
        try:
            async with WhileConnected(receive):
                await self._stream(check_id, steps, send)
        finally:
            self._checks.end(check_id)

    async def _stream(self, check_id: str, steps: list[asyncio.Event], send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        streams = True
        for step, seen in enumerate(steps, 1):
            await _send(send, {"check": check_id, "step": step, "of": STEPS})
            try:
                await asyncio.wait_for(seen.wait(), self._patience)
            except TimeoutError:
                streams = False
                break
        self._checks.end(check_id)
        await _send(send, {"streams": streams})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send(send: Send, frame: dict[str, object]) -> None:
    await send({"type": "http.response.body", "body": data(frame), "more_body": True})
