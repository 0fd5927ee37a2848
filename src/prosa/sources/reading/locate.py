"""What lies at a location: a file, a folder, a pattern of files, a database URL, or a file on the web."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import msgspec

from prosa.errors import SourceError
from prosa.sources.reading import kinds
from prosa.sources.reading.download import download
from prosa.sources.reading.endings import ENDINGS, ending
from prosa.sources.reading.kinds import DATABASES, FoundFile
from prosa.sources.reading.workspace import Fraction

MOST_FILES = 2_000
_DATABASE_URLS = ("sqlite:///", "duckdb:///")
_WILD = frozenset("*?[")


class Located(msgspec.Struct, frozen=True):
    """The files of a location. `left_out` counts those beside them that hold no data we read."""

    files: tuple[FoundFile, ...]
    how: Literal["file", "folder", "pattern"]
    left_out: tuple[str, ...] = ()


def locate(location: str, downloads: Path, tell: Fraction) -> Located:
    """Finds the files; what is on the web is fetched into `downloads`. SourceError."""
    if location.startswith(("http://", "https://")):
        return _file(download(location, downloads, tell))
    path = _path(location)
    try:
        if path.is_dir():
            return _folder(path)
        if not path.exists():
            if not _WILD.isdisjoint(location):
                return _pattern(location)
            raise SourceError("source_missing", name=location)
        return _file(path.resolve())
    except PermissionError as error:
        raise SourceError("source_denied", name=path.name) from error
    except OSError as error:
        raise SourceError("source_missing", name=location[:200]) from error


def _path(location: str) -> Path:
    """The path that a location names. A database URL has three slashes before a relative path and four before an
    absolute one, as in SQLAlchemy."""
    for scheme in _DATABASE_URLS:
        if location.startswith(scheme):
            location = location.removeprefix(scheme).partition("?")[0]
    if location.startswith("file://"):
        location = unquote(urlsplit(location).path)
    if "://" in location:
        raise SourceError("source_scheme", name=location.partition("://")[0])
    if not location or "\0" in location:
        raise SourceError("source_missing", name=location.replace("\0", ""))
    try:
        return Path(location).expanduser()
    except RuntimeError as error:  # there is no user of that name
        raise SourceError("source_missing", name=location) from error


def _file(path: Path) -> Located:
    if not path.is_file():
        raise SourceError("source_not_file", name=path.name)
    return Located((kinds.look(path),), "file")


def _folder(path: Path) -> Located:
    files = sorted(
        file.resolve() for file in path.iterdir() if file.is_file() and not file.name.startswith((".", "~$"))
    )
    wanted = [file for file in files if ending(file) in ENDINGS]
    found, left_out = _look_at(wanted, path)
    tables = tuple(file for file in found if file.kind not in DATABASES)
    databases = [file.path.name for file in found if file.kind in DATABASES]
    if not tables and databases:
        raise SourceError("folder_of_databases", name=path.name or str(path), first=databases[0])
    if not tables:
        raise SourceError("folder_empty", name=path.name or str(path))
    return Located(tables, "folder", (*left_out, *databases))


def _pattern(pattern: str) -> Located:
    names = glob.glob(str(_path(pattern)), recursive=True)
    files = sorted({path.resolve() for path in map(Path, names) if path.is_file()})
    if not files:
        raise SourceError("pattern_empty", name=pattern)
    found, left_out = _look_at(files, Path(pattern))
    databases = [file.path.name for file in found if file.kind in DATABASES]
    if databases and len(found) > 1:
        raise SourceError("folder_of_databases", name=pattern, first=databases[0])
    return Located(tuple(found), "pattern" if len(found) > 1 else "file", left_out)


def _look_at(files: Sequence[Path], place: Path) -> tuple[list[FoundFile], tuple[str, ...]]:
    """The files that can be read and the names of the others; the reason where there is none of the first."""
    if len(files) > MOST_FILES:
        raise SourceError("folder_too_large", name=place.name, count=len(files), limit=MOST_FILES)
    found: list[FoundFile] = []
    left_out: list[str] = []
    reason: SourceError | None = None
    for file in files:
        try:
            found.append(kinds.look(file))
        except SourceError as error:
            if error.code != "source_document":  # another skill reads it
                left_out.append(file.name)
            reason = reason or error
    if not found and reason:
        raise reason
    return found, tuple(left_out)
