"""Cells of a table as text: numbers and dates as the locale writes them, nothing that could steer a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from prosa import locales
from prosa.results import NUMERIC, Cell, Column

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_IDENTIFIER = re.compile(r"(^|[ _])(id|key|code|código|codigo|nr|no)$", re.IGNORECASE)
_SMALL, _SMALLER = Decimal(1), Decimal("0.01")


def clean(text: str, *, lines: bool = False) -> str:
    """Untrusted text without anything that a terminal obeys; with `lines`, line ends and tabs stay."""

    def visible(found: re.Match[str]) -> str:
        sign = found[0]
        if lines and sign in "\n\t":
            return sign
        if sign in "\r\n\t":
            return " " if sign != "\r" else ""
        return chr(0x2400 + ord(sign)) if ord(sign) < 0x20 else "\ufffd"

    return _CONTROL.sub(visible, text)


def column_texts(column: Column, cells: Sequence[Cell], locale: str) -> list[str | None]:
    """All cells of a column as text, numbers with the same decimals; None where a cell is missing."""
    if column.type in NUMERIC:
        return _numbers(column, cells, locale)
    return [None if cell is None else _text(column, cell, locale) for cell in cells]


def _numbers(column: Column, cells: Sequence[Cell], locale: str) -> list[str | None]:
    values = [_decimal(cell) for cell in cells]
    if column.format in ("year", "id") or (column.type == "integer" and _IDENTIFIER.search(column.name)):
        return [None if cell is None else clean(str(cell)) for cell in cells]
    if column.format == "percent":
        return [None if value is None else locales.percent(value, locale) for value in values]
    places = decimals([value for value in values if value is not None])
    return [None if value is None else locales.number(value, locale, places=places) for value in values]


def decimals(values: Sequence[Decimal]) -> int:
    """The decimals that numbers shown together need: none for whole ones, more where all are small."""
    if all(value == value.to_integral_value() for value in values):
        return 0
    largest = max(abs(value) for value in values)
    return 2 if largest >= _SMALL else 4 if largest >= _SMALLER else 8


def _decimal(cell: Cell) -> Decimal | None:
    try:
        return None if cell is None else Decimal(str(cell))
    except InvalidOperation:
        return None


def _text(column: Column, cell: Cell, locale: str) -> str:
    if isinstance(cell, bool):
        return locales.text("cli.yes" if cell else "cli.no", locale)
    if isinstance(cell, str):
        return _moment(column, cell, locale) or clean(cell)
    if isinstance(cell, list | dict):
        return clean(json.dumps(cell, ensure_ascii=False))
    return clean(str(cell))


def _moment(column: Column, cell: str, locale: str) -> str:
    """A date or timestamp in ISO 8601 as the locale writes it; empty for everything else."""
    if column.type not in ("date", "timestamp"):
        return ""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return ""
    pattern = locales.text(f"cli.pattern_{column.format}", locale, default="")
    if pattern:
        return locales.day(moment.date(), locale, style=pattern)
    day = _day(moment.date(), locale)
    return day if column.type == "date" else f"{day} {moment.time().isoformat('seconds')}"


def _day(value: date, locale: str) -> str:
    return locales.day(value, locale, style=locales.text("cli.pattern_day", locale))


def period_texts(labels: Sequence[str], locale: str) -> list[str]:
    """Labels of an axis: ISO dates as days, or as months where all are the first of one; other words stay."""
    months = all(label[4:5] == "-" and label[7:10] == "-01" for label in labels)
    column = Column("", "date", "month" if months else "")
    return [_moment(column, label, locale) or label for label in labels]


def value_text(value: Any, locale: str, *, share: bool = False) -> str:
    """One number of a chart."""
    number = _decimal(value)
    if number is None:
        return ""
    if share:
        return locales.percent(number, locale)
    return locales.number(number, locale, places=decimals([number]))
