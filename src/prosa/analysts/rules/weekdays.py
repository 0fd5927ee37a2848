"""Days of the week in a question: `on mondays`, `às segundas-feiras`, `nos fins de semana`, `de segunda a sexta`.

The names are data, in `data/periods.toml`; the days are numbered from 1, which is Monday (ISO 8601).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from prosa.analysts.rules.data import data

DAYS = range(1, 8)


class Weekdays(NamedTuple):
    """Only these days of the week, or any but them."""

    days: tuple[int, ...]
    negated: bool = False


Make = Callable[[re.Match[str]], Weekdays]


@cache
def patterns(language: str) -> tuple[tuple[re.Pattern[str], Make], ...]:
    """What names days of the week in a line of folded words, and which days each match means."""
    entry = data("periods")[language]["weekday"]
    sure, short = _choices([*entry["names"]]), _choices([*entry["names"], *entry["short"]])
    before, joined, ends = entry["before"], entry["joined"], entry["ends"]
    small = before.removesuffix("?")
    listed = rf"(?:{sure})(?: {joined} (?:{short}))*"
    found: list[tuple[str, Make]] = [
        (rf"{before}{listed}", _listed(language)),
        (rf"{small}{_choices([*entry['short']])}(?: {joined} (?:{short}))*(?= (?:{ends})| $)", _listed(language)),
    ]
    first, last = (f"(?P<{edge}>{_short(language)})" for edge in ("first", "last"))
    found.append((rf"{before}{first} (?:(?:{entry['to']}) )?{last}", _range(language)))
    found.append((rf"(?:{entry['between']}) {first} (?:{entry['and']}) {last}", _range(language)))
    found += [(rf"{before}(?:{words})", _same(days)) for words, days in _groups(language)]
    return tuple((re.compile(rf"\b(?:{pattern})(?= )"), make) for pattern, make in found)


def _groups(language: str) -> list[tuple[str, tuple[int, ...]]]:
    entry = data("periods")[language]["weekday"]
    return [(entry["weekend"], (6, 7)), (entry["working"], (1, 2, 3, 4, 5))]


def _choices(words: list[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


def _short(language: str) -> str:
    entry = data("periods")[language]["weekday"]
    return _choices([*entry["names"], *entry["short"], *entry["shortest"]])


@cache
def numbers(language: str) -> dict[str, int]:
    """Every name of a day, with its number."""
    entry = data("periods")[language]["weekday"]
    return {**entry["names"], **entry["short"], **entry["shortest"]}


def _listed(language: str) -> Make:
    def make(match: re.Match[str]) -> Weekdays:
        names = re.findall(rf"\b{_choices([*numbers(language)])}\b", match.group())
        return Weekdays(tuple(sorted({numbers(language)[name] for name in names})))

    return make


def _range(language: str) -> Make:
    def make(match: re.Match[str]) -> Weekdays:
        first, last = (numbers(language)[match.group(name)] for name in ("first", "last"))
        length = (last - first) % 7 + 1
        return Weekdays(tuple(sorted((first - 1 + step) % 7 + 1 for step in range(length))))

    return make


def _same(days: tuple[int, ...]) -> Make:
    return lambda match: Weekdays(days)
