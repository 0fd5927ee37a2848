"""`Store`: results, charts and files in memory, bounded in bytes and age, each its owner's alone.

A result above the snapshot cap is held as its recipe, which weighs next to nothing. No query runs here.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable, Container, Mapping
from typing import Any, Literal, Protocol

import msgspec

from prosa.errors import AccessError, LimitError
from prosa.identity import Principal
from prosa.results import Provenance, Result

Kind = Literal["result", "file"]

_GONE_KEPT = 10_000
"""So many ids are remembered, to tell who comes late that a file has expired, and not that there never was one."""


class StoredResult(msgspec.Struct, frozen=True):
    """A result, the database that its recipe runs on (opaque here), and where it comes from."""

    result: Result
    database: Any
    provenance: Provenance

    def export_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options of an export: what was asked for, and what the file tells about itself."""
        origin = msgspec.structs.replace(self.provenance, held=self.result.held, complete=not self.result.truncated)
        return {"provenance": msgspec.to_builtins(origin), "title": origin.question, **options}


class Written(Protocol):
    """A file on its way to its reader: its bytes, and at the end how many rows they hold and their SHA-256."""

    rows: int | None
    sha256: str | None

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None: ...


class StoredFile(msgspec.Struct, frozen=True):
    """A finished file or, where it is too large to be held, one that `write` makes anew for each reader. `rows` and
    `complete` where it holds rows."""

    name: str
    mime: str
    data: bytes = b""
    rows: int | None = None
    complete: bool = True
    provenance: Provenance | None = None
    write: Callable[[], Written] | None = None

    @property
    def size(self) -> int | None:
        """In bytes; unknown where the file is yet to be written."""
        return len(self.data) if self.write is None else None


class _Item(msgspec.Struct, frozen=True):
    owner: str
    kind: Kind
    value: Any
    size: int
    until: float
    pending_in: str | None = None


class Store:
    """Sizes in bytes, `seconds` until an item is gone. Where room is short, the owner's oldest items go first, then
    everybody's. It may be used from several threads: agents run their tools in some."""

    def __init__(
        self,
        *,
        per_item: int = 100 << 20,
        per_user: int = 256 << 20,
        in_all: int = 1 << 30,
        seconds: float = 1800.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_item, self._per_user, self._in_all = per_item, per_user, in_all
        self._seconds, self._clock = seconds, clock
        self._items: dict[str, _Item] = {}
        self._sizes: dict[str, int] = {}
        self._gone: dict[str, str] = {}
        self._lock = threading.RLock()

    @staticmethod
    def new_id() -> str:
        """An id that nobody can guess."""
        return secrets.token_urlsafe(16)

    @property
    def size(self) -> int:
        """All that is held, in bytes."""
        return sum(self._sizes.values())

    def put(self, principal: Principal, result: Result, database: Any, provenance: Provenance) -> None:
        """Keeps a result under its own id, which should come from `new_id`. One too large to keep is kept as its
        recipe."""
        size = len(msgspec.json.encode(result.head))
        if len(result.snapshot or b"") + size > min(self._per_item, self._per_user):
            result = msgspec.structs.replace(result, snapshot=None)
        stored = StoredResult(result, database, provenance)
        self._add(principal, result.id, "result", stored, len(result.snapshot or b"") + size)

    def get(self, principal: Principal, result_id: str) -> StoredResult:
        """AccessError: `file_gone` for what the principal had, `not_found` for anything else."""
        found: StoredResult = self._find(principal, result_id, "result")
        return found

    def put_file(self, principal: Principal, file: StoredFile) -> str:
        """Keeps a file; returns its id. LimitError `file_too_large`."""
        return self._put_file(principal, file, None)

    def put_pending(self, principal: Principal, make: Callable[[Container[str]], StoredFile]) -> tuple[str, StoredFile]:
        """Keeps a file that waits to be fetched by the principal's own session; returns its id with it. `make` gets the
        names that wait already: files that are made at once get one each. LimitError `file_too_large`."""
        with self._lock:
            file = make(self.pending(principal))
            return self._put_file(principal, file, principal.session), file

    def _put_file(self, principal: Principal, file: StoredFile, pending_in: str | None) -> str:
        if len(file.data) > min(self._per_item, self._per_user):
            raise LimitError("file_too_large", name=file.name, limit=self._per_item >> 20)
        file_id = self.new_id()
        self._add(principal, file_id, "file", file, len(file.data), pending_in)
        return file_id

    def pending(self, principal: Principal) -> dict[str, str]:
        """The names of the files that wait for this very session, oldest first, with their ids."""
        with self._lock:
            self._expire()
            return {
                item.value.name: item_id
                for item_id, item in self._items.items()
                if item.owner == principal.user and item.pending_in == principal.session
            }

    def get_file(self, principal: Principal, file_id: str) -> StoredFile:
        """AccessError: `file_gone` for what the principal had, `not_found` for anything else."""
        found: StoredFile = self._find(principal, file_id, "file")
        return found

    def remove(self, principal: Principal, item_id: str) -> None:
        """Forgets one item of the principal. AccessError."""
        with self._lock:
            self._owned(principal, item_id)
            self._drop(item_id)

    def _find(self, principal: Principal, item_id: str, kind: Kind) -> Any:
        with self._lock:
            item = self._owned(principal, item_id)
        if item.kind != kind:
            raise AccessError("not_found")
        return item.value

    def _owned(self, principal: Principal, item_id: str) -> _Item:
        self._expire()
        if self._gone.get(item_id) == principal.user:
            raise AccessError("file_gone")
        item = self._items.get(item_id)
        if item is None or item.owner != principal.user:
            raise AccessError("not_found")
        return item

    def _add(
        self, principal: Principal, item_id: str, kind: Kind, value: Any, size: int, pending_in: str | None = None
    ) -> None:
        owner = principal.user
        with self._lock:
            self._make_room(owner, item_id, size)
            self._gone.pop(item_id, None)
            self._items[item_id] = _Item(owner, kind, value, size, self._clock() + self._seconds, pending_in)
            self._sizes[owner] = self._sizes.get(owner, 0) + size

    def _make_room(self, owner: str, item_id: str, size: int) -> None:
        self._expire()
        if item_id in self._items:
            self._drop(item_id)
        while owner in self._sizes and self._sizes[owner] + size > self._per_user:
            self._drop(next(key for key, item in self._items.items() if item.owner == owner))
        while self._items and self.size + size > self._in_all:
            # One's own first: who fills the store must not push out what others wait for.
            self._drop(next((key for key, item in self._items.items() if item.owner == owner), next(iter(self._items))))

    def _expire(self) -> None:
        now = self._clock()
        while self._items and (oldest := next(iter(self._items.items())))[1].until <= now:
            self._drop(oldest[0])

    def _drop(self, item_id: str) -> None:
        item = self._items.pop(item_id)
        self._sizes[item.owner] -= item.size
        if not self._sizes[item.owner]:
            del self._sizes[item.owner]
        self._gone[item_id] = item.owner
        if len(self._gone) > _GONE_KEPT:
            del self._gone[next(iter(self._gone))]
