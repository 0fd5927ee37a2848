"""Sources and documents for a terminal: their tables, columns with types and roles, keys, rows and samples."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from prosa import locales
from prosa.cli.terminal.cells import clean, column_texts
from prosa.documents.index import DocumentInfo
from prosa.results import Cell, Column
from prosa.sources.base import ColumnInfo, ForeignKey, SourceInfo, TableInfo

_SAMPLES = 3
_SAMPLE_LETTERS = 24


def show(sources: Sequence[SourceInfo | DocumentInfo], console: Console, locale: str) -> None:
    """Prints every table of every source, and what is known of every document."""
    for source in sources:
        if isinstance(source, DocumentInfo):
            console.print(_document(source, locale), soft_wrap=True)
            continue
        title = Text.assemble((clean(source.name), "bold"), f"  {source.kind}  ", (clean(source.location), "dim"))
        console.print(title, soft_wrap=True)
        for code, values in source.notices:
            console.print(Text(f"! {_notice(code, values, locale)}", style="yellow"), soft_wrap=True)
        for table in source.tables:
            console.print()
            console.print(_headline(table, locale), soft_wrap=True)
            console.print(_columns(table, locale))
        console.print()


def _document(info: DocumentInfo, locale: str) -> Text:
    """A document's name, kind, title, pages, passages and notices."""
    facts = [locales.text("documents.passage_count", locale, count=info.passages, n=info.passages)]
    if info.pages is not None:
        facts.insert(0, locales.text("documents.pages", locale, count=info.pages, n=info.pages))
    shown = Text.assemble((clean(info.name), "bold"), f"  {info.kind}  ", (clean(info.path), "dim"))
    shown.append(f"\n{clean(info.title)}  {', '.join(facts)}".replace("\n  ", "\n"))
    for code, values in info.notices:
        shown.append(f"\n! {_notice(code, values, locale)}", style="yellow")
    return shown.append("\n")


def _notice(code: str, values: dict[str, object], locale: str) -> str:
    return clean(locales.text(f"notices.{code}", locale, default=code, **values))


def _headline(table: TableInfo, locale: str) -> Text:
    rows = locales.text("cli.rows", locale, count=table.rows, total=locales.number(table.rows, locale))
    named = f"  {locales.text('cli.display', locale, column=clean(table.display))}" if table.display else ""
    return Text.assemble((clean(table.name), "bold cyan"), f"  {rows}{named}")


def _columns(table: TableInfo, locale: str) -> Table:
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for key in ("column", "type", "role", "key", "samples"):
        drawn.add_column(locales.text(f"cli.head_{key}", locale), overflow="ellipsis")
    for column in table.columns:
        drawn.add_row(
            Text(clean(column.name)),
            Text(column.type),
            Text(locales.text(f"cli.role_{column.role}", locale)),
            Text(_key(table, column, locale)),
            Text(_samples(column, locale), style="dim"),
        )
    return drawn


def _key(table: TableInfo, column: ColumnInfo, locale: str) -> str:
    words = [locales.text("cli.primary_key", locale)] if column.name in table.primary_key else []
    words += [_reference(key, column, locale) for key in table.foreign_keys if column.name in key.columns]
    return ", ".join(words)


def _reference(key: ForeignKey, column: ColumnInfo, locale: str) -> str:
    other = key.references[key.columns.index(column.name)]
    words = f"→ {clean(key.table)}.{clean(other)}"
    return words if key.declared else locales.text("cli.inferred", locale, key=words)


def _samples(column: ColumnInfo, locale: str) -> str:
    cells: Sequence[Cell] = column.samples[:_SAMPLES]
    texts = column_texts(Column(column.name, column.type), cells, locale)
    return ", ".join(_short(text) for text in texts if text is not None)


def _short(text: str) -> str:
    return text if len(text) <= _SAMPLE_LETTERS else text[: _SAMPLE_LETTERS - 1] + "…"
