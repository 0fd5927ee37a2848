"""What the values of a column come to: counts, bounds, samples and frequent texts, whatever engine counted them."""

from __future__ import annotations

import msgspec

from prosa.results import Cell


class Figures(msgspec.Struct):
    """`length` is the mean length of a text; `exact` says whether `distinct` was counted or estimated."""

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
