"""What the values of a column come to: counts, bounds, samples and frequent texts, whatever engine counted them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from prosa.results import NUMERIC, TEMPORAL, Cell, plain

EXACT_ROWS = 200_000
"""Up to so many rows different values are counted; above, they are estimated except where a column looks like a key."""
VALUES, LONGEST_VALUE, SAMPLES, LOOKED_AT = 2_000, 100, 3, 100
"""Texts kept of a column, characters of the longest kept, cells kept as samples, rows these are taken from."""
ORDERED = NUMERIC | TEMPORAL | {"text", "boolean"}
"""Types whose values are compared and counted."""
NEARLY_UNIQUE = 0.9


class Figures(msgspec.Struct):
    """`exact` says whether `distinct` was counted rather than estimated; `length` is the mean length of texts."""

    count: int = 0
    nulls: int = 0
    distinct: int | None = None
    exact: bool = True
    min: Cell = None
    max: Cell = None
    length: float = 0.0
    samples: tuple[Cell, ...] = ()
    values: tuple[str, ...] = ()
    all_values: bool = False

    @property
    def unique(self) -> bool:
        """Whether every row has a value of its own."""
        return self.exact and self.nulls == 0 and self.count > 0 and self.distinct == self.count

    @property
    def looks_unique(self) -> bool:
        """Whether an estimate leaves that open."""
        return not self.exact and not self.nulls and (self.distinct or 0) > self.count * NEARLY_UNIQUE


def cell(value: Any) -> Cell:
    """A plain cell, cut where it is long."""
    found = plain(value)
    return found[:LONGEST_VALUE] if isinstance(found, str) else found


def samples(cells: Iterable[Any]) -> tuple[Cell, ...]:
    """The first different cells."""
    found: list[Cell] = []
    for value in map(cell, cells):
        if value is not None and value not in found:
            found.append(value)
        if len(found) == SAMPLES:
            break
    return tuple(found)
