"""A document's file becomes passages. The readers of each kind stand in a file of their own; each loads its library
when it is first used, so that whoever reads Markdown needs none of the others.

Files are untrusted: call this in a process that may be killed (the workers do).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from prosa.documents import passages
from prosa.documents.kinds import FoundDocument, look
from prosa.documents.values import Content, Kind, Limits, Progress, ReadDocument, ignore
from prosa.errors import SourceError

_READERS: dict[Kind, str] = {
    "pdf": "prosa.documents.reading.pdf",
    "docx": "prosa.documents.reading.docx",
    "html": "prosa.documents.reading.html",
    "md": "prosa.documents.reading.markdown",
    "txt": "prosa.documents.reading.text",
}
"""Each module has `content(path, limits, progress) -> Content`."""

_DEFAULT = Limits()


def read(path: Path, *, limits: Limits = _DEFAULT, progress: Progress = ignore) -> ReadDocument:
    """Reads a document and cuts it into passages; `progress` is called with pages done and pages in all. SourceError:
    no document, empty, locked, damaged, too large, or without any text."""
    found = look(path)
    if found is None:
        raise SourceError("document_none", name=path.name)
    if path.stat().st_size > limits.size:
        raise SourceError("document_too_large", name=path.name, limit=limits.size >> 20)
    content = _reader(found)(path, limits, progress)
    spoken = passages.language(content)
    made = tuple(passages.pieces(content.blocks, spoken))
    if not made:
        raise SourceError("document_silent" if content.silent else "document_empty", name=path.name)
    return ReadDocument(found.kind, spoken, made, content.title, content.pages, tuple(_notices(found, content)))


def _reader(found: FoundDocument) -> Callable[[Path, Limits, Progress], Content]:
    try:
        reader: Any = import_module(_READERS[found.kind])
    except ImportError as error:
        raise SourceError("document_extra", name=found.path.name) from error
    content: Callable[[Path, Limits, Progress], Content] = reader.content
    return content


def _notices(found: FoundDocument, content: Content) -> list[tuple[str, dict[str, Any]]]:
    notices: list[tuple[str, dict[str, Any]]] = []
    if found.misnamed:
        notices.append(("wrong_ending", {"file": found.path.name, "kind": found.kind}))
    if content.silent:
        notices.append(("pages_silent", {"count": content.silent, "pages": content.pages}))
    return notices
