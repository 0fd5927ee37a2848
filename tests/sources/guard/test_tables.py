"""Names mean what the engine takes them for: scope of WITH, case of letters, schemas, SQLite's IN."""

import pytest

from prosa.sources import Grant
from prosa.sources.guard import check

SEEN = "SELECT 42 AS a"


def leaks(connection, sql):
    """Whether the engine, asked without the guard, gives what only `secret` holds."""
    return any(42 in row or "TOP" in row for row in connection.execute(sql).fetchall())


SHADOWS = {
    "duckdb": [
        "WITH RECURSIVE secret AS (SELECT a FROM secret) SELECT * FROM secret",
        "WITH RECURSIVE secret AS (SELECT a FROM secret UNION ALL SELECT 1) SELECT * FROM secret",
        "WITH RECURSIVE secret AS (SELECT 1 AS a UNION ALL SELECT a FROM secret UNION ALL SELECT 7) FROM secret",
        "WITH RECURSIVE x AS (SELECT a FROM secret), secret AS (SELECT 1 AS a) SELECT * FROM x",
        "WITH secret AS (SELECT a FROM secret) SELECT * FROM secret",
        "SELECT * FROM (WITH secret AS (SELECT 1 AS a) SELECT * FROM secret) AS q, secret",
        "(WITH secret AS (SELECT 1 AS a) SELECT * FROM secret) UNION ALL SELECT a FROM secret",
        "WITH secret AS (SELECT 1 AS a) SELECT * FROM main.secret",
        "SELECT a AS x\u00a0FROM\u00a0secret",
        "SELECT a AS x\u200bFROM\u200bsecret",
        "SELECT a FROM t UNION SELECT a FROM SECRET",
        "DESCRIBE SELECT 'TOP', a FROM secret UNION SELECT 'TOP', 42",
    ],
    "sqlite": [
        "WITH secret AS (SELECT 1 AS a) SELECT * FROM main.secret",
        "SELECT * FROM (WITH secret AS (SELECT 1 AS a) SELECT * FROM secret) AS q, secret",
        "SELECT 42 WHERE 42 IN (SELECT a FROM secret)",
        "SELECT * FROM 'secret'",
        "SELECT * FROM [secret]",
        "WITH secret AS (SELECT 1 AS a UNION ALL SELECT a FROM main.secret) SELECT * FROM secret",
    ],
}


@pytest.mark.parametrize(("dialect", "sql"), [(d, sql) for d, listed in SHADOWS.items() for sql in listed])
def test_a_hidden_way_to_a_table_is_refused_that_the_engine_would_take(dialect, sql, data, reason):
    if not sql.startswith("DESCRIBE"):
        assert leaks(data[dialect], sql), "the engine no longer reads the table this way: drop the attack"
    assert reason(sql, Grant.of(dialect, ["t", "u"])) == ("characters" if "\u200b" in sql else "table_not_granted")


@pytest.mark.parametrize(
    "sql",
    [
        "WITH secret AS (SELECT a FROM t) SELECT * FROM secret",
        "WITH secret AS (SELECT a FROM t) SELECT * FROM SECRET AS s WHERE EXISTS (SELECT 1 FROM Secret)",
        "WITH RECURSIVE secret AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM secret WHERE a < 3) SELECT * FROM secret",
        "WITH x AS (SELECT 1 AS a), secret AS (SELECT a FROM x) SELECT * FROM (SELECT * FROM secret) AS q",
        "SELECT (WITH secret AS (SELECT 1 AS a) SELECT max(a) FROM secret) FROM t",
        "WITH secret AS (SELECT 1 AS a) SELECT a FROM secret UNION ALL SELECT a FROM secret",
        "WITH secret AS (SELECT 1 AS a) SELECT * FROM t WHERE a IN (SELECT a FROM secret)",
    ],
)
@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
def test_a_query_may_have_the_name_of_a_table_that_it_hides(dialect, sql, data):
    written = check(sql, Grant.of(dialect, ["t"]))
    assert "secret" not in written.tables
    assert not leaks(data[dialect], written.sql)


def test_only_ascii_letters_have_case(reason):
    grant = Grant.of("duckdb", ["t"])
    assert reason("WITH TOKENS AS (SELECT 1) SELECT * FROM tokens", grant) is None
    assert reason('WITH "to\u212aens" AS (SELECT 1) SELECT * FROM tokens', grant) == "table_not_granted"
    assert reason("SELECT * FROM \u0442", grant) == "table_not_granted"


@pytest.mark.parametrize(
    ("dialect", "query", "table", "expected"),
    [
        ("postgres", "secret", "SECRET", None),
        ("postgres", '"secret"', "SECRET", None),
        ("postgres", '"SECRET"', "secret", "table_not_granted"),
        ("postgres", "secret", '"Secret"', "table_not_granted"),
        ("mysql", "secret", "secret", None),
        ("mysql", "SECRET", "secret", "table_not_granted"),
        ("duckdb", '"SECRET"', "secret", None),
        ("sqlite", '"SECRET"', "secret", None),
    ],
)
def test_names_are_compared_as_the_engine_does(dialect, query, table, expected, reason):
    assert reason(f"WITH {query} AS (SELECT 1) SELECT * FROM {table}", Grant.of(dialect, ["t"])) == expected


def test_a_schema_other_than_the_default_is_another_place(reason):
    for dialect, schema in (("duckdb", "main"), ("sqlite", "main"), ("postgres", "public")):
        grant = Grant.of(dialect, ["t"])
        assert reason(f"SELECT * FROM {schema}.t", grant) is None
        assert reason("SELECT * FROM other.t", grant) == "table_not_granted"
    assert reason("SELECT * FROM other.t", Grant.of("postgres", ["other.t"])) is None
    assert reason("SELECT * FROM other.t", Grant.of("duckdb", ["other.t"])) == "table_not_granted"
    assert reason('SELECT * FROM "other.t"', Grant.of("duckdb", ["other.t"])) is None


def test_sqlite_tables_behind_in_are_read_as_tables(data):
    query = check("SELECT a FROM t WHERE a IN u_keys AND a NOT IN main.u", Grant.of("sqlite", ["t", "u", "u_keys"]))
    assert set(query.tables) == {"t", "u", "u_keys"}
    assert "IN (SELECT * FROM u_keys)" in query.sql


def test_an_empty_grant_reads_nothing_but_computes(reason):
    assert reason("SELECT 1 + 1", Grant.of("duckdb", [])) is None
    assert reason("SELECT * FROM t", Grant.of("duckdb", [])) == "table_not_granted"
