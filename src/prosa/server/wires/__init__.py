"""Wires: each turns a run's entries into the bytes of one protocol. A wire queries nothing and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from prosa.events import Entry


class Wire(Protocol):
    """One protocol's encoder for one reader. What it must remember it derives from the entries alone, so that a resume
    may replay them silently; `encode` gives ready bytes, none for an entry that the protocol does not carry."""

    def encode(self, entry: Entry) -> Iterable[bytes]: ...
