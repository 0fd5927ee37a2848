"""Data that can be asked: what a source holds, who may read it, the guard before it and the engines behind it."""

from prosa.errors import QueryRefused
from prosa.sources.base import Catalog, ColumnInfo, Database, ForeignKey, Grant, GuardedQuery, SourceInfo, TableInfo

__all__ = [
    "Catalog",
    "ColumnInfo",
    "Database",
    "ForeignKey",
    "Grant",
    "GuardedQuery",
    "QueryRefused",
    "SourceInfo",
    "TableInfo",
]
