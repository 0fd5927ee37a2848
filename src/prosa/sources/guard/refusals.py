"""How the guard says no: one constructor for every reason, and the granted names nearest to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from prosa.errors import QueryRefused

_LONGEST = 80
_NEAREST = 3


def refused(reason: str, what: str = "", **values: str | int) -> QueryRefused:
    """The refusal with the code `query_<reason>`. `what` is the culprit, cut to what fits into a sentence."""
    shown = what if len(what) <= _LONGEST else what[: _LONGEST - 1] + "…"
    return QueryRefused(f"query_{reason}", reason=reason, what=shown, **values)


def not_granted(reason: str, name: str, granted: Iterable[str]) -> QueryRefused:
    """The refusal of a table or column that is not granted; it says the same of one that does not exist."""
    return refused(reason, name, nearest=nearest(name, granted))


def nearest(name: str, known: Iterable[str]) -> str:
    """The known names most like `name`, best first; a dash where nothing is known."""
    names = list(known)
    found = process.extract(name, names, scorer=fuzz.WRatio, processor=str.lower, limit=_NEAREST, score_cutoff=60)
    return ", ".join(match for match, _, _ in found) or ", ".join(names[:_NEAREST]) or "–"
