"""Questions that a person can begin with, made from the tables and columns that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

from prosa.app.desk import Desk
from prosa.identity import Principal
from prosa.locales import text
from prosa.sources.base import Catalog, ColumnInfo, TableInfo

_TWICE = re.compile(r"\b(\w+)(?: de)? \1\b", re.IGNORECASE)

MOST = 6
_TABLES = 4
_FEWEST_ROWS = 2


async def suggested(desk: Desk, principal: Principal, sources: Sequence[str], locale: str) -> list[str]:
    """Six questions at most about these sources (none: all that the principal may ask), in the locale's language."""
    known = [info.id for info in await desk.databases.list(principal)]
    asked = tuple(source for source in known if not sources or source in sources)
    if not asked:
        return []
    return made((await desk.databases.open(principal, asked)).catalog, locale)


def made(catalog: Catalog, locale: str) -> list[str]:
    """A few questions for each of the largest tables, taken in turn."""
    tables = sorted((table for table in catalog.tables if table.rows >= _FEWEST_ROWS), key=lambda table: -table.rows)
    rounds = zip_longest(*(_about(table, locale) for table in tables[:_TABLES]))
    questions = (_once(question) for one in rounds for question in one if question)
    return list(islice(dict.fromkeys(questions), MOST))


def _about(table: TableInfo, locale: str) -> Iterator[str]:
    measure, category = _first(table, "measure"), _first(table, "category")
    name, date = _first(table, "name"), _first(table, "date")
    columns = {"measure": measure, "category": category, "name": name}
    said = {key: _spoken(column.name) for key, column in columns.items() if column}
    said["table"] = _spoken(table.name)
    if measure and category:
        yield text("examples.total_by", locale, **said)
    if measure and date:
        yield text("examples.by_month", locale, **said)
    if measure and name:
        yield text("examples.top", locale, **said)
    if category:
        yield text("examples.count_by", locale, **said)
    if measure and category:
        yield text("examples.average", locale, **said)
    yield text("examples.count", locale, **said)


def _first(table: TableInfo, role: str) -> ColumnInfo | None:
    return next((column for column in table.columns if column.role == role), None)


def _once(question: str) -> str:
    """Without the word that a column repeats: the total of a column `total` is its total."""
    return _TWICE.sub(r"\1", question)


def _spoken(name: str) -> str:
    return name.replace("_", " ").strip()
