"""Every user-facing sentence, in English and Brazilian Portuguese, and the two languages' numbers and dates.

A key is `file.name`: `errors.time_limit` stands in `<locale>/errors.toml` as `time_limit`. A message that counts has a
`name` for many and a `name_one` for one; `text(…, count=n)` chooses. Babel is imported only where a number or a date
is formatted.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

EN = "en"
PT = "pt-BR"
LOCALES = (EN, PT)

_MISSING = object()


@cache
def messages(locale: str, file: str) -> dict[str, str]:
    """All messages of one file of one locale."""
    path = resources.files(__name__).joinpath(locale, f"{file}.toml")
    return tomllib.loads(path.read_text("utf-8"))


def text(key: str, locale: str = EN, /, default: Any = _MISSING, **values: Any) -> str:
    """The message under `key`, its `{names}` filled from `values`. KeyError when there is none and no `default`."""
    file, _, name = key.partition(".")
    table = messages(normalise(locale), file)
    if values.get("count") == 1 and f"{name}_one" in table:
        name += "_one"
    found = table.get(name, default)
    if found is _MISSING:
        raise KeyError(key)
    return str(found).format_map(values) if values else str(found)


@cache
def normalise(tag: str | None) -> str:
    """The supported locale nearest to a language tag: every Portuguese is pt-BR, everything else English."""
    return PT if (tag or "").lower().replace("_", "-").split("-")[0] == "pt" else EN


def negotiate(accept_language: str | None) -> str:
    """The locale for an `Accept-Language` header (RFC 9110 12.5.4), by quality, then by order."""
    wishes: list[tuple[float, int, str]] = []
    for place, item in enumerate((accept_language or "").split(",")):
        tag, _, quality = item.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        if tag[:2].lower() in ("en", "pt") and weight > 0:
            wishes.append((-weight, place, tag))
    return normalise(min(wishes)[2]) if wishes else EN


def number(value: Any, locale: str = EN, *, places: int | None = None) -> str:
    """A number as people of the locale write it: at most `places` decimals, 2 unless told; big ones grouped."""
    from babel.numbers import format_decimal

    digits = 2 if places is None else places
    pattern = "#,##0." + "#" * digits if places is None else "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=_babel(locale))


def percent(fraction: Any, locale: str = EN, *, places: int = 1) -> str:
    """A share of 1 as a percentage with at most `places` decimals."""
    from babel.numbers import format_percent

    return format_percent(fraction, format="#,##0." + "#" * places + "%", locale=_babel(locale))


def day(value: date, locale: str = EN, *, style: str = "medium") -> str:
    """A calendar date, as Babel's `style` (short, medium, long, full) or pattern writes it."""
    from babel.dates import format_date

    return format_date(value, format=style, locale=_babel(locale))


def _babel(locale: str) -> str:
    return normalise(locale).replace("-", "_")
