"""What a face shows of sources and documents: their names and notices, and the files that people bring and take
away."""

from __future__ import annotations

import asyncio
import filecmp
from contextlib import suppress
from pathlib import Path

import msgspec

from prosa.app.desk import Desk
from prosa.app.roles import is_document
from prosa.app.uploads import Received, Uploads
from prosa.documents.index import DocumentInfo
from prosa.identity import Principal
from prosa.locales import text
from prosa.sources.base import SourceInfo


class TableSummary(msgspec.Struct, frozen=True):
    name: str
    rows: int


class SourceSummary(msgspec.Struct, frozen=True):
    """A source and its tables. `mine`: the caller has brought it and may remove it; `problem` says why it can't be
    read, where it can't."""

    id: str
    name: str
    kind: str = ""
    dialect: str = ""
    tables: tuple[TableSummary, ...] = ()
    notices: tuple[str, ...] = ()
    mine: bool = False
    problem: str = ""


class DocumentSummary(msgspec.Struct, frozen=True):
    """A document. `kind` is pdf, docx, html, md or txt; `pages` is null for kinds that have none. `mine`: the caller
    has brought it, may share it with a group and remove it; `problem` says why it can't be read, where it can't."""

    id: str
    name: str
    kind: str = ""
    title: str = ""
    language: str = ""
    pages: int | None = None
    passages: int = 0
    notices: tuple[str, ...] = ()
    mine: bool = False
    group: str = ""
    problem: str = ""


async def documents(desk: Desk, principal: Principal, locale: str) -> list[DocumentSummary]:
    """Every document that the principal may ask; one that can't be read says why."""
    ready = [_document(info, principal, locale) for info in await desk.documents.list(principal)]
    broken = [
        DocumentSummary(found.id, found.name, problem=found.error.sentence(locale))
        for found in await desk.documents.problems(principal)
    ]
    return [*ready, *broken]


async def document(desk: Desk, principal: Principal, document_id: str, locale: str) -> DocumentSummary:
    """One document. AccessError, SourceError."""
    file = await desk.documents.find(principal, document_id)
    (info,) = await desk.documents.open(principal, (file.id,))
    return _document(info, principal, locale)


async def share_document(desk: Desk, uploads: Uploads, principal: Principal, document_id: str, group: str) -> None:
    """Lets a group of the principal's read a document that they have brought, or nobody else where it is empty.
    AccessError, UsageError."""
    place = await desk.documents.share(principal, document_id, group)
    await uploads.share(principal, place.location, group)


async def take_document_away(desk: Desk, uploads: Uploads, principal: Principal, document_id: str) -> None:
    """Removes a document that the principal has brought, with all that was read of it. AccessError."""
    await uploads.remove(principal, await desk.documents.remove(principal, document_id))


async def find_again(desk: Desk, uploads: Uploads) -> None:
    """Registers what people have brought before the last restart."""
    for kept in await asyncio.to_thread(uploads.kept):
        if await asyncio.to_thread(is_document, Path(kept.location)):
            desk.documents.add(kept.name, kept.location, owner=kept.owner, group=kept.group)
        else:
            desk.databases.add(kept.name, kept.location, owner=kept.owner)


def _document(info: DocumentInfo, principal: Principal, locale: str) -> DocumentSummary:
    return DocumentSummary(
        info.id,
        info.name,
        info.kind,
        info.title,
        info.language,
        info.pages,
        info.passages,
        tuple(text(f"notices.{code}", locale, **values) for code, values in info.notices),
        mine=info.owner == principal.user,
        group=info.group,
    )


async def sources(desk: Desk, principal: Principal, locale: str) -> list[SourceSummary]:
    """Every source that the principal may ask; one that can't be read says why."""
    ready = [_summary(info, principal, locale) for info in await desk.databases.list(principal)]
    broken = [
        SourceSummary(found.id, found.name, problem=found.error.sentence(locale))
        for found in desk.databases.problems(principal)
    ]
    return [*ready, *broken]


async def bring(desk: Desk, principal: Principal, file: Received, locale: str) -> SourceSummary | DocumentSummary:
    """Makes a file that has arrived a source or a document for the principal alone. What it is, its content decides.
    SourceError, StorageError."""
    if await asyncio.to_thread(is_document, file.path):
        return await _bring_document(desk, principal, file, locale)
    return await _bring_source(desk, principal, file, locale)


async def _bring_document(desk: Desk, principal: Principal, file: Received, locale: str) -> DocumentSummary:
    same = await _same_document(desk, principal, file)
    if same is not None:
        await file.drop()
        return _document(same, principal, locale)
    desk.documents.add(file.name, str(file.path), owner=principal.user)
    found = await desk.documents.at(principal, str(file.path))
    try:
        (info,) = await desk.documents.open(principal, (found.id,))
        await file.keep()
    except BaseException:  # as with sources: what can't be asked is not left in the list
        await desk.documents.remove(principal, found.id)
        raise
    return _document(info, principal, locale)


async def _same_document(desk: Desk, principal: Principal, file: Received) -> DocumentInfo | None:
    """A document of the principal's own that has this very name and content."""
    for info in await desk.documents.list(principal):
        path = Path(info.path)
        if info.owner == principal.user and path.name == file.path.name:
            with suppress(OSError):  # one that is being removed is none
                if await asyncio.to_thread(filecmp.cmp, path, file.path, shallow=False):
                    return info
    return None


async def _bring_source(desk: Desk, principal: Principal, file: Received, locale: str) -> SourceSummary:
    source_id = desk.databases.add(file.name, str(file.path), owner=principal.user)
    try:
        await desk.databases.open(principal, (source_id,))
        info = next(info for info in await desk.databases.list(principal) if info.id == source_id)
        await file.keep()
    except BaseException:  # whatever it was, a source that can't be asked is not left in the list
        desk.databases.remove(principal, source_id)
        raise
    return _summary(info, principal, locale)


async def take_away(desk: Desk, uploads: Uploads, principal: Principal, source_id: str) -> None:
    """Removes a file that the principal has brought. AccessError."""
    await uploads.remove(principal, desk.databases.remove(principal, source_id))


def _summary(info: SourceInfo, principal: Principal, locale: str) -> SourceSummary:
    return SourceSummary(
        info.id,
        info.name,
        info.kind,
        info.dialect,
        tuple(TableSummary(table.name, table.rows) for table in info.tables),
        tuple(text(f"notices.{code}", locale, **values) for code, values in info.notices),
        mine=info.owner == principal.user,
    )
