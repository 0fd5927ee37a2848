"""Each dialect's grammar, kept from being clever: what is not understood as syntax stays as it was written.

sqlglot translates between dialects and so knows better than the author what a function means: `date_add` becomes `+`,
a JSON key `'a.b'` a path, SQLite's `CAST(x AS DATE)` the function `DATE`. Here every call keeps its name and arguments,
which is also what the guard judges it by.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect as Grammar
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.mysql import MySQL
from sqlglot.dialects.postgres import Postgres
from sqlglot.dialects.sqlite import SQLite
from sqlglot.generator import Generator
from sqlglot.generators.duckdb import DuckDBGenerator
from sqlglot.generators.sqlite import SQLiteGenerator
from sqlglot.parser import Parser
from sqlglot.parsers.duckdb import DuckDBParser
from sqlglot.parsers.mysql import MySQLParser
from sqlglot.parsers.postgres import PostgresParser
from sqlglot.parsers.sqlite import SQLiteParser

from prosa.sources.base import Dialect

_WITH_SYNTAX = ("CAST", "TRY_CAST", "EXTRACT", "POSITION", "SUBSTRING", "TRIM", "OVERLAY")
"""Calls whose arguments are separated by words, so that they can't be read as a plain list."""

_Parsers = dict[str, Callable[..., Any]]


def _parsers(parser: type[Parser], *more: str) -> _Parsers:
    known = parser.FUNCTION_PARSERS
    return {name: known[name] for name in (*_WITH_SYNTAX, *more)}


class _DuckDB(DuckDB):
    class Parser(DuckDBParser):
        FUNCTIONS: ClassVar[_Parsers] = {}
        FUNCTION_PARSERS: ClassVar[_Parsers] = _parsers(DuckDBParser)
        # `LIST[…]` is no constructor, but `list(x)[1]` a call with a subscript.
        ARRAY_CONSTRUCTORS: ClassVar[dict[str, type[exp.Func]]] = {"ARRAY": exp.Array}

    class Generator(DuckDBGenerator):
        def withingroup_sql(self, expression: exp.WithinGroup) -> str:
            return Generator.withingroup_sql(self, expression)

        def ignorenulls_sql(self, expression: exp.IgnoreNulls) -> str:
            return Generator.ignorenulls_sql(self, expression)

    def to_json_path(self, path: exp.Expr | None) -> exp.Expr | None:
        return path


class _SQLite(SQLite):
    class Parser(SQLiteParser):
        FUNCTIONS: ClassVar[_Parsers] = {}
        FUNCTION_PARSERS: ClassVar[_Parsers] = _parsers(SQLiteParser)

    class Generator(SQLiteGenerator):
        TYPE_MAPPING: ClassVar[dict[Any, str]] = {
            **SQLiteGenerator.TYPE_MAPPING,
            exp.DataType.Type.DECIMAL: "NUMERIC",
            exp.DataType.Type.BOOLEAN: "BOOLEAN",
        }

        def cast_sql(self, expression: exp.Cast, safe_prefix: str | None = None) -> str:
            return Generator.cast_sql(self, expression, safe_prefix)

    def to_json_path(self, path: exp.Expr | None) -> exp.Expr | None:
        return path


class _Postgres(Postgres):
    class Parser(PostgresParser):
        FUNCTIONS: ClassVar[_Parsers] = {}
        FUNCTION_PARSERS: ClassVar[_Parsers] = _parsers(PostgresParser)


class _MySQL(MySQL):
    class Parser(MySQLParser):
        FUNCTIONS: ClassVar[_Parsers] = {}
        FUNCTION_PARSERS: ClassVar[_Parsers] = _parsers(MySQLParser, "GROUP_CONCAT", "CONVERT", "CHAR")

    def to_json_path(self, path: exp.Expr | None) -> exp.Expr | None:
        return path


_GRAMMARS: dict[Dialect, type[Grammar]] = {
    "duckdb": _DuckDB,
    "sqlite": _SQLite,
    "postgres": _Postgres,
    "mysql": _MySQL,
}


@cache
def grammar(dialect: Dialect) -> Grammar:
    """The grammar that reads and writes a dialect."""
    return _GRAMMARS[dialect]()
