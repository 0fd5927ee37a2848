"""Two runs of the same questions beside each other: what was gained and what was lost."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from prosa import locales
from prosa.evaluation.report import summarise
from prosa.evaluation.running import Outcome


class Change(msgspec.Struct, frozen=True):
    """One question that is right in one of two runs alone."""

    before: Outcome
    after: Outcome


class Comparison(msgspec.Struct, frozen=True):
    """What became right, what is right no longer, and over how many questions that were judged in both runs."""

    gained: tuple[Change, ...]
    lost: tuple[Change, ...]
    judged: int


def compare(before: Sequence[Outcome], after: Sequence[Outcome]) -> Comparison:
    """By the questions' ids, in the order of the second run."""
    old = {outcome.turn.id: outcome for outcome in before if not outcome.skipped}
    pairs = [Change(old[now.turn.id], now) for now in after if not now.skipped and now.turn.id in old]
    gained = tuple(pair for pair in pairs if pair.after.right and not pair.before.right)
    lost = tuple(pair for pair in pairs if pair.before.right and not pair.after.right)
    return Comparison(gained, lost, len(pairs))


def text(before: Sequence[Outcome], after: Sequence[Outcome], locale: str) -> str:
    """Both accuracies, then each question that changed."""
    found = compare(before, after)
    old, new = (locales.number(100 * (summarise(run).accuracy or 0.0), locale, places=1) for run in (before, after))
    parts = [locales.text("eval.compared", locale, before=old, after=new, n=found.judged)]
    for name, changes in (("gained", found.gained), ("lost", found.lost)):
        parts.append(locales.text(f"eval.{name}", locale, n=len(changes)))
        parts += [f"  {change.after.turn.id}  {_statuses(change)}  {change.after.turn.question}" for change in changes]
    return "\n".join(parts)


def _statuses(change: Change) -> str:
    return f"{change.before.prediction.status} → {change.after.prediction.status}"
