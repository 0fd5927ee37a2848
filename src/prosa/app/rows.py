"""`WholeRows`: an answer's way to every row of its results, also when the desk that gave it is closed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from prosa.app.kept import Kept, KeptDesks
from prosa.errors import UsageError

if TYPE_CHECKING:
    from prosa.answer import Answer
    from prosa.app.desk import Desk
    from prosa.exports.store import StoredFile, StoredResult
    from prosa.workers.pool import Export


class WholeRows:
    """Holds the results and files themselves; a desk is needed only to write a format or to run a recipe again. `wait`
    runs a coroutine in the desks' loop."""

    def __init__(
        self,
        results: Mapping[str, StoredResult],
        files: Mapping[str, StoredFile],
        kept: Kept,
        desks: KeptDesks,
        wait: Callable[[Coroutine[Any, Any, bytes]], bytes],
    ) -> None:
        self._results, self._files = results, files
        self._kept, self._desks, self._wait = kept, desks, wait

    def arrow(self, result_id: str) -> Any:
        """The whole result as a `pyarrow.Table`. UsageError `rows_gone`."""
        import pyarrow as pa

        result = self._stored(result_id).result
        if result.snapshot is None:
            return pa.ipc.open_file(pa.py_buffer(self.export(result_id, "arrow"))).read_all()
        table = pa.ipc.open_stream(pa.py_buffer(result.snapshot)).read_all()
        return table.rename_columns([column.name for column in result.columns])

    def export(self, result_id: str, format: str, **options: Any) -> bytes:
        """The whole result in an export format. UsageError, QueryError."""
        return self._wait(self._export(self._stored(result_id), format, options))

    def chart(self, answer: Answer, format: str, **options: Any) -> bytes:
        """The last chart as a file. UsageError `no_chart`, FigureError."""
        return self._wait(self._chart(answer, format, options))

    def bundle(self, answer: Answer, locale: str | None = None) -> bytes:
        """Everything of the answer as a zip."""
        return self._wait(self._bundle(answer, locale))

    def file(self, file_id: str) -> bytes:
        """A file that the answer brought. UsageError `rows_gone`."""
        if file_id not in self._files:
            raise UsageError("rows_gone")
        return self._wait(self._file(self._files[file_id]))

    def _stored(self, result_id: str) -> StoredResult:
        if result_id not in self._results:
            raise UsageError("rows_gone")
        return self._results[result_id]

    async def _export(self, stored: StoredResult, format: str, options: dict[str, Any]) -> bytes:
        async with self._desks.again(self._kept) as kept:
            told = stored.export_options(options)
            written = kept.desk.workers.export(stored.result, stored.database, format, told)
            return b"".join([chunk async for chunk in written])

    async def _chart(self, answer: Answer, format: str, options: dict[str, Any]) -> bytes:
        from prosa import chart_export

        if not answer.charts:
            raise UsageError("no_chart")
        chart = answer.charts[-1]
        stored = self._results.get(chart.result_id)
        origin = stored.provenance if stored is not None else None
        size, given = chart_export.sized({"locale": answer.locale, **options})
        locale = given.pop("locale")
        written = await chart_export.write(chart.figure, format, locale=locale, origin=origin, size=size, given=given)
        if written.missing:
            warnings.warn(chart_export.told(written.missing, answer.locale), stacklevel=2)
        return written.data

    async def _bundle(self, answer: Answer, locale: str | None) -> bytes:
        from prosa import __version__, bundle

        async with self._desks.again(self._kept) as kept:
            rows = _OfAnswer(self._stored, kept.desk)
            archive = bundle.answer(answer, rows, locale=locale, version=__version__)
            return b"".join([chunk async for chunk in archive])

    async def _file(self, file: StoredFile) -> bytes:
        if file.write is None:
            return file.data
        async with self._desks.again(self._kept):
            return b"".join([chunk async for chunk in file.write()])


class _OfAnswer:
    """The results of one answer, as a bundle takes them."""

    def __init__(self, stored: Callable[[str], StoredResult], desk: Desk) -> None:
        self.stored, self._desk = stored, desk

    def export(self, stored: StoredResult, format: str, options: dict[str, Any]) -> Export:
        """Every row. UsageError."""
        told = stored.export_options(options)
        return self._desk.workers.export(stored.result, stored.database, format, told)
