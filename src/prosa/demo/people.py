"""Customers: who they are and on which day they sign up."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib import resources
from random import Random
from typing import Any, NamedTuple

from prosa.demo.chain import Store

EARLIER = 900
"""Customers from before the first day, so that trade does not begin with nobody."""

SEGMENTS = ("individual", "office", "restaurant")
SEGMENT_WEIGHTS = (86, 9, 5)


class Customer(NamedTuple):
    id: int
    name: str
    email: str | None
    city: str
    country: str
    birthday: date | None
    segment: str
    is_member: bool
    signed_up_on: date


@cache
def names() -> dict[str, Any]:
    """The lists of `people.toml`, split."""
    raw = tomllib.loads(resources.files(__package__).joinpath("people.toml").read_text("utf-8"))
    comments = raw.pop("comments")
    lists = {
        country: {kind: tuple(text.split(", ")) for kind, text in row.items()} for country, row in raw.items()
    }  # fmt: skip
    return {"comments": comments, **lists}


def sign_up(number: int, store: Store, day: date, rng: Random) -> Customer:
    """A new customer of a store."""
    lists = names()[store.country]
    name = _name(lists, store.country, rng)
    at_home = rng.random() < 0.9
    return Customer(
        id=number,
        name=name,
        email=_email(name, number) if rng.random() < 0.85 else None,
        city=store.city if at_home else rng.choice(lists["near"]),
        country=store.country,
        birthday=date(1946, 1, 1) + timedelta(days=rng.randrange(22_000)) if rng.random() < 0.68 else None,
        segment=rng.choices(SEGMENTS, SEGMENT_WEIGHTS)[0],
        is_member=rng.random() < 0.42,
        signed_up_on=day,
    )


def earlier(stores: list[Store], first_day: date, rng: Random) -> Iterator[tuple[Customer, Store]]:
    """The customers that the chain's older stores had before the first day, oldest first."""
    chosen = rng.choices(stores, [store.weight for store in stores], k=EARLIER)
    days = sorted(
        (store.opened + timedelta(days=rng.randrange((first_day - store.opened).days)), store) for store in chosen
    )
    for number, (day, store) in enumerate(days, 1):
        yield sign_up(number, store, day, rng), store


def _name(lists: dict[str, tuple[str, ...]], country: str, rng: Random) -> str:
    parts = [rng.choice(lists["first"]), rng.choice(lists["last"])]
    if country in ("Brazil", "Portugal", "Spain"):
        parts.insert(1, rng.choice(lists["last"]))
        if parts[1] == parts[2]:
            parts[1] = "da" if country != "Spain" else "de"
    return " ".join(parts)


def _email(name: str, number: int) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold().replace(" ", "."))
    plain = "".join(letter for letter in letters if letter.isascii() and (letter.isalnum() or letter == "."))
    return f"{plain}{number}@example.com"
