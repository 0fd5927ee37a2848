"""A small shop in both engines, and a library with Portuguese names: real catalogs, real rows."""

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from prosa.analysts.base import Classification, Plan, Refusal, Selection
from prosa.analysts.rules import RulesAnalyst
from prosa.answer import Answer
from prosa.events import Clarification
from prosa.identity import LOCAL
from prosa.pipeline.classify import classify
from prosa.question import Context, Question, Turn
from prosa.sources.base import Database, Grant
from prosa.sources.guard import check
from prosa.workers.databases import Databases
from prosa.workers.pool import Workers

SHOP = """
CREATE TABLE categories (category_id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE stores (store_id INTEGER PRIMARY KEY, name TEXT, city TEXT, country TEXT, opened_on DATE, size_m2 INTEGER);
CREATE TABLE products (product_id INTEGER PRIMARY KEY, name TEXT, category_id INTEGER REFERENCES categories,
  price DOUBLE, is_organic BOOLEAN);
CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name TEXT, email TEXT, city TEXT, country TEXT,
  signed_up_on DATE);
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, ordered_on DATE, store_id INTEGER REFERENCES stores,
  customer_id INTEGER REFERENCES customers, status TEXT);
CREATE TABLE order_items (order_item_id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders,
  product_id INTEGER REFERENCES products, quantity INTEGER, unit_price DOUBLE, discount DOUBLE);
CREATE TABLE returns (return_id INTEGER PRIMARY KEY, order_item_id INTEGER REFERENCES order_items, returned_on DATE,
  reason TEXT);
CREATE TABLE targets (store_id INTEGER REFERENCES stores, month DATE, target DOUBLE);
INSERT INTO categories VALUES (1, 'Coffee'), (2, 'Tea'), (3, 'Equipment');
INSERT INTO stores VALUES (1, 'Centro', 'São Paulo', 'Brazil', '2019-03-01', 120),
  (2, 'Ribeira', 'Porto', 'Portugal', '2020-06-15', 80), (3, 'Camden', 'London', 'United Kingdom', '2021-01-10', 60);
INSERT INTO products VALUES (1, 'Espresso Blend', 1, 40, true), (2, 'Decaf', 1, 45, false),
  (3, 'Green Tea', 2, 25, true), (4, 'Black Tea', 2, 20, false), (5, 'Grinder', 3, 150, false),
  (6, 'Kettle', 3, 90, false);
INSERT INTO customers VALUES (1, 'Ana Souza', 'ana@example.com', 'São Paulo', 'Brazil', '2024-01-10'),
  (2, 'Bruno Lima', NULL, 'Rio de Janeiro', 'Brazil', '2024-05-02'),
  (3, 'Carla Nunes', 'carla@example.com', 'Porto', 'Portugal', '2024-11-30'),
  (4, 'David Smith', 'david@example.com', 'London', 'United Kingdom', '2025-02-01'),
  (5, 'Eva Rocha', 'eva@example.com', 'São Paulo', 'Brazil', '2025-03-12');
INSERT INTO orders VALUES (1, '2024-11-05', 1, 1, 'completed'), (2, '2024-12-20', 1, 2, 'completed'),
  (3, '2025-01-15', 2, 3, 'completed'), (4, '2025-01-20', 1, 1, 'cancelled'), (5, '2025-02-10', 3, 4, 'completed'),
  (6, '2025-03-05', 1, 2, 'completed'), (7, '2025-03-18', 2, 3, 'completed'), (8, '2025-06-30', 1, 1, 'completed');
INSERT INTO order_items VALUES (1, 1, 1, 2, 40, 0), (2, 1, 5, 1, 150, 0), (3, 2, 3, 4, 25, 0), (4, 3, 6, 1, 90, 0.1),
  (5, 3, 4, 2, 20, 0), (6, 4, 1, 1, 40, 0), (7, 5, 5, 2, 150, 0), (8, 6, 2, 2, 45, 0), (9, 6, 1, 1, 40, 0),
  (10, 7, 3, 3, 25, 0), (11, 8, 1, 5, 40, 0.5), (12, 8, 6, 1, 90, 0);
INSERT INTO returns VALUES (1, 5, '2025-01-25', 'damaged'), (2, 10, '2025-03-25', 'wrong item');
INSERT INTO targets VALUES (1, '2025-01-01', 100), (1, '2025-02-01', 120), (2, '2025-01-01', 150);
"""
"""Revenue by order: 230, 100, 121, 40, 300, 130, 75, 190; 1,186 in all, 856 of it in 2025."""

LIBRARY = """
CREATE TABLE autores (cod_autor INTEGER PRIMARY KEY, nome TEXT, pais TEXT, ano_nascimento INTEGER);
CREATE TABLE livros (cod_livro INTEGER PRIMARY KEY, titulo TEXT, cod_autor INTEGER REFERENCES autores, genero TEXT,
  num_paginas INTEGER, preco DOUBLE, ano_publicacao INTEGER);
CREATE TABLE emprestimos (cod_emprestimo INTEGER PRIMARY KEY, cod_livro INTEGER REFERENCES livros, dt_retirada DATE);
INSERT INTO autores VALUES (1, 'Clarice Lispector', 'Brasil', 1920), (2, 'José Saramago', 'Portugal', 1922),
  (3, 'Jorge Amado', 'Brasil', 1912);
INSERT INTO livros VALUES (1, 'A Hora da Estrela', 1, 'romance', 88, 35.5, 1977),
  (2, 'Laços de Família', 1, 'contos', 136, 42, 1960),
  (3, 'Ensaio sobre a Cegueira', 2, 'romance', 312, 60, 1995), (4, 'Capitães da Areia', 3, 'romance', 280, 48, 1937);
INSERT INTO emprestimos VALUES (1, 1, '2025-01-10'), (2, 1, '2025-02-01'), (3, 3, '2025-02-14'), (4, 4, '2024-12-01');
"""

CAMPUSES = """
CREATE TABLE campuses (id INTEGER PRIMARY KEY, campus TEXT, location TEXT, county TEXT);
CREATE TABLE degrees (year INTEGER, campus INTEGER REFERENCES campuses, degrees INTEGER, PRIMARY KEY (year, campus));
CREATE TABLE players (player_id INTEGER PRIMARY KEY, player TEXT, position TEXT, college TEXT, goals INTEGER,
  home_campus INTEGER REFERENCES campuses);
CREATE TABLE repairs (repair_id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE machines (machine_id INTEGER PRIMARY KEY, make TEXT);
CREATE TABLE repair_assignments (player_id INTEGER REFERENCES players, repair_id INTEGER REFERENCES repairs,
  machine_id INTEGER REFERENCES machines, PRIMARY KEY (player_id, repair_id, machine_id));
INSERT INTO campuses VALUES (1, 'North Campus', 'Northridge', 'Los Angeles'),
  (2, 'Pomona Campus', 'Claremont', 'Los Angeles'),
  (3, 'Chico Campus', 'Oroville', 'Butte');
INSERT INTO degrees VALUES (2000, 1, 100), (2000, 2, 50), (2001, 1, 120), (2001, 3, 10);
INSERT INTO players VALUES (1, 'Ada', 'Defender', 'Duke', 3, 1), (2, 'Bo', 'Midfielder', 'Duke', 5, 2),
  (3, 'Cy', 'Defender', 'Maryland', 2, 1);
INSERT INTO repairs VALUES (1, 'Left front');
INSERT INTO machines VALUES (1, 'Suzuki');
INSERT INTO repair_assignments VALUES (1, 1, 1);
"""

TODAY = date(2025, 7, 15)

Rows = list[tuple[Any, ...]]


def _build(script: str, folder: Path, name: str) -> dict[str, Path]:
    paths = {"duckdb": folder / f"{name}.duckdb", "sqlite": folder / f"{name}.sqlite"}
    with duckdb.connect(str(paths["duckdb"])) as engine:
        engine.execute(script)
    with sqlite3.connect(paths["sqlite"]) as lite:
        lite.executescript(script)
    lite.close()
    return paths


async def _open(paths: dict[str, Path], cache: Path) -> dict[str, Database]:
    async with Workers(cache_dir=cache) as workers:
        return {
            dialect: await Databases(workers, [(path.stem, str(path))]).open(LOCAL) for dialect, path in paths.items()
        }


class Asked:
    """One data set in both engines. `rows` asks both and wants the same of them."""

    def __init__(self, paths: dict[str, Path], databases: dict[str, Database]) -> None:
        self.paths = paths
        self.databases = databases
        self.analyst = RulesAnalyst()

    def plan(
        self, question: str, *, before: tuple[Turn, ...] = (), dialect: str = "duckdb", today: date = TODAY
    ) -> Any:
        """What the analyst makes of a question after the turns before."""
        asked = Question(question, as_of=today)
        context = Context(LOCAL, "run", history=before)
        database = self.databases[dialect]
        selection = Selection(database, Grant.everything(database.catalog), classify(asked, context))
        return asyncio.run(self.analyst.plan(asked, context, selection))

    def rows(self, question: str, *, before: tuple[Turn, ...] = (), today: date = TODAY) -> Rows:
        """The rows of the answer, the same from both engines; an AssertionError with the words where there is none."""
        found = {dialect: self._rows(question, before, dialect, today) for dialect in self.databases}
        plan = self.plan(question, before=before, today=today)
        if "ORDER BY" in plan.queries[0].sql:
            assert found["duckdb"] == found["sqlite"]
        assert sorted(map(repr, found["duckdb"])) == sorted(map(repr, found["sqlite"]))
        return found["sqlite"]

    def turns(self, *questions: str) -> tuple[Turn, ...]:
        """A conversation as the store would give it back."""
        done: tuple[Turn, ...] = ()
        for question in questions:
            plan = self.plan(question, before=done)
            assert isinstance(plan, Plan), plan
            done = (*done, Turn(question, Answer(locale=str(plan.state["locale"])), plan.state))
        return done

    def run(self, sql: str, dialect: str) -> Rows:
        """The rows of a statement that passes the guard."""
        database = self.databases[dialect]
        text = check(sql, Grant.everything(database.catalog)).sql
        path = str(self.paths[dialect])
        if dialect == "duckdb":
            with duckdb.connect(path, read_only=True) as engine:
                return engine.execute(text).fetchall()
        lite = sqlite3.connect(path)
        try:
            return lite.execute(text).fetchall()
        finally:
            lite.close()

    def _rows(self, question: str, before: tuple[Turn, ...], dialect: str, today: date) -> Rows:
        plan = self.plan(question, before=before, dialect=dialect, today=today)
        assert isinstance(plan, Plan), plan.words if isinstance(plan, Refusal) else plan
        return [tuple(_plain(cell) for cell in row) for row in self.run(plan.queries[0].sql, dialect)]


def _plain(cell: Any) -> Any:
    if isinstance(cell, date):
        return cell.isoformat()
    return round(float(cell), 6) if isinstance(cell, float) else cell


def asked(script: str, factory: pytest.TempPathFactory, name: str) -> Asked:
    folder = factory.mktemp(name)
    paths = _build(script, folder, name)
    return Asked(paths, asyncio.run(_open(paths, folder / "cache")))


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Stores, products, customers, orders: English names."""
    return asked(SHOP, tmp_path_factory, "shop")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Authors, books and loans: Portuguese names."""
    return asked(LIBRARY, tmp_path_factory, "library")


@pytest.fixture(scope="session")
def namesakes(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """The library with another author of the same family name."""
    more = """
    INSERT INTO autores VALUES (4, 'Ana Amado', 'Brasil', 1960);
    INSERT INTO livros VALUES (5, 'Tarde', 4, 'contos', 90, 20, 1999);
    """
    return asked(LIBRARY + more, tmp_path_factory, "namesakes")


@pytest.fixture(scope="session")
def campuses(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Names that mislead: a column called like its table, a key called like the table it points at, a bridge."""
    return asked(CAMPUSES, tmp_path_factory, "campuses")


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """One table alone."""
    rows = "('2025-01-05', 'Rent', 40.5), ('2025-02-05', 'Rent', 41.0), ('2025-02-09', 'Food', 12.25)"
    script = f"CREATE TABLE ledger (day DATE, kind VARCHAR, amount DECIMAL(9, 2)); INSERT INTO ledger VALUES {rows};"
    return asked(script, tmp_path_factory, "ledger")


@pytest.fixture
def refused() -> Callable[[Any], Refusal]:
    """The refusal that an answer is, or an AssertionError."""

    def refusal(found: Any) -> Refusal:
        assert isinstance(found, Refusal), found.reading if isinstance(found, Plan) else found
        return found

    return refusal


@pytest.fixture
def asked_back() -> Callable[[Any], Clarification]:
    """The question back that an answer is, or an AssertionError."""

    def clarification(found: Any) -> Clarification:
        assert isinstance(found, Clarification), found.reading if isinstance(found, Plan) else found
        return found

    return clarification


@pytest.fixture
def classification() -> Classification:
    return Classification("en")
