"""The numbers in a sentence: plain, grouped, percentages, dates, years and number words, English and Portuguese."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Literal

import msgspec

from prosa import locales

Kind = Literal["number", "percent", "day", "month", "year"]

_WORDS: dict[str, str] = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "pt-BR": "dois três quatro cinco seis sete oito nove dez onze doze",
}
WORDS = {locale: {word: number for number, word in enumerate(words.split(), 2)} for locale, words in _WORDS.items()}
WORDS["pt-BR"]["duas"] = 2
SCALES: dict[str, dict[str, float]] = {
    "en": {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "trillion": 1e12},
    "pt-BR": {
        "mil": 1e3, "mi": 1e6, "milhão": 1e6, "milhões": 1e6, "bi": 1e9, "bilhão": 1e9, "bilhões": 1e9,
        "trilhão": 1e12, "trilhões": 1e12,
    },
}  # fmt: skip

_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d{2})(?:-(\d{2}))?(?![\w-])")
_SLASHED = re.compile(r"(?<![\w/])(?:(\d{1,2})/)?(\d{1,2})/(\d{4})(?![\w/])")
_DIGITS = {
    "en": re.compile(r"(?<![\w.,])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d])"),
    "pt-BR": re.compile(r"(?<![\w.,])[-−]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?(?![\d])"),
}
_YEAR = re.compile(r"\d{4}")
"""Stands in every date, however it is written."""
_AFTER = re.compile(r"\s?(%|[A-Za-zÀ-ÿ]+)")
_ORDINAL = re.compile(r"(st|nd|rd|th|º|ª|o|a)\b")


class Found(msgspec.Struct, frozen=True):
    """A number at `sentence[start:end]`. `slack` is half a unit of its last digit; `first` is the first day of a date,
    a month or a year."""

    start: int
    end: int
    kind: Kind
    value: float = 0.0
    slack: float = 0.0
    first: date | None = None


def find(sentence: str, locale: str) -> list[Found]:
    """All numbers of a sentence, from left to right, none inside another."""
    locale = locales.normalise(locale)
    taken: list[Found] = []
    for found in [*_dates(sentence, locale), *_numbers(sentence, locale), *_words(sentence, locale)]:
        if all(found.end <= other.start or found.start >= other.end for other in taken):
            taken.append(found)
    return sorted(taken, key=lambda found: found.start)


def _dates(sentence: str, locale: str) -> list[Found]:
    if not _YEAR.search(sentence):
        return []
    found = [_day(match, *match.group(1, 2, 3)) for match in _ISO.finditer(sentence)]
    for match in _SLASHED.finditer(sentence):
        first, second, year = match.group(1, 2, 3)
        month, day = (first, second) if locale == "en" and first else (second, first)
        found.append(_day(match, year, month, day))
    for match in _written().finditer(sentence):
        groups = match.groupdict()
        name = (groups["m1"] or groups["m2"] or groups["m3"]).casefold().rstrip(".")
        year = groups["y1"] or groups["y2"] or groups["y3"]
        found.append(_day(match, year, str(_months()[name]), groups["d1"] or groups["d2"]))
    return [one for one in found if one is not None]


def _day(match: re.Match[str], year: str, month: str, day: str | None) -> Found | None:
    try:
        first = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return Found(match.start(), match.end(), "day" if day else "month", first=first)


def _numbers(sentence: str, locale: str) -> list[Found]:
    found = []
    for match in _DIGITS[locale].finditer(sentence):
        if _ORDINAL.match(sentence, match.end()):
            continue
        after = _AFTER.match(sentence, match.end())
        found.append(_number(match, after, locale))
    return found


def _number(match: re.Match[str], after: re.Match[str] | None, locale: str) -> Found:
    text = match.group()
    value, places = parse(text, locale)
    slack = 0.5 * 10.0**-places
    word = after.group(1) if after else ""
    if after and word == "%":
        return Found(match.start(), after.end(), "percent", value, slack)
    scale = SCALES[locale].get(word.casefold())
    if after and scale:
        return Found(match.start(), after.end(), "number", value * scale, slack * scale)
    if len(text) == 4 and text.isdigit() and 1500 <= value <= 2200:
        return Found(match.start(), match.end(), "year", value, slack, date(int(text), 1, 1))
    return Found(match.start(), match.end(), "number", value, slack)


def parse(text: str, locale: str) -> tuple[float, int]:
    """A written number's value and how many decimals it has."""
    group, point = (",", ".") if locales.normalise(locale) == "en" else (".", ",")
    plain = text.replace("−", "-").replace(group, "").replace(point, ".")
    return float(plain), len(plain.partition(".")[2])


def _words(sentence: str, locale: str) -> list[Found]:
    words = WORDS[locale]
    return [
        Found(match.start(), match.end(), "number", words[match.group().casefold()], 0.0)
        for match in re.finditer(r"[^\W\d_]+", sentence)
        if match.group().casefold() in words
    ]


@cache
def _months() -> dict[str, int]:
    """Month names of both languages, whole and short, without their dots."""
    names = {}
    for month in range(1, 13):
        middle = date(2000, 1, 15) + timedelta(days=30.44 * (month - 1))
        for locale in locales.LOCALES:
            for style in ("MMMM", "MMM"):
                names[locales.day(middle, locale, style=style).casefold().rstrip(".")] = month
    return names


@cache
def _written() -> re.Pattern[str]:
    month = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return re.compile(
        rf"(?P<m1>\b(?:{month})\b\.?) (?P<d1>\d{{1,2}}), (?P<y1>\d{{4}})\b"
        rf"|(?P<d2>\b\d{{1,2}})º? (?:de )?(?P<m2>(?:{month})\b\.?) (?:de )?(?P<y2>\d{{4}})\b"
        rf"|(?P<m3>\b(?:{month})\b\.?) (?:de )?(?P<y3>\d{{4}})\b",
        re.IGNORECASE,
    )
