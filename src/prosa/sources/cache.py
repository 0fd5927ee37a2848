"""The cache of prepared sources: one folder an entry, written beside and renamed, so that none is ever half there.

An entry is named by the identity of the files it was made from. It holds `info.json` (what the profile found) and, for
files that were converted, `data.duckdb`. What is in the files is not known here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from prosa.errors import StorageError

READER_VERSION = 1
"""Part of every key: raise it when reading or profiling changes what an entry would hold."""

DATA, INFO = "data.duckdb", "info.json"
_SIDE_FILES = ("-wal", ".wal")


def key_of(files: Sequence[Path], *options: object) -> str:
    """A digest of the files' identity (path, size, time, inode, write-ahead log) and of how they are read."""
    facts: list[object] = [READER_VERSION, *options]
    for file in files:
        facts.append(str(file))
        facts.extend(_facts(path) for path in (file, *(Path(f"{file}{end}") for end in _SIDE_FILES)))
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def _facts(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


class Cache:
    """The folder of entries under `cache_dir`, made private on first use. StorageError where it can't be written."""

    def __init__(self, cache_dir: Path) -> None:
        self.folder = cache_dir / "sources"
        with _storing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)

    def entry(self, key: str) -> Path | None:
        """The entry of that key, or None when there is none yet."""
        folder = self.folder / key
        return folder if (folder / INFO).is_file() else None

    def make(self, key: str, fill: Callable[[Path, Path], bytes]) -> Path:
        """The entry that `fill(scratch, final)` writes: it puts its data into `scratch`, where `final` is the path the
        folder will have, and returns what goes into `info.json`. Where another process was faster, its entry counts."""
        final = self.folder / key
        with _storing(self.folder):
            scratch = Path(tempfile.mkdtemp(prefix=f".{key}.", dir=self.folder))
            try:
                (scratch / INFO).write_bytes(fill(scratch, final))
                with suppress(OSError):
                    os.rename(scratch, final)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
        return final


class _storing:
    """Turns the system's refusals to write into StorageError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise StorageError(what=str(error.strerror or error)) from error
