"""Exact figures of a result's columns, gathered batch by batch."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as t

from prosa.results import Stats, plain
from prosa.workers.cells import cells

_INT64_MAX = 2**63 - 1
_LOW_BITS = 32
_EXACT = Context(prec=120)


class Figures:
    """Nulls, min, max, sum and mean of one column. Integers and decimals are summed exactly."""

    def __init__(self, kind: pa.DataType) -> None:
        self._kind = kind
        self._numeric = t.is_integer(kind) or t.is_floating(kind) or t.is_decimal(kind)
        self._ordered = self._numeric or any(
            is_of(kind) for is_of in (t.is_date, t.is_time, t.is_timestamp, t.is_string)
        )
        self._nulls = 0
        self._count = 0
        self._extremes: list[pa.Scalar] = []
        self._sum: Any = 0

    def add(self, column: pa.Array) -> None:
        self._nulls += column.null_count
        if column.null_count == len(column) or t.is_null(self._kind):
            return
        if self._ordered:
            found = pc.min_max(column)
            self._extremes = _widest(self._extremes, found["min"], found["max"])
        if self._numeric:
            self._count += len(column) - column.null_count
            self._sum = _added(self._sum, _sum(column))

    def stats(self) -> Stats:
        ends = [cells(pa.array([value], self._kind))[0] for value in self._extremes]
        lowest, highest = ends or (None, None)
        if not self._numeric or not self._count:
            return Stats(self._nulls, lowest, highest)
        total = plain(self._sum)
        mean = None if total is None else float(self._sum / self._count)
        return Stats(self._nulls, lowest, highest, total, mean)


def _widest(known: list[pa.Scalar], low: pa.Scalar, high: pa.Scalar) -> list[pa.Scalar]:
    if not known:
        return [low, high]
    both = pc.min_max(pa.array([*known, low, high], low.type))
    return [both["min"], both["max"]]


def _sum(column: pa.Array) -> Any:
    if t.is_decimal(column.type):
        return pc.sum(column.cast(pa.decimal256(76, column.type.scale))).as_py()
    if not t.is_integer(column.type):
        return pc.sum(column).as_py()
    # pyarrow's sum wraps around silently, so that large integers are added in two halves.
    wide = column if t.is_uint64(column.type) else column.cast(pa.int64())
    found = pc.min_max(wide)
    largest = max(abs(found["min"].as_py()), abs(found["max"].as_py()))
    if largest * len(wide) <= _INT64_MAX:
        return pc.sum(wide).as_py()
    high, low = (
        pc.shift_right(wide, pa.scalar(_LOW_BITS, wide.type)),
        pc.bit_wise_and(wide, pa.scalar(2**_LOW_BITS - 1, wide.type)),
    )
    return (pc.sum(high).as_py() << _LOW_BITS) + pc.sum(low).as_py()


def _added(left: Any, right: Any) -> Any:
    """Python's own decimal addition rounds to 28 digits."""
    if isinstance(right, Decimal):
        return _EXACT.add(Decimal(left), right)
    return left + right
