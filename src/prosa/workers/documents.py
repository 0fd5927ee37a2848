"""Which documents there are and who may read them; read when they are first needed, and again when a file changes."""

from __future__ import annotations

import asyncio
import builtins
import difflib
import glob
import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from prosa.documents import answering
from prosa.documents.answering import Cited, Reply
from prosa.documents.index import DocumentInfo, Found, Index
from prosa.documents.kinds import look
from prosa.documents.values import Limits
from prosa.errors import AccessError, ProsaError, SourceError, UsageError
from prosa.identity import Principal
from prosa.workers.pool import Progress, Workers
from prosa.workers.preparing import Share

MOST_FILES = 2_000
SUGGESTIONS = 5


class Place(msgspec.Struct, frozen=True):
    """A named location: a file, a folder or a pattern. `group` may read it besides its owner."""

    name: str
    location: str
    owner: str | None = None
    group: str = ""

    def readable(self, principal: Principal) -> bool:
        """Whether somebody may read it."""
        return principal.may_read(self.owner) or (self.group != "" and principal.may_read(f"group:{self.group}"))


class File(msgspec.Struct, frozen=True):
    """A document's file at a place. `id` depends on path and owner alone; `identity` changes with the file."""

    id: str
    name: str
    path: str
    identity: str
    size: int
    place: Place


class Problem(msgspec.Struct, frozen=True):
    """A document that could not be read, and why."""

    id: str
    name: str
    error: ProsaError


class Documents:
    """The registry of documents. One with an owner does not exist for anybody else, except for the group that its owner
    shares it with. All calls belong to one event loop."""

    def __init__(
        self,
        workers: Workers,
        index: Index,
        *,
        limits: Limits,
        time_limit: float,
        places: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._workers, self._index = workers, index
        self._limits, self._time_limit = limits, time_limit
        self._places: dict[tuple[str, str | None], Place] = {}
        self._problems: dict[str, tuple[str, ProsaError]] = {}
        self._turns = asyncio.Semaphore(max(workers.questions - 1, 1))
        self._reading: dict[str, asyncio.Lock] = {}
        for name, location in places:
            self.add(name, location)

    def add(self, name: str, location: str, owner: str | None = None, group: str = "") -> None:
        """Registers a file, folder or pattern without reading it; the same place again changes its name and group."""
        self._places[location, owner] = Place(name, location, owner, group)

    def any(self, principal: Principal) -> bool:
        """Whether the principal may read any place of documents; nothing is looked at."""
        return any(place.readable(principal) for place in self._places.values())

    async def find(self, principal: Principal, wanted: str) -> File:
        """A document by its id or name. AccessError `document_unknown`."""
        return (await self.find_all(principal, (wanted,)))[0]

    async def find_all(self, principal: Principal, wanted: Sequence[str]) -> builtins.list[File]:
        """The documents of these ids or names; a place's name stands for all that lie there. AccessError
        `document_unknown`."""
        visible = await self._files(principal)
        chosen: dict[str, File] = {}
        for name in wanted:
            named = _matching(visible, name)
            if not named:
                names = difflib.get_close_matches(name, [file.name for file in visible], SUGGESTIONS, cutoff=0.0)
                raise AccessError("document_unknown", name=name, names=", ".join(names))
            chosen |= {file.id: file for file in named}
        return [*chosen.values()]

    async def at(self, principal: Principal, location: str) -> File:
        """The document of the principal's own at a location. AccessError."""
        found = [file for file in await self._files(principal) if file.path == location and file.place.owner]
        if not found:
            raise AccessError("not_found")
        return found[0]

    async def list(self, principal: Principal, on_progress: Progress | None = None) -> tuple[DocumentInfo, ...]:
        """Every document that the principal may read and that can be read; the others are among `problems`."""
        found = await self._all(principal, await self._files(principal), on_progress)
        return tuple(info for info in found if isinstance(info, DocumentInfo))

    async def problems(self, principal: Principal) -> tuple[Problem, ...]:
        """The principal's documents that could not be read when they were last needed."""
        files = await self._files(principal)
        known = ((file, self._problems.get(file.id)) for file in files)
        return tuple(
            Problem(file.id, file.name, problem[1])
            for file, problem in known
            if problem and problem[0] == file.identity
        )

    async def open(
        self, principal: Principal, documents: tuple[str, ...] = (), on_progress: Progress | None = None
    ) -> tuple[DocumentInfo, ...]:
        """The documents of these names or ids, read; none named: all that the principal may read and that can be read.
        AccessError `document_unknown`, UsageError `documents_none`, SourceError, StorageError."""
        files = await (self.find_all(principal, documents) if documents else self._files(principal))
        if not files:
            raise UsageError("documents_none")
        found = await self._all(principal, files, on_progress)
        infos = tuple(info for info in found if isinstance(info, DocumentInfo))
        errors = [error for error in found if isinstance(error, ProsaError)]
        if errors and (not infos or (documents and len(files) == len(documents))):
            raise errors[0]
        return infos

    async def answer(self, principal: Principal, question: str, documents: Sequence[DocumentInfo]) -> Reply:
        """The best passages of these documents for a question; those that have gone meanwhile are passed over."""
        return await asyncio.to_thread(answering.answer, self._index, principal, question, documents)

    async def search(self, principal: Principal, words: str, documents: Sequence[DocumentInfo]) -> tuple[Cited, ...]:
        """The best passages of these documents for words, for a reader that judges by itself which answer."""
        return await asyncio.to_thread(answering.passages, self._index, principal, words, documents)

    async def passage(self, principal: Principal, document: str, place: int) -> Found:
        """A passage of a document by its place, counting from 0. AccessError."""
        file = await self.find(principal, document)
        return await asyncio.to_thread(self._index.passage, principal, file.id, place)

    async def share(self, principal: Principal, document: str, group: str) -> Place:
        """Lets a group of the principal's read a document of theirs, or nobody else where it is empty. AccessError."""
        file = await self._own(principal, document)
        if group and group not in principal.groups:
            raise UsageError("group_unknown", name=group)
        shared = msgspec.structs.replace(file.place, group=group)
        if await asyncio.to_thread(self._index.list, principal, (file.id,)):
            await asyncio.to_thread(self._index.share, principal, file.id, group)
        if (shared.location, shared.owner) not in self._places:  # removed meanwhile
            raise AccessError("not_found")
        self._places[shared.location, shared.owner] = shared
        return shared

    async def remove(self, principal: Principal, document: str) -> str:
        """Forgets a document of the principal's own; returns where its file lies. AccessError."""
        file = await self._own(principal, document)
        if self._places.pop((file.place.location, file.place.owner), None) is None:  # removed meanwhile
            raise AccessError("not_found")
        if await asyncio.to_thread(self._index.list, principal, (file.id,)):
            await asyncio.to_thread(self._index.remove, principal, file.id)
        return file.path

    async def aclose(self) -> None:
        """Lets go of the index, after forgetting what was read of files that are gone."""
        await asyncio.to_thread(self._index.sweep)
        self._index.close()

    async def _own(self, principal: Principal, document: str) -> File:
        file = await self.find(principal, document)
        if file.place.owner != principal.user:
            raise AccessError("not_allowed")
        return file

    async def _files(self, principal: Principal) -> builtins.list[File]:
        """Looking at folders may wait for a disk or a network: never in the event loop."""
        places = [place for place in self._places.values() if place.readable(principal)]
        found = await asyncio.to_thread(lambda: [file for place in places for file in files(place)])
        return [*{file.id: file for file in found}.values()]

    async def _all(
        self, principal: Principal, files: Sequence[File], on_progress: Progress | None
    ) -> builtins.list[DocumentInfo | ProsaError]:
        """What is known of each file, or its error. Nothing is read that has not changed."""
        known = await asyncio.to_thread(self._index.list, principal, [file.id for file in files])
        infos = {info.id: info for info in known}
        share = Share(on_progress)
        new = [file for file in files if not _is_current(infos.get(file.id), file)]
        read = await asyncio.gather(*(self._read(principal, file, share.of(file.size)) for file in new))
        return [*(info for info in known if info.id not in {file.id for file in new}), *read]

    async def _read(self, principal: Principal, file: File, report: Progress) -> DocumentInfo | ProsaError:
        """One worker stays free for questions about what is ready; who comes second waits for what is read already."""
        problem = self._problems.get(file.id)
        if problem is not None and problem[0] == file.identity:
            return problem[1]
        async with self._reading.setdefault(file.id, asyncio.Lock()), self._turns:
            known = await asyncio.to_thread(self._index.list, principal, (file.id,))
            if known and _is_current(known[0], file):
                return known[0]
            try:
                return await self._indexed(principal, file, report)
            except SourceError as error:
                self._problems[file.id] = (file.identity, error)
                return error
            except ProsaError as error:
                return error

    async def _indexed(self, principal: Principal, file: File, report: Progress) -> DocumentInfo:
        document = await self._workers.read_document(
            file.path, self._limits, time_limit=self._time_limit, on_progress=report
        )
        info = DocumentInfo(
            file.id, file.name, document.kind, document.language, len(document.pieces), document.pages, document.title,
            file.place.owner, file.place.group, file.path, file.identity, document.notices,
        )  # fmt: skip
        await asyncio.to_thread(self._index.put, principal, info, document.pieces)
        self._problems.pop(file.id, None)
        return info


def files(place: Place) -> builtins.list[File]:
    """The documents' files at a place, as they are now; links out of a folder are not followed."""
    paths = _paths(place.location)
    alone = paths == [Path(place.location)]
    found = []
    for path in paths[:MOST_FILES]:
        try:
            facts = path.stat()
            if not alone and look(path) is None:
                continue
        except OSError:
            if not alone:
                continue
            facts = os.stat_result((0,) * 10)
        except SourceError:
            pass  # a document that can't be read is listed with its reason
        id = hashlib.sha256(repr((str(path), place.owner)).encode()).hexdigest()[:16]
        identity = f"{facts.st_size} {facts.st_mtime_ns} {facts.st_ino}"
        found.append(File(id, path.name, str(path), identity, facts.st_size, place))
    return found


def _paths(location: str) -> builtins.list[Path]:
    path = Path(location)
    # `os.path`, since `Path` raises for names that are too long or hold a NUL (Python 3.11).
    if os.path.isdir(path):
        try:
            inside = sorted(path.iterdir())
        except OSError:  # whoever looks for data in this folder says why it can't be read
            return []
        return [
            one for one in inside if one.is_file() and one.resolve().parent == path.resolve() and one.name[0] != "."
        ]
    if os.path.exists(path) or not glob.has_magic(location):
        return [path]
    return sorted(one for one in map(Path, glob.iglob(location, recursive=True)) if one.is_file())


def _matching(visible: Sequence[File], wanted: str) -> builtins.list[File]:
    """By id, else by the file's name, else all at the place of that name."""
    folded = wanted.casefold()
    return (
        [file for file in visible if file.id == wanted]
        or [file for file in visible if file.name.casefold() == folded]
        or [file for file in visible if file.place.name.casefold() == folded]
    )


def _is_current(info: DocumentInfo | None, file: File) -> bool:
    return info is not None and info.identity == file.identity
