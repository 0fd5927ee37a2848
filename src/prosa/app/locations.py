"""What somebody names as their data (paths, globs, folders, URLs, frames, mappings and lists of these) as pairs of a
name and a location. Frames and downloads land in a private folder; nothing else is opened here."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from prosa.errors import UsageError
from prosa.sources.naming import slug, unique

Source: TypeAlias = Any
"""A path, glob, folder or URL as text or `Path`; a pandas, polars or Arrow frame; a mapping of names to those; or a
list of those."""

Pairs: TypeAlias = tuple[tuple[str, str], ...]

_WILD = frozenset("*?[")


def named(source: Source, folder: Path | None = None, *, needed: bool = True) -> Pairs:
    """(name, location) of every source, names unique; frames and what lies behind http(s) URLs become files in
    `folder`. UsageError, also for none at all where one is `needed`; SourceError."""
    given = list(_flat(source))
    if needed and not given:
        raise UsageError("source_none")
    names = unique(name or _name(value) for name, value in given)
    said = Counter(name for name, _ in given if name)
    if said and said.most_common(1)[0][1] > 1:
        raise UsageError("source_names", name=said.most_common(1)[0][0])
    return tuple((name, _location(value, name, folder)) for name, (_, value) in zip(names, given, strict=True))


def _flat(source: Source) -> Iterator[tuple[str, Any]]:
    from prosa.app.frames import is_frame

    if isinstance(source, str | os.PathLike) or is_frame(source):
        yield "", source
    elif isinstance(source, Mapping):
        for name, value in source.items():
            yield str(name), value
    elif isinstance(source, Iterable) and not isinstance(source, bytes):
        for value in source:
            yield from _flat(value)
    else:
        raise UsageError("source_kind", kind=type(source).__name__)


def _name(value: Any) -> str:
    """A short name for people: a file's without its ending, a folder's, the last fixed folder of a glob."""
    if not isinstance(value, str | os.PathLike):
        return "data"
    place = os.fspath(value)
    if is_url(place):
        try:
            parts = urlsplit(place)
        except ValueError:  # no address at all, like http://[x: whoever opens it says so
            return "data"
        return slug(Path(unquote(parts.path)).stem or parts.hostname or "data")
    fixed = [part for part in Path(place).absolute().parts if not _WILD & set(part)]
    last = Path(*fixed)
    # `os.path`, since `Path.is_dir` raises for names that are too long or hold a NUL (Python 3.11).
    return slug(last.stem if last.suffix and not os.path.isdir(last) else last.name)


def _location(value: Any, name: str, folder: Path | None) -> str:
    if isinstance(value, str | os.PathLike):
        place = os.fspath(value)
        if folder is not None and place.startswith(("http://", "https://")):
            from prosa.sources.reading.download import download

            return str(download(place, folder, lambda share: None))
        return resolved(place)
    from prosa.app.frames import is_frame, write

    if folder is None or not is_frame(value):
        raise UsageError("source_kind", kind=type(value).__name__)
    return str(write(value, name, folder))


def is_url(place: str) -> bool:
    """Whether a location has a scheme (and is no Windows drive)."""
    scheme, found, _ = place.partition("://")
    return bool(found) and scheme.isalnum()


def resolved(place: str) -> str:
    """A path as an absolute one, so that a later change of the working folder does no harm; `sqlite:///x` and
    `duckdb:///x` are paths, too."""
    if is_url(place):
        scheme, _, rest = place.partition("://")
        if scheme not in ("sqlite", "duckdb", "file"):
            return place
        place = unquote(rest.partition("?")[0])
        if scheme != "file":
            place = place.removeprefix("/")
    return str(at_home(place).absolute())


def at_home(place: str) -> Path:
    """A path with `~` as the home folder; as it stands where there is no such user."""
    try:
        return Path(place).expanduser()
    except RuntimeError:
        return Path(place)
