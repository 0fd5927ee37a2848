"""What a document is, by its content first and its ending second. A file of data is no document."""

from __future__ import annotations

import zipfile
from pathlib import Path

import msgspec

from prosa.documents.decoding import decoded
from prosa.documents.values import Kind
from prosa.errors import SourceError
from prosa.prose import is_markup, is_noise, is_prose

ENDINGS: dict[str, Kind] = {
    ".pdf": "pdf", ".docx": "docx", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".md": "md", ".markdown": "md", ".txt": "txt", ".text": "txt",
}  # fmt: skip
FOREIGN = frozenset({".doc", ".odt", ".rtf", ".ppt", ".pptx", ".odp", ".epub", ".pages"})
"""Endings of documents that are not read."""

_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


class FoundDocument(msgspec.Struct, frozen=True):
    """A document's file; `misnamed` where its ending says something else."""

    path: Path
    kind: Kind
    misnamed: bool = False


def look(path: Path) -> FoundDocument | None:
    """Looks into a file; None where it is no document but, perhaps, data. SourceError where it is a document that
    can't be read."""
    ending = path.suffix.lower()
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise SourceError("source_unreadable", name=path.name, what=error.strerror or "") from error
    kind = _by_sign(path, head, ending)
    if kind is None and (ending in ENDINGS or is_markup(_text(head))):
        kind = _by_words(path, head, ending)
    if kind is None:
        return None
    told = ENDINGS.get(ending)
    return FoundDocument(path, kind, misnamed=told not in (None, kind))


def _by_sign(path: Path, head: bytes, ending: str) -> Kind | None:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _packed(path, ending)
    if head.startswith(b"{\\rtf") or ending in FOREIGN:
        raise SourceError("document_foreign", name=path.name)
    if head.startswith(_OLE) and ending in ENDINGS:
        raise SourceError("document_locked" if _is_locked(path) else "document_foreign", name=path.name)
    return None


def _packed(path: Path, ending: str) -> Kind | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        if ending in ENDINGS:
            raise SourceError("document_broken", name=path.name) from error
        return None
    if "word/document.xml" in names:
        return "docx"
    if ending in FOREIGN or any(name.startswith("ppt/") for name in names):
        raise SourceError("document_foreign", name=path.name)
    if ending in ENDINGS and not any(name.startswith("xl/") for name in names) and "content.xml" not in names:
        raise SourceError("document_broken", name=path.name)
    return None


def _is_locked(path: Path) -> bool:
    """Word locks a document by packing it, encrypted, into the container of its older formats."""
    with path.open("rb") as file:
        return _LOCKED in file.read(1 << 20) or path.suffix.lower() == ".docx"


def _by_words(path: Path, head: bytes, ending: str) -> Kind | None:
    if not head:
        raise SourceError("document_empty", name=path.name)
    text = _text(head)
    if is_noise(text):
        raise SourceError("document_broken", name=path.name)
    if is_markup(text):
        return "html"
    if ending in (".md", ".markdown"):
        return "md"
    return "txt" if is_prose(text) else None


def _text(head: bytes) -> str:
    return decoded(head, cut=True)
