"""`WholeRows`: an answer's way to every row of its results, also when the desk that gave it is closed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from prosa.app.kept import Kept, KeptDesks
from prosa.errors import UsageError

if TYPE_CHECKING:
    from prosa.exports.store import StoredResult


class WholeRows:
    """Holds the results themselves; a desk is needed only to write a format or to run a recipe again. `wait` runs a
    coroutine in the desks' loop."""

    def __init__(
        self,
        results: Mapping[str, StoredResult],
        kept: Kept,
        desks: KeptDesks,
        wait: Callable[[Coroutine[Any, Any, bytes]], bytes],
    ) -> None:
        self._results, self._kept, self._desks, self._wait = results, kept, desks, wait

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

    def _stored(self, result_id: str) -> StoredResult:
        if result_id not in self._results:
            raise UsageError("rows_gone")
        return self._results[result_id]

    async def _export(self, stored: StoredResult, format: str, options: dict[str, Any]) -> bytes:
        async with self._desks.again(self._kept) as kept:
            told = stored.export_options(options)
            written = kept.desk.workers.export(stored.result, stored.database, format, told)
            return b"".join([chunk async for chunk in written])
