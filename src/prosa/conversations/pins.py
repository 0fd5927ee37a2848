"""Pinned questions: statements of the store, like `queries`. Every one of them is bound to the owner."""

from __future__ import annotations

import secrets
import time

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from prosa.conversations.schema import pins
from prosa.errors import AccessError, UsageError
from prosa.results import plain

MOST_PINS = 100


class Pin(msgspec.Struct, frozen=True):
    """A question that its owner wants to ask again and again; `created` is Unix time in seconds."""

    id: str
    question: str
    created: float


def listed(connection: Connection, owner: str) -> list[Pin]:
    rows = connection.execute(select(pins).where(pins.c.owner == owner).order_by(pins.c.created, pins.c.id))
    return [Pin(row.id, row.question, row.created) for row in rows]


def add(connection: Connection, owner: str, question: str) -> Pin:
    """Pins it; what is pinned already stays the one pin that it is."""
    words = plain(question).strip()
    known = next((pin for pin in listed(connection, owner) if pin.question == words), None)
    if known is not None:
        return known
    count = connection.execute(select(func.count()).select_from(pins).where(pins.c.owner == owner)).scalar_one()
    if count >= MOST_PINS:
        raise UsageError("pins_full", limit=MOST_PINS)
    made = Pin(secrets.token_hex(12), words, time.time())
    connection.execute(insert(pins).values(id=made.id, owner=owner, question=words, created=made.created))
    return made


def remove(connection: Connection, owner: str, pin_id: str) -> None:
    done = connection.execute(delete(pins).where(pins.c.owner == owner, pins.c.id == pin_id))
    if not done.rowcount:
        raise AccessError("not_found")
