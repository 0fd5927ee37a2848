"""The AG-UI wire, version 1.0: a run as the events of the Agent User Interaction Protocol.

Format: https://docs.ag-ui.com/concepts/events
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from prosa import events as e
from prosa.events import Entry, Event
from prosa.locales import text
from prosa.server.wires import EventWire, data, fields
from prosa.server.wires.words import address

VERSION = "1.0"

_CUSTOM = (e.StageProgress, e.Interpreted, e.Checked, e.Notice, e.Sources, e.Chart)
"""Events for which the protocol has no word: they keep their own name and fields."""


class AgUiWire(EventWire):
    """`thread` and `run` are the client's names for its conversation and this run; ours stands in the metadata of the
    first event. Statements are calls of the tool `run_sql`. `base` is put before the addresses of our own files."""

    def __init__(self, thread: str, run: str, base: str = "") -> None:
        super().__init__()
        self._names = {"threadId": thread, "runId": run}
        self._base = base
        self._run = ""
        self._block: int | None = None
        self._messages = 0
        self._calls: dict[str, bool] = {}  # whether a call still waits for its result

    def frames(self, entry: Entry) -> Iterable[bytes]:
        self._run = entry.run_id
        events = self._last(entry.event) if entry.terminal else self._events(entry.event)
        for event in events:
            yield data({**event, "timestamp": round(entry.at * 1000)})

    def _events(self, event: Event) -> Iterator[dict[str, Any]]:
        match event:
            case e.Started():
                about = {"prosa": {"run_id": self._run}}
                yield {"type": "RUN_STARTED", **self._names, "protocolVersion": VERSION, "metadata": about}
            case e.StageStarted():
                yield {"type": "STEP_STARTED", "stepName": event.stage}
            case e.StageCompleted():
                yield {"type": "STEP_FINISHED", "stepName": event.stage}
            case e.Sql():
                given = {"sql": event.text, "source": event.source, "dialect": event.dialect}
                yield from self._called(event.query_id, "run_sql", given)
            case e.Table():
                yield from self._returned(event.query_id, "run_sql", fields(event))
            case e.QueryFailed():
                yield from self._returned(event.query_id, "run_sql", {"error": event.message, "code": event.code})
            case e.ToolCalled():
                yield from self._called(event.call_id, event.tool, event.arguments)
            case e.ToolReturned():
                result = {"error": event.result} if event.failed else event.result
                yield from self._returned(event.call_id, event.tool, result)
            case e.Text():
                yield from self._text(event)
            case e.FileReady():
                yield _custom("file", {**fields(event), "url": address(self._base, event.url)})
            case _ if isinstance(event, _CUSTOM):
                yield _custom(str(event.__struct_config__.tag), fields(event))

    def _text(self, event: e.Text) -> Iterator[dict[str, Any]]:
        if event.block != self._block:
            yield from self._text_end()
            self._block = event.block
            self._messages += 1
            yield {"type": "TEXT_MESSAGE_START", "messageId": self._message_id, "role": "assistant"}
        if event.delta:
            yield {"type": "TEXT_MESSAGE_CONTENT", "messageId": self._message_id, "delta": event.delta}

    def _text_end(self) -> Iterator[dict[str, Any]]:
        if self._block is not None:
            yield {"type": "TEXT_MESSAGE_END", "messageId": self._message_id}
            self._block = None

    @property
    def _message_id(self) -> str:
        return f"{self._run}-text-{self._messages}"

    def _called(self, call_id: str, tool: str, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
        self._calls[call_id] = True
        call = {"toolCallId": f"{self._run}-{call_id}"}
        yield {"type": "TOOL_CALL_START", **call, "toolCallName": tool}
        yield {"type": "TOOL_CALL_ARGS", **call, "delta": _json(given)}
        yield {"type": "TOOL_CALL_END", **call}

    def _returned(self, call_id: str, tool: str, result: Any) -> Iterator[dict[str, Any]]:
        if call_id not in self._calls:
            yield from self._called(call_id, tool, {})
        self._calls[call_id] = False
        call = f"{self._run}-{call_id}"
        content = result if isinstance(result, str) else _json(result)
        yield {
            "type": "TOOL_CALL_RESULT",
            "messageId": f"{call}-result",
            "toolCallId": call,
            "content": content,
            "role": "tool",
        }

    def _last(self, event: Event) -> Iterator[dict[str, Any]]:
        yield from self._closed()
        if isinstance(event, e.Failed):
            words = f"{event.message}\n{event.hint}".rstrip()
            yield {"type": "RUN_ERROR", "message": words, "code": event.code}
        elif isinstance(event, e.Cancelled):
            result = {"run_id": self._run, "stopped": event.stopped, "after_ms": event.after_ms}
            yield {"type": "RUN_FINISHED", **self._names, "result": result, "outcome": {"type": "cancelled"}}
        else:
            assert isinstance(event, e.Completed)
            result = {"run_id": self._run, "outcome": event.outcome, "duration_ms": event.duration_ms}
            usage = {"usage": [{"totalTokens": event.tokens}]} if event.tokens is not None else {}
            yield {"type": "RUN_FINISHED", **self._names, "result": result, "outcome": self._outcome(), **usage}

    def _closed(self) -> Iterator[dict[str, Any]]:
        """Ends what is open: words, calls whose result will never come, stages."""
        yield from self._text_end()
        stopped = text("errors.cancelled", self.answer.locale)
        for call_id in [call for call, waits in self._calls.items() if waits]:
            yield from self._returned(call_id, "", {"error": stopped})
        for state in self.answer.stages:
            if state.duration_ms is None:
                yield {"type": "STEP_FINISHED", "stepName": state.stage}

    def _outcome(self) -> dict[str, Any]:
        """What was asked back interrupts: the client's next run answers it by our run's id."""
        asked = self.answer.clarification
        if asked is None or self.answer.status != "clarify":
            return {"type": "success"}
        labels = [option.label for option in asked.options]
        answer = {"type": "string", **({"enum": labels} if labels else {})}
        interrupt = {
            "id": self._run,
            "reason": "clarification",
            "message": asked.question,
            "responseSchema": {"type": "object", "properties": {"option": answer}, "required": ["option"]},
            "metadata": {"prosa": {"options": msgspec.to_builtins(asked.options)}},
        }
        return {"type": "interrupt", "interrupts": [interrupt]}


def _custom(name: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "CUSTOM", "name": name, "value": value}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode("utf-8")
