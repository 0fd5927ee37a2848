"""The two engines that the profile counts with, each with its source open. Slow or broken views are left out."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

import duckdb

from prosa.sources.naming import quoted
from prosa.sources.profiling import duckdb_figures, sqlite_figures
from prosa.sources.profiling.figures import Figures
from prosa.sources.reading.notices import Notices
from prosa.sources.reading.sqlite_files import VIEW_SECONDS, Deadline
from prosa.sources.reading.tables import ReadTable
from prosa.sources.reading.workspace import watched

Check = Callable[[], None]
"""Called again and again during long statements; what it raises ends them."""


class _TooSlow(Exception):
    """A view that takes longer than anybody would wait."""


class DuckDBEngine:
    def __init__(self, con: duckdb.DuckDBPyConnection, check: Check, notices: Notices) -> None:
        self._con, self._check, self._notices = con, check, notices

    def measure(self, table: ReadTable, budget: int) -> list[Figures] | None:
        until = time.monotonic() + VIEW_SECONDS if table.view else float("inf")

        def watch() -> None:
            self._check()
            if time.monotonic() > until:
                raise _TooSlow

        try:
            return watched(self._con, lambda: duckdb_figures.measure(self._con, table, budget), watch)
        except (duckdb.Error, _TooSlow):
            if not table.view:
                raise
            self._notices.add("view_left_out", table.name)
            return None

    def includes(self, child: ReadTable, column: str, parent: ReadTable, key: str) -> bool:
        sql = _inclusion(child, column, parent, key)
        row = watched(self._con, lambda: self._con.execute(sql).fetchone(), self._check)
        return bool(row and row[0])


class SQLiteEngine:
    def __init__(self, con: sqlite3.Connection, deadline: Deadline, notices: Notices) -> None:
        self._con, self._deadline, self._notices = con, deadline, notices

    def measure(self, table: ReadTable, budget: int) -> list[Figures] | None:
        with self._deadline.within(VIEW_SECONDS if table.view else float("inf")):
            try:
                return sqlite_figures.measure(self._con, table, budget)
            except sqlite3.OperationalError:
                if not table.view or self._deadline.failed:
                    raise
        self._notices.add("view_left_out", table.name)
        return None

    def includes(self, child: ReadTable, column: str, parent: ReadTable, key: str) -> bool:
        return bool(self._con.execute(_inclusion(child, column, parent, key)).fetchone()[0])


def _inclusion(child: ReadTable, column: str, parent: ReadTable, key: str) -> str:
    own, other = quoted(column), quoted(key)
    keys = f"SELECT {other} FROM {parent.relation} WHERE {other} IS NOT NULL"
    return f"SELECT NOT EXISTS (SELECT 1 FROM {child.relation} WHERE {own} IS NOT NULL AND {own} NOT IN ({keys}))"
