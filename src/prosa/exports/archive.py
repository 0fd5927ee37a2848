"""A zip that is written while its members come, at constant memory. What is in it is the caller's."""

from __future__ import annotations

import asyncio
import hashlib
import zipfile
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from datetime import datetime
from typing import IO, NamedTuple

_CHUNK = 256 << 10
_DENSE = frozenset({"parquet", "png", "xlsx", "zip", "pdf"})
"""Endings of what is compressed already."""


class Member(NamedTuple):
    """A file to write: its path in the zip and its bytes. `large` where it may exceed 4 GB, which needs zip64."""

    name: str
    chunks: AsyncIterable[bytes]
    large: bool = False


class Written(NamedTuple):
    """A file that was written: its path, its size in bytes, its SHA-256."""

    name: str
    size: int
    sha256: str


class Archive:
    """Iterate it for the bytes; `sha256` is known when it has ended. `members` are taken one by one as they are needed,
    so that a later one may tell about those `written` before it. What a member raises passes through, and the zip stays
    without its end."""

    def __init__(self, members: AsyncIterator[Member], at: datetime) -> None:
        self.rows: int | None = None
        self.sha256: str | None = None
        self.written: list[Written] = []
        self._digest = hashlib.sha256()
        self._members, self._at = members, at
        self._chunks = self._run()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._chunks

    async def aclose(self) -> None:
        await self._chunks.aclose()

    async def _run(self) -> AsyncGenerator[bytes, None]:
        async for data in self._packed():
            self._digest.update(data)
            yield data
        self.sha256 = self._digest.hexdigest()

    async def _packed(self) -> AsyncIterator[bytes]:
        waiting = _Waiting()
        archive = zipfile.ZipFile(waiting, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        async for member in self._members:
            entry = zipfile.ZipInfo(member.name, self._at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_STORED if _dense(member.name) else zipfile.ZIP_DEFLATED
            # Unix permissions, in the upper half: with none of them, unzip makes files that nobody may read.
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=member.large) as file:
                async for data in self._filled(member, file, waiting):
                    yield data
        archive.close()
        yield waiting.taken()

    async def _filled(self, member: Member, file: IO[bytes], waiting: _Waiting) -> AsyncIterator[bytes]:
        digest, size = hashlib.sha256(), 0

        def write(chunk: bytes) -> None:
            digest.update(chunk)
            file.write(chunk)

        async for chunk in member.chunks:
            # Deflating takes processor time, for which no other client should wait.
            await asyncio.to_thread(write, chunk)
            size += len(chunk)
            if waiting.size >= _CHUNK:
                yield waiting.taken()
        self.written.append(Written(member.name, size, digest.hexdigest()))


class _Waiting:
    """The file that a `ZipFile` writes into; it can't seek, so that members are streamed."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes, /) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Whatever waits is taken when there is enough of it."""

    def close(self) -> None:
        """The sink is nobody's to close."""

    def taken(self) -> bytes:
        parts, self._parts, self.size = self._parts, [], 0
        return b"".join(parts)


def _dense(name: str) -> bool:
    return name.rpartition(".")[2] in _DENSE


async def whole(data: bytes) -> AsyncIterator[bytes]:
    """Bytes that are there already, as a member's chunks."""
    yield data
