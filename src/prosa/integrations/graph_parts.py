"""`GraphTelling`: the parts of a LangGraph stream, read by their shape, as events of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from prosa import events as e
from prosa.integrations.chat import components
from prosa.integrations.chat.telling import Telling
from prosa.integrations.tool_results import ToolResult, read
from prosa.question import Spent
from prosa.results import plain

_EVENTS = (
    e.Interpreted, e.Sql, e.QueryFailed, e.Table, e.Chart, e.FileReady, e.ToolCalled, e.ToolReturned, e.Sources,
    e.Text, e.Notice, e.Clarification, e.StageStarted, e.StageProgress, e.StageCompleted,
)  # fmt: skip
"""What a graph may write to its stream as it is."""

_SQL_ERROR = "Error:"
"""How LangChain's own SQL tool begins what it says instead of raising."""


class GraphTelling:
    """Takes the parts of the modes `messages`, `updates` and `custom`. A message of an inner graph comes again with the
    node around it; it is told once."""

    def __init__(self, telling: Telling, spent: Spent) -> None:
        self._telling, self._spent = telling, spent
        self._speaking = ""
        self._seen: set[str] = set()
        self._calls: dict[str, str] = {}
        self.interrupted = False

    async def tell(self, mode: str, part: Any) -> None:
        """One part of the stream."""
        if mode == "messages":
            self._word(part[0])
        elif mode == "updates":
            await self._update(part)
        elif isinstance(part, _EVENTS):
            self._telling.emit(part)
        elif isinstance(part, str | dict):
            await self._telling.say(components.read(part))

    def end(self) -> None:
        """Nothing follows; a statement that stands in the words alone is told now."""
        self._telling.find_statement(done=True)

    def _word(self, message: Any) -> None:
        """A token, or a whole message of a model that does not stream. What people and tools say is no answer."""
        if not str(getattr(message, "type", "")).lower().startswith("ai"):
            return
        words = str(getattr(message, "text", "") or "")
        if not words:
            return
        if message.id != self._speaking:
            self._speaking = message.id
            self._telling.begin_block()
        self._telling.add(words)

    async def _update(self, nodes: Mapping[str, Any]) -> None:
        for interrupt in nodes.get("__interrupt__", ()):
            if self._is_new(interrupt.id):
                self.interrupted = True
                self._telling.emit(_asked(interrupt.value))
        for node, update in nodes.items():
            if node != "__interrupt__":
                for message in _messages(update):
                    await self._message(message)

    async def _message(self, message: Any) -> None:
        if message.type == "ai" and self._is_new(message.id):
            self._count(getattr(message, "usage_metadata", None))
            for call in message.tool_calls:
                self._called(str(call["id"]), call["name"], call["args"])
        elif message.type == "tool" and self._is_new(message.tool_call_id):
            await self._returned(message)

    def _is_new(self, name: str) -> bool:
        new = name not in self._seen
        self._seen.add(name)
        return new

    def _count(self, usage: Mapping[str, Any] | None) -> None:
        self._spent.requests += 1
        self._spent.tokens += int((usage or {}).get("total_tokens", 0))

    def _called(self, call: str, tool: str, given: dict[str, Any]) -> None:
        self._spent.tool_calls += 1
        sql = given.get("sql", given.get("query") if "sql" in tool.lower() else None)
        if isinstance(sql, str):
            self._calls[call] = self._telling.statement(sql)
        else:
            self._telling.emit(e.ToolCalled(call, tool, plain(given)))

    async def _returned(self, message: Any) -> None:
        call, tool = message.tool_call_id, message.name or ""
        found = read(message)
        query = self._calls.get(call)
        if query is None:
            self._telling.emit(e.ToolReturned(call, tool, found.words, found.failed))
        elif found.failed or found.words.startswith(_SQL_ERROR):
            self._telling.refuse(found.words, query)
            return
        await self._show(found, query or "")

    async def _show(self, found: ToolResult, query: str) -> None:
        if found.rows is not None:
            await self._telling.show(found.rows, query)
        if found.figure is not None:
            self._telling.draw(found.figure)
        if found.passages:
            self._telling.emit(e.Sources(found.passages))


def _messages(update: Any) -> Iterator[Any]:
    """The messages that a node has written, whatever the state calls them."""
    if isinstance(update, Mapping):
        update = list(update.values())
    for value in update if isinstance(update, list | tuple) else [update]:
        for one in value if isinstance(value, list | tuple) else [value]:
            if getattr(one, "type", None) in ("ai", "tool"):
                yield one


def _asked(value: Any) -> e.Clarification:
    """An interrupt's value as a question back: a text, or a mapping with `question` and, if it likes, `options`."""
    given = value if isinstance(value, Mapping) else {"question": value}
    question = given.get("question")
    words = question if isinstance(question, str) else msgspec.json.encode(plain(value)).decode()
    options = tuple(e.Option(str(one), str(one)) for one in given.get("options") or ())
    return e.Clarification(words, options)
