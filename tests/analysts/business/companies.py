"""Three small companies to ask about, always the same rows: a retailer's sales, a Brazilian firm's invoices, and a
software vendor's subscriptions."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

TODAY = date(2025, 7, 15)

SCHEMAS = {
    "sales": """
CREATE TABLE stores (store_id INTEGER PRIMARY KEY, store_name TEXT, city TEXT, state TEXT, opened_on DATE);
CREATE TABLE products (product_id INTEGER PRIMARY KEY, product_name TEXT, category TEXT, brand TEXT, list_price DOUBLE);
CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, email TEXT, city TEXT,
  gender TEXT, birth_date DATE);
CREATE TABLE sales (sale_id INTEGER PRIMARY KEY, sold_on DATE, store_id INTEGER REFERENCES stores,
  product_id INTEGER REFERENCES products, customer_id INTEGER REFERENCES customers, quantity INTEGER,
  unit_price DOUBLE);
""",
    "faturas": """
CREATE TABLE clientes (cod_cliente INTEGER PRIMARY KEY, nome TEXT, cidade TEXT, uf TEXT, limite_credito DOUBLE,
  ativo BOOLEAN);
CREATE TABLE notas_fiscais (num_nota INTEGER PRIMARY KEY, cod_cliente INTEGER REFERENCES clientes, dt_emissao DATE,
  dt_vencimento DATE, dt_pagamento DATE, situacao TEXT, valor_total DOUBLE);
CREATE TABLE itens_nota (cod_item INTEGER PRIMARY KEY, num_nota INTEGER REFERENCES notas_fiscais, descricao TEXT,
  categoria TEXT, quantidade INTEGER, valor_unitario DOUBLE);
""",
    "subscriptions": """
CREATE TABLE plans (plan_id INTEGER PRIMARY KEY, plan_name TEXT, monthly_price DOUBLE);
CREATE TABLE accounts (account_id INTEGER PRIMARY KEY, company TEXT, country TEXT, industry TEXT, created_on DATE);
CREATE TABLE subscriptions (subscription_id INTEGER PRIMARY KEY, account_id INTEGER REFERENCES accounts,
  plan_id INTEGER REFERENCES plans, started_on DATE, cancelled_on DATE, status TEXT, seats INTEGER);
CREATE TABLE payments (payment_id INTEGER PRIMARY KEY, subscription_id INTEGER REFERENCES subscriptions, paid_on DATE,
  amount DOUBLE, method TEXT);
""",
}

_FIRST = ("Ana", "Bruno", "Carla", "Daniel", "Elisa", "Felipe", "Gabriela", "Hugo", "Iara", "João", "Karen", "Lucas")
_LAST = ("Souza", "Lima", "Nunes", "Rocha", "Alves", "Castro", "Moreira", "Teixeira")
_CITIES = (("São Paulo", "SP"), ("Campinas", "SP"), ("Rio de Janeiro", "RJ"), ("Curitiba", "PR"), ("Salvador", "BA"))
_PRODUCTS = (
    ("Desk Lamp", "Lighting", "Lumo", 120.0), ("Floor Lamp", "Lighting", "Lumo", 310.0),
    ("Office Chair", "Furniture", "Sento", 890.0), ("Standing Desk", "Furniture", "Sento", 2400.0),
    ("Bookshelf", "Furniture", "Madera", 640.0), ("Notebook", "Stationery", "Papiro", 18.5),
    ("Fountain Pen", "Stationery", "Papiro", 75.0), ("Backpack", "Accessories", "Trilha", 260.0),
)  # fmt: skip
_GOODS = (
    ("Parafuso", "Ferragens", 1.2), ("Furadeira", "Ferramentas", 389.9), ("Martelo", "Ferramentas", 49.5),
    ("Tinta branca", "Pintura", 219.0), ("Rolo de pintura", "Pintura", 32.0), ("Cimento", "Construção", 41.9),
)  # fmt: skip
_COMPANIES = (
    "Acme",
    "Borealis",
    "Cobalt",
    "Delta Foods",
    "Evergreen",
    "Fjord",
    "Granite",
    "Helix",
    "Indigo",
    "Jupiter",
)

Rows = list[tuple[Any, ...]]


def build(folder: Path) -> dict[str, Path]:
    """Writes the three databases; their paths by name."""
    tables = {"sales": _sales(), "faturas": _faturas(), "subscriptions": _subscriptions()}
    paths = {}
    for name, filled in tables.items():
        paths[name] = folder / f"{name}.duckdb"
        with duckdb.connect(str(paths[name])) as engine:
            engine.execute(SCHEMAS[name])
            for table, rows in filled.items():
                marks = ", ".join("?" * len(rows[0]))
                engine.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    return paths


def _days(dice: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=dice.randrange((last - first).days))


def _sales() -> dict[str, Rows]:
    dice = random.Random(1)
    stores: Rows = [
        (1, "Paulista", "São Paulo", "SP", date(2018, 3, 1)), (2, "Ipanema", "Rio de Janeiro", "RJ", date(2019, 8, 15)),
        (3, "Batel", "Curitiba", "PR", date(2021, 5, 20)), (4, "Pelourinho", "Salvador", "BA", date(2023, 11, 3)),
    ]  # fmt: skip
    products: Rows = [(number, *one) for number, one in enumerate(_PRODUCTS, 1)]
    customers: Rows = [
        (number, first, _LAST[number % len(_LAST)], None if number % 7 == 0 else f"{first.lower()}{number}@mail.test",
         _CITIES[number % 5][0], "FM"[number % 2], _days(dice, date(1960, 1, 1), date(2005, 1, 1)))
        for number, first in enumerate((*_FIRST, *_FIRST), 1)
    ]  # fmt: skip
    rows: Rows = []
    for number in range(1, 261):
        product = dice.choice(products[:7])
        rows.append(
            (number, _days(dice, date(2024, 1, 1), date(2025, 7, 15)), dice.choice((1, 1, 1, 2, 2, 3)), product[0],
             dice.randint(1, 22), dice.randint(1, 9), round(product[4] * dice.choice((0.9, 1.0, 1.0, 1.1)), 2))
        )  # fmt: skip
    return {"stores": stores, "products": products, "customers": customers, "sales": rows}


def _faturas() -> dict[str, Rows]:
    dice = random.Random(2)
    clientes: Rows = [
        (number, f"{first} {_LAST[number % 8]}", *_CITIES[number % 5], 1000.0 * dice.randint(1, 20), number % 4 != 0)
        for number, first in enumerate(_FIRST, 1)
    ]  # fmt: skip
    notas: Rows = []
    itens: Rows = []
    for number in range(1, 121):
        day = _days(dice, date(2024, 1, 1), date(2025, 7, 10))
        due = day + timedelta(days=30)
        state = dice.choice(("paga", "paga", "paga", "pendente", "cancelada"))
        lines = [(dice.choice(_GOODS), dice.randint(1, 40)) for _ in range(dice.randint(1, 3))]
        total = round(sum(good[2] * amount for good, amount in lines), 2)
        paid = due - timedelta(days=dice.randint(0, 20)) if state == "paga" else None
        notas.append((number, dice.randint(1, 11), day, due, paid, state, total))
        itens += [
            (len(itens) + place, number, good[0], good[1], amount, good[2])
            for place, (good, amount) in enumerate(lines, 1)
        ]
    return {"clientes": clientes, "notas_fiscais": notas, "itens_nota": itens}


def _subscriptions() -> dict[str, Rows]:
    dice = random.Random(3)
    plans: Rows = [(1, "Starter", 29.0), (2, "Team", 99.0), (3, "Business", 249.0), (4, "Enterprise", 990.0)]
    countries = ("Brazil", "Portugal", "United States", "Germany")
    industries = ("Retail", "Software", "Health", "Education")
    accounts: Rows = [
        (number, name, dice.choice(countries), dice.choice(industries), _days(dice, date(2022, 1, 1), date(2025, 6, 1)))
        for number, name in enumerate(_COMPANIES, 1)
    ]
    subscriptions: Rows = []
    payments: Rows = []
    for number in range(1, 31):
        plan = dice.choice(plans[:3])
        start = _days(dice, date(2023, 1, 1), date(2025, 5, 1))
        status = dice.choice(("active", "active", "active", "cancelled", "trial"))
        end = start + timedelta(days=dice.randint(40, 300)) if status == "cancelled" else None
        subscriptions.append((number, dice.randint(1, 9), plan[0], start, end, status, dice.randint(1, 60)))
        for month in range(dice.randint(1, 8) if status != "trial" else 0):
            day = start + timedelta(days=30 * month)
            payments.append((len(payments) + 1, number, day, plan[2], dice.choice(("card", "card", "pix", "transfer"))))
    return {"plans": plans, "accounts": accounts, "subscriptions": subscriptions, "payments": payments}
