"""Folders where children spill what does not fit their memory: one a child, gone with it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from prosa.errors import StorageError


def make(root: Path) -> Path:
    """A new private folder under `root`, named by this process. StorageError."""
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
    except OSError as error:
        raise StorageError(what=error.strerror or str(error)) from error


def remove(folder: Path) -> None:
    """Removes a folder with all that is in it, as far as the system lets."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep(root: Path) -> None:
    """Removes what was left by processes that were killed together with their children."""
    if os.name != "posix" or not root.is_dir():
        return
    for folder in root.iterdir():
        owner = folder.name.partition("-")[0]
        if owner.isdigit() and not _lives(int(owner)):
            remove(folder)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
