"""SHOW and DESCRIBE on engines that lack them: from the catalog, or from an engine's own tables."""

import sqlite3

import pytest

from prosa.sources import showing
from prosa.sources.base import Catalog, ColumnInfo, Grant, TableInfo
from prosa.sources.guard import check

TABLE = TableInfo(
    'or"ders', "shop", (ColumnInfo("id", "integer", native="BIGINT"), ColumnInfo("o'n", "text")), 7, primary_key=("id",)
)


def catalog(dialect, *tables):
    return Catalog(dialect, tables or (TABLE,), "f")


@pytest.fixture
def sqlite():
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE artist (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        yield connection
    connection.close()


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SHOW TABLES", [('or"ders', 7)]),
        ("show full tables;", [('or"ders', 7)]),
        ("SHOW DATABASES", [("shop",)]),
        ('SHOW COLUMNS FROM "or""ders"', [("id", "BIGINT", 1), ("o'n", "TEXT", 0)]),
        ('describe "or""ders"', [("id", "BIGINT", 1), ("o'n", "TEXT", 0)]),
        ('SHOW CREATE TABLE "or""ders"', [('or"ders', 'CREATE TABLE "or""ders" ("id" BIGINT, "o\'n" TEXT)')]),
    ],
)
def test_the_catalog_answers_through_the_guard(sqlite, sql, rows):
    made = showing.on_catalog(sql, catalog("sqlite"))
    guarded = check(made, Grant.everything(catalog("sqlite")))
    assert sqlite.execute(guarded.sql).fetchall() == rows


def test_two_thousand_tables_are_listed(sqlite):
    many = tuple(TableInfo(f"t{n}", "shop", (), n) for n in range(2000))
    made = showing.on_catalog("SHOW TABLES", catalog("sqlite", *many))
    assert len(sqlite.execute(made).fetchall()) == 2000


@pytest.mark.parametrize("sql", ["SHOW TABLES", "DESCRIBE orders"])
def test_what_duckdb_answers_by_itself_is_left_to_it(sql):
    assert showing.on_catalog(sql, catalog("duckdb")) is None


@pytest.mark.parametrize("sql", ["SELECT 1", "SHOW COLUMNS FROM nothing", "show me the tables", "describe the sales"])
def test_all_else_is_left_as_it_is(sql):
    assert showing.on_catalog(sql, catalog("sqlite")) is None


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SHOW TABLES", [("artist",)]),
        ("SHOW DATABASES", [("main",)]),
        ("DESCRIBE artist", [("id", "INTEGER", 0, None, 1), ("name", "TEXT", 1, None, 0)]),
        ("SHOW CREATE TABLE artist", [("artist", "CREATE TABLE artist (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")]),
    ],
)
def test_somebodys_sqlite_answers_in_its_own_words(sqlite, sql, rows):
    assert sqlite.execute(showing.on_engine(sql, "sqlite")).fetchall() == rows


def test_an_engine_that_knows_the_form_gets_it_as_it_is():
    assert showing.on_engine("SHOW TABLES", "mysql") == "SHOW TABLES"
    assert showing.on_engine("SELECT 1", "sqlite") is None
