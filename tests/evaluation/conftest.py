"""A small shop as a SQLite file and as a CSV, and suites about it."""

import json
import sqlite3

import pytest

from prosa.config import Settings

TABLES = """
CREATE TABLE stores (store_id INTEGER PRIMARY KEY, name TEXT, city TEXT);
INSERT INTO stores VALUES (1, 'Centro', 'Recife'), (2, 'Norte', 'Natal'), (3, 'Sul', 'Recife');
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, store_id INTEGER REFERENCES stores, day DATE, amount REAL);
INSERT INTO orders VALUES (1, 1, '2025-01-03', 10.5), (2, 1, '2025-01-04', 20), (3, 2, '2025-02-01', 5),
(4, 3, '2025-02-02', 7.25);
"""


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    with sqlite3.connect(folder / "shop.sqlite") as connection:
        connection.executescript(TABLES)
    connection.close()
    (folder / "cities.csv").write_text("city,people\nRecife,1650\nNatal,890\nOlinda,390\n", "utf-8")
    return folder


@pytest.fixture
def suite_file(tmp_path):
    """Writes a suite, as one JSON list or as lines."""

    def write(*items, lines=False, name="suite.json"):
        file = tmp_path / name
        text = "\n".join(map(json.dumps, items)) if lines else json.dumps(list(items))
        file.write_text(text, "utf-8")
        return file

    return write


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    return Settings(data_dir=home / "data", cache_dir=home / "cache", worker_questions=1, worker_exports=1)
