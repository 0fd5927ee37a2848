"""Periods in a question: `last month`, `in March 2025`, `desde 2024`, `entre janeiro e março`, and grains: `por mês`.

The phrases are data, in `data/periods.toml`; here is what they mean on the calendar.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from prosa import locales
from prosa.analysts.rules import weekdays
from prosa.analysts.rules.atoms import Spanned
from prosa.analysts.rules.data import data
from prosa.analysts.rules.grammar import Grammar
from prosa.analysts.rules.reading import Grain
from prosa.analysts.rules.weekdays import Weekdays
from prosa.analysts.rules.words import Token, fold

_ONE_DAY = timedelta(days=1)
_NAMES = (
    "day", "month", "quarter", "half", "to_date", "last_n", "last", "last_weekday", "last_weekend", "this", "ago",
    "today", "yesterday", "year",
)  # fmt: skip
"""The kinds of phrases in `data/periods.toml` that name a stretch of the calendar, in the order they are tried."""
_ISO = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4}"


class Span(NamedTuple):
    """From `start` to before `end`; either may be open. `relative` counts from today, `unit` is the size it was said
    in, a `bare` year may also be meant as a plain number, a `yearless` one is the latest of its name, a `negated`
    one is left out."""

    start: date | None
    end: date | None
    relative: bool = False
    unit: str = ""
    bare: bool = False
    yearless: bool = False
    negated: bool = False


class Every(NamedTuple):
    """A grain to group by; empty for whatever grain fits."""

    grain: Grain | str


def find(tokens: Sequence[Token], grammar: Grammar, today: date) -> list[Spanned]:
    """All periods and grains of a question, the longer ones first where they begin alike."""
    words, places = _line(tokens, grammar)
    found = []
    for maker in _makers(grammar.language):
        for match in maker.pattern.finditer(words):
            value = maker.make(match, today)
            start, end = places.get(match.start()), _ending(places, match.end())
            if value is not None and start is not None:
                found.append(Spanned(start, end, value))
    for pattern, mean in weekdays.patterns(grammar.language):
        for match in pattern.finditer(words):
            if (start := places.get(match.start())) is not None:
                found.append(Spanned(start, _ending(places, match.end()), mean(match)))
    return _listed(found, words, {number: place for place, number in places.items()}, grammar.language, today)


def _listed(found: list[Spanned], words: str, places: dict[int, int], language: str, today: date) -> list[Spanned]:
    """The periods with those that follow them in a list, which need no small word: `in 2024 and 2025`. `In March and
    April 2024` means March of that year."""
    point, joiner = _point_pattern(language, named=False), data("periods")[language]["listing"]
    follows = re.compile(rf"(?:, )?(?:(?:{joiner}) )?(?P<point>{point})(?= )")
    ends = {place: number for number, place in places.items()}
    years: dict[tuple[int, int], int] = {}
    pairs = []
    for one in found:  # grows by what follows, so that lists may have any length
        match = follows.match(words, places[one.end]) if _closed(one.value) else None
        value = _point(match.group("point"), language, today) if match else None
        if match is None or value is None or match.start() == match.start("point"):
            continue
        more = Spanned(ends[match.start("point")], _ending(ends, match.end()), value)
        pairs.append((one, more))
        if more not in found:
            found.append(more)
    for one, more in reversed(pairs):
        year = years.get((more.start, more.end)) or (0 if more.value.relative else more.value.start.year)
        if year and one.value.yearless and one.value.unit == more.value.unit:
            years[one.start, one.end] = year
    return [_in_year(one, years.get((one.start, one.end), 0)) for one in found]


def _closed(value: Span | Every | Weekdays) -> bool:
    return isinstance(value, Span) and value.start is not None and value.end is not None


def _in_year(one: Spanned, year: int) -> Spanned:
    said = year and isinstance(one.value, Span) and one.value.yearless
    return one._replace(value=in_year(one.value, year)) if said else one


def in_year(span: Span, year: int) -> Span:
    """A span without a year of its own in a given one; itself where that year has no such day."""
    assert span.start is not None
    with suppress(ValueError):
        return _of_unit(span.start.replace(year=year), span.unit)
    return span


def _line(tokens: Sequence[Token], grammar: Grammar) -> tuple[str, dict[int, int]]:
    """The question as one line of words, and the token that begins at each place of it."""
    line = ""
    places: dict[int, int] = {}
    unfolded: dict[str, str] = data("periods")[grammar.language]["unfolded"]
    for number, token in enumerate(tokens):
        word = token.norm if token.kind == "date" else grammar.word(token)
        if token.kind == "quoted" or (token.kind == "mark" and word != ","):
            word = "\x00"
        if token.kind == "number" and token.value is not None and token.value == int(token.value):
            word = str(int(token.value))
        word = unfolded.get(token.norm, word)
        if word in grammar.articles and word != "a":
            places.setdefault(len(line), number)
            continue
        places[len(line)] = number
        line += word + " "
    places[len(line)] = len(tokens)
    return line, places


def _ending(places: dict[int, int], end: int) -> int:
    return next(number for place, number in sorted(places.items()) if place >= end)


class _Maker(NamedTuple):
    pattern: re.Pattern[str]
    make: Callable[[re.Match[str], date], Any]


@cache
def _makers(language: str) -> tuple[_Maker, ...]:
    entry = data("periods")[language]
    point = _point_pattern(language, named=False)
    makers = [_Maker(re.compile(rf"\b(?:{pattern})(?= )"), _grain(grain)) for grain, pattern in entry["every"].items()]
    makers.append(_Maker(re.compile(rf"\b(?:{entry['over_time']})(?= )"), _grain("")))
    for edge in ("since", "until", "before", "after", "within"):
        first = "|".join(entry[edge])
        makers.append(_Maker(re.compile(rf"\b(?:{first}) (?P<point>{point})(?= )"), _edged(language, edge)))
    onwards = "|".join(entry["since_after"])
    makers.append(_Maker(re.compile(rf"\b(?:\S+ )?(?P<point>{point}) (?:{onwards})(?= )"), _edged(language, "since")))
    between, and_ = "|".join(entry["between"]), "|".join(entry["and"])
    makers.append(
        _Maker(re.compile(rf"\b(?:{between}) (?P<point>{point}) (?:{and_}) (?P<other>{point})(?= )"), _range(language))
    )
    makers.append(_Maker(re.compile(rf"\b(?P<point>{_relative_pattern(language)})(?= )"), _edged(language, "within")))
    return tuple(makers)


def _grain(grain: str) -> Callable[[re.Match[str], date], Every]:
    return lambda match, today: Every(grain)


def _edged(language: str, edge: str) -> Callable[[re.Match[str], date], Span | None]:
    def make(match: re.Match[str], today: date) -> Span | None:
        point = _point(match.group("point"), language, today)
        if point is None:
            return None
        if edge == "since":
            return point._replace(end=None, bare=False)
        if edge == "until":
            return point._replace(start=None, bare=False)
        if edge == "before":
            return Span(None, point.start, point.relative, point.unit)
        if edge == "after":
            return Span(point.end, None, point.relative, point.unit)
        return point

    return make


def _range(language: str) -> Callable[[re.Match[str], date], Span | None]:
    def make(match: re.Match[str], today: date) -> Span | None:
        last = _point(match.group("other"), language, today)
        if last is None or last.start is None:
            return None
        first = _point(match.group("point"), language, last.start if not _has_year(match.group("point")) else today)
        if first is None or first.start is None or last.end is None or first.start >= last.end:
            return None
        return Span(first.start, last.end, first.relative or last.relative, last.unit)

    return make


def _has_year(text: str) -> bool:
    return re.search(r"\d{4}", text) is not None


@cache
def _point_pattern(language: str, *, named: bool) -> str:
    """One alternation of everything that names a stretch of the calendar."""
    patterns = [pattern for name in _NAMES for pattern in _patterns(language, name)]
    joined = "|".join([_ISO, *patterns])
    return joined if named else re.sub(r"\(\?P<\w+>", "(?:", joined)


@cache
def _relative_pattern(language: str) -> str:
    """What needs no small word before it; a bare year does, and a month that is another word as well."""
    names = (name for name in _NAMES if name not in ("month", "year"))
    patterns = [pattern for name in names for pattern in _patterns(language, name)]
    patterns += [pattern for pattern in _patterns(language, "month") if "<year>" in pattern]
    patterns += [pattern for pattern in _patterns(language, "year") if "ano" in pattern or "year|" in pattern]
    return re.sub(r"\(\?P<\w+>", "(?:", "|".join([_ISO, *patterns]))


@cache
def _patterns(language: str, name: str) -> tuple[str, ...]:
    entry = data("periods")[language]
    months = "|".join(sorted(_months(), key=len, reverse=True))
    units = "|".join(sorted(entry["units"], key=len, reverse=True))
    days = "|".join(sorted(weekdays.numbers(language), key=len, reverse=True))
    return tuple(
        pattern.replace("{weekday}", days)
        .replace("{month}", months)
        .replace("{unit}", units)
        .replace("{year}", r"(?:19|20)\d\d")
        for pattern in entry[name]
    )


@cache
def _compiled(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern)) for name in _NAMES for pattern in _patterns(language, name))


def _point(text: str, language: str, today: date) -> Span | None:
    """The stretch of the calendar that a phrase names."""
    if re.fullmatch(_ISO, text):
        return _written(text, language)
    for name, pattern in _compiled(language):
        match = pattern.fullmatch(text)
        if match:
            try:
                return _MEANINGS[name](match.groupdict(), today, language)
            except ValueError:
                return None
    return None


def _written(text: str, language: str) -> Span | None:
    parts = [int(part) for part in re.split(r"[-/]", text)]
    try:
        if len(parts) == 2:
            return _of_unit(date(parts[1], parts[0], 1), "month")
        year, month, day = parts if parts[0] > 31 else (parts[2], parts[1], parts[0])
        if parts[0] <= 31 and language == "en":
            year, month, day = parts[2], parts[0], parts[1]
        return _of_unit(date(year, month, day), "day")
    except ValueError:
        return None


def _of_unit(day: date, unit: str, *, relative: bool = False) -> Span:
    start = floor(day, unit)
    return Span(start, move(start, unit, 1), relative, unit)


def floor(day: date, unit: str) -> date:
    """The first day of the year, quarter, month or week that a day is in."""
    if unit == "year":
        return day.replace(month=1, day=1)
    if unit == "quarter":
        return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    if unit == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def move(day: date, unit: str, count: int) -> date:
    """A first day moved by whole units."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * {"year": 12, "quarter": 3, "month": 1}[unit]
    return date(months // 12, months % 12 + 1, 1)


Groups = dict[str, Any]


def _unit(groups: Groups, language: str) -> str:
    entry = data("periods")[language]
    if groups.get("short"):
        return str(entry["shorts"][groups["short"]])
    return str(entry["units"][groups["unit"]])


def _month(groups: Groups, today: date, language: str) -> Span:
    number = _months()[groups["month"]]
    if groups.get("year"):
        return _of_unit(date(int(groups["year"]), number, 1), "month")
    year = today.year if number <= today.month else today.year - 1
    return _of_unit(date(year, number, 1), "month", relative=True)._replace(yearless=True)


def _day(groups: Groups, today: date, language: str) -> Span:
    number, day = _months()[groups["month"]], int(groups["day"])
    if groups.get("year"):
        return _of_unit(date(int(groups["year"]), number, day), "day")
    this = date(today.year, number, day)
    latest = this if this <= today else date(today.year - 1, number, day)
    return _of_unit(latest, "day", relative=True)._replace(yearless=True)


def _quarter(groups: Groups, today: date, language: str) -> Span:
    ordinals = data("periods")[language]["ordinals"]
    number = int(groups["quarter"]) if groups.get("quarter") else int(ordinals[groups["ordinal"]])
    if groups.get("year"):
        return _of_unit(date(int(groups["year"]), 3 * number - 2, 1), "quarter")
    this = date(today.year, 3 * number - 2, 1)
    latest = this if this <= today else date(today.year - 1, 3 * number - 2, 1)
    return _of_unit(latest, "quarter", relative=True)._replace(yearless=True)


def _half(groups: Groups, today: date, language: str) -> Span:
    number = int(data("periods")[language]["ordinals"][groups["ordinal"]])
    year = int(groups["year"])
    start = date(year, 6 * number - 5, 1)
    return Span(start, date(year + 1, 1, 1) if number == 2 else date(year, 7, 1), unit="month")


def _to_date(groups: Groups, today: date, language: str) -> Span:
    unit = _unit(groups, language)
    return Span(floor(today, unit), today + _ONE_DAY, True, unit)


def _last_n(groups: Groups, today: date, language: str) -> Span:
    unit, count = _unit(groups, language), int(groups["n"])
    if unit == "day":
        return Span(today - timedelta(days=count - 1), today + _ONE_DAY, True, unit)
    end = floor(today, unit)
    return Span(move(end, unit, -count), end, True, unit)


def _last(groups: Groups, today: date, language: str) -> Span:
    return _of_unit(
        move(floor(today, _unit(groups, language)), _unit(groups, language), -1), _unit(groups, language), relative=True
    )


def _last_weekday(groups: Groups, today: date, language: str) -> Span:
    """The latest such day before today."""
    back = (today.isoweekday() - weekdays.numbers(language)[groups["weekday"]] - 1) % 7 + 1
    return _of_unit(today - timedelta(days=back), "day", relative=True)


def _last_weekend(groups: Groups, today: date, language: str) -> Span:
    monday = floor(today, "week")
    return Span(monday - timedelta(days=2), monday, True, "day")


def _this(groups: Groups, today: date, language: str) -> Span:
    return _of_unit(today, _unit(groups, language), relative=True)


def _ago(groups: Groups, today: date, language: str) -> Span:
    unit = _unit(groups, language)
    return _of_unit(move(floor(today, unit), unit, -int(groups["n"])), unit, relative=True)


_MEANINGS: dict[str, Callable[[Groups, date, str], Span]] = {
    "day": _day,
    "month": _month,
    "quarter": _quarter,
    "half": _half,
    "to_date": _to_date,
    "last_n": _last_n,
    "last": _last,
    "last_weekday": _last_weekday,
    "last_weekend": _last_weekend,
    "this": _this,
    "ago": _ago,
    "today": lambda groups, today, language: _of_unit(today, "day", relative=True),
    "yesterday": lambda groups, today, language: _of_unit(today - _ONE_DAY, "day", relative=True),
    "year": lambda groups, today, language: _of_unit(date(int(groups["year"]), 1, 1), "year")._replace(bare=True),
}


@cache
def _months() -> dict[str, int]:
    """Month names of both languages, whole and short, but for `mar`, which is the sea."""
    names: dict[str, int] = {}
    for number in range(1, 13):
        for locale in locales.LOCALES:
            for style in ("LLLL", "LLL"):
                names[fold(locales.day(date(2000, number, 15), locale, style=style)).rstrip(".")] = number
    return {name: number for name, number in names.items() if name != "mar"}
