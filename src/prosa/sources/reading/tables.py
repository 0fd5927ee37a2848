"""A table as it was read: where its rows are and what its schema declares, before anything of its values is known."""

from __future__ import annotations

import msgspec

from prosa.results import ColumnType
from prosa.sources.base import ForeignKey


class ReadColumn(msgspec.Struct, frozen=True):
    """`native` is the engine's own type name; `format` a hint as in `results.Column`."""

    name: str
    type: ColumnType
    native: str = ""
    comment: str = ""
    format: str = ""


class ReadTable(msgspec.Struct, frozen=True):
    """`relation` is what stands behind FROM in the connection that profiles it; `inner` is the table's name in its
    file, with the schema."""

    name: str
    relation: str
    columns: tuple[ReadColumn, ...]
    inner: str = ""
    primary_key: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    comment: str = ""
    view: bool = False
