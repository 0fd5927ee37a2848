"""A model's provider on this machine: real HTTP in the shapes of three providers, replies written by the test."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

import prosa

SALES = "store,month,amount\n" + "".join(
    f"{store},2025-{month:02d}-01,{100 * place + month}\n"
    for place, store in enumerate(("Café Sul", "Empório", "Grão"), 1)
    for month in range(1, 13)
)
BY_STORE = "SELECT store, SUM(amount) AS total FROM sales GROUP BY store ORDER BY total DESC"


@dataclass
class Reply:
    """What the provider answers to one request: words, calls of tools, or something that goes wrong. `pieces`: so many
    bytes go out at a time, wherever that cuts a frame or a letter; `filtered`: the provider's filter ends it."""

    words: tuple[str, ...] = ()
    calls: tuple[tuple[str, Any], ...] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    hang: bool = False
    body: bytes | None = None
    filtered: bool = False
    pieces: int = 0
    model: str = "fake"


def say(*words: str, **more: Any) -> Reply:
    """Words, each a delta where they are streamed."""
    return Reply(words=words, **more)


def call(tool: str, arguments: Any, **more: Any) -> Reply:
    """One call of a tool; arguments that are text go out as they are."""
    return Reply(calls=((tool, arguments),), **more)


def plan(sql: str = BY_STORE, **more: Any) -> Reply:
    """A plan of one statement."""
    return call("plan", {"reading": "Total amount for each store.", "queries": [{"sql": sql}], **more})


class Provider:
    """Serves OpenAI Chat (`/v1/chat/completions`), OpenAI Responses (`/v1/responses`) and Anthropic (`/v1/messages`).

    `replies` are taken in order; the last one is repeated. `asked` are the bodies of the requests, `left` counts
    clients that hung up before their answer ended.
    """

    def __init__(self) -> None:
        self.forget()
        config = uvicorn.Config(self._app, port=0, log_level="critical", lifespan="off", interface="asgi3")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Provider:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()

    def forget(self) -> None:
        """Begins anew, for the next test."""
        self.replies: list[Reply] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.left = 0
        self.waiting = threading.Event()
        self.gone = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}/v1"

    @property
    def told(self) -> str:
        """Everything that the model was ever sent."""
        return json.dumps(self.asked, ensure_ascii=False)

    async def _app(self, scope, receive, send) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        request = json.loads(body)
        self.asked.append(request)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        self.keys.append(headers.get("authorization", "") + headers.get("x-api-key", ""))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply.hang:
            self.waiting.set()
            while (await receive())["type"] != "http.disconnect":
                pass
            self.left += 1
            self.gone.set()
            return
        await self._answer(scope["path"], bool(request.get("stream")), reply, send)

    async def _answer(self, path: str, streamed: bool, reply: Reply, send) -> None:
        shape = next(shape for end, shape in SHAPES.items() if path.endswith(end))
        kind = "text/event-stream" if streamed and reply.status == 200 else "application/json"
        pairs = {"content-type": kind, **reply.headers}.items()
        headers = [(name.encode(), value.encode()) for name, value in pairs]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        if reply.status != 200:
            body = json.dumps({"type": "error", "error": {"type": "fake", "message": "no"}}).encode()
        else:
            body = reply.body if reply.body is not None else b""
        if reply.status == 200 and reply.body is None:
            frames = shape(reply, streamed)
            if reply.cut:
                frames = frames[: len(frames) // 2] or [frames[0][: len(frames[0]) // 2]]
            if reply.pieces:
                whole = b"".join(frames)
                frames = [whole[at : at + reply.pieces] for at in range(0, len(whole), reply.pieces)]
            for frame in frames:
                await send({"type": "http.response.body", "body": frame, "more_body": True})
            if reply.cut:
                raise ConnectionResetError
        await send({"type": "http.response.body", "body": body})


def chat(reply: Reply, streamed: bool) -> list[bytes]:
    """OpenAI Chat Completions."""
    calls = [
        {
            "index": place,
            "id": f"call_{place}",
            "type": "function",
            "function": {"name": name, "arguments": _text(given)},
        }
        for place, (name, given) in enumerate(reply.calls)
    ]
    base = {"id": "c1", "created": 1, "model": reply.model}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    reason = "content_filter" if reply.filtered else "tool_calls" if calls else "stop"
    if not streamed:
        message = {"role": "assistant", "content": "".join(reply.words) or None, "tool_calls": calls or None}
        choice = {"index": 0, "message": message, "finish_reason": reason}
        return [json.dumps({**base, "object": "chat.completion", "choices": [choice], "usage": usage}).encode()]
    deltas = [
        {"role": "assistant"},
        *({"content": word} for word in reply.words),
        *({"tool_calls": [one]} for one in calls),
    ]
    chunks = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    chunks += [{"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}, {"choices": [], "usage": usage}]
    frames = [_frame({**base, "object": "chat.completion.chunk", **chunk}) for chunk in chunks]
    return [*frames, b"data: [DONE]\n\n"]


def responses(reply: Reply, streamed: bool) -> list[bytes]:
    """OpenAI Responses."""
    text = "".join(reply.words)
    output: list[dict[str, Any]] = [
        {"type": "function_call", "id": f"fc_{place}", "call_id": f"call_{place}", "status": "completed", "name": name,
         "arguments": _text(given)}
        for place, (name, given) in enumerate(reply.calls)
    ]  # fmt: skip
    if text:
        content = [{"type": "output_text", "text": text, "annotations": []}]
        output.insert(
            0, {"type": "message", "id": "m1", "role": "assistant", "status": "completed", "content": content}
        )
    whole = {
        "id": "r1", "object": "response", "created_at": 1, "model": "fake", "output": output,
        "status": "incomplete" if reply.filtered else "completed",
        "incomplete_details": {"reason": "content_filter"} if reply.filtered else None,
        "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
        "usage": {"input_tokens": 100, "output_tokens": 20, "total_tokens": 120,
                  "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}},
    }  # fmt: skip
    if not streamed:
        return [json.dumps(whole).encode()]
    item = {"item_id": "m1", "output_index": 0, "content_index": 0}
    message = {"type": "message", "id": "m1", "role": "assistant", "status": "in_progress", "content": []}
    events = [
        {"type": "response.created", "response": {**whole, "status": "in_progress", "output": []}},
        {"type": "response.output_item.added", "output_index": 0, "item": message},
        *({"type": "response.output_text.delta", "delta": word, "logprobs": [], **item} for word in reply.words),
        {"type": f"response.{whole['status']}", "response": whole},
    ]
    return [_frame({**event, "sequence_number": number}, event["type"]) for number, event in enumerate(events)]


def messages(reply: Reply, streamed: bool) -> list[bytes]:
    """Anthropic Messages."""
    content: list[dict[str, Any]] = [{"type": "text", "text": "".join(reply.words)}] if reply.words else []
    content += [
        {"type": "tool_use", "id": f"toolu_{place}", "name": name, "input": given}
        for place, (name, given) in enumerate(reply.calls)
    ]
    reason = "refusal" if reply.filtered else "tool_use" if reply.calls else "end_turn"
    usage = {"input_tokens": 100, "output_tokens": 20}
    whole = {"id": "m1", "type": "message", "role": "assistant", "model": "fake", "stop_sequence": None, "usage": usage}
    if not streamed:
        return [json.dumps({**whole, "content": content, "stop_reason": reason}).encode()]
    events = [
        {"type": "message_start", "message": {**whole, "content": [], "stop_reason": None}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}}
            for word in reply.words
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}, "usage": usage},
        {"type": "message_stop"},
    ]
    return [_frame(event, event["type"]) for event in events]


SHAPES = {"/chat/completions": chat, "/responses": responses, "/messages": messages}


def _text(given: Any) -> str:
    return given if isinstance(given, str) else json.dumps(given)


def _frame(data: dict[str, Any], event: str = "") -> bytes:
    head = f"event: {event}\n" if event else ""
    return f"{head}data: {json.dumps(data)}\n\n".encode()


@pytest.fixture(scope="session")
def running_provider():
    with Provider() as running:
        yield running


@pytest.fixture
def provider(running_provider):
    """A provider that answers what the test puts into `replies`."""
    running_provider.forget()
    return running_provider


@pytest.fixture
def replies():
    """The makers of replies."""
    return {"say": say, "call": call, "plan": plan, "Reply": Reply}


@pytest.fixture(scope="session")
def sales(tmp_path_factory):
    """Three stores in twelve months of 2025."""
    file = tmp_path_factory.mktemp("sales") / "sales.csv"
    file.write_text(SALES, "utf-8")
    return file


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
async def desks(sales, tmp_path_factory):
    """Desks over the sales, one a model, which all tests of a module share: no test sees more of another than warm
    workers and connections."""
    folder = tmp_path_factory.mktemp("desks")
    folders = {"cache_dir": str(folder / "cache"), "data_dir": str(folder / "data")}
    opened = {}
    async with AsyncExitStack() as stack:

        async def desk(**settings):
            key = tuple(sorted(settings.items()))
            if key not in opened:
                opened[key] = await stack.enter_async_context(prosa.open(sales, **settings, **folders))
            return opened[key]

        yield desk


@pytest.fixture
def settings(tmp_path, provider, monkeypatch):
    """Settings with the provider as OpenAI's; its key is `secret-key`."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-key")
    return {
        "cache_dir": str(tmp_path / "cache"),
        "data_dir": str(tmp_path / "data"),
        "model": "openai:fake",
        "model_url": provider.url,
    }


@pytest.fixture
async def asked(sales, settings, desks):
    """Asks questions of the sales through the whole pipeline, and gives the folded answer with its entries. Where a
    test brings a source or limits of its own, it has a desk of its own."""
    from prosa.answer import Answer
    from prosa.question import Question

    async def ask(text="revenue by store please", *, analyst="llm", source=None, **more):
        changed = {**settings, **{name: more.pop(name) for name in list(more) if name.startswith("model")}}
        question = Question(text, analyst=analyst, **more)
        if source is None and changed.keys() == settings.keys():
            desk = await desks(model=changed["model"], model_url=changed["model_url"])
            entries = [entry async for entry in desk.ask(question)]
        else:
            async with prosa.open(source or sales, **changed) as desk:
                entries = [entry async for entry in desk.ask(question)]
        return Answer.fold(entries), [entry.event for entry in entries]

    return ask


PROTOCOLS = {"openai": "/v1", "openai-responses": "/v1", "anthropic": ""}
"""Providers of `prosa.analysts.llm.models` and where the imitated one serves them."""


@pytest.fixture(params=PROTOCOLS)
def protocol(request, provider):
    """Settings for each of the imitated protocols in turn."""
    url = provider.url.removesuffix("/v1") + PROTOCOLS[request.param]
    return {"model": f"{request.param}:fake", "model_url": url}


@pytest.fixture
def in_time():
    """Waits for what a thread of the provider sets."""

    async def wait(event: threading.Event) -> None:
        assert await asyncio.to_thread(event.wait, 30)

    return wait


@pytest.fixture
async def served(sales, settings):
    """A client of the server over the sales, with the model behind it."""
    import httpx

    from prosa.config import Settings
    from prosa.identity import LOCAL

    folders = {name: Path(settings[name]) for name in ("cache_dir", "data_dir")}
    application = prosa.asgi(sales, settings=Settings(**{**settings, **folders}), principal=lambda request: LOCAL)
    await application.start()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://prosa") as client:
        yield client
    await application.stop()


@pytest.fixture
def terminal(sales, settings, tmp_path):
    """The command line as a process in the test's folder, with the model behind it."""

    (tmp_path / sales.name).write_text(SALES, "utf-8")

    def run(*words, **variables):
        given = {f"PROSA_{name.upper()}": value for name, value in settings.items()}
        environment = {**os.environ, "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8", **given, **variables}
        command = [sys.executable, "-m", "prosa", *map(str, words)]
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", cwd=tmp_path, env=environment, timeout=300
        )

    return run
