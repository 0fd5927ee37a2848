"""An answer in sentences, made from a reading and its result. Every number in them stands in the result."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from prosa import locales
from prosa.analysts.base import Say
from prosa.results import NUMERIC, Cell, Column, Result

_FEW = 5
_FOLLOWERS = 2
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "*`[]<>|"})
_TIMES = ("year", "quarter", "month", "week", "day", "weekday")
_MONTHS = {locales.EN: "MMMM y", locales.PT: "MMMM 'de' y"}


class Told(NamedTuple):
    """What the sentences need of a reading: how many columns group and how many measure, whether the groups are parts
    of a whole, whether only the first rows were asked for, and what its rows are."""

    groups: int
    measures: int
    additive: bool
    ranked: bool
    what: str


def tell(told: Told, result: Result, locale: str, say: Say) -> None:
    """Says what a result holds."""
    if not result.total or (not told.groups and told.measures and _empty(result)):
        _tell_nothing(told, result, locale, say)
    elif told.measures and not told.groups:
        _tell_values(result, locale, say)
    elif told.measures:
        _tell_groups(told, result, locale, say)
    else:
        _tell_rows(told, result, locale, say)
    if result.truncated:
        say(locales.text("answers.truncated", locale, n=locales.number(result.total, locale)))


def cell(value: Cell, column: Column, locale: str) -> str:
    """A cell as the locale writes it, harmless in Markdown."""
    if value is None:
        return locales.text("answers.nothing", locale)
    if isinstance(value, bool):
        return str(value).lower()
    if column.format in ("month", "quarter", "week", "day") or column.type in ("date", "timestamp"):
        return _date(value, column, locale)
    if isinstance(value, int | float) and column.format not in ("year", "id"):
        if column.format == "percent":
            return locales.percent(value, locale)
        return locales.number(value, locale, places=2 if column.format == "currency" else None)
    return str(value).translate(_MARKS)


def _date(value: Cell, column: Column, locale: str) -> str:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value).translate(_MARKS)
    if column.format == "month":
        return locales.day(day, locale, style=_MONTHS[locales.normalise(locale)])
    if column.format == "quarter":
        return locales.text("answers.quarter", locale, number=(day.month + 2) // 3, year=day.year)
    return locales.day(day, locale)


def _empty(result: Result) -> bool:
    return all(value is None for value in result.head[0])


def _tell_nothing(told: Told, result: Result, locale: str, say: Say) -> None:
    if result.total and told.measures:
        say(locales.text("answers.no_value", locale, what=result.columns[0].name))
    else:
        say(locales.text("answers.no_rows", locale))


def _tell_values(result: Result, locale: str, say: Say) -> None:
    for value, column in zip(result.head[0], result.columns, strict=True):
        say(locales.text("answers.value", locale, what=column.name, value=cell(value, column, locale)))


def _tell_groups(told: Told, result: Result, locale: str, say: Say) -> None:
    place = told.groups
    column = result.columns[place]
    if column.type not in NUMERIC:
        _tell_rows(told, result, locale, say)
    elif told.groups > 1 and not told.ranked:
        _tell_cross(told, result, locale, say)
    elif result.columns[0].format in _TIMES and told.groups == 1 and not told.ranked:
        _tell_time(told, result, locale, say)
    else:
        _tell_ranking(told, result, locale, say)


def _tell_cross(told: Told, result: Result, locale: str, say: Say) -> None:
    """Groups by two things: how many there are, the highest where all are at hand, and the total."""
    place = told.groups
    column = result.columns[place]
    say(locales.text("answers.groups", locale, n=locales.number(result.total, locale)))
    rows = [row for row in result.head if row[place] is not None]
    if rows and result.total <= len(result.head):
        top = max(rows, key=lambda row: row[place])
        name = _name(top, told, result, locale)
        say(locales.text("answers.highest", locale, name=name, value=cell(top[place], column, locale)))
    if told.additive and not result.truncated:
        say(locales.text("answers.over_time_total", locale, total=cell(result.stats[place].sum, column, locale)))


def _tell_ranking(told: Told, result: Result, locale: str, say: Say) -> None:
    place = told.groups
    column = result.columns[place]
    named = [(_name(row, told, result, locale), row[place]) for row in result.head if row[place] is not None]
    if not named:
        say(locales.text("answers.no_rows", locale))
        return
    name, value = named[0]
    values = {"name": name, "value": cell(value, column, locale)}
    total = result.stats[place].sum
    if (
        told.additive
        and not told.ranked
        and result.total > 1
        and isinstance(total, int | float)
        and _parts(result, place)
    ):
        share, whole = locales.percent(value / total, locale), cell(total, column, locale)
        say(locales.text("answers.leads_share", locale, share=share, total=whole, **values))
    else:
        say(locales.text("answers.leads", locale, **values))
    _tell_followers(named[1 : 1 + _FOLLOWERS], column, locale, say)
    if result.total > 1 + _FOLLOWERS and not told.ranked:
        say(locales.text("answers.groups", locale, n=locales.number(result.total, locale)))


def _tell_followers(named: list[tuple[str, Cell]], column: Column, locale: str, say: Say) -> None:
    if named:
        items = [
            locales.text("answers.named_value", locale, name=name, value=cell(value, column, locale))
            for name, value in named
        ]  # fmt: skip
        names = locales.text("reading.and", locale).join(items)
        say(locales.text("answers.then", locale, count=len(items), names=names))


def _parts(result: Result, place: int) -> bool:
    """Whether the numbers are parts of their sum: none below zero, and some sum to be part of."""
    figures = result.stats[place]
    return isinstance(figures.min, int | float) and figures.min >= 0 and bool(figures.sum) and not result.truncated


def _tell_time(told: Told, result: Result, locale: str, say: Say) -> None:
    when, column = result.columns[0], result.columns[1]
    rows = [row for row in result.head if row[1] is not None and row[0] is not None]
    if len(rows) < 2 or result.total > len(result.head):
        _tell_ranking(told, result, locale, say)
        return
    top, bottom = max(rows, key=lambda row: row[1]), min(rows, key=lambda row: row[1])
    say(
        locales.text(
            "answers.over_time",
            locale,
            first=cell(rows[0][0], when, locale),
            last=cell(rows[-1][0], when, locale),
            top=cell(top[1], column, locale),
            top_name=cell(top[0], when, locale),
            bottom=cell(bottom[1], column, locale),
            bottom_name=cell(bottom[0], when, locale),
        )
    )
    if told.additive:
        say(locales.text("answers.over_time_total", locale, total=cell(result.stats[1].sum, column, locale)))


def _name(row: tuple[Cell, ...], told: Told, result: Result, locale: str) -> str:
    return ", ".join(cell(row[place], result.columns[place], locale) for place in range(told.groups))


def _tell_rows(told: Told, result: Result, locale: str, say: Say) -> None:
    names = [_row(row, result, locale) for row in result.head[:_FEW]]
    n = locales.number(result.total, locale)
    if result.total == 1:
        say(locales.text("answers.listed", locale, count=1, value=names[0]))
    elif result.total <= _FEW:
        say(locales.text("answers.listed_few", locale, n=n, values="; ".join(names)))
    elif told.what:
        say(locales.text("answers.listed_what", locale, n=n, what=told.what))
    else:
        say(locales.text("answers.listed", locale, n=n))


def _row(row: tuple[Cell, ...], result: Result, locale: str) -> str:
    shown = [cell(value, column, locale) for value, column in zip(row, result.columns, strict=True)]
    return ", ".join(shown[:3])
