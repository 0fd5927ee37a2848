"""The servers of `streams.py`, each in a process of its own, all on uvicorn with uvloop and httptools.

    python bench/stream_servers.py KIND [--entries 50] [--burst 1] [--gap 0.1]

Each sends the same entries: one at once, then (on SIGUSR1) `entries` more, `burst` together every `gap` seconds, and
stays open. On SIGUSR2 it looks for garbage, so that what opening streams has left is not counted as what entries cost.
`raw` sends bytes that are ready; `prosa` runs a scripted answerer for each request; `fastapi` and `sse-starlette` get
each entry as a value, as their users give it. `talk` and `vanna` answer in words at once and end. `long` and
`long-raw` have some megabytes to say at once, for readers who come late.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import signal
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import uvicorn

TOKEN = "bench-token-0123456789"
DELTA = "In 2025 the stores sold 6,310 pieces. "
PAGE = DELTA * 25
LONG_BYTES = 3_200_000
SENTENCES = ["The stores in the north sold more than those in the south this year. "] * 3


class Script:
    """When entries come; a stream's first tick is anywhere in a gap, so that streams are not in step."""

    def __init__(self, entries: int, burst: int, gap: float) -> None:
        self.entries, self.burst, self.gap = entries, burst, gap
        self.go = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self.go.set)
        loop.add_signal_handler(signal.SIGUSR2, gc.collect)

    async def ticks(self) -> AsyncIterator[int]:
        await self.go.wait()
        await asyncio.sleep(random.random() * self.gap)
        for number in range(self.entries // self.burst):
            yield number
            await asyncio.sleep(self.gap)
        await asyncio.Event().wait()


def values(burst: int) -> Iterator[dict[str, object]]:
    """One tick's entries, flattened."""
    for _ in range(burst):
        at = round(time.time(), 3)
        yield {"run_id": "a1b2c3d4e5f6a7b8c9d0e1f2", "seq": 7, "at": at, "event": "text", "block": 0, "delta": DELTA}


async def raw(script: Script) -> None:
    from prosa import events as e
    from prosa.server.sse import HEADERS
    from prosa.server.wires.native import NativeWire

    entry = e.Entry("a1b2c3d4e5f6a7b8c9d0e1f2", 7, round(time.time(), 3), e.Text(0, DELTA))
    ready = b"".join(NativeWire().encode(entry))
    headers = [(b"content-type", b"text/event-stream"), *((k.encode(), v.encode()) for k, v in HEADERS.items())]

    async def app(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [*headers]})
        await send({"type": "http.response.body", "body": ready, "more_body": True})
        async for _ in script.ticks():
            for _ in range(script.burst):
                await send({"type": "http.response.body", "body": ready, "more_body": True})

    await serve(app)


async def fastapi(script: Script) -> None:
    from fastapi import FastAPI
    from fastapi.sse import EventSourceResponse, ServerSentEvent

    app = FastAPI()

    @app.post("/api/ask", response_class=EventSourceResponse)
    async def stream() -> AsyncIterator[ServerSentEvent]:
        (first,) = values(1)
        yield ServerSentEvent(data=first, event="text", id="a1b2c3d4e5f6a7b8c9d0e1f2-7")
        async for _ in script.ticks():
            for value in values(script.burst):
                yield ServerSentEvent(data=value, event="text", id="a1b2c3d4e5f6a7b8c9d0e1f2-7")

    await serve(app)


async def sse_starlette(script: Script) -> None:
    from sse_starlette import EventSourceResponse
    from starlette.applications import Starlette
    from starlette.routing import Route

    async def told() -> AsyncIterator[dict[str, str]]:
        (first,) = values(1)
        yield {"event": "text", "id": "a1b2c3d4e5f6a7b8c9d0e1f2-7", "data": json.dumps(first)}
        async for _ in script.ticks():
            for value in values(script.burst):
                yield {"event": "text", "id": "a1b2c3d4e5f6a7b8c9d0e1f2-7", "data": json.dumps(value)}

    async def stream(request):
        return EventSourceResponse(told(), sep="\n")

    await serve(Starlette(routes=[Route("/api/ask", stream, methods=["POST"])]))


async def prosa(script: Script) -> None:
    from prosa import events as e

    class Scripted:
        async def answer(self, question, context, emit) -> None:
            async for _ in script.ticks():
                for _ in range(script.burst):
                    emit(e.Text(0, DELTA))

    await serve_prosa(Scripted())


async def long(script: Script) -> None:
    """Prosa with a run that has written as much as a log keeps, and goes on."""
    from prosa import events as e

    class Long:
        async def answer(self, question, context, emit) -> None:
            for _ in range(LONG_BYTES // len(PAGE)):
                emit(e.Text(0, PAGE))
            await asyncio.Event().wait()

    await serve_prosa(Long())


async def long_raw(script: Script) -> None:
    ready = f"{PAGE}\n\n".encode() * (LONG_BYTES // len(PAGE))

    async def app(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": ready, "more_body": True})
        await asyncio.Event().wait()

    await serve(app)


async def talk(script: Script) -> None:
    """Prosa with an answerer that says its words sentence by sentence, as ours do."""
    from prosa import events as e

    class Talking:
        async def answer(self, question, context, emit) -> None:
            for sentence in SENTENCES:
                emit(e.Text(0, sentence))
                await asyncio.sleep(0)

    await serve_prosa(Talking())


async def vanna(script: Script) -> None:
    """Stock Vanna 2 as its FastAPI server has it, with its own mock model, whose pauses are left out."""
    from vanna import Agent, MockLlmService, ToolRegistry, User
    from vanna.core.llm import LlmStreamChunk
    from vanna.core.user import UserResolver
    from vanna.integrations.local.agent_memory import DemoAgentMemory
    from vanna.servers.fastapi import VannaFastAPIServer

    class Talking(MockLlmService):
        async def stream_request(self, request):
            words = "".join(SENTENCES).split(" ")
            for number, word in enumerate(words, 1):
                await asyncio.sleep(0)
                yield LlmStreamChunk(content=f"{word} ", finish_reason="stop" if number == len(words) else None)

    class Everybody(UserResolver):
        async def resolve_user(self, request_context):
            return User(id="ana", group_memberships=[])

    agent = Agent(Talking(), ToolRegistry(), Everybody(), DemoAgentMemory())
    await serve(VannaFastAPIServer(agent).create_app())


async def serve_prosa(answerer) -> None:
    import prosa
    from prosa.config import Settings
    from prosa.server.serve import Server, tune

    folder = Path(tempfile.mkdtemp(prefix="prosa-bench-"))
    (folder / "sales.csv").write_text("store,amount\nA,1\n")
    settings = Settings(
        token=TOKEN, data_dir=folder, cache_dir=folder, runs_per_user=2000, runs_total=2000, runs_waiting=2000
    )
    app = prosa.asgi(str(folder / "sales.csv"), settings=settings, answerer=answerer)
    await app.start()
    tune()
    listener = listening()
    await Server(app, lambda: ready(listener)).serve([listener])


async def serve(app) -> None:
    listener = listening()
    options = {"http": "httptools", "ws": "none", "lifespan": "off", "access_log": False, "backlog": 2048}
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", **options))
    await asyncio.gather(server.serve([listener]), asyncio.to_thread(ready, listener))


def listening() -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    # Else the kernel takes some megabytes for each reader by itself, and what the server holds is not seen.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
    listener.setblocking(False)
    return listener


def ready(listener: socket.socket) -> None:
    print(listener.getsockname()[1], flush=True)


KINDS = {
    "raw": raw, "prosa": prosa, "fastapi": fastapi, "sse-starlette": sse_starlette, "talk": talk, "vanna": vanna,
    "long": long, "long-raw": long_raw,
}  # fmt: skip


async def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("kind", choices=KINDS)
    words.add_argument("--entries", type=int, default=50)
    words.add_argument("--burst", type=int, default=1)
    words.add_argument("--gap", type=float, default=0.1)
    options = words.parse_args()
    await KINDS[options.kind](Script(options.entries, options.burst, options.gap))


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
