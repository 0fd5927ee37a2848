"""The fourth stage: statements run in the workers, bounded and cancellable; tables and charts come out."""

from __future__ import annotations

import secrets
from typing import Protocol

import msgspec

from prosa.analysts.base import PlannedQuery, Selection
from prosa.charts.recommend import recommend
from prosa.charts.style import ChartWish, Template
from prosa.errors import ProsaError
from prosa.events import Chart, Table
from prosa.pipeline.plan import ReadyQuery, failure
from prosa.pipeline.stage import Running
from prosa.question import Emit
from prosa.results import Cell, Result
from prosa.sources.base import Database, GuardedQuery
from prosa.workers.pool import Progress

PREVIEW_ROWS = 50
PREVIEW_LETTERS = 200


class Queries(Protocol):
    """Runs guarded statements to their end."""

    async def query(
        self,
        query: GuardedQuery,
        database: Database,
        *,
        result_id: str,
        time_limit: float,
        row_limit: int | None = None,
        on_progress: Progress | None = None,
    ) -> Result: ...


async def execute(
    query: ReadyQuery,
    selection: Selection,
    workers: Queries,
    emit: Emit,
    stage: Running,
    *,
    time_limit: float,
    row_limit: int | None,
) -> Result:
    """Runs one statement to its end and shows its table; `time_limit` is in seconds. QueryError, TimeLimit,
    MemoryLimit, WorkerDied."""
    try:
        result = await workers.query(
            query.guarded,
            selection.database,
            result_id=secrets.token_hex(16),
            time_limit=time_limit,
            row_limit=row_limit,
            on_progress=stage.progress,
        )
    except ProsaError as error:
        emit(failure(query, error, selection.classification.locale))
        raise
    result = dressed(result, query.planned)
    emit(preview(result, query.query_id))
    return result


def dressed(result: Result, planned: PlannedQuery) -> Result:
    """The result with the titles and formats that its plan gives the columns."""
    columns = list(result.columns)
    for place, title in enumerate(planned.titles[: len(columns)]):
        columns[place] = msgspec.structs.replace(columns[place], name=title)
    for place, form in enumerate(planned.formats[: len(columns)]):
        columns[place] = msgspec.structs.replace(columns[place], format=form)
    return msgspec.structs.replace(result, columns=tuple(columns))


def preview(result: Result, query_id: str) -> Table:
    """The `table` event: at most 50 rows, at most 200 characters a cell."""
    rows = tuple(tuple(_short(cell) for cell in row) for row in result.head[:PREVIEW_ROWS])
    return Table(result.id, query_id, result.columns, rows, result.total, result.truncated)


def _short(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return cell if len(cell) <= PREVIEW_LETTERS else cell[: PREVIEW_LETTERS - 1] + "…"
    if isinstance(cell, (list, dict)):
        text = msgspec.json.encode(cell).decode()
        return cell if len(text) <= PREVIEW_LETTERS else text[: PREVIEW_LETTERS - 1] + "…"
    return cell


def chart(result: Result, wish: ChartWish, locale: str, title: str, template: Template) -> Chart | None:
    """The chart that fits the result, or the one that was asked for; None where none says more than the table."""
    figure = recommend(result, title=title, wish=wish, locale=locale, template=template)
    return Chart(f"{result.id}-chart", result.id, figure) if figure else None
