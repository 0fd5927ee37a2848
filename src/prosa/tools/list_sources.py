"""`list_sources`: what can be asked: data with its tables, and documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from prosa import locales
from prosa.documents.index import DocumentInfo
from prosa.errors import UsageError
from prosa.exports.downloads import PendingDownloads
from prosa.sources.base import SourceInfo
from prosa.tools.base import Tool, at_desk

MOST_TABLES = 50


class Arguments(msgspec.Struct, frozen=True):
    """There is nothing to say."""


async def run(given: Arguments, session: PendingDownloads) -> str:
    """A line a source, a table and a document; what can't be read says why. ProsaError."""
    if session.desk is None:
        raise UsageError("tool_no_data")
    locale = locales.normalise(session.locale)
    infos, documents, problems = await at_desk(session, _listed(session))
    lines = [line for info in infos for line in _source(info, locale)]
    lines += [f"- **{document.name}** ({document.kind})" for document in documents]
    lines += [f"- **{broken.name}**: {broken.error.sentence(locale)}" for broken in problems]
    return "\n".join(lines) or locales.text("tools.no_sources", locale)


async def _listed(session: PendingDownloads) -> tuple[Sequence[SourceInfo], Sequence[DocumentInfo], list[Any]]:
    who, databases, documents = session.principal, session.desk.databases, session.desk.documents
    infos, papers = await databases.list(who), await documents.list(who)
    return infos, papers, [*databases.problems(who), *await documents.problems(who)]


def _source(info: SourceInfo, locale: str) -> list[str]:
    tables = [f"  - {table.name}: {_rows(table.rows, locale)}" for table in info.tables[:MOST_TABLES]]
    rest = len(info.tables) - len(tables)
    more = [f"  - {locales.text('tools.more_tables', locale, n=rest)}"] if rest else []
    return [f"- **{info.name}** ({info.kind}, SQL: {info.dialect})", *tables, *more]


def _rows(count: int, locale: str) -> str:
    return locales.text("tools.total", locale, count=count, n=locales.number(count, locale))


LIST_SOURCES = Tool("list_sources", Arguments, run, asks=True)
