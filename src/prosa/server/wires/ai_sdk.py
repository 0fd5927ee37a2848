"""The AI SDK's UI message stream, version 1: an answer as the parts of one message of a chat page.

Format: https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from prosa import events as e
from prosa.events import Entry, Event
from prosa.locales import text
from prosa.server.wires import DONE, EventWire, data, fields
from prosa.server.wires.words import address

HEADERS = {"x-vercel-ai-ui-message-stream": "v1"}

_TOLD = (e.Interpreted, e.Notice, e.Checked, e.Clarification)
"""Events that are a data part of their own name, with their own fields."""


class AiSdkWire(EventWire):
    """Statements are calls of the tool `run_sql`, which we have run ourselves; what has no part of its own is a data
    part. `base` is put before the addresses of our own files."""

    def __init__(self, base: str = "") -> None:
        super().__init__()
        self._base = base
        self._run = ""
        self._block: int | None = None
        self._texts = 0
        self._tools: dict[str, bool] = {}  # by call, whether it still waits for its output
        self._passages = 0

    def frames(self, entry: Entry) -> Iterable[bytes]:
        event = entry.event
        self._run = entry.run_id
        if entry.terminal:
            yield from map(data, self._closed())
            yield data(_last(event))
            yield DONE
        else:
            yield from map(data, self._parts(event))

    def _parts(self, event: Event) -> Iterator[dict[str, Any]]:
        match event:
            case e.Started():
                yield {"type": "start", "messageId": self._run, "messageMetadata": {"run_id": self._run}}
            case e.StageStarted() | e.StageProgress() | e.StageCompleted():
                yield _data("stage", _stage(event), f"{self._run}-{event.stage}")
            case e.Sql():
                call = {"sql": event.text, "source": event.source, "dialect": event.dialect}
                yield from self._called(event.query_id, "run_sql", call)
            case e.QueryFailed():
                yield from self._returned(event.query_id, "run_sql", event.message, failed=True)
            case e.Table():
                yield from self._returned(event.query_id, "run_sql", fields(event))
            case e.ToolCalled():
                yield from self._called(event.call_id, event.tool, event.arguments)
            case e.ToolReturned():
                yield from self._returned(event.call_id, event.tool, event.result, failed=event.failed)
            case e.Text():
                yield from self._text(event)
            case e.Sources():
                yield from map(self._source, event.passages)
            case e.Chart():
                yield _data("chart", fields(event), event.chart_id)
            case e.FileReady():
                yield self._file(event)
            case _ if isinstance(event, _TOLD):
                yield _data(str(event.__struct_config__.tag), fields(event))

    def _text(self, event: e.Text) -> Iterator[dict[str, Any]]:
        if event.block != self._block:
            yield from self._text_end()
            self._block = event.block
            self._texts += 1
            yield {"type": "text-start", "id": self._text_id}
        yield {"type": "text-delta", "id": self._text_id, "delta": event.delta}

    def _text_end(self) -> Iterator[dict[str, Any]]:
        if self._block is not None:
            yield {"type": "text-end", "id": self._text_id}
            self._block = None

    @property
    def _text_id(self) -> str:
        return f"{self._run}-text-{self._texts}"

    def _called(self, call_id: str, tool: str, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
        self._tools[call_id] = True
        call = {"toolCallId": self._call(call_id), "toolName": tool}
        # Whoever executed it: without this, a page would look for a tool of its own and wait for it.
        ours = {"providerExecuted": True}
        yield {"type": "tool-input-start", **call, **ours}
        yield {
            "type": "tool-input-delta",
            "toolCallId": call["toolCallId"],
            "inputTextDelta": msgspec.json.encode(given).decode("utf-8"),
        }
        yield {"type": "tool-input-available", **call, "input": given, **ours}

    def _returned(self, call_id: str, tool: str, result: Any, *, failed: bool = False) -> Iterator[dict[str, Any]]:
        if call_id not in self._tools:
            yield from self._called(call_id, tool, {})
        self._tools[call_id] = False
        yield self._output(call_id, result, failed=failed)

    def _output(self, call_id: str, result: Any, *, failed: bool) -> dict[str, Any]:
        head = {"toolCallId": self._call(call_id), "providerExecuted": True}
        if failed:
            words = result if isinstance(result, str) else msgspec.json.encode(result).decode("utf-8")
            return {"type": "tool-output-error", **head, "errorText": words}
        return {"type": "tool-output-available", **head, "output": result}

    def _call(self, call_id: str) -> str:
        """Unique in the whole chat, not only in its message."""
        return f"{self._run}-{call_id}"

    def _source(self, passage: e.Passage) -> dict[str, Any]:
        self._passages += 1
        kind = mimetypes.guess_type(passage.document)[0] or "text/plain"
        about = msgspec.to_builtins(passage)
        del about["document"]
        return {
            "type": "source-document",
            "sourceId": f"{self._run}-source-{self._passages}",
            "mediaType": kind,
            "title": passage.document,
            "filename": passage.document,
            "providerMetadata": {"prosa": about},
        }

    def _file(self, event: e.FileReady) -> dict[str, Any]:
        about = {"name": event.name, "size": event.size, "rows": event.rows, "complete": event.complete}
        return {
            "type": "file",
            "url": address(self._base, event.url),
            "mediaType": event.mime,
            "providerMetadata": {"prosa": {name: value for name, value in about.items() if value is not None}},
        }

    def _closed(self) -> Iterator[dict[str, Any]]:
        """Ends what is open: words, stages, and calls whose output will never come."""
        yield from self._text_end()
        for state in self.answer.stages:
            if state.duration_ms is None:
                part_id = f"{self._run}-{state.stage}"
                yield _data("stage", {"stage": state.stage, "status": "stopped"}, part_id)
        stopped = text("errors.cancelled", self.answer.locale)
        for call_id in [call for call, waits in self._tools.items() if waits]:
            yield self._output(call_id, stopped, failed=True)
            self._tools[call_id] = False


def _last(event: Event) -> dict[str, Any]:
    match event:
        case e.Completed():
            about = {"outcome": event.outcome, "duration_ms": event.duration_ms, "tokens": event.tokens}
            told = {name: value for name, value in about.items() if value is not None}
            return {"type": "finish", "finishReason": "stop", "messageMetadata": told}
        case e.Cancelled():
            return {"type": "abort", "reason": "cancelled"}
        case _:
            assert isinstance(event, e.Failed)
            return {"type": "error", "errorText": f"{event.message}\n{event.hint}".rstrip()}


def _data(name: str, value: dict[str, Any], part_id: str = "") -> dict[str, Any]:
    return {"type": f"data-{name}", **({"id": part_id} if part_id else {}), "data": value}


def _stage(event: e.StageStarted | e.StageProgress | e.StageCompleted) -> dict[str, Any]:
    status = {e.StageStarted: "started", e.StageProgress: "working", e.StageCompleted: "completed"}[type(event)]
    return {**fields(event), "status": status}
