"""Files that an agent's tools have made and that wait to be fetched: per session, by name, once.

The agent-tool contract names files, not ids, so a name only ever reaches the session's own. `bound_downloads` is the
one ambient identity in Prosa: tools that somebody's agent calls have no other way to know for whom they work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from prosa.errors import AccessError, UsageError
from prosa.events import FileReady
from prosa.exports.names import FileName, file_name
from prosa.exports.store import Store, StoredFile
from prosa.identity import Principal
from prosa.question import Emit

_bound: ContextVar[PendingDownloads] = ContextVar("prosa_pending_downloads")


class PendingDownloads:
    """The waiting files of one principal's session, held by a store. Two of the same session see the same files.

    `desk` is what else the session's tools may use (opaque here), and `loop` the event loop that it lives in: the
    running one where none is given. `locale` is the language of the tools' answers. `told` is awaited with every entry
    of a run that a tool begins. `emit` gets a `file_ready` for every file: inside a run, faces that know nothing of
    markers offer it as well.
    """

    def __init__(
        self,
        store: Store,
        principal: Principal,
        *,
        desk: Any = None,
        loop: asyncio.AbstractEventLoop | None = None,
        locale: str | None = None,
        told: Callable[[Any], Awaitable[None]] | None = None,
        emit: Emit | None = None,
    ) -> None:
        self.store = store
        self.principal = principal
        self.desk = desk
        self.loop = loop or (asyncio.get_running_loop() if desk is not None else None)
        self.locale = locale
        self.told = told
        self.emit = emit

    def add(
        self,
        slug: str,
        extension: str,
        mime: str,
        data: bytes,
        *,
        rows: int | None = None,
        complete: bool = True,
        at: datetime | None = None,
    ) -> FileName:
        """Keeps a file under a new name, `{slug}_{time}.{extension}`. LimitError `file_too_large`."""

        def named(taken: Container[str]) -> StoredFile:
            return StoredFile(file_name(slug, extension, at, taken=taken), mime, data, rows, complete)

        file_id, file = self.store.put_pending(self.principal, named)
        if self.emit is not None:
            self.emit(FileReady(file_id, file.name, mime, f"/api/files/{file_id}", len(data), rows, complete))
        return FileName(file.name)

    def get(self, name: str) -> tuple[bytes, str] | None:
        """The bytes and MIME type of a waiting file; None for any other name, and for one that has expired."""
        file_id = self.store.pending(self.principal).get(name)
        return self._read(file_id) if file_id else None

    def all(self) -> dict[str, tuple[bytes, str]]:
        """Every waiting file by name, oldest first."""
        found = {name: self._read(file_id) for name, file_id in self.store.pending(self.principal).items()}
        return {name: file for name, file in found.items() if file}

    def clear(self, name: str) -> bool:
        """Forgets a file, as is due once its bytes were delivered; whether there was one."""
        file_id = self.store.pending(self.principal).get(name)
        return file_id is not None and self._forget(file_id)

    def clear_all(self) -> None:
        """Forgets every waiting file of the session."""
        for file_id in self.store.pending(self.principal).values():
            self._forget(file_id)

    def _read(self, file_id: str) -> tuple[bytes, str] | None:
        try:
            file = self.store.get_file(self.principal, file_id)
        except AccessError:
            return None
        return file.data, file.mime

    def _forget(self, file_id: str) -> bool:
        try:
            self.store.remove(self.principal, file_id)
        except AccessError:
            return False
        return True


@contextmanager
def bound_downloads(pending: PendingDownloads | None = None) -> Iterator[PendingDownloads]:
    """Binds the waiting files of a session to this context: a request, a Streamlit session, a test. Without any given,
    fresh ones that nobody else can reach. A worker thread sees them through a copy of the context
    (`contextvars.copy_context().run`), as `asyncio.to_thread` and LangChain's executor make one."""
    chosen = pending or PendingDownloads(Store(), Principal(Store.new_id(), session=Store.new_id()))
    token = _bound.set(chosen)
    try:
        yield chosen
    finally:
        _bound.reset(token)


def bound() -> PendingDownloads:
    """The waiting files that are bound to this context. UsageError `downloads_unbound`."""
    try:
        return _bound.get()
    except LookupError:
        raise UsageError("downloads_unbound") from None


def get_pending_download(name: str) -> tuple[bytes, str] | None:
    """`PendingDownloads.get` of the bound session. UsageError where none is bound."""
    return bound().get(name)


def get_all_pending_downloads() -> dict[str, tuple[bytes, str]]:
    """`PendingDownloads.all` of the bound session. UsageError where none is bound."""
    return bound().all()


def clear_pending_download(name: str) -> bool:
    """`PendingDownloads.clear` of the bound session. UsageError where none is bound."""
    return bound().clear(name)


def clear_all_pending_downloads() -> None:
    """`PendingDownloads.clear_all` of the bound session. UsageError where none is bound."""
    bound().clear_all()
