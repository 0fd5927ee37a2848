"""The document wire: an answer from documents as JSON lines or, for those who ask for it, as server-sent events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from prosa.events import Cancelled, Clarification, Completed, Entry, Failed, Sources, Text, json_line
from prosa.locales import text
from prosa.server.wires import EVENT_STREAM, EventWire, data
from prosa.server.wires.words import source


class DocumentWire(EventWire):
    """`metadata` with the cited sources (an empty list where there are none), `text` as it comes, then `complete`; a
    failure is `error` before that."""

    media_type: ClassVar[str] = "application/x-ndjson"
    ping: ClassVar[bytes] = b""

    def __init__(self) -> None:
        super().__init__()
        self._block = 0

    def frames(self, entry: Entry) -> Iterable[bytes]:
        match entry.event:
            case Sources(passages):
                yield self._frame("metadata", {"sources": [source(passage) for passage in passages]})
            case Text(block, delta):
                apart = "\n\n" if block != self._block else ""
                self._block = block
                yield self._frame("text", apart + delta)
            case Clarification() as asked:
                yield self._frame("text", asked.words)
            case Completed() | Failed() | Cancelled() as last:
                yield from self._end(last)

    def _end(self, last: Completed | Failed | Cancelled) -> Iterator[bytes]:
        if isinstance(last, Failed):
            yield self._frame("error", {"message": last.message, "code": last.code})
        elif isinstance(last, Cancelled):
            yield self._frame("error", {"message": text("errors.cancelled", self.answer.locale), "code": "cancelled"})
        elif not self.answer.passages:
            yield self._frame("metadata", {"sources": []})
        yield self.line({"type": "complete"})

    def _frame(self, kind: str, value: Any) -> bytes:
        return self.line({"type": kind, "data": value})

    def line(self, frame: dict[str, Any]) -> bytes:
        """A frame as it goes out."""
        return json_line(frame) + b"\n"


class DocumentEvents(DocumentWire):
    """The same frames as server-sent events."""

    media_type: ClassVar[str] = EVENT_STREAM
    ping: ClassVar[bytes] = b": ping\n\n"

    def line(self, frame: dict[str, Any]) -> bytes:
        return data(frame)
