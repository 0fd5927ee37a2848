"""Columns that are not granted can neither be read nor felt, on the real engines, whatever the way."""

import sqlite3
import tomllib
from pathlib import Path

import duckdb
import pytest

from prosa.errors import QueryRefused
from prosa.sources import Catalog, ColumnInfo, Grant, TableInfo
from prosa.sources.guard import check

WAYS = tomllib.loads(Path(__file__).with_name("hidden_columns.toml").read_text("utf-8"))
DIALECTS = ("duckdb", "sqlite")
GRANTED = {"t": ["a"], "u": ["a", "c"]}

TABLES = """
CREATE TABLE t (a INT, hidden VARCHAR);
INSERT INTO t VALUES (1, 'HIDDEN1'), (2, 'HIDDEN2'), (2, 'HIDDEN2');
CREATE TABLE u (a INT, c VARCHAR);
INSERT INTO u VALUES (1, 'HIDDEN1'), (5, 'z');
"""
OTHERWISE = "UPDATE t SET hidden = CASE a WHEN 1 THEN NULL ELSE 'OTHER' || rowid END"


def opened(dialect):
    if dialect == "sqlite":
        connection = sqlite3.connect(":memory:")
        connection.executescript(TABLES)
    else:
        connection = duckdb.connect()
        connection.execute(TABLES)
    return connection


@pytest.fixture(scope="module", params=DIALECTS)
def twins(request):
    """Two databases that differ in the hidden column alone."""
    first, second = opened(request.param), opened(request.param)
    second.execute(OTHERWISE)
    yield request.param, first, second
    first.close()
    second.close()


def outcome(connection, sql):
    """The rows, or None where the engine won't run it."""
    try:
        return sorted(map(repr, connection.execute(sql).fetchall()))
    except (duckdb.Error, sqlite3.Error):
        return None


def test_the_hidden_column_shows_without_the_guard(twins):
    _, first, second = twins
    assert outcome(first, "SELECT * FROM t") != outcome(second, "SELECT * FROM t")


def test_what_names_a_hidden_column_is_refused(twins, reason):
    grant = Grant(twins[0], GRANTED)
    for sql in WAYS["refused"]:
        assert reason(sql, grant) == "column_not_granted", sql


def test_no_way_tells_two_databases_apart_that_differ_in_the_hidden_column(twins):
    dialect, first, second = twins
    grant = Grant(dialect, GRANTED)
    ran = 0
    for sql in WAYS[dialect]:
        try:
            written = check(sql, grant).sql
        except QueryRefused:
            continue
        found = outcome(first, written)
        assert found == outcome(second, written), sql
        ran += found is not None
    assert ran > 8, "most ways should run and show the granted column"


def test_a_star_gives_the_granted_columns_in_their_order(twins):
    dialect, first, _ = twins
    written = check(
        "SELECT *, t.* FROM t JOIN u AS v ON t.a = v.a", Grant(dialect, {"t": ["hidden", "a"], "u": ["a"]})
    ).sql
    assert [column[0] for column in first.execute(written).description][:2] == ["hidden", "a"]
    assert "c" not in [column[0] for column in first.execute(written).description]


def test_a_complete_grant_hides_nothing_and_leaves_the_text_alone():
    columns = (ColumnInfo("a", "integer"), ColumnInfo("hidden", "text"))
    catalog = Catalog("duckdb", (TableInfo("t", "s", columns, 3),), "f")
    assert check("SELECT * FROM t", Grant.everything(catalog)).sql == "SELECT * FROM t"


def test_a_complete_grant_still_knows_the_names(reason):
    grant = Grant("duckdb", {"t": ["a", "b"]}, complete=frozenset({"t"}))
    assert reason("SELECT c FROM t", grant) == "column_not_granted"
    assert reason("SELECT b FROM t", grant) is None


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT n FROM (SELECT a AS n FROM t)",
        "WITH x(n) AS (SELECT a FROM t) SELECT n FROM x",
        "WITH x AS (SELECT * FROM t) SELECT a FROM x",
        "SELECT a AS n FROM t ORDER BY n",
        "SELECT a AS n FROM t WHERE n > 1",
        "SELECT count(*) AS n FROM t GROUP BY a HAVING n > 1",
        "SELECT x.n FROM t AS x(n)",
        "SELECT s.k FROM (SELECT {'k': a} AS s FROM t)",
        "SELECT (SELECT t.a) FROM t",
        "SELECT u.a FROM u WHERE EXISTS (SELECT 1 FROM t WHERE t.a = u.a AND c = 'z')",
        "SELECT list_transform([a], lambda v: v + 1) FROM t",
        "SELECT v FROM t, unnest([a]) AS e(v)",
        "SELECT i FROM range(3) AS r(i), t WHERE i = a",
        "SELECT x FROM (PIVOT t ON a USING count(*)) AS q(x, y)",
        'SELECT "count_star()" FROM (SELECT count(*) FROM t)',
        "SELECT a FROM t UNION SELECT a FROM u ORDER BY a",
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n",
        "SELECT a FROM t NATURAL JOIN u",
        "SELECT c FROM (t JOIN u USING (a)) AS q",
        "SELECT year FROM (SELECT a AS year FROM t)",
        "SELECT t.a, c FROM t LEFT JOIN (SELECT * FROM u) AS z USING (a)",
    ],
)
def test_names_that_queries_give_are_no_unknown_columns(sql, reason):
    assert reason(sql, Grant("duckdb", GRANTED)) is None


def test_an_unknown_name_in_double_quotes_stays_a_text_in_sqlite():
    connection = opened("sqlite")
    written = check('SELECT a FROM u WHERE c = "z"', Grant("sqlite", GRANTED)).sql
    assert connection.execute(written).fetchall() == [(5,)]
    hidden = check('SELECT "hidden" FROM t', Grant("sqlite", GRANTED)).sql
    assert set(connection.execute(hidden).fetchall()) == {("hidden",)}
    connection.close()


def test_a_grant_lists_columns_in_the_order_given():
    assert Grant("duckdb", {"t": ["b", "a", "b"]}).tables == {"t": ("b", "a")}
    assert Grant("duckdb", {"t": {"b", "a"}}).tables == {"t": ("a", "b")}


def test_grants_that_allow_different_things_have_different_fingerprints():
    grants = [
        Grant("duckdb", {"t": None}),
        Grant("duckdb", {"t": ["a"]}),
        Grant("duckdb", {"t": []}),
        Grant("duckdb", {"t": ["a"]}, complete=frozenset({"t"})),
        Grant("sqlite", {"t": None}),
        Grant("duckdb", {"t": None}, "other data"),
    ]
    assert len({grant.fingerprint for grant in grants}) == len(grants)
    assert Grant.of("duckdb", ["t"]).fingerprint == grants[0].fingerprint
