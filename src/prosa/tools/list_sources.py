"""`list_sources`: what can be asked, with its tables."""

from __future__ import annotations

import msgspec

from prosa import locales
from prosa.errors import UsageError
from prosa.exports.downloads import PendingDownloads
from prosa.sources.base import SourceInfo
from prosa.tools.base import Tool, at_desk
from prosa.workers.databases import Problem

MOST_TABLES = 50


class Arguments(msgspec.Struct, frozen=True):
    """There is nothing to say."""


async def run(given: Arguments, session: PendingDownloads) -> str:
    """A line a source and a line a table; a source that can't be read says why. ProsaError."""
    if session.desk is None:
        raise UsageError("tool_no_data")
    locale = locales.normalise(session.locale)
    infos, problems = await at_desk(session, _listed(session))
    lines = [line for info in infos for line in _source(info, locale)]
    lines += [f"- **{broken.name}**: {broken.error.sentence(locale)}" for broken in problems]
    return "\n".join(lines) or locales.text("tools.no_sources", locale)


async def _listed(session: PendingDownloads) -> tuple[tuple[SourceInfo, ...], tuple[Problem, ...]]:
    databases = session.desk.databases
    return await databases.list(session.principal), databases.problems(session.principal)


def _source(info: SourceInfo, locale: str) -> list[str]:
    tables = [f"  - {table.name}: {_rows(table.rows, locale)}" for table in info.tables[:MOST_TABLES]]
    rest = len(info.tables) - len(tables)
    more = [f"  - {locales.text('tools.more_tables', locale, n=rest)}"] if rest else []
    return [f"- **{info.name}** ({info.kind}, SQL: {info.dialect})", *tables, *more]


def _rows(count: int, locale: str) -> str:
    return locales.text("tools.total", locale, count=count, n=locales.number(count, locale))


LIST_SOURCES = Tool("list_sources", Arguments, run, asks=True)
