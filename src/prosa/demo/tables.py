"""The demo's tables as Arrow: which columns there are, of which types, and from what they are filled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from prosa.demo.chain import Chain
from prosa.demo.trade import Books, targets

_TYPES: dict[str, pa.DataType] = {
    "id": pa.int32(),
    "count": pa.int32(),
    "text": pa.string(),
    "flag": pa.bool_(),
    "date": pa.date32(),
    "moment": pa.timestamp("s"),
    "money": pa.decimal128(12, 2),
}

_EPOCH = date(1970, 1, 1).toordinal()

Filling = Callable[[Chain, Books, date], Iterable[Sequence[Any]]]


def tables(chain: Chain, books: Books, today: date) -> dict[str, pa.Table]:
    """Every table by its name."""
    return {name: _table(kinds, list(filling(chain, books, today))) for name, (kinds, filling) in _TABLES.items()}


def _table(kinds: str, rows: list[Sequence[Any]]) -> pa.Table:
    names, types = zip(*(word.split(":") for word in kinds.split()), strict=True)
    columns = zip(*rows, strict=True)
    return pa.table({name: _array(kind, column) for name, kind, column in zip(names, types, columns, strict=True)})


def _array(kind: str, values: Sequence[Any]) -> pa.Array:
    if kind != "money":
        return pa.array(values, _TYPES[kind])
    cents = pa.array(values, pa.int64()).cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(pa.decimal128(19, 2), len(cents), cents.buffers()).cast(_TYPES["money"])


def _stores(chain: Chain, books: Books, today: date) -> Iterable[Sequence[Any]]:
    return [store[:-1] for store in chain.stores if store.opened <= today]


def _categories(chain: Chain, books: Books, today: date) -> Iterable[Sequence[Any]]:
    return [category[:3] for category in chain.categories]


def _products(chain: Chain, books: Books, today: date) -> Iterable[Sequence[Any]]:
    for row in chain.products:
        if row.launched <= today:
            ended = row.discontinued if row.discontinued and row.discontinued <= today else None
            price = row.price_on(today)
            yield (
                row.id, row.name, row.category.id, price, row.cost, row.grams or None, row.organic, row.launched, ended
            )  # fmt: skip


def _orders(chain: Chain, books: Books, today: date) -> Iterable[Sequence[Any]]:
    for row in books.orders:
        moment = (row.day.toordinal() - _EPOCH) * 86_400 + row.second
        yield row.id, moment, *row[3:]


def _returns(chain: Chain, books: Books, today: date) -> Iterable[Sequence[Any]]:
    return ((number, row.line, row.day, *row[2:]) for number, row in enumerate(books.returns, 1))


def _targets(chain: Chain, books: Books, today: date) -> Iterable[Sequence[Any]]:
    return ((store.id, month, cents) for store, month, cents in targets(chain, today))


_TABLES: dict[str, tuple[str, Filling]] = {
    "stores": (
        "store_id:id name:text city:text country:text store_type:text opened_on:date size_m2:count has_terrace:flag",
        _stores,
    ),
    "categories": ("category_id:id name:text department:text", _categories),
    "products": (
        "product_id:id name:text category_id:id price:money cost:money weight_g:count is_organic:flag"
        " launched_on:date discontinued_on:date",
        _products,
    ),
    "customers": (
        "customer_id:id name:text email:text city:text country:text birthday:date segment:text is_member:flag"
        " signed_up_on:date",
        lambda chain, books, today: books.customers,
    ),
    "orders": (
        "order_id:id ordered_at:moment store_id:id customer_id:id channel:text payment_method:text status:text"
        " is_gift:flag total:money comment:text",
        _orders,
    ),
    "order_items": (
        "order_item_id:id order_id:id product_id:id quantity:count unit_price:money discount:money amount:money",
        lambda chain, books, today: books.lines,
    ),
    "returns": (
        "return_id:id order_item_id:id returned_on:date quantity:count refund:money reason:text",
        _returns,
    ),
    "targets": ("store_id:id month:date target:money", _targets),
}
