"""Zip containers looked into before anything else opens them: broken, locked with a password, or far too large
inside."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from prosa.errors import SourceError

MOST_INSIDE = 500 << 20
"""So many bytes may come out of one file."""
_BLOCK = 1 << 20
_ENCRYPTED = 0x1


def names_in(path: Path) -> frozenset[str]:
    """The names of the files inside. SourceError where the container is broken."""
    return frozenset(info.filename for info in _entries(path))


def check(path: Path) -> None:
    """Expands everything once, without keeping it: what the directory tells of sizes is not believed. SourceError."""
    left = MOST_INSIDE
    entries = _entries(path)
    with zipfile.ZipFile(path) as archive:
        for info in entries:
            if info.flag_bits & _ENCRYPTED:
                raise SourceError("source_password", name=path.name)
            left -= _expanded(archive, info, left, path)


def _entries(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise SourceError("source_truncated", name=path.name) from error


def _expanded(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int, path: Path) -> int:
    """How many bytes come out of a file inside, at most `left`."""
    info.file_size = left + 2 * _BLOCK
    size = 0
    try:
        with archive.open(info) as file:
            while block := file.read(_BLOCK):
                size += len(block)
                if size > left:
                    raise SourceError("source_expands", name=path.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise SourceError("source_truncated", name=path.name) from error
    return size
