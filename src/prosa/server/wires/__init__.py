"""Wires: each turns a run's entries into the bytes of one protocol. A wire queries nothing and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Protocol

import msgspec

from prosa.answer import Answer
from prosa.events import Entry, Event, Snapshot, json_line
from prosa.server.wires.catching_up import missed

EVENT_STREAM = "text/event-stream"

DONE = b"data: [DONE]\n\n"
"""How OpenAI, and those who follow its form, say that nothing more will come."""


class Wire(Protocol):
    """One protocol's encoder for one reader. What it must remember it derives from the entries alone, so that a resume
    may replay them silently; `encode` gives ready bytes, none for an entry that the protocol does not carry. `ping` is
    what fills a long silence: empty where the protocol has nothing that its readers pass over. Readers of a wire that
    `resumes` know that a stream without a last event goes on elsewhere; all others are told of it."""

    media_type: ClassVar[str]
    ping: ClassVar[bytes]
    resumes: ClassVar[bool]

    def encode(self, entry: Entry) -> Iterable[bytes]: ...


class EventWire:
    """Base of the wires that know no snapshot: a reader who fell behind the log gets the events that it missed, as far
    as the fold still tells them. `answer` is the fold of what this reader was told."""

    media_type: ClassVar[str] = EVENT_STREAM
    ping: ClassVar[bytes] = b": ping\n\n"
    resumes: ClassVar[bool] = False

    def __init__(self) -> None:
        self.answer = Answer()

    def encode(self, entry: Entry) -> Iterator[bytes]:
        for told in self._told(entry):
            # What stands in for a snapshot shares its place; the fold passes over a place that it knows.
            self.answer.seq = entry.seq - 1
            self.answer.add(told)
            yield from self.frames(told)

    def _told(self, entry: Entry) -> Iterable[Entry]:
        if not isinstance(entry.event, Snapshot):
            return (entry,)
        return [Entry(entry.run_id, entry.seq, entry.at, event) for event in missed(self.answer, entry.event)]

    def frames(self, entry: Entry) -> Iterable[bytes]:
        """The bytes for one entry, which `answer` already holds."""
        raise NotImplementedError


def data(value: Any) -> bytes:
    """A value as one event without a name."""
    return b"data: " + json_line(value) + b"\n\n"


def fields(event: Event) -> dict[str, Any]:
    """An event's own fields as JSON values, without its name."""
    told: dict[str, Any] = msgspec.to_builtins(event)
    del told["event"]
    return told
