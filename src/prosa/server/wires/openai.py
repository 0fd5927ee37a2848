"""The OpenAI Chat Completions wire: an answer as one assistant message, whole or in chunks.

Format: https://platform.openai.com/docs/api-reference/chat (object, streaming, errors)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from prosa import errors
from prosa.answer import Answer
from prosa.events import Cancelled, Completed, Entry, Failed, Started
from prosa.server.wires import DONE, EventWire, data
from prosa.server.wires.catching_up import unfolded
from prosa.server.wires.words import Words

_KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class OpenAIWire(EventWire):
    """Chunks of one completion by the name of `model`. With `include_usage`, as `stream_options` asks for it, one more
    chunk counts the tokens. A run that fails ends in an error object, which clients raise."""

    def __init__(self, model: str, base: str = "", *, include_usage: bool = False) -> None:
        super().__init__()
        self._head = {"id": "", "object": "chat.completion.chunk", "created": 0, "model": model}
        self._words = Words(base)
        self._include_usage = include_usage

    def frames(self, entry: Entry) -> Iterable[bytes]:
        event = entry.event
        if isinstance(event, Started):
            self._head |= _stamp(entry.run_id, entry.at)
            yield self._chunk({"role": "assistant", "content": ""})
        said = self._words.of(event)
        if said:
            yield self._chunk({"content": said})
        if isinstance(event, Failed):
            yield data({"error": error_object(_told(event), event.code, errors.by_code(event.code).status)})
            yield DONE
        elif isinstance(event, Completed | Cancelled):
            yield from self._end(event)

    def _end(self, event: Completed | Cancelled) -> Iterator[bytes]:
        yield self._chunk({}, "stop")
        if self._include_usage:
            yield data({**self._head, "choices": [], "usage": _usage(event)})
        yield DONE

    def _chunk(self, delta: dict[str, str], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return data({**self._head, "choices": [choice], **({"usage": None} if self._include_usage else {})})


def completion(answer: Answer, model: str, base: str = "") -> dict[str, Any]:
    """The whole completion of a run that has ended well or was stopped."""
    words, last = Words(base), answer.cancelled or Completed("answered", 0.0, tokens=answer.tokens)
    said = "".join(words.of(event) for event in (*unfolded(answer), last))
    message = {"role": "assistant", "content": said, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    head = {"object": "chat.completion", "model": model, **_stamp(answer.run_id, answer.started_at)}
    return {**head, "choices": [choice], "usage": _usage(last)}


def error_object(message: str, code: str, status: int, param: str | None = None) -> dict[str, Any]:
    """An error as OpenAI's own server words it."""
    kind = _KINDS.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"message": message, "type": kind, "param": param, "code": code}


def _stamp(run_id: str, at: float) -> dict[str, Any]:
    return {"id": f"chatcmpl-{run_id}", "created": int(at)}


def _told(event: Failed) -> str:
    return f"{event.message}\n{event.hint}".rstrip()


def _usage(event: Completed | Cancelled) -> dict[str, int]:
    """A run counts its model's tokens as one sum; they stand as the completion's. Without a model there are none."""
    tokens = event.tokens or 0 if isinstance(event, Completed) else 0
    return {"prompt_tokens": 0, "completion_tokens": tokens, "total_tokens": tokens}
