"""How days, times and months are written, in numbers and in English or Portuguese words."""

from __future__ import annotations

import msgspec

from prosa.sources.naming import literal
from prosa.sources.reading.cells import Format, Kind, Sql, as_is

_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?"
_TAIL = rf"(?:\s*[T ,]\s*{_CLOCK})"
_HALF_DAY = r"\s*[ap]\.?m\.?"
ZONE = r"\s*(?:Z|UTC|GMT|[-+]\d{2}(?::?\d{2})?)"
"""A time zone behind a time (RFC 3339, with the spellings of ISO 8601)."""
MIDNIGHT = rf"(?i)^[^:]*(?:[T ,]0?0:00(?::00(?:\.0+)?)?(?:{ZONE})?)?$"
"""A day without a time, or with one that says nothing."""

_MONTHS = {"fev": "feb", "abr": "apr", "mai": "may", "ago": "aug", "set": "sep", "out": "oct", "dez": "dec"}
_MONTH = (
    r"(?:jan(?:uary|eiro)?|fe(?:b|v)(?:ruary|ereiro)?|mar(?:ch|ço|co)?|a(?:p|b)r(?:il)?|ma(?:y|io?)|june?|junho|july?"
    r"|julho|aug(?:ust)?|ago(?:sto)?|sept?(?:ember)?|set(?:embro)?|o(?:c|u)t(?:ober|ubro)?|nov(?:ember|embro)?"
    r"|de(?:c|z)(?:ember|embro)?)\.?"
)
_GAP = r"(?:[-/ ]|\s+de\s+)"
_YEAR = r"(?:19|20)\d{2}"


class _Layout(msgspec.Struct, frozen=True):
    """The day of a date: how it is written, and the SQL that puts it into the order of ISO 8601."""

    key: str
    pattern: str
    canonical: Sql
    rival: str = ""
    hint: str = ""
    only_named: bool = False
    clock: bool = True


def _ordered(pattern: str, order: str) -> Sql:
    return lambda text: f"regexp_replace({text}, {literal(f'^{pattern}')}, {literal(order)})"


def _short(mask: str) -> Sql:
    """Years of two digits, 69 to 99 in the last century as in POSIX."""

    def canonical(text: str) -> str:
        day = f"regexp_replace(regexp_extract({text}, '^[0-9/.-]+'), '[-.]', '/', 'g')"
        return (
            f"(strftime(try_strptime({day}, {literal(mask)}), '%Y-%m-%d') || regexp_replace({text}, '^[0-9/.-]+', ''))"
        )

    return canonical


def _worded(mask: str) -> Sql:
    """Dates with the name of a month."""

    def canonical(text: str) -> str:
        bare = f"regexp_replace(lower({text}), '\\bde\\b|[.,]', ' ', 'g')"
        bare = f"regexp_replace({bare}, '([a-zç]{{3}})[a-zç]*', '\\1')"
        for portuguese, english in _MONTHS.items():
            bare = f"replace({bare}, '{portuguese}', '{english}')"
        bare = f"trim(regexp_replace({bare}, '[-/ ]+', ' ', 'g'))"
        masks = f"[{literal(mask.replace('%Y', '%y'))}, {literal(mask)}]"
        return f"strftime(try_strptime({bare}, {masks}), '%Y-%m-%d')"

    return canonical


_YMD = r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
_FULL = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"
_SHORT = r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}"

_LAYOUTS = (
    _Layout("iso", r"\d{4}-\d{2}-\d{2}", as_is),
    _Layout("ymd", _YMD, _ordered(_YMD, r"\1-\2-\3")),
    _Layout("dmy", _FULL, _ordered(_FULL, r"\3-\2-\1"), rival="mdy"),
    _Layout("mdy", _FULL, _ordered(_FULL, r"\3-\1-\2"), rival="dmy"),
    _Layout("dmy2", _SHORT, _short("%d/%m/%y"), rival="mdy2"),
    _Layout("mdy2", _SHORT, _short("%m/%d/%y"), rival="dmy2"),
    _Layout("compact", rf"{_YEAR}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])",
            _ordered(r"(\d{4})(\d{2})(\d{2})", r"\1-\2-\3"), only_named=True),
    _Layout("worded", rf"\d{{1,2}}{_GAP}{_MONTH}{_GAP}(?:{_YEAR}|\d{{2}})", _worded("%d %b %Y"), clock=False),
    _Layout("worded_us", rf"{_MONTH}\s\d{{1,2}},?\s{_YEAR}", _worded("%b %d %Y"), clock=False),
    _Layout("month", rf"{_YEAR}[-/](0[1-9]|1[0-2])", _ordered(r"(\d{4})[-/](\d{2})", r"\1-\2-01"),
            hint="month", only_named=True, clock=False),
    _Layout("month_year", rf"(0?[1-9]|1[0-2])[-/]{_YEAR}", _ordered(r"(\d{1,2})[-/](\d{4})", r"\2-\1-01"),
            hint="month", only_named=True, clock=False),
    _Layout("month_worded", rf"{_MONTH}{_GAP}(?:{_YEAR}|\d{{2}})", _worded("%b %Y"), hint="month", clock=False),
)  # fmt: skip


def _formats(layout: _Layout) -> list[Format]:
    def form(ending: str, kind: Kind, tail: str) -> Format:
        rival = layout.rival and layout.rival + ending
        pattern = layout.pattern + tail
        return Format(
            layout.key + ending, kind, pattern, layout.canonical, rival, hint=layout.hint, only_named=layout.only_named
        )

    day = form("", "date", "")
    if not layout.clock:
        return [day]
    half_days = form("_half_days", "half_days", f"(?:{_TAIL}(?:{_HALF_DAY})?)?")
    return [day, form("_time", "timestamp", f"{_TAIL}?"), form("_zone", "zoned", _TAIL + ZONE), half_days]


DATES = (
    *(form for layout in _LAYOUTS for form in _formats(layout)),
    Format("time", "time", _CLOCK, as_is),
)
