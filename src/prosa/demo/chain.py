"""The chain as values: stores, products and categories, read from `chain.toml`, and how many orders a day brings."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

DAY = timedelta(days=1)
RAMP_DAYS = 90
"""A new store starts at half of its trade and has all of it after so many days."""


class Store(NamedTuple):
    id: int
    name: str
    city: str
    country: str
    type: str
    opened: date
    square_metres: int
    terrace: bool
    weight: float


class Category(NamedTuple):
    id: int
    name: str
    department: str
    quantity: tuple[int, ...]


class Product(NamedTuple):
    """Something sold. `price` and `cost` are in centavos as of 2024; `weight` is how often it is chosen."""

    id: int
    name: str
    category: Category
    price: int
    cost: int
    grams: int
    organic: bool
    launched: date
    discontinued: date | None
    weight: float

    def sold_on(self, day: date) -> bool:
        return self.launched <= day and (self.discontinued is None or day <= self.discontinued)

    def price_on(self, day: date) -> int:
        """The list price in centavos: five percent more each January, in steps of 10 centavos."""
        return round(self.price * (1 + 0.05 * (day.year - 2024)) / 10) * 10


class Chain(NamedTuple):
    """Everything of `chain.toml`; `raw` holds the tables that are used as they stand."""

    first_day: date
    stores: tuple[Store, ...]
    categories: tuple[Category, ...]
    products: tuple[Product, ...]
    raw: dict[str, Any]

    def orders_expected(self, store: Store, day: date) -> float:
        """How many orders a store gets on a day, on average; 0 before it opens."""
        if day < store.opened:
            return 0.0
        raw = self.raw
        half = "south" if store.country == "Brazil" else "north"
        season: float = raw["season"][half][day.month - 1] * raw["weekday"][store.type][day.weekday()]
        growth: float = 1 + raw["growth_a_year"] * ((day - self.first_day).days / 365)
        ramp = 0.5 + 0.5 * min(1.0, (day - store.opened).days / RAMP_DAYS)
        holiday: float = raw["holidays"].get(f"{day:%m-%d}", 1.0)
        return self._orders_a_day(store) * season * growth * ramp * holiday

    def _orders_a_day(self, store: Store) -> float:
        old = sum(other.weight for other in self.stores if other.opened < self.first_day)
        return float(self.raw["orders_a_day"]) * store.weight / old


@cache
def chain() -> Chain:
    """The one chain that there is."""
    raw = tomllib.loads(resources.files(__package__).joinpath("chain.toml").read_text("utf-8"))
    categories = tuple(
        Category(number, name, row["department"], tuple(row["quantity"]))
        for number, (name, row) in enumerate(raw["category"].items(), 1)
    )
    named = {category.name: category for category in categories}
    products = tuple(_product(number, row, named) for number, row in enumerate(raw["products"]["rows"], 1))
    stores = tuple(Store(number, *row) for number, row in enumerate(raw["stores"]["rows"], 1))
    return Chain(raw["first_day"], stores, categories, products, raw)


def _product(number: int, row: list[Any], categories: dict[str, Category]) -> Product:
    name, category, price, cost, grams, organic, launched, discontinued, weight = row
    cents = (round(price * 100), round(cost * 100))
    ends = discontinued or None
    return Product(number, name, categories[category], *cents, grams, organic, launched, ends, weight)


def is_sale(day: date) -> bool:
    """Whether the shop's shelves are on sale: from Black Friday, after November's fourth Thursday, to Monday."""
    first = date(day.year, 11, 1)
    friday = first + DAY * ((3 - first.weekday()) % 7 + 22)
    return friday <= day <= friday + 3 * DAY
