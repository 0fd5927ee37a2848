"""SHOW, DESCRIBE, PRAGMA and EXPLAIN tell of what is granted and of nothing else."""

import pytest

from prosa.sources import Grant
from prosa.sources.guard import check


def rows(connection, sql):
    return connection.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("duckdb", "SHOW TABLES"),
        ("duckdb", "show all tables;"),
        ("sqlite", "PRAGMA table_list"),
        ("sqlite", "-- which?\nPRAGMA table_list;"),
    ],
)
def test_tables_are_listed_from_the_grant(dialect, sql, data):
    query = check(sql, Grant.of(dialect, ["t", "it's"]))
    assert rows(data[dialect], query.sql) == [("t",), ("it's",)]
    assert query.tables == ()


@pytest.mark.parametrize("sql", ["SHOW TABLES", "PRAGMA table_list"])
def test_a_thousand_tables_are_listed(sql, data):
    dialect = "sqlite" if sql.startswith("PRAGMA") else "duckdb"
    query = check(sql, Grant.of(dialect, [f"t{n}" for n in range(1_000)]))
    assert rows(data[dialect], query.sql)[-1] == ("t999",)


def test_an_empty_grant_lists_no_table(data):
    assert rows(data["duckdb"], check("SHOW TABLES", Grant.of("duckdb", [])).sql) == []


@pytest.mark.parametrize(
    "sql", ["DESCRIBE u", "DESC u", "SHOW u", 'DESCRIBE "U"', "DESCRIBE TABLE main.u", "DESCRIBE u ;"]
)
def test_duckdb_describes_the_granted_columns(sql, duckdb_data):
    for columns, names in ((None, ["a", "c", "d"]), (["a", "c"], ["a", "c"])):
        query = check(sql, Grant("duckdb", {"u": columns}))
        assert [row[0] for row in rows(duckdb_data, query.sql)] == names
        assert query.tables == ("u",)


def test_duckdb_summarizes_the_granted_columns(duckdb_data):
    query = check("SUMMARIZE u", Grant("duckdb", {"u": ["a", "c"]}))
    assert [row[0] for row in rows(duckdb_data, query.sql)] == ["a", "c"]


@pytest.mark.parametrize("sql", ["PRAGMA table_info(u)", "pragma table_xinfo ( 'u' )", "PRAGMA main.table_info([u])"])
def test_sqlite_names_the_granted_columns(sql, sqlite_data):
    assert rows(sqlite_data, check(sql, Grant("sqlite", {"u": ["a", "c"]})).sql) == [("a",), ("c",)]
    whole = sqlite_data.execute(check(sql, Grant.of("sqlite", ["u"])).sql)
    assert ([column[0] for column in whole.description], whole.fetchall()) == (["a", "c", "d"], [])


@pytest.mark.parametrize(
    "sql", ["EXPLAIN SELECT a FROM t", "explain query plan select a from t", "/* x */ EXPLAIN SELECT 1"]
)
def test_sqlite_explains_what_would_pass(sql, sqlite_data):
    query = check(sql, Grant.of("sqlite", ["t"]))
    assert query.sql.startswith("EXPLAIN ")
    assert rows(sqlite_data, query.sql)


@pytest.mark.parametrize("prefix", ["EXPLAIN", "explain analyze", "DESCRIBE", "SUMMARIZE"])
def test_duckdb_explains_what_would_pass(prefix, duckdb_data):
    query = check(f"{prefix} SELECT a FROM t", Grant("duckdb", {"t": ["a", "b"]}))
    assert rows(duckdb_data, query.sql)
    assert "SELECT a FROM (SELECT" in query.sql


def test_postgres_tells_only_harmless_settings(reason):
    grant = Grant.of("postgres", ["t"])
    query = check("SHOW  server_version ;", grant)
    assert (query.sql, query.tables) == ("SHOW server_version", ())
    assert reason("SHOW data_directory", grant) == "not_read_only"
