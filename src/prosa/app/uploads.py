"""Files that people bring: kept in a private folder each, found again after a restart. How they arrive is a face's."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from prosa.errors import StorageError
from prosa.exports.names import slugged
from prosa.identity import Principal

_ABOUT = "about.json"
_ABANDONED_SECONDS = 86_400.0
_LONGEST_ENDING = 10


def safe_name(name: str) -> str:
    """The last part of a client's path, as a name that no system minds; what the file is, its content decides."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = last.rpartition(".")
    if not dot or not ending.isalnum() or len(ending) > _LONGEST_ENDING:
        stem, ending = last, ""
    stem = slugged(stem, "upload")
    return f"{stem}.{ending.lower()}" if ending else stem


class Upload(msgspec.Struct, frozen=True):
    """What stands beside an uploaded file."""

    owner: str
    name: str
    file: str
    group: str = ""


class Kept(NamedTuple):
    """An upload of earlier; `group` may read it besides its owner."""

    name: str
    location: str
    owner: str
    group: str


class Uploads:
    """The folder of all uploads: `<digest of the owner>/<random>/<file>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def kept(self) -> list[Kept]:
        """Every upload of earlier; what was abandoned half-way is removed."""
        found = []
        for place in self.folder.glob("*/*"):
            try:
                about = msgspec.json.decode((place / _ABOUT).read_bytes(), type=Upload)
            except (OSError, msgspec.MsgspecError):
                _remove_abandoned(place)
                continue
            found.append(Kept(about.name, str(place / about.file), about.owner, about.group))
        return found

    def new_place(self, principal: Principal) -> Path:
        """An empty folder that only this process's user may enter. StorageError."""
        mine = self._of(principal)
        place = mine / secrets.token_hex(16)
        try:
            self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
            mine.mkdir(mode=0o700, exist_ok=True)
            place.mkdir(mode=0o700)
        except OSError as error:
            raise StorageError("storage_readonly", where=str(self.folder)) from error
        return place

    async def remove(self, principal: Principal, location: str) -> None:
        """Deletes an upload's file and folder; anything that is not the principal's upload stays."""
        place = Path(location).parent
        if place.parent == self._of(principal):
            await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)

    async def share(self, principal: Principal, location: str, group: str) -> None:
        """Remembers the group that may read an upload of the principal's. StorageError."""
        place = Path(location).parent
        if place.parent == self._of(principal):
            about = msgspec.json.decode(await asyncio.to_thread((place / _ABOUT).read_bytes), type=Upload)
            await asyncio.to_thread(_write, place, msgspec.structs.replace(about, group=group))

    def _of(self, principal: Principal) -> Path:
        return self.folder / sha256(principal.user.encode()).hexdigest()[:32]


class Received:
    """A file that has arrived whole. It stays only when `keep` is called."""

    def __init__(self, path: Path, name: str, owner: str) -> None:
        self.path, self.name = path, name
        self._about = Upload(owner, name, path.name)

    async def drop(self) -> None:
        """The file is not needed: it was there already."""
        await asyncio.to_thread(shutil.rmtree, self.path.parent, ignore_errors=True)

    async def keep(self) -> None:
        """From now on the file is found again after a restart. StorageError."""
        await asyncio.to_thread(_write, self.path.parent, self._about)


@asynccontextmanager
async def received(
    uploads: Uploads, principal: Principal, receive: Callable[[Path], Awaitable[Path]]
) -> AsyncIterator[Received]:
    """The file that `receive` puts into a new folder; the folder goes again where anything goes wrong. StorageError,
    and what `receive` raises."""
    place = await asyncio.to_thread(uploads.new_place, principal)
    try:
        path = await receive(place)
        yield Received(path, path.stem, principal.user)
    except BaseException:  # also when the client has gone: nothing half-written stays
        await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
        raise


def _write(place: Path, about: Upload) -> None:
    part = place / f"{_ABOUT}.part"
    try:
        part.write_bytes(msgspec.json.encode(about))
        part.replace(place / _ABOUT)
    except OSError as error:
        raise StorageError("storage_full", where=str(place)) from error


def _remove_abandoned(place: Path) -> None:
    """A day old: another server on the same folder may still be receiving a younger one."""
    try:
        if time.time() - place.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(place, ignore_errors=True)
    except OSError:
        pass
