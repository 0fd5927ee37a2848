"""The tables of the conversation store and the migrations that lead to them, as a list of functions."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    select,
    text,
)  # fmt: skip

metadata = MetaData()

version = Table("prosa_schema", metadata, Column("version", Integer, nullable=False))

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("created", Float, nullable=False),
    Column("updated", Float, nullable=False),
    Column("key", Text, nullable=True),
    Index("conversations_of_owner", "owner", "updated"),
    Index("conversations_by_key", "owner", "key", unique=True),
)

turns = Table(
    "turns",
    metadata,
    Column("run_id", String(32), primary_key=True),
    Column("conversation", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=True),
    Column("owner", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("asked", Float, nullable=False),
    Column("answer", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("server", String(32), nullable=False),
    Index("turns_of_conversation", "conversation", "asked"),
    Index("turns_of_status", "status"),
)


pins = Table(
    "pins",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("created", Float, nullable=False),
    Index("pins_of_owner", "owner", "created"),
)


def _first(connection: Connection) -> None:
    metadata.create_all(connection, tables=[conversations, turns])


def _keys(connection: Connection) -> None:
    """Conversations that a program names by a key of its own; in a new store `_first` has made the column already."""
    if "key" not in {column["name"] for column in inspect(connection).get_columns("conversations")}:
        connection.execute(text("ALTER TABLE conversations ADD COLUMN key TEXT"))
        connection.execute(text("CREATE UNIQUE INDEX conversations_by_key ON conversations (owner, key)"))


def _pins(connection: Connection) -> None:
    metadata.create_all(connection, tables=[pins])


MIGRATIONS: list[Callable[[Connection], None]] = [_first, _keys, _pins]


def migrate(connection: Connection) -> None:
    """Brings a store of any earlier version up to date; the caller holds the transaction. ValueError for one that a
    newer Prosa has written."""
    metadata.create_all(connection, tables=[version])
    found = connection.execute(select(version.c.version)).scalar()
    if found is None:
        connection.execute(version.insert().values(version=0))
    if (found or 0) > len(MIGRATIONS):
        raise ValueError(found)
    for step in MIGRATIONS[found or 0 :]:
        step(connection)
    connection.execute(version.update().values(version=len(MIGRATIONS)))
