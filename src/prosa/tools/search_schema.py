"""`search_schema`: the tables and columns whose names, comments or values are nearest to some words."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from rapidfuzz import fuzz, utils

from prosa import locales
from prosa.errors import UsageError
from prosa.exports.downloads import PendingDownloads
from prosa.sources.base import Catalog, ColumnInfo, TableInfo
from prosa.tools.base import Tool, at_desk

MOST_TABLES = 8
MOST_COLUMNS = 40
MOST_VALUES = 5

_NEAR = 60.0
_COLUMN_SHARE = 0.9
"""A table whose own name fits stands before one of which only a column does."""


class Arguments(msgspec.Struct, frozen=True):
    words: str = ""
    source: str = ""


async def run(given: Arguments, session: PendingDownloads) -> str:
    """The nearest tables with their columns, keys and some values; all of them, in their order, without words.
    ProsaError."""
    if session.desk is None:
        raise UsageError("tool_no_data")
    locale = locales.normalise(session.locale)
    catalog = await at_desk(session, _catalog(given.source, session))
    found = nearest(catalog, given.words)
    if not found:
        names = ", ".join(table.name for table in catalog.tables[:MOST_COLUMNS])
        return locales.text("tools.no_schema", locale, names=names)
    return "\n\n".join("\n".join(_table(table, locale)) for table in found[:MOST_TABLES])


async def _catalog(source: str, session: PendingDownloads) -> Catalog:
    named = (source,) if source else ()
    found: Catalog = (await session.desk.databases.open(session.principal, named)).catalog
    return found


def nearest(catalog: Catalog, words: str) -> list[TableInfo]:
    """The tables that have to do with the words, the nearest first."""
    wanted = [word for word in (utils.default_process(words) or "").split() if len(word) > 2]
    if not wanted:
        return list(catalog.tables)
    scored = [(sum(_score(word, table) for word in wanted), -place) for place, table in enumerate(catalog.tables)]
    return [catalog.tables[-place] for score, place in sorted(scored, reverse=True) if score >= _NEAR]


def _score(word: str, table: TableInfo) -> float:
    own = max(fuzz.WRatio(word, name, processor=utils.default_process) for name in (table.name, table.comment or "-"))
    columns = max((_likeness(word, text) for column in table.columns for text in _texts(column)), default=0.0)
    best = max(own, columns * _COLUMN_SHARE)
    return best if best >= _NEAR else 0.0


def _texts(column: ColumnInfo) -> Iterator[str]:
    yield column.name
    if column.comment:
        yield column.comment
    yield from column.values[:100]


def _likeness(word: str, text: str) -> float:
    return float(fuzz.WRatio(word, text, processor=utils.default_process))


def _table(table: TableInfo, locale: str) -> list[str]:
    counted = locales.text("tools.total", locale, count=table.rows, n=locales.number(table.rows, locale))
    keys = [f"- {', '.join(key.columns)} → {key.table}({', '.join(key.references)})" for key in table.foreign_keys]
    columns = [f"- {_column(column)}" for column in table.columns[:MOST_COLUMNS]]
    rest = len(table.columns) - len(columns)
    more = [f"- {locales.text('tools.more_columns', locale, n=rest)}"] if rest else []
    return [f"**{table.name}** ({table.source}; {counted})", *columns, *more, *keys]


def _column(column: ColumnInfo) -> str:
    values = [str(value)[:40] for value in (column.values or column.samples)[:MOST_VALUES]]
    comment = f" — {column.comment}" if column.comment else ""
    return f"{column.name}: {column.type}{comment}" + (f" ({', '.join(values)})" if values else "")


SEARCH_SCHEMA = Tool("search_schema", Arguments, run, asks=True)
