"""Ordinary SQL passes, and what the guard writes gives the rows that the original gives."""

from pathlib import Path

import pytest

from prosa.errors import QueryRefused
from prosa.sources import Grant
from prosa.sources.guard import check

LISTED = [
    (dialect, sql)
    for dialect in ("duckdb", "sqlite")
    for sql in Path(__file__).with_name(f"accepted_{dialect}.sql").read_text("utf-8").splitlines()
]
FORMS = ("SHOW", "DESCRIBE", "SUMMARIZE", "PRAGMA", "EXPLAIN")
"""Beginnings of statements that don't give a table's rows; test_forms looks at those."""


def rows(connection, sql):
    return sorted(map(repr, connection.execute(sql).fetchall()))


@pytest.mark.parametrize(("dialect", "sql"), LISTED)
def test_ordinary_sql_passes_and_means_the_same(dialect, sql, data, grants):
    expected = None if sql.startswith(FORMS) else rows(data[dialect], sql)
    for grant in grants(dialect):
        hidden = grant.tables["t"] is not None and not grant.complete
        query = check(sql, grant)
        if expected is not None and not (hidden and "rowid" in sql):
            assert rows(data[dialect], query.sql) == expected


@pytest.mark.parametrize(("dialect", "sql"), LISTED)
def test_what_the_guard_wrote_passes_unchanged(dialect, sql, grants):
    for grant in grants(dialect):
        written = check(sql, grant).sql
        assert check(written, Grant.of(dialect, grant.tables)).sql == written


@pytest.mark.parametrize(("dialect", "sql"), LISTED)
def test_the_order_of_columns_and_their_names_stay(dialect, sql, data, grants):
    if sql.startswith(FORMS) or "rowid" in sql:
        return
    title = [column[0].lower() for column in data[dialect].execute(sql).description]
    for grant in grants(dialect):
        written = [column[0].lower() for column in data[dialect].execute(check(sql, grant).sql).description]
        same = [(old, new) for old, new in zip(title, written, strict=True) if old.isidentifier()]
        assert all(old == new for old, new in same)


POSTGRES = [
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t",
    "SELECT j->'a'->>'b', j #>> '{a,b}', j @> '{}' FROM t",
    "SELECT to_char(d, 'YYYY-MM'), date_trunc('month', d), extract(epoch FROM d), age(d) FROM t",
    "SELECT a FROM t WHERE b ~* 'x' AND b ILIKE '%y' AND a = ANY(ARRAY[1, 2])",
    "SELECT now() AT TIME ZONE 'UTC', current_date, interval '1 day'",
    "SELECT DISTINCT ON (b) a, b FROM public.t ORDER BY b, a DESC NULLS LAST",
    "SELECT sum(a) FILTER (WHERE b = 'x'), string_agg(b, ',' ORDER BY b) FROM t",
    "SELECT b, count(*) FROM t GROUP BY GROUPING SETS ((b), ())",
    "SELECT e.x FROM t CROSS JOIN LATERAL unnest(ARRAY[1, 2]) AS e(x)",
    'SELECT E\'line\\n\', $$it\'s$$, a::numeric(10, 2), "T".a FROM t AS "T"',
    "SELECT g FROM generate_series(1, 10) AS g",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r",
    "EXPLAIN ANALYZE SELECT a FROM t",
    "SHOW server_version",
]
MYSQL = [
    "SELECT DATE_FORMAT(d, '%Y-%m'), SUM(x) FROM t GROUP BY 1 ORDER BY (SELECT 1)",
    "SELECT a FROM t LIMIT 5, 10",
    "SELECT DATEDIFF(NOW(), d), TIMESTAMPDIFF(MONTH, d, CURDATE()), d - INTERVAL 7 DAY FROM t",
    "SELECT DATE_ADD(d, INTERVAL 1 MONTH), EXTRACT(YEAR FROM d), YEAR(d), QUARTER(d) FROM t",
    "SELECT GROUP_CONCAT(DISTINCT b ORDER BY b SEPARATOR '; ') FROM t",
    "SELECT CAST(b AS UNSIGNED), CONVERT(b, DECIMAL(10, 2)), BINARY b, a DIV 2, a MOD 3 FROM t",
    "SELECT `a`, b FROM `t` WHERE b REGEXP '^x' AND b LIKE 'it''s' AND b <> 'a\\'b'",
    "SELECT IF(a > 1, 'x', 'y'), IFNULL(b, ''), FORMAT(a, 2), j->'$.a', j->>'$.b' FROM t",
    "WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT n FROM c",
    "SHOW TABLES",
    "DESCRIBE t",
    "EXPLAIN FORMAT=JSON SELECT 1",
]


@pytest.mark.parametrize(
    ("dialect", "sql"), [("postgres", sql) for sql in POSTGRES] + [("mysql", sql) for sql in MYSQL]
)
def test_ordinary_sql_of_later_engines_passes(dialect, sql):
    grant = Grant.of(dialect, ["t"])
    written = check(sql, grant).sql
    assert check(written, grant).sql == written


def test_the_old_arrow_of_lambdas_is_written_the_new_way(data, grants):
    query = check("SELECT list_transform([1, 2], x -> x + 1) AS v", grants("duckdb")[0])
    assert data["duckdb"].execute(query.sql).fetchall() == [([2, 3],)]


def test_a_query_is_bound_to_its_grant_and_names_the_tables_it_reads():
    grant = Grant("duckdb", ["Sales", "stores", "other"], "fingerprint")
    query = check("SELECT * FROM sales JOIN STORES USING (id) JOIN sales AS s2 USING (id)", grant)
    assert (query.tables, query.grant, query.catalog) == (("Sales", "stores"), grant.fingerprint, "fingerprint")
    assert query.dialect == "duckdb"


def test_comments_are_dropped_and_calls_keep_their_spelling():
    query = check("SELECT Date_Add(a, 1) /* x */ FROM t -- y", Grant.of("duckdb", ["t"]))
    assert query.sql == "SELECT Date_Add(a, 1) FROM t"


def test_a_closing_semicolon_is_no_second_statement():
    assert check("SELECT a FROM t ; ;\n", Grant.of("sqlite", ["t"])).sql == "SELECT a FROM t"


def test_a_mistyped_table_or_column_names_the_nearest(reason):
    grant = Grant("duckdb", {"customers": ["name", "city"], "orders": ["total", "city"]})
    with pytest.raises(QueryRefused) as error:
        check("SELECT * FROM custmers", grant)
    assert error.value.values == {"reason": "table_not_granted", "what": "custmers", "nearest": "customers"}
    assert "custmers" in error.value.sentence("pt-BR")
    assert "customers" in error.value.hint("pt-BR")
    with pytest.raises(QueryRefused) as error:
        check("SELECT nmae FROM customers", grant)
    assert error.value.values == {"reason": "column_not_granted", "what": "nmae", "nearest": "name"}


def test_names_with_spaces_quotes_and_accents_pass():
    grant = Grant("duckdb", {'Vendas "2024"': ["ação", "a b"]})
    assert check('SELECT "ação", "a b" FROM "Vendas ""2024"""', grant).sql == (
        'SELECT "ação", "a b" FROM (SELECT "ação", "a b" FROM "Vendas ""2024""") AS "Vendas ""2024"""'
    )
