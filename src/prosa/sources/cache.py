"""The cache of prepared sources: one folder an entry, written beside and renamed, so that none is ever half there.

An entry is named by the identity of the files it was made from. It holds `info.json` (what the profile found) and, for
files that were converted, `data.duckdb`. What is in them is not known here.
"""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from prosa.errors import StorageError

READER_VERSION = 3
"""Part of every key: raise it when reading or profiling changes what an entry would hold."""
CAP = 20 << 30
"""Bytes that the entries may take together; beyond it the ones not used for longest go."""

DATA, INFO = "data.duckdb", "info.json"
_SIDE_FILES = ("-wal", ".wal")
_USED = "used."
_FRESH = 3600.0
"""Entries used in the last hour stay in any case, as do those whose users still run."""
_FORGOTTEN = 86_400.0
"""A mark of a process that can't be looked up counts for a day."""
_HERE = re.sub(r"\W+", "-", platform.node()) or "here"


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
    """The folders of entries and downloads under `cache_dir`, private to their owner. StorageError where they can't be
    written."""

    def __init__(self, cache_dir: Path, cap: int = CAP) -> None:
        self.downloads = cache_dir / "downloads"
        self._folder = cache_dir / "sources"
        self._cap = cap
        with _storing():
            for folder in (cache_dir, self._folder, self.downloads):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder.chmod(0o700)

    def get(self, key: str, fill: Callable[[Path, Path], bytes]) -> bytes:
        """What `info.json` of an entry holds. Where there is no such entry, `fill(scratch, final)` makes one: it puts
        data into `scratch`, while `final` is the path that the folder will have, and returns what goes into
        `info.json`."""
        final = self._folder / key
        if not self.use(final):
            self._make(final, fill)
            self._prune(final)
        with _storing():
            return (final / INFO).read_bytes()

    def use(self, entry: Path) -> bool:
        """Marks an entry as used by this process and its parent, for as long as they live. False where there is
        none."""
        try:
            for process in (os.getpid(), os.getppid()):
                (entry / f"{_USED}{_HERE}.{process}").touch()
            os.utime(entry)
        except OSError:
            return False
        return True

    def _make(self, final: Path, fill: Callable[[Path, Path], bytes]) -> None:
        """Writes an entry. Where another process was faster, its entry counts."""
        with _storing():
            scratch = Path(tempfile.mkdtemp(prefix=f".{_HERE}.{os.getpid()}.", dir=self._folder))
        try:
            info = fill(scratch, final)
            with _storing():
                (scratch / INFO).write_bytes(info)
                with suppress(OSError):
                    scratch.rename(final)
                if not self.use(final):
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _prune(self, keep: Path) -> None:
        """Removes what dead processes left half-written, and the oldest entries beyond the cap that nobody uses."""
        for scratch in self._folder.glob(".*"):
            if not _alive(scratch.name[1:], scratch):
                shutil.rmtree(scratch, ignore_errors=True)
        entries = [*self._folder.glob("[!.]*"), *self.downloads.glob("[!.]*")]
        sizes = {entry: _size(entry) for entry in entries}
        excess = sum(sizes.values()) - self._cap
        for entry in sorted(sizes, key=_last_use):
            if excess > 0 and entry != keep and not _in_use(entry):
                excess -= sizes[entry]
                _remove(entry)


def _in_use(entry: Path) -> bool:
    marks = list(entry.glob(f"{_USED}*"))
    return time.time() - _last_use(entry) < _FRESH or any(_alive(mark.name.removeprefix(_USED), mark) for mark in marks)


def _alive(user: str, path: Path) -> bool:
    """Whether the process `machine.pid` still runs. Where that can't be asked, on another machine or (without harm) on
    Windows, the age of its mark decides."""
    machine, pid, *_ = *user.split("."), ""
    if machine != _HERE or sys.platform == "win32":
        return time.time() - _last_use(path) < _FORGOTTEN
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def _last_use(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()


def _size(entry: Path) -> int:
    with suppress(OSError):
        return sum(file.stat().st_size for file in entry.iterdir())
    return 0


def _remove(entry: Path) -> None:
    """Renames first, so that nobody ever finds half an entry."""
    gone = entry.with_name(f".{_HERE}.gone.{entry.name}")
    with suppress(OSError):
        entry.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


@contextmanager
def _storing() -> Iterator[None]:
    """Turns the system's refusals to write into StorageError."""
    try:
        yield
    except OSError as error:
        raise storage_error(error) from error


def storage_error(error: OSError) -> StorageError:
    """A refusal to write, for people."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageError("cache_full")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError("cache_denied")
    return StorageError("storage", what=error.strerror or str(error))
