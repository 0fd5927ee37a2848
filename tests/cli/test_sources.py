"""`prosa sources`: what can be asked, for people and for programs."""

import sqlite3

import msgspec
import pytest

from prosa.sources.base import SourceInfo


@pytest.fixture
def shop(tmp_path):
    """A SQLite shop with a declared key and one that can only be inferred."""
    path = tmp_path / "shop.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(
        """
        CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), total REAL, day);
        INSERT INTO customers VALUES (1, 'Ana'), (2, 'Bia');
        INSERT INTO orders VALUES (1, 1, 10.5, '2025-01-01'), (2, 2, 20, '2025-01-02'), (3, 1, NULL, '2025-01-03');
        """
    )
    connection.close()
    return path


def test_tables_columns_keys_and_samples(prosa, shop):
    done = prosa("sources", shop)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert any(line.startswith("customers 2 rows") for line in lines)
    assert any("customer_id integer id → customers.id 1, 2" in line for line in lines)
    assert any(line.startswith("total float measure") for line in lines)


def test_in_portuguese(prosa, sales):
    text = prosa("sources", sales, "--lang", "pt").stdout
    assert "5 linhas" in text
    assert "medida" in text
    assert "120,50" in text


def test_for_programs(prosa, sales):
    done = prosa("sources", sales, "--json")
    (source,) = msgspec.json.decode(done.stdout, type=list[SourceInfo])
    assert source.name == "sales"
    assert [column.name for column in source.tables[0].columns][:2] == ["order_id", "customer"]


def test_several_sources(prosa, sales, shop):
    text = prosa("sources", f"a={sales}", shop).stdout
    assert text.index("a  csv") < text.index("shop  sqlite")


def test_one_that_can_not_be_read_is_an_error(prosa, sales, tmp_path):
    (tmp_path / "not.sqlite").write_bytes(b"SQLite format 3\0" + b"x" * 500)
    done = prosa("sources", sales, "not.sqlite")
    assert done.returncode == 4
    assert done.stdout == ""
    assert "not.sqlite" in done.stderr
