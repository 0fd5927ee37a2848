"""Trade, day by day: orders, their lines, and what comes back."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple

from prosa.demo.chain import DAY, Chain, Product, Store, is_sale
from prosa.demo.people import Customer, earlier, names, sign_up


class Order(NamedTuple):
    """An order; `second` counts from midnight in the store's own time, `total` is in centavos."""

    id: int
    day: date
    second: int
    store: int
    customer: int | None
    channel: str
    payment: str
    status: str
    is_gift: bool
    total: int
    comment: str | None


class Line(NamedTuple):
    """One line of an order; money in centavos, `amount` after the discount."""

    id: int
    order: int
    product: int
    quantity: int
    price: int
    discount: int
    amount: int


class Return(NamedTuple):
    """What came back of a line; `refund` is in centavos."""

    day: date
    line: int
    quantity: int
    refund: int
    reason: str | None


class Books(NamedTuple):
    """All rows that trade leaves behind, oldest first."""

    customers: list[Customer]
    orders: list[Order]
    lines: list[Line]
    returns: list[Return]


class Odds(NamedTuple):
    """Things to choose from, with running weights."""

    things: tuple[Any, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, weighted: dict[Any, float]) -> Odds:
        return cls(tuple(weighted), tuple(accumulate(weighted.values())))

    def draw(self, rng: Random, count: int) -> list[Any]:
        return rng.choices(self.things, cum_weights=self.weights, k=count)

    def one(self, rng: Random) -> Any:
        return self.things[bisect(self.weights, rng.random() * self.weights[-1])]


def trade(chain: Chain, today: date) -> Books:
    """Every day from the chain's first to `today`. A day's rows depend on that day and those before it alone."""
    counter = Counter(chain)
    day = chain.first_day
    while day <= today:
        counter.open(day)
        day += DAY
    returns = sorted(row for row in counter.books.returns if row.day <= today)
    return counter.books._replace(returns=returns)


class Counter:
    """Where the chain sells: knows the regulars of each store and writes the books."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.books = Books([], [], [], [])
        self._regulars: dict[int, list[Customer]] = defaultdict(list)
        raw = chain.raw
        hours = range(raw["hours"]["from"], raw["hours"]["from"] + len(raw["hours"]["weights"]))
        self._hours = Odds.of(dict(zip(hours, raw["hours"]["weights"], strict=True)))
        self._payments = {country: Odds.of(odds) for country, odds in raw["payments"].items()}
        self._status = {channel: Odds.of(odds) for channel, odds in raw["status"].items()}
        self._sizes = {channel: Odds.of(dict(enumerate(odds, 1))) for channel, odds in raw["lines"].items()}
        self._quantities = {row.id: Odds.of(dict(enumerate(row.quantity, 1))) for row in chain.categories}
        self._reasons = Odds.of(raw["returns"]["reasons"])
        self._admit_earlier()

    def open(self, day: date) -> None:
        """One day of trade."""
        rng = Random(f"torra {day.isoformat()}")  # noqa: S311 - demo data, not a secret
        expected = {store: self.chain.orders_expected(store, day) for store in self.chain.stores}
        wanted = sum(expected.values()) * (1.4 if is_sale(day) else 1.0)
        stores = Odds.of(expected)
        for store in stores.draw(rng, int(wanted * 0.08 + rng.random())):
            self._admit(sign_up(len(self.books.customers) + 1, store, day, rng), store)
        count = int(wanted * (0.92 + 0.16 * rng.random()))
        self._serve(day, stores.draw(rng, count), rng)

    def _admit_earlier(self) -> None:
        stores = [store for store in self.chain.stores if store.opened < self.chain.first_day]
        rng = Random("torra")  # noqa: S311 - demo data, not a secret
        for customer, store in earlier(stores, self.chain.first_day, rng):
            self._admit(customer, store)

    def _admit(self, customer: Customer, store: Store) -> None:
        self.books.customers.append(customer)
        self._regulars[store.id].append(customer)

    def _serve(self, day: date, stores: list[Store], rng: Random) -> None:
        hours = self._hours.draw(rng, len(stores))
        seconds = sorted(hour * 3600 + int(rng.random() * 3600) for hour in hours)
        channels = _channels(day).draw(rng, len(stores))
        shelves = {channel: self._shelf(channel, day) for channel in ("store", "app", "online")}
        for store, second, channel in zip(stores, seconds, channels, strict=True):
            self._order(day, second, store, channel, shelves[channel], rng)

    def _shelf(self, channel: str, day: date) -> Odds:
        """What a channel sells on a day."""
        weights = self.chain.raw["channel"][channel]
        products = (product for product in self.chain.products if product.sold_on(day))
        return Odds.of({product: product.weight * weights[product.category.department] for product in products})

    def _order(self, day: date, second: int, store: Store, channel: str, shelf: Odds, rng: Random) -> None:
        customer = self._customer(store, channel, rng)
        status = self._status[channel].one(rng)
        number = len(self.books.orders) + 1
        size = self._sizes[channel].one(rng)
        total = 0
        for product in dict.fromkeys(shelf.draw(rng, size)):
            line = self._line(number, product, day, customer, channel, rng)
            total += line.amount
            if status == "completed":
                self._maybe_return(line, product, day, rng)
        payment = (self._payments.get(store.country) or self._payments[""]).one(rng)
        is_gift = channel == "online" and rng.random() < 0.12
        comment = rng.choice(names()["comments"][store.country]) if channel != "store" and rng.random() < 0.11 else None
        who = customer.id if customer else None
        self.books.orders.append(
            Order(number, day, second, store.id, who, channel, payment, status, is_gift, total, comment)
        )  # fmt: skip

    def _customer(self, store: Store, channel: str, rng: Random) -> Customer | None:
        """A regular, the older ones more often; nobody known for many an order at the counter."""
        regulars = self._regulars[store.id]
        if not regulars or (channel == "store" and rng.random() < 0.45):
            return None
        draw = rng.random()
        return regulars[int(draw * draw * len(regulars))]

    def _line(
        self, order: int, product: Product, day: date, customer: Customer | None, channel: str, rng: Random
    ) -> Line:
        quantity = self._quantities[product.category.id].one(rng)
        in_shop = product.category.department == "shop"
        if customer is not None and customer.segment != "individual" and in_shop:
            quantity += 2
        price = product.price_on(day)
        is_members = customer is not None and customer.is_member and channel != "store"
        discount = round(quantity * price * _rebate(in_shop and is_sale(day), is_members, rng))
        number = len(self.books.lines) + 1
        line = Line(number, order, product.id, quantity, price, discount, quantity * price - discount)
        self.books.lines.append(line)
        return line

    def _maybe_return(self, line: Line, product: Product, day: date, rng: Random) -> None:
        share = self.chain.raw["returns"]["share"].get(product.category.name, 0.0)
        if not share or rng.random() >= share:
            return
        draw = rng.random()
        back = day + DAY * (2 + int(draw * draw * 24))
        quantity = rng.randint(1, line.quantity)
        refund = round(line.amount * quantity / line.quantity)
        reason = self._reasons.one(rng) or None
        self.books.returns.append(Return(back, line.id, quantity, refund, reason))


def _rebate(on_sale: bool, is_members: bool, rng: Random) -> float:
    """The share of the price that is let off; now and then some for nobody's sake."""
    if on_sale:
        return 0.2
    if is_members:
        return 0.05
    return 0.1 if rng.random() < 0.03 else 0.0


def _channels(day: date) -> Odds:
    """Every year some of the counter's trade moves to the app, until half of it has."""
    app = min(0.5, 0.14 + 0.04 * (day.year - 2024))
    return Odds.of({"store": 0.88 - app, "app": app, "online": 0.12})


def targets(chain: Chain, today: date) -> Iterator[tuple[Store, date, int]]:
    """Each store's target of a month in centavos, up to the month of `today`, from the month it opens."""
    for store in chain.stores:
        month = max(chain.first_day, store.opened).replace(day=1)
        while month <= today:
            yield store, month, _target(chain, store, month)
            month = (month + 31 * DAY).replace(day=1)


def _target(chain: Chain, store: Store, month: date) -> int:
    days = [day for day in (month + DAY * number for number in range(31)) if day.month == month.month]
    orders = sum(chain.orders_expected(store, day) for day in days)
    reais: float = orders * chain.raw["average_order"] * (1 + 0.05 * (month.year - 2024))
    ambition = 0.96 + 0.14 * Random(f"torra {store.id} {month.isoformat()}").random()  # noqa: S311 - demo data
    return round(reais * ambition / 100) * 10_000
