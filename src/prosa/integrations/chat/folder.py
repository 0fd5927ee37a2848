"""`FolderCsvManager`: CSV files on disk, a folder for each user, as Vanna's `LocalFileSystem` lays them out."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from prosa.integrations.chat.memory import STATIC
from prosa.integrations.chat.rows import csv_bytes


class FolderCsvManager:
    """A user's files lie in `<root>/<16 digits of SHA-256 of the user's id>` and `<root>/query_results/<the same>`, and
    in all folders below. Links that lead out of them are not followed."""

    def __init__(self, root: str | Path = ".", *, prefix: str = STATIC) -> None:
        self._root, self._prefix = Path(root), prefix

    def save(self, rows: Any, user: str) -> str:
        """OSError where the disk can't take it."""
        name = f"query_results_{secrets.token_hex(8)}.csv"
        folder = self._folders(user)[0]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(csv_bytes(rows))
        return name

    def find(self, name: str, user: str) -> Path | None:
        bare = PurePosixPath(name.replace("\\", "/")).name
        return next((path for path in self._files(user) if path.name == bare), None)

    def latest(self, user: str, seconds: float) -> str | None:
        after = time.time() - seconds
        found = [(path.stat().st_mtime, path.name) for path in self._files(user)]
        newest = max(found, default=(0.0, ""))
        return newest[1] if newest[0] >= after and newest[1] else None

    def url(self, name: str) -> str:
        return f"{self._prefix}/{PurePosixPath(name).name}"

    def _folders(self, user: str) -> list[Path]:
        own = hashlib.sha256(user.encode()).hexdigest()[:16]
        return [self._root / own, self._root / "query_results" / own]

    def _files(self, user: str) -> Iterator[Path]:
        for folder in self._folders(user):
            inside = folder.resolve()
            for path in sorted(folder.rglob("*.csv")):
                if path.is_file() and path.resolve().is_relative_to(inside):
                    yield path
