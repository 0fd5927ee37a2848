"""The values that describe data: sources, catalogs, databases, grants and guarded queries. No engine is touched here.

A *source* is what a person named (a file, folder, glob or database). A *database* is one or more prepared sources that
one statement can read together, in one dialect, with one merged *catalog*. A *grant* is what somebody may read of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Set
from functools import cached_property
from typing import Any, Literal

import msgspec

from prosa.results import Cell, ColumnType

Dialect = Literal["duckdb", "sqlite", "postgres", "mysql"]
Role = Literal["id", "name", "measure", "date", "category", "flag", "text"]
Kind = Literal["csv", "parquet", "json", "xlsx", "duckdb", "sqlite", "frame"]


class ColumnInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """A column as the profile found it.

    `distinct` counts different values (estimated where `rows` is large); `min` and `max` are plain cells; `values` are
    distinct texts, most frequent first, all of them where `all_values` is true; `samples` a few cells for people;
    `format` a hint as in `results.Column` (percent, currency, month), where the file's own spelling tells.
    """

    name: str
    type: ColumnType
    role: Role = "text"
    native: str = ""
    nulls: int = 0
    distinct: int | None = None
    min: Cell = None
    max: Cell = None
    samples: tuple[Cell, ...] = ()
    values: tuple[str, ...] = ()
    all_values: bool = False
    comment: str = ""
    format: str = ""


class ForeignKey(msgspec.Struct, frozen=True, omit_defaults=True):
    """`columns` of the table that has it point at `references` of `table`; `declared` by the schema, or inferred from
    names, types and inclusion of values."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]
    declared: bool = False


class TableInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """A table by the name that SQL uses for it. `display` is the column that names a row to people."""

    name: str
    source: str
    columns: tuple[ColumnInfo, ...]
    rows: int
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    display: str | None = None
    comment: str = ""

    def column(self, name: str) -> ColumnInfo | None:
        """The column of that name, in any case."""
        wanted = name.casefold()
        return next((column for column in self.columns if column.name.casefold() == wanted), None)


class Catalog(msgspec.Struct, frozen=True, dict=True):
    """All tables that one database offers. `fingerprint` changes whenever data or schema do."""

    dialect: Dialect
    tables: tuple[TableInfo, ...]
    fingerprint: str

    def table(self, name: str) -> TableInfo | None:
        """The table of that name, in any case."""
        return self._by_name.get(name.casefold())

    @cached_property
    def _by_name(self) -> dict[str, TableInfo]:
        return {table.name.casefold(): table for table in self.tables}


class Piece(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where one table's rows lie: in a DuckDB or SQLite file under the name `inner` (with its schema: `main.sales`),
    or in Parquet files. `table` is the name that SQL uses."""

    table: str
    kind: Literal["duckdb", "sqlite", "parquet"]
    paths: tuple[str, ...]
    inner: str = ""


class SourceInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """A prepared source: read, profiled and ready to be opened. `notices` are (code, values) pairs for people, with
    their words in `locales/*/notices.toml`; `owner` is None where everybody may read it."""

    id: str
    name: str
    kind: Kind
    location: str
    fingerprint: str
    dialect: Dialect
    tables: tuple[TableInfo, ...]
    pieces: tuple[Piece, ...]
    notices: tuple[tuple[str, dict[str, Any]], ...] = ()
    owner: str | None = None


class Database(msgspec.Struct, frozen=True, dict=True):
    """Sources that one statement can read together. Table names are unique over all of them."""

    dialect: Dialect
    sources: tuple[str, ...]
    pieces: tuple[Piece, ...]
    catalog: Catalog

    @property
    def fingerprint(self) -> str:
        return self.catalog.fingerprint

    @property
    def name(self) -> str:
        """The sources' names, as answers and logs cite them."""
        return ", ".join(self.sources)


class Grant(msgspec.Struct, frozen=True, dict=True):
    """What one principal may read of one database: `tables` maps each readable table to its readable columns, in their
    order, or to None for all of them. `complete` names tables whose listed columns are all that they have, so that
    nothing of them needs to be hidden. `catalog_fingerprint` binds to the data, so that a query guarded for old data is
    not run on new.

    Build it with `Grant.of("sqlite", ["artist", "album"])` or `Grant("sqlite", {"artist": None})`.
    """

    dialect: Dialect
    tables: Any
    catalog_fingerprint: str = ""
    complete: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        names: Any = self.tables
        if not isinstance(names, Mapping):
            names = dict.fromkeys(names)
        clean = {str(name): None if columns is None else _ordered(columns) for name, columns in names.items()}
        msgspec.structs.force_setattr(self, "tables", clean)

    @classmethod
    def of(cls, dialect: Dialect, tables: Iterable[str], catalog_fingerprint: str = "") -> Grant:
        """A grant of whole tables."""
        return cls(dialect, dict.fromkeys(tables), catalog_fingerprint)

    @classmethod
    def everything(cls, catalog: Catalog) -> Grant:
        """A grant of all that a catalog lists, by table and column."""
        tables = {table.name: [column.name for column in table.columns] for table in catalog.tables}
        return cls(catalog.dialect, tables, catalog.fingerprint, frozenset(tables))

    @cached_property
    def fingerprint(self) -> str:
        """A digest of the whole grant: two grants that allow the same have the same."""
        listed = sorted((name, ["*"] if columns is None else columns) for name, columns in self.tables.items())
        text = repr((self.dialect, listed, sorted(self.complete), self.catalog_fingerprint))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _ordered(columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(columns) if isinstance(columns, Set) else dict.fromkeys(columns))


class GuardedQuery(msgspec.Struct, frozen=True):
    """A statement that passed the guard: regenerated text, the tables it reads, and the grant it was checked for.

    Only `prosa.sources.guard.check` makes one; a worker executes nothing else.
    """

    sql: str
    dialect: Dialect
    tables: tuple[str, ...]
    grant: str
    catalog: str
