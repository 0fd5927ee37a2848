"""Windows over a result's rows, sorted and filtered in a small DuckDB of their own: one way for every engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa
import pyarrow.types as t

from prosa.results import Cell
from prosa.sources.duckdb import limit, lock_down, translated
from prosa.sources.engine import Resources
from prosa.workers.gather import rows
from prosa.workers.protocol import ReadPage

Rows: TypeAlias = Callable[[], "pa.Table | pa.RecordBatchReader"]
"""Gives the rows from the first on, each time it is called."""

_FOLDED = "lower(strip_accents({}))"


class Pager:
    """The rows of one result, in the order in which they are given. A statement names columns by their place and takes
    the filter as a parameter, so that nothing from outside becomes SQL."""

    def __init__(self, source: Rows, schema: pa.Schema, resources: Resources) -> None:
        self._source = source
        self._kinds = [field.type for field in schema]
        self._names = [f"c{place}" for place in range(len(schema))]
        self._connection = duckdb.connect(":memory:")
        limit(self._connection, resources)
        lock_down(self._connection)

    def window(self, wish: ReadPage) -> tuple[tuple[Cell, ...], ...]:
        """The rows from `offset` on. Nulls come last; equal rows keep their order."""
        places = ", ".join(self._names)
        sql = f"SELECT {places} {self._matching(wish)} {self._order(wish)} LIMIT $limit OFFSET $offset"
        with translated():
            found = self._run(sql, wish, limit=wish.limit, offset=wish.offset).to_arrow_table()
        return tuple(rows(found))

    def count(self, wish: ReadPage) -> int:
        """How many rows match the filter."""
        with translated():
            found = self._run(f"SELECT count(*) {self._matching(wish)}", wish).fetchall()
        return int(found[0][0])

    def interrupt(self) -> None:
        self._connection.interrupt()

    def progress(self) -> float | None:
        return None

    def close(self) -> None:
        self._connection.close()

    def _run(self, sql: str, wish: ReadPage, **values: int) -> Any:
        # Each time anew: a stream can be read only once.
        self._connection.register("given", self._source())
        needle = {"needle": wish.filter} if wish.filter else {}
        return self._connection.execute(sql, {**values, **needle})

    def _matching(self, wish: ReadPage) -> str:
        listed = ", ".join(self._names)
        numbered = f"(SELECT *, row_number() OVER () AS place FROM given AS g({listed}))"  # noqa: S608 - own names
        if not wish.filter:
            return f"FROM {numbered}"
        tests = (f"contains({self._folded(place)}, {_FOLDED.format('$needle')})" for place in range(len(self._names)))
        return f"FROM {numbered} WHERE {' OR '.join(tests)}"

    def _folded(self, place: int) -> str:
        """A column's text without case, and without accents where it can have any."""
        written = f"CAST({self._names[place]} AS VARCHAR)"
        return f"lower({written})" if t.is_primitive(self._kinds[place]) else _FOLDED.format(written)

    def _order(self, wish: ReadPage) -> str:
        """Text sorts as people expect, without case and accents; where that is equal, by its letters."""
        if wish.sort is None:
            return ""
        name = self._names[wish.sort]
        direction = "DESC" if wish.descending else "ASC"
        terms = [_FOLDED.format(name), name] if t.is_string(self._kinds[wish.sort]) else [name]
        return f"ORDER BY {', '.join(f'{term} {direction} NULLS LAST' for term in terms)}, place"
