"""What a turn leaves for wishes about it: the result and how it was drawn."""

from __future__ import annotations

from typing import Any

import msgspec

from prosa.analysts.base import PlannedQuery
from prosa.charts.style import ChartWish
from prosa.question import Context

_KEY = "last"


class Last(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last result; its question, statement and row limit, for the case that it has expired; what heads its chart,
    the wish it was drawn by, and whether there was a chart at all."""

    result_id: str
    question: str
    query: PlannedQuery
    limit: int | None = None
    title: str = ""
    chart: ChartWish = ChartWish()
    drawn: bool = False

    def remember(self, context: Context) -> None:
        """Keeps it with this turn, for the next."""
        context.remember[_KEY] = msgspec.to_builtins(self)


def last(context: Context) -> Last | None:
    """What the turn before has left; None where there was no result yet."""
    try:
        return msgspec.convert(_state(context)[_KEY], Last)
    except (KeyError, msgspec.ValidationError):
        return None


def keep_last(context: Context) -> None:
    """Hands the last result on, also where this turn comes to nothing."""
    if _KEY in _state(context):
        context.remember[_KEY] = _state(context)[_KEY]


def keep_state(context: Context) -> None:
    """Hands on all that was kept: a turn that asks no question of the data changes nothing for the one that follows."""
    context.remember.update(_state(context))


def _state(context: Context) -> dict[str, Any]:
    return context.history[-1].state if context.history else {}
