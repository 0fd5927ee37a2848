"""Data as a model sees it: bounded, and in an envelope that says that nothing in it is an instruction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from prosa.analysts.llm.job import Sees
from prosa.documents.answering import Cited
from prosa.documents.index import DocumentInfo
from prosa.results import NUMERIC, Cell, Result, Stats
from prosa.sources.base import Dialect

MOST_ROWS = 20
LONGEST_CELL = 120
LONGEST_PREVIEW = 4_096
LONGEST_PASSAGE = 1_200
MOST_DOCUMENTS = 50


def sealed(kind: str, value: Any) -> str:
    """A value as JSON between marks that it can't close: `<` never stands in it."""
    text = msgspec.json.encode(value).decode().replace("<", "\\u003c")
    return f'<untrusted kind="{kind}">\n{text}\n</untrusted>'


def results(found: Sequence[Result], sees: Sees) -> str:
    """All results of a question, as far as the setting allows."""
    return "\n".join(sealed("result", result(one, sees)) for one in found)


def result(one: Result, sees: Sees) -> dict[str, Any]:
    """The columns; above `schema` how many rows there are and the figures of whole columns; with `preview` the first
    rows, 4 KB at most."""
    seen: dict[str, Any] = {"columns": [{"name": column.name, "type": column.type} for column in one.columns]}
    if sees != "schema":
        seen |= {"rows_in_all": one.total, "cut_by_a_limit": one.truncated}
        columns = zip(one.columns, one.stats, strict=False)
        seen["figures_of_all_rows"] = {
            column.name: figures(stats, bounds=column.type in NUMERIC or sees == "preview") for column, stats in columns
        }
    if sees == "preview":
        seen["first_rows"] = rows(one.head)
    return seen


def statement(sql: str | None, dialect: Dialect, sees: Sees) -> str | None:
    """An earlier statement; below `preview` without its constants, which may be values of the data."""
    if sql is None or sees == "preview":
        return sql
    import sqlglot
    from sqlglot import exp

    try:
        tree = sqlglot.parse_one(sql, dialect=dialect)
    except sqlglot.errors.SqlglotError:
        return None
    return tree.transform(lambda node: exp.Placeholder() if isinstance(node, exp.Literal) else node).sql(dialect)


def passages(cited: Mapping[str, Cited]) -> str:
    """Passages of documents by the ids that a model knows them by."""
    return sealed("passages", [{"id": id, **_passage(one)} for id, one in cited.items()])


def _passage(one: Cited) -> dict[str, Any]:
    seen: dict[str, Any] = {"document": short(one.document.name), "page": one.found.page}
    if one.found.headings:
        seen["headings"] = [short(heading) for heading in one.found.headings]
    return {**seen, "text": one.found.text[:LONGEST_PASSAGE]}


def documents(infos: Sequence[DocumentInfo]) -> str:
    """Which documents there are: the first fifty by name."""
    listed = [
        {"document": short(info.name), "title": short(info.title), "pages": info.pages, "language": info.language}
        for info in infos[:MOST_DOCUMENTS]
    ]
    return sealed("documents", {"in_all": len(infos), "documents": listed})


def figures(stats: Stats, *, bounds: bool) -> dict[str, Cell]:
    """What is known over all rows of a column. `bounds`: also its smallest and largest cell, which may be a text."""
    found = {"missing": stats.nulls, "sum": stats.sum, "mean": stats.mean}
    if bounds:
        found |= {"min": short(stats.min), "max": short(stats.max)}
    return {name: value for name, value in found.items() if value is not None}


def rows(head: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """At most 20 rows, 120 characters a cell, 4 KB in all."""
    kept: list[list[Cell]] = []
    room = LONGEST_PREVIEW
    for row in head[:MOST_ROWS]:
        line = [short(cell) for cell in row]
        room -= len(msgspec.json.encode(line))
        if room < 0:
            break
        kept.append(line)
    return kept


def short(cell: Cell) -> Cell:
    """A cell that is no longer than a model needs."""
    text = cell if isinstance(cell, str) else msgspec.json.encode(cell).decode() if _nested(cell) else None
    if text is None or len(text) <= LONGEST_CELL:
        return cell
    return text[: LONGEST_CELL - 1] + "…"


def _nested(cell: Cell) -> bool:
    return isinstance(cell, list | dict)
