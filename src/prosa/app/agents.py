"""Somebody's own agent in the place of the pipeline."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from prosa import __version__
from prosa.pipeline.select import NO_DATA
from prosa.question import Answerer, Context, Emit, Question
from prosa.results import Provenance, Recipe, Result

if TYPE_CHECKING:
    import pyarrow as pa

    from prosa.app.desk import Desk


class Agent:
    """An answerer whose tools find the waiting files of whoever asks bound, and the desk to work at; the rows that it
    keeps can be paged, sorted and exported as those of the pipeline."""

    def __init__(self, answerer: Answerer, desk: Desk) -> None:
        self._answerer, self._desk = answerer, desk

    async def answer(self, question: Question, context: Context, emit: Emit) -> None:
        """What the answerer says."""
        from prosa.exports.downloads import PendingDownloads, bound_downloads

        desk, principal = self._desk, context.principal

        async def keep(rows: Any, sql: str) -> Result:
            result_id, largest = desk.results.new_id(), desk.settings.snapshot_cap
            result = await asyncio.to_thread(_result, rows, sql, result_id, largest)
            desk.results.put(principal, result, NO_DATA, _provenance(question, context, sql, result))
            return result

        with bound_downloads(PendingDownloads(desk.results, principal, desk=desk, locale=question.locale, emit=emit)):
            await self._answerer.answer(question, msgspec.structs.replace(context, keep=keep), emit)


def _result(rows: Any, sql: str, result_id: str, largest: int) -> Result:
    """All rows or, where they take more than `largest` bytes compressed, the first ones. TypeError for what is no
    table."""
    from prosa.workers.gather import HEAD_ROWS, gathered

    table = _arrow(rows)
    found, data = gathered(table, largest)
    if data is None:
        found, data = gathered(table, largest, HEAD_ROWS)
    recipe = Recipe(sql, NO_DATA.dialect, (), "", (), HEAD_ROWS if found.truncated else None)
    return Result(result_id, found.columns, found.head, found.total, found.stats, recipe, found.truncated, data or b"")


def _arrow(rows: Any) -> pa.Table:
    import pyarrow as pa

    from prosa.app.frames import is_frame, tables

    try:
        if is_frame(rows):
            return pa.concat_tables(tables(rows))
        if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
            names = dict.fromkeys(str(name) for row in rows for name in row)
            return pa.table({name: _column([row.get(name) for row in rows]) for name in names})
    except (pa.ArrowException, ValueError, AttributeError) as error:
        raise TypeError(f"no table: {error}") from error
    raise TypeError(f"no table: {type(rows).__name__}")


def _column(cells: list[Any]) -> pa.Array:
    """Mixed cells, and those that Arrow does not know, as text."""
    import pyarrow as pa

    try:
        return pa.array(cells, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())


def _provenance(question: Question, context: Context, sql: str, result: Result) -> Provenance:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Provenance(
        question.text, sql, "", context.run_id, at, result.total, not result.truncated, result.held, __version__
    )
