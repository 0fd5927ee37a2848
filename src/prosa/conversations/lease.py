"""`Lease`: a file that one living process holds, so that others can tell its unfinished work from a dead one's."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Self

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lease:
    """Held from `take` to `release`, or until the process ends, however it ends: the system lets the lock go."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor

    @classmethod
    def take(cls, path: Path) -> Self:
        """OSError where the file can't be made, or another process holds it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        return cls(path, descriptor)

    @classmethod
    def held(cls, path: Path) -> bool:
        """Whether a living process holds it; what a dead one left is removed."""
        if not path.exists():
            return False
        try:
            cls.take(path).release()
        except OSError:
            return True
        return False

    def release(self) -> None:
        """Lets the file go, once."""
        os.close(self._descriptor)  # first, since Windows removes no open file
        self._path.unlink(missing_ok=True)
