"""A scripted model behind OpenAI's Chat Completions, for `bench/model.py`: it answers at once, the same to all.

Asked with tools, it calls the one it is offered (`plan`, Prosa's; `run_sql`, Vanna's) with one statement; asked for
words, or with what a tool gave, it says 50 deltas. It runs in a process of its own and prints its address; its one
argument is how many seconds it takes before it answers.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

SQL = "SELECT name, albums FROM artist ORDER BY albums DESC LIMIT 20"
SENTENCE = "The first artist leads with 990 albums, and the second one follows with 980. "
DELTAS = [word + " " for word in (SENTENCE * 5).split()][:50]
PLAN = {"reading": "Albums by artist.", "queries": [{"sql": SQL}]}

_ARGUMENTS = {"plan": PLAN, "run_sql": {"sql": SQL}}
_HEAD = {"id": "c1", "created": 1, "model": "scripted"}
_USAGE = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}


def answered(request: dict[str, Any]) -> tuple[str, bytes]:
    """Content type and body of the answer to a request."""
    offered = {tool["function"]["name"] for tool in request.get("tools", ())}
    tool = next((name for name in _ARGUMENTS if name in offered), None)
    if tool is None or request["messages"][-1]["role"] == "tool":
        return _told(request, [{"content": word} for word in DELTAS], "stop")
    function = {"name": tool, "arguments": json.dumps(_ARGUMENTS[tool])}
    return _told(
        request, [{"tool_calls": [{"index": 0, "id": "t1", "type": "function", "function": function}]}], "tool_calls"
    )


def _told(request: dict[str, Any], deltas: list[dict[str, Any]], reason: str) -> tuple[str, bytes]:
    if not request.get("stream"):
        message = {"role": "assistant", "content": None, **deltas[0]}
        choice = {"index": 0, "message": message, "finish_reason": reason}
        return "application/json", json.dumps(
            {**_HEAD, "object": "chat.completion", "choices": [choice], "usage": _USAGE}
        ).encode()
    choices = [[{"index": 0, "delta": delta, "finish_reason": None}] for delta in deltas]
    ends = [{"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}, {"choices": [], "usage": _USAGE}]
    chunks = [*({"choices": choice} for choice in choices), *ends]
    frames = [f"data: {json.dumps({**_HEAD, 'object': 'chat.completion.chunk', **chunk})}\n\n" for chunk in chunks]
    return "text/event-stream", "".join([*frames, "data: [DONE]\n\n"]).encode()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, request after request."""
    while head := await _head(reader):
        length = next(int(line[15:]) for line in head if line.lower().startswith(b"content-length:"))
        kind, body = answered(json.loads(await reader.readexactly(length)))
        await asyncio.sleep(float(sys.argv[1]))
        writer.write(f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
    writer.close()


async def _head(reader: asyncio.StreamReader) -> list[bytes]:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return []


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
