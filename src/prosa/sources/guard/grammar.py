"""sqlglot's knowledge of each dialect, kept from reading JSON paths: `'a.b'` is one key to DuckDB and SQLite, and would
come back as the path `'$.a.b'`."""

from __future__ import annotations

from functools import cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect as Grammar
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.mysql import MySQL
from sqlglot.dialects.postgres import Postgres
from sqlglot.dialects.sqlite import SQLite

from prosa.sources.base import Dialect


class _DuckDB(DuckDB):
    def to_json_path(self, path: exp.Expr | None) -> exp.Expr | None:
        return path


class _SQLite(SQLite):
    def to_json_path(self, path: exp.Expr | None) -> exp.Expr | None:
        return path


class _MySQL(MySQL):
    def to_json_path(self, path: exp.Expr | None) -> exp.Expr | None:
        return path


_GRAMMARS: dict[Dialect, type[Grammar]] = {
    "duckdb": _DuckDB,
    "sqlite": _SQLite,
    "postgres": Postgres,
    "mysql": _MySQL,
}


@cache
def grammar(dialect: Dialect) -> Grammar:
    """The grammar that reads and writes a dialect."""
    return _GRAMMARS[dialect]()
