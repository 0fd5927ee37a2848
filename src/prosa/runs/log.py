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

    At most `max_entries` entries or `max_bytes` of their JSON are kept (one entry always is). Older ones leave at the
    front; a reader who has not seen them gets one `Snapshot` in their place. `answer` is the fold of all entries so
    far, `written` the bytes of JSON in all.
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
        self._waiting: set[asyncio.Future[bool]] = set()

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
        entry = Entry(self.run_id, self.last + 1, round(self._clock(), 3), event)
        # Folded before it is kept: what the reducer can't take must leave no trace in the log.
        self.answer.add(entry)
        self._keep(entry)
        self.ended = entry.terminal
        self._wake()
        return entry

    def close(self) -> None:
        """Lets every reader go without a terminal entry: the server ends and the run is resumed from the store."""
        self.closed = True
        self._wake()

    def read(self, after: int = 0) -> list[Entry]:
        """What a reader who has seen `after` has not: the entries beyond it, or a snapshot and all entries kept. A
        number that this log has not reached is no place in it, so everything comes."""
        if after > self.last:
            after = 0
        if after >= self._dropped.seq:
            return self._entries[after - self._dropped.seq :]
        return [self._snapshot(), *self._entries]

    async def batches(self, after: int = 0) -> AsyncIterator[list[Entry]]:
        """The entries beyond `after` as they come; those that wait together come together. Ends after the terminal
        entry, or when the log is closed."""
        while True:
            entries = self.read(after)
            if entries:
                after = entries[-1].seq
                yield entries
            elif self.ended or self.closed:
                return
            else:
                await self._grown()

    async def follow(self, after: int = 0) -> AsyncIterator[Entry]:
        """The entries beyond `after` one by one, until the terminal one."""
        async for entries in self.batches(after):
            for entry in entries:
                yield entry

    def growth(self) -> asyncio.Future[bool]:
        """Becomes True at the next entry or the close; a reader who no longer waits for it calls `forget`."""
        growth: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.add(growth)
        return growth

    def forget(self, growth: asyncio.Future[bool]) -> None:
        """Takes back a wish to be told of growth."""
        self._waiting.discard(growth)

    def checked(self, event: Event) -> Event:
        """The event as every reader will see it, owing nothing to objects that its writer may still change. Raises what
        `append` raises."""
        try:
            checked = _decoder.decode(_json(event))
        except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
            raise ModelError("agent_invalid", what=type(event).__name__) from error
        if isinstance(checked, Snapshot) or (isinstance(checked, Started) and self.last):
            raise ModelError("agent_invalid", what=type(event).__name__)
        if isinstance(checked, Text | Checked) and not 0 <= checked.block <= len(self.answer.blocks):
            raise ModelError("agent_invalid", what=f"{type(event).__name__}(block={checked.block})")
        if not isinstance(checked, TERMINAL):
            self._under_ceiling()
        return checked

    def _under_ceiling(self) -> None:
        if self.last >= CEILING * self._max_entries or self.written >= CEILING * self._max_bytes:
            raise LimitError("answer_too_long")

    def _keep(self, entry: Entry) -> None:
        size = len(entry.line)
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
            kept -= len(self._entries[count].line)
            entries -= 1
            count += 1
        del self._entries[:count]
        self._kept = kept

    def _snapshot(self) -> Entry:
        seq = self._dropped.seq
        return Entry(self.run_id, seq, round(self._clock(), 3), Snapshot(seq, msgspec.to_builtins(self._dropped)))

    async def _grown(self) -> None:
        growth = self.growth()
        try:
            await growth
        finally:
            self.forget(growth)

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, set()
        for growth in waiting:
            if not growth.done():
                growth.set_result(True)


def _json(event: Event) -> bytes:
    try:
        return _encoder.encode(event)
    except UnicodeEncodeError:  # lone surrogates, which no wire may carry
        return _encoder.encode(plain(msgspec.to_builtins(event)))
