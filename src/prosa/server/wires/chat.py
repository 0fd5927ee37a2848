"""The chat wire: words as they come, statements before they run, a CSV of the rows, and one last frame.

Frames are `event: …` and `data: {json}` with the same name inside; docs/wires/chat.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from prosa import events as e
from prosa.app.staged import with_hint
from prosa.events import Entry, Table, json_line
from prosa.locales import text
from prosa.server.wires import EventWire
from prosa.server.wires.words import source

CSV = "text/csv"


class ChatWire(EventWire):
    """`conversation` is the id that the client knows; `csv_of` gives the address of a table's rows, where the tables of
    the run have one; `base` is the prefix that the server is mounted under."""

    def __init__(
        self, *, conversation: str | None = None, csv_of: Callable[[Table], str] | None = None, base: str = ""
    ) -> None:
        super().__init__()
        self._conversation, self._csv_of, self._base = conversation, csv_of, base
        self._said: list[str] = []
        self._block = 0

    def frames(self, entry: Entry) -> Iterable[bytes]:
        match entry.event:
            case e.Text(block, delta):
                # Blocks are paragraphs; a client that joins the chunks must find them apart.
                between = "\n\n" if block != self._block and self._said else ""
                self._block = block
                return (self._chunk(between + delta),)
            case e.Started():
                return (_frame("start", timestamp=datetime.fromtimestamp(entry.at, UTC).isoformat()),)
            case e.Sql():
                return (_frame("sql", sql=entry.event.text),)
            case e.Clarification() as asked:
                return (self._chunk(asked.words),)
            case e.Completed():
                return self._complete()
            case e.Failed(code, message, hint):
                return (_frame("error", message=with_hint(message, hint), code=code),)
            case e.Cancelled():
                return (_frame("error", message=text("pipeline.cancelled", self.answer.locale), code="cancelled"),)
        return ()

    def _chunk(self, words: str) -> bytes:
        self._said.append(words)
        return _frame("chunk", text=words)

    def _complete(self) -> Iterator[bytes]:
        url = self._csv()
        if url is not None:
            yield _frame("csv", url=url)
        cited = {"sources": [source(passage) for passage in self.answer.passages]} if self.answer.passages else {}
        yield _frame(
            "complete",
            answer="".join(self._said),
            sql=self.answer.sql,
            csv_url=url,
            conversation_id=self._conversation or self.answer.conversation,
            **cited,
        )

    def _csv(self) -> str | None:
        ready = [file.url for file in self.answer.files if file.mime == CSV]
        if ready:
            return self._base + ready[-1]
        table = self.answer.table
        return self._base + self._csv_of(table) if table is not None and self._csv_of is not None else None


def _frame(event: str, **fields: Any) -> bytes:
    return f"event: {event}\ndata: ".encode() + json_line({"event": event, **fields}) + b"\n\n"
