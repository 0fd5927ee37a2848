"""`Log`, the ordered entries of one run: appended by one writer, followed by any number of readers.

It stamps `seq` and `at`, keeps the running fold, and drops old entries once a fold stands in for them. It knows
nothing of tasks, of time limits, or of who may read it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import msgspec

from prosa.answer import Answer
from prosa.errors import LimitError, ModelError
from prosa.events import TERMINAL, Checked, Entry, Event, Snapshot, Started, Text
from prosa.results import plain

CEILING = 10
"""A run may write this many times what its log keeps; an answerer that goes on is stopped."""

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class Log:
    """The entries of one run, in memory.

    At most `max_entries` entries or `max_bytes` of their frames are kept (one entry always is). Older ones leave at the
    front; a reader who has not seen them gets one `Snapshot` in their place. `answer` is the fold of all entries so
    far, `written` the bytes of their frames in all.
    """

    def __init__(
        self,
        run_id: str,
        *,
        max_bytes: int = 4 << 20,
        max_entries: int = 10_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.run_id = run_id
        self.answer = Answer(run_id=run_id)
        self.written = 0
        self.ended = False
        self.closed = False
        self._max_bytes, self._max_entries, self._clock = max_bytes, max_entries, clock
        self._entries: list[Entry] = []
        self._kept = 0
        self._dropped = Answer(run_id=run_id)
        self._stand_in: Entry | None = None
        self._watchers: set[Callable[[], None]] = set()

    @classmethod
    def resumed(cls, answer: Answer, last: Event) -> Log:
        """The ended log of a run of which only the saved answer is left; `last` is the terminal event in it."""
        log = cls(answer.run_id)
        log._dropped = msgspec.structs.replace(answer, seq=max(0, answer.seq - 1))
        log.answer = msgspec.structs.replace(log._dropped)
        log.append(last)
        return log

    @property
    def last(self) -> int:
        """The newest entry's `seq`; 0 while there is none."""
        return self.answer.seq

    def append(self, event: Event) -> Entry:
        """Stamps an event and wakes the readers. ModelError `agent_invalid` for what is no event or has no place here
        and LimitError beyond the ceiling, with nothing written; ValueError when the log has ended."""
        if self.ended or self.closed:
            raise ValueError(f"the log of run {self.run_id} has ended")
        event = self.checked(event)
        answer = self.answer
        entry = Entry(self.run_id, answer.seq + 1, self._now(), event)
        # Folded before it is kept: what the reducer can't take must leave no trace in the log.
        answer.add(entry)
        self._keep(entry)
        self.ended = isinstance(event, TERMINAL)
        self._wake()
        return entry

    def close(self) -> None:
        """Lets every reader go without a terminal entry: the server ends and the run is resumed from the store."""
        self.closed = True
        self._wake()

    def read(self, after: int = 0) -> list[Entry]:
        """What a reader who has seen `after` has not: the entries beyond it, or a snapshot and all entries kept. A
        number that this log has not reached is no place in it, so everything comes."""
        if after > self.answer.seq:
            after = 0
        dropped = self._dropped.seq
        if after >= dropped:
            return self._entries[after - dropped :]
        return [self._snapshot(), *self._entries]

    async def batches(self, after: int = 0) -> AsyncIterator[list[Entry]]:
        """The entries beyond `after` as they come; those that wait together come together. Ends after the terminal
        entry, or when the log is closed."""
        grown = asyncio.Event()
        self.watch(grown.set)
        try:
            while True:
                grown.clear()
                entries = self.read(after)
                if entries:
                    after = entries[-1].seq
                    yield entries
                elif self.ended or self.closed:
                    return
                else:
                    await grown.wait()
        finally:
            self.unwatch(grown.set)

    async def follow(self, after: int = 0) -> AsyncIterator[Entry]:
        """The entries beyond `after` one by one, until the terminal one."""
        async for entries in self.batches(after):
            for entry in entries:
                yield entry

    def watch(self, grown: Callable[[], None]) -> None:
        """Calls `grown` after each entry from now on, and at the close."""
        self._watchers.add(grown)

    def unwatch(self, grown: Callable[[], None]) -> None:
        """Calls it no longer."""
        self._watchers.discard(grown)

    def checked(self, event: Event) -> Event:
        """The event as every reader will see it, owing nothing to objects that its writer may still change. Raises what
        `append` raises."""
        try:
            checked = _decoder.decode(_json(event))
        except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
            raise ModelError("agent_invalid", what=type(event).__name__) from error
        if isinstance(checked, (Text, Checked)):
            if not 0 <= checked.block <= len(self.answer.blocks):
                raise ModelError("agent_invalid", what=f"{type(event).__name__}(block={checked.block})")
        elif isinstance(checked, Snapshot) or (isinstance(checked, Started) and self.last):
            raise ModelError("agent_invalid", what=type(event).__name__)
        elif isinstance(checked, TERMINAL):
            return checked
        self._under_ceiling()
        return checked

    def _under_ceiling(self) -> None:
        if self.answer.seq >= CEILING * self._max_entries or self.written >= CEILING * self._max_bytes:
            raise LimitError("answer_too_long")

    def _keep(self, entry: Entry) -> None:
        size = len(entry.frame)
        self.written += size
        self._kept += size
        self._entries.append(entry)
        if self._kept > self._max_bytes or len(self._entries) > self._max_entries:
            self._drop()

    def _drop(self) -> None:
        """Leaves a quarter of the room free, so that dropping stays rare."""
        count = 0
        entries, kept = len(self._entries), self._kept
        while entries > 1 and (kept > self._max_bytes * 3 // 4 or entries > self._max_entries * 3 // 4):
            self._dropped.add(self._entries[count])
            kept -= len(self._entries[count].frame)
            entries -= 1
            count += 1
        del self._entries[:count]
        self._stand_in = None
        self._kept = kept

    def _snapshot(self) -> Entry:
        """Made when somebody comes late, and shared with those who come after."""
        if self._stand_in is None:
            seq = self._dropped.seq
            self._stand_in = Entry(self.run_id, seq, self._now(), Snapshot(seq, msgspec.to_builtins(self._dropped)))
        return self._stand_in

    def _now(self) -> float:
        return int(self._clock() * 1000) / 1000

    def _wake(self) -> None:
        for grown in tuple(self._watchers):
            grown()


def _json(event: Event) -> bytes:
    try:
        return _encoder.encode(event)
    except UnicodeEncodeError:  # lone surrogates, which no wire may carry
        return _encoder.encode(plain(msgspec.to_builtins(event)))
