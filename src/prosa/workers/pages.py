"""What a page of a result is asked for and given as."""

from __future__ import annotations

import msgspec

from prosa.errors import UsageError
from prosa.results import Cell, Column, Result
from prosa.sources.engine import Attachment
from prosa.workers import protocol


class PageRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A window over a result: `sort` names a column, `-name` descending; `filter` is a text that some cell of the row
    must contain, in any case and without accents."""

    offset: int = 0
    limit: int = 100
    sort: str = ""
    filter: str = ""


class Page(msgspec.Struct, frozen=True):
    """`total` counts the rows that match the filter."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    offset: int
    total: int


def reachable(result: Result) -> int:
    """How many rows a result has: its total, or the limit that cut it."""
    limit = result.recipe.row_limit
    return result.total if limit is None else min(result.total, limit)


def bounded(request: PageRequest) -> PageRequest:
    """The request with nothing before the first row."""
    return msgspec.structs.replace(request, offset=max(request.offset, 0), limit=max(request.limit, 0))


def from_head(result: Result, request: PageRequest) -> Page | None:
    """The page, where the rows that every result carries are enough for it."""
    rows = reachable(result)
    end = request.offset + request.limit
    if request.sort or request.filter or min(end, rows) > len(result.head):
        return None
    return Page(result.columns, result.head[request.offset : end], request.offset, rows)


def operation(result: Result, attachment: Attachment, request: PageRequest, kept: bool) -> protocol.ReadPage:
    """The job for a child. UsageError `page_sort` for a column that is not there."""
    place, descending = _sort(request.sort, result.columns)
    return protocol.ReadPage(
        result.id,
        result.recipe,
        attachment,
        request.offset,
        request.limit,
        place,
        descending,
        request.filter,
        result.held,
        kept,
    )


def _sort(wish: str, columns: tuple[Column, ...]) -> tuple[int | None, bool]:
    """The column's place and whether it descends. A column's whole name counts before the sign."""
    if not wish:
        return None, False
    names = [column.name for column in columns]
    for name, descending in ((wish, False), (wish.removeprefix("-"), True)):
        if name in names:
            return names.index(name), descending
    raise UsageError("page_sort", name=wish.removeprefix("-"), names=", ".join(names))
