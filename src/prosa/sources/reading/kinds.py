"""What a file is, by its content first and its ending second."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path

import msgspec

from prosa.errors import SourceError
from prosa.prose import is_prose
from prosa.sources.reading import archives
from prosa.sources.reading.cells import BLANKS
from prosa.sources.reading.decoding import encoding_of
from prosa.sources.reading.endings import ENDINGS, FileKind, ending
from prosa.sources.reading.workbooks import OLE

DATABASES: frozenset[FileKind] = frozenset({"duckdb", "sqlite"})
_EITHER = frozenset({".db"})
"""Endings that DuckDB and SQLite files share."""
_WORDS = frozenset({".txt", ".md", ".markdown"})
"""Endings of files that may hold words to read."""

_GZIP = b"\x1f\x8b"
_ARCHIVES = (b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!")
_SIGNS: tuple[tuple[bytes, int, FileKind], ...] = (
    (b"SQLite format 3\0", 0, "sqlite"),
    (b"DUCK", 8, "duckdb"),
    (b"PAR1", 0, "parquet"),
    (OLE, 0, "xlsx"),
)
_OBJECT = re.compile(r'\s*(?:\[\s*)*(?:\{\s*["}]|\[\s*\])')
_HEAD = 4096


class FoundFile(msgspec.Struct, frozen=True):
    """A file and what it is; `misnamed` where its ending says something else."""

    path: Path
    kind: FileKind
    misnamed: bool = False


def stem(path: Path) -> str:
    """The file's name without the endings that tell its kind."""
    bare = Path(path.stem) if path.suffix.lower() == ".gz" else path
    return bare.stem if bare.suffix.lower() in ENDINGS else bare.name


def look(path: Path) -> FoundFile:
    """Looks into a file. SourceError where it can't be one of ours."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except PermissionError as error:
        raise SourceError("source_denied", name=path.name) from error
    except OSError as error:
        raise SourceError("source_unreadable", name=path.name, what=error.strerror or "") from error
    if not head:
        raise SourceError("source_empty", name=path.name)
    kind = _kind(path, head)
    told = ENDINGS.get(ending(path))
    either = kind in DATABASES and ending(path) in _EITHER
    return FoundFile(path, kind, misnamed=told is not None and told != kind and not either)


def _kind(path: Path, head: bytes) -> FileKind:
    for sign, place, kind in _SIGNS:
        if head[place:].startswith(sign):
            return kind
    if head.startswith(b"PARE"):
        raise SourceError("source_password", name=path.name)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(_ARCHIVES):
        raise SourceError("source_archive", name=path.name)
    if head.startswith(b"%PDF"):
        raise SourceError("source_document", name=path.name)
    if head.startswith(_GZIP):
        head = _gunzipped(path, head)
    return _of_text(path, head)


def _zipped(path: Path) -> FileKind:
    inside = archives.names_in(path)
    if any(name.startswith("xl/") for name in inside) or {"mimetype", "content.xml"} <= inside:
        return "xlsx"
    if any(name.startswith(("word/", "ppt/")) for name in inside):
        raise SourceError("source_document", name=path.name)
    raise SourceError("source_archive", name=path.name)


def _gunzipped(path: Path, head: bytes) -> bytes:
    try:
        inside = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise SourceError("source_truncated", name=path.name) from error
    if inside[257:262] == b"ustar":
        raise SourceError("source_archive", name=path.name)
    return inside


def _of_text(path: Path, head: bytes) -> FileKind:
    encoding, mark = encoding_of(head)
    text = head[mark:].decode(encoding, "replace").lstrip(BLANKS)
    told = ENDINGS.get(ending(path))
    if _OBJECT.match(text) or (told == "json" and text.startswith(("[", "{"))):
        return "json"
    if ending(path) in _WORDS and is_prose(text):
        raise SourceError("source_document", name=path.name)
    if told in ("duckdb", "sqlite", "parquet", "xlsx") and _is_noise(head):
        raise SourceError(f"source_no_{told}", name=path.name)
    return "csv"


def _is_noise(head: bytes) -> bool:
    return sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) * 0.02
