"""Answers about the catalog itself: which tables there are, and what columns one has. No statement is run."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from prosa import locales
from prosa.analysts.base import Say
from prosa.analysts.rules.words import fold
from prosa.pipeline.classify import bare_words, match
from prosa.sources.base import Catalog, ColumnInfo, TableInfo

_MOST_TABLES = 40
_MOST_COLUMNS = 60
_TABLES_OF_TABLES = frozenset({"table", "tables", "mesa", "mesas"})


def asked(text: str, catalog: Catalog) -> TableInfo | None:
    """The table that a question about columns names, allowing for plurals and small slips; None for all tables."""
    found = match("catalog", bare_words(text))
    if found is None or not found[1]:
        return None
    names = {fold(table.name).replace("_", " "): table for table in catalog.tables}
    best = process.extractOne(found[1].replace("_", " "), names.keys(), scorer=fuzz.ratio, score_cutoff=75)
    return names[best[0]] if best else None


def about_data(text: str, catalog: Catalog) -> bool:
    """Whether a question that sounds like one about the catalog is about rows: it asks for the columns of what is no
    table here, or for tables where the data has a table of tables."""
    found = match("catalog", bare_words(text))
    if found is None or found[0] == "tables":
        return any(fold(known.name) in _TABLES_OF_TABLES for known in catalog.tables)
    return asked(text, catalog) is None


def tell(table: TableInfo | None, catalog: Catalog, locale: str, say: Say) -> None:
    """Says what the catalog holds, or what one table holds."""
    if table is not None:
        _tell_columns(table, locale, say)
    else:
        _tell_tables(catalog, locale, say)


def _tell_tables(catalog: Catalog, locale: str, say: Say) -> None:
    count = len(catalog.tables)
    say(locales.text("answers.tables", locale, count=count, n=locales.number(count, locale)))
    shown = [_table(table, locale) for table in catalog.tables[:_MOST_TABLES]]
    say(_listed(shown, count - len(shown), locale))


def _tell_columns(table: TableInfo, locale: str, say: Say) -> None:
    count = len(table.columns)
    values = {"name": table.name, "n": locales.number(count, locale), "rows": locales.number(table.rows, locale)}
    say(locales.text("answers.columns", locale, count=count, **values))
    shown = [_column(column, locale) for column in table.columns[:_MOST_COLUMNS]]
    say(_listed(shown, count - len(shown), locale))


def _table(table: TableInfo, locale: str) -> str:
    n = locales.number(table.rows, locale)
    return locales.text("answers.table_item", locale, count=table.rows, name=table.name, n=n)


def _column(column: ColumnInfo, locale: str) -> str:
    kind = locales.text(f"answers.type_{column.type}", locale, default=column.type)
    return locales.text("answers.column_item", locale, name=column.name, kind=kind)


def _listed(items: list[str], rest: int, locale: str) -> str:
    more = [locales.text("answers.and_more", locale, n=locales.number(rest, locale))] if rest > 0 else []
    return "; ".join(items + more) + "."
