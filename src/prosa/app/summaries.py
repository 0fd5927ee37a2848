"""What a face shows of the sources: their names, tables and notices, and the files that people bring and take away."""

from __future__ import annotations

import msgspec

from prosa.app.desk import Desk
from prosa.app.uploads import Received, Uploads
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


async def sources(desk: Desk, principal: Principal, locale: str) -> list[SourceSummary]:
    """Every source that the principal may ask; one that can't be read says why."""
    ready = [_summary(info, principal, locale) for info in await desk.databases.list(principal)]
    broken = [
        SourceSummary(found.id, found.name, problem=found.error.sentence(locale))
        for found in desk.databases.problems(principal)
    ]
    return [*ready, *broken]


async def bring(desk: Desk, principal: Principal, file: Received, locale: str) -> SourceSummary:
    """Makes a file that has arrived a source for the principal alone. What it is, its content decides. SourceError,
    StorageError."""
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
    infos = {info.id: info for info in await desk.databases.list(principal)}
    desk.databases.remove(principal, source_id)
    if source_id in infos:
        await uploads.remove(principal, infos[source_id].location)


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
