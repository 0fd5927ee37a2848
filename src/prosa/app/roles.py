"""Which of the places that somebody named hold data, which hold documents; a folder may hold both."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path

from prosa.app.locations import Pairs, is_url
from prosa.sources.reading.endings import ENDINGS, ending
from prosa.workers.documents import Place, files


def data_and_documents(pairs: Iterable[tuple[str, str]]) -> tuple[Pairs, Pairs]:
    """The places of data and the places of documents, each in its order. Looks into files, so call it in a thread."""
    data, documents = [], []
    for name, location in pairs:
        found = frozenset() if is_url(location) else _documents(name, location)
        if found:
            documents.append((name, location))
        if not found or _holds_data(location, found):
            data.append((name, location))
    return tuple(data), tuple(documents)


def is_document(path: Path) -> bool:
    """Whether a file is to be read, not queried."""
    return bool(_documents(path.name, str(path)))


def _documents(name: str, location: str) -> frozenset[str]:
    from prosa.documents.kinds import look
    from prosa.errors import SourceError

    path = Path(location)
    if not os.path.isfile(path):
        return (
            frozenset(file.path for file in files(Place(name, location))) if _is_many(path, location) else frozenset()
        )
    try:
        return frozenset({location}) if look(path) else frozenset()
    except SourceError as error:
        return frozenset({location}) if error.code.startswith("document_") else frozenset()


def _is_many(path: Path, location: str) -> bool:
    # `os.path`, since `Path` raises for names that are too long or hold a NUL (Python 3.11).
    return os.path.isdir(path) or (not os.path.exists(path) and glob.has_magic(location))


def _holds_data(location: str, documents: frozenset[str]) -> bool:
    """Whether a folder or pattern has files that may be data, beside its documents."""
    path = Path(location)
    if path.is_file():
        return False
    inside = path.iterdir() if path.is_dir() else map(Path, glob.iglob(location, recursive=True))
    return any(ending(file) in ENDINGS and str(file) not in documents for file in inside)
