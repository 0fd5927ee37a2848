"""Small real databases, and grants over them, for the guard's tests."""

import sqlite3

import duckdb
import pytest

from prosa.errors import QueryRefused
from prosa.sources import Grant
from prosa.sources.guard import check

DUCKDB = """
CREATE TABLE t (a INT, b VARCHAR, d DATE, ts TIMESTAMP, x DOUBLE, flag BOOLEAN, l INT[],
                s STRUCT(k INT, v VARCHAR), j JSON, m MAP(VARCHAR, INT));
INSERT INTO t VALUES
(1, 'x', '2024-01-15', '2024-01-15 10:00', 1.5, true, [1, 2], {k: 1, v: 'p'}, '{"k": 1, "list": [1, 2]}', MAP {'k': 1}),
(2, 'y', '2024-02-20', '2024-02-20 11:30', 2.5, false, [3], {k: 2, v: 'q'}, '{"k": 2, "list": []}', MAP {'k': 2}),
(3, 'x', '2024-03-25', '2024-03-25 12:00', 4.0, true, [1], {k: 3, v: 'r'}, '{"k": 3, "list": [5]}', MAP {'k': 3});
CREATE TABLE u (a INT, c VARCHAR, d DATE);
INSERT INTO u VALUES (1, 'x', '2024-01-01'), (2, 'q', '2024-02-01'), (9, 'z', '2024-06-01');
CREATE TABLE secret (a INT, b VARCHAR);
INSERT INTO secret VALUES (42, 'TOP');
"""

SQLITE = """
CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, d TEXT, x REAL, j TEXT);
INSERT INTO t VALUES (1, 'x', '2024-01-15', 1.5, '{"k": 1, "list": [1, 2]}'),
(2, 'y', '2024-02-20', 2.5, '{"k": 2, "list": []}'), (3, 'x', '2024-03-25', 4.0, '{"k": 3, "list": [5]}');
CREATE TABLE u (a INT, c TEXT, d TEXT);
INSERT INTO u VALUES (1, 'x', '2024-01-01'), (2, 'q', '2024-02-01'), (9, 'z', '2024-06-01');
CREATE TABLE u_keys (a INT);
INSERT INTO u_keys VALUES (1), (3);
CREATE TABLE secret (a INT, b TEXT);
INSERT INTO secret VALUES (42, 'TOP');
"""


@pytest.fixture(scope="session")
def duckdb_data():
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(DUCKDB)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def sqlite_data():
    connection = sqlite3.connect(":memory:")
    connection.executescript(SQLITE)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def data(duckdb_data, sqlite_data):
    return {"duckdb": duckdb_data, "sqlite": sqlite_data}


@pytest.fixture(scope="session")
def columns(data):
    """The columns of every table but `secret`, by dialect and table."""
    tables = {"duckdb": ["t", "u"], "sqlite": ["t", "u", "u_keys"]}
    return {
        dialect: {
            name: [column[0] for column in data[dialect].execute(f"SELECT * FROM {name} LIMIT 0").description]
            for name in names
        }
        for dialect, names in tables.items()
    }


@pytest.fixture(scope="session")
def grants(columns):
    """Grants of the same tables in the three forms: whole, by column, and by column knowing that those are all."""

    def build(dialect):
        listed = columns[dialect]
        return [
            Grant.of(dialect, listed),
            Grant(dialect, listed),
            Grant(dialect, listed, complete=frozenset(listed)),
        ]

    return build


@pytest.fixture(scope="session")
def reason():
    """Why a statement is refused; None where it passes."""

    def find(sql, grant):
        try:
            check(sql, grant)
        except QueryRefused as error:
            return told(error)
        return None

    def told(error):
        assert error.code == f"query_{error.values['reason']}"
        assert error.sentence("en") != error.sentence("pt-BR")
        return error.values["reason"]

    return find
