"""Whether files have changed, by their identity and without reading them."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from typing import NamedTuple

from prosa.sources.base import SourceInfo

_SIDE_FILES = ("", "-wal", ".wal")
_MOST_FILES = 10_000


class Identity(NamedTuple):
    """Of all files at a location: path, bytes, time of change in ns, inode. `size` in bytes."""

    files: tuple[tuple[str, int, int, int], ...]

    @property
    def size(self) -> int:
        return sum(file[1] for file in self.files)


def identity(location: str) -> Identity:
    """The identity of a file, a folder or a glob; empty where nothing is there."""
    found = []
    for path in _paths(location):
        try:
            facts = os.stat(path)
        except (OSError, ValueError):  # ValueError: a NUL in the path
            continue
        found.append((path, facts.st_size, facts.st_mtime_ns, facts.st_ino))
        if len(found) >= _MOST_FILES:
            break
    return Identity(tuple(found))


def there(info: SourceInfo) -> bool:
    """Whether the files that hold a prepared source's rows still exist: somebody may have emptied the cache."""
    return all(os.path.exists(path) for piece in info.pieces for path in piece.paths)


def _paths(location: str) -> Iterator[str]:
    if os.path.isdir(location):
        for folder, _, names in os.walk(location):
            yield from (os.path.join(folder, name) for name in sorted(names))
    elif os.path.exists(location) or not glob.has_magic(location):
        yield from (location + end for end in _SIDE_FILES)
    else:
        yield from sorted(glob.iglob(location, recursive=True))
