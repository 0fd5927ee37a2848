"""A call means after the guard what it meant before, for every function that is allowed."""

import itertools

import duckdb
import pytest

from prosa.sources import Grant
from prosa.sources.guard import check
from prosa.sources.guard.functions import FUNCTIONS, TABLE_FUNCTIONS
from prosa.sources.guard.grammar import grammar

DATE, STAMP, LIST = "DATE '2024-05-17'", "TIMESTAMP '2024-05-17 10:11:12'", "[3, 1, 2]"
SAMPLES = {
    "VARCHAR": ["'day'", "'2024-05-17'", "'%Y-%m'", "'a.b'"],
    "INTEGER": ["2"],
    "BIGINT": ["3"],
    "DOUBLE": ["1.5"],
    "DATE": [DATE],
    "TIMESTAMP": [STAMP],
    "INTERVAL": ["INTERVAL 2 DAY"],
    "BOOLEAN": ["true"],
    "ANY": ["'x'", "2", LIST],
    "T": ["2"],
    "JSON": ["""'{"a.b": 1, "a": {"b": [5, 6]}}'::JSON"""],
    "TIME": ["TIME '10:11:12'"],
    "BLOB": ["'ab'::BLOB"],
    "BIT": ["'101'::BIT"],
    "VARCHAR[]": ["['b', 'a']"],
    "LAMBDA": ["lambda q: q + 1"],
    "MAP": ["MAP {'k': 1}"],
    "MAP(K, V)": ["MAP {'k': 1}"],
    "K": ["'k'"],
    "V": ["1"],
    "STRUCT": ["{'k': 1}"],
}
UNSTABLE = ("uuid", "random", "now", "today", "time", "reservoir", "current", "ago", "age", "rand", "date")
"""Parts of names of functions that may differ from one call to the next, or one second to the next."""

GRANT = {"duckdb": Grant.of("duckdb", ["v"]), "sqlite": Grant.of("sqlite", ["v"])}


def rows(connection, sql):
    """The rows, or None where the engine won't run it."""
    try:
        return repr(connection.execute(sql).fetchall())
    except Exception:
        return None


def samples(kind):
    return SAMPLES.get(kind) or (
        [LIST] if kind.endswith("]") else ["2.5"] if kind.startswith("DECIMAL") else SAMPLES["ANY"]
    )


@pytest.fixture(scope="module")
def duckdb_calls(duckdb_data):
    """Calls of every allowed function that DuckDB runs, with their rows."""
    known = duckdb_data.execute(
        """SELECT DISTINCT function_name, function_type, parameter_types FROM duckdb_functions()
        WHERE function_type IN ('scalar', 'aggregate', 'macro') AND regexp_full_match(function_name, '[a-z_0-9A-Z]+')"""
    ).fetchall()
    calls = {}
    for name, kind, types in known:
        if name.lower() in FUNCTIONS["duckdb"]:
            pools = [samples("ANY" if kind == "macro" else part or "ANY") for part in types or []]
            for arguments in itertools.islice(itertools.product(*pools), 6):
                sql = f"SELECT {name}({', '.join(arguments)})"
                calls[sql] = rows(duckdb_data, sql)
    return {sql: found for sql, found in calls.items() if found is not None}


def test_every_duckdb_call_means_the_same(duckdb_data, duckdb_calls):
    assert len(duckdb_calls) > 800
    changed = [
        (sql, written)
        for sql, found in duckdb_calls.items()
        if rows(duckdb_data, written := check(sql, GRANT["duckdb"]).sql) != found
        and not any(word in sql.lower() for word in UNSTABLE)
    ]
    assert changed == []


def test_every_sqlite_call_means_the_same(sqlite_data):
    arguments = ["'2024-05-17'", "'abc'", "'%Y-%m'", "2", "1.5", """'{"a.b": 1}'""", "'$.a'", "'+1 month'", "NULL"]
    known = {name for (name,) in sqlite_data.execute("SELECT DISTINCT name FROM pragma_function_list")}
    calls = 0
    for name in sorted(known & FUNCTIONS["sqlite"] - {"random", "printf", "format", "julianday"}):
        for length in range(4):
            for chosen in itertools.islice(itertools.product(arguments, repeat=length), 12):
                sql = f"SELECT {name}({', '.join(chosen)})"
                if "blob" not in name and (found := rows(sqlite_data, sql)) is not None:
                    calls += 1
                    assert rows(sqlite_data, check(sql, GRANT["sqlite"]).sql) == found, sql
    assert calls > 500


@pytest.mark.parametrize(
    "kind", ["NUMERIC", "DECIMAL(10, 2)", "DATE", "DATETIME", "BOOLEAN", "TEXT", "REAL", "INTEGER"]
)
def test_a_sqlite_cast_keeps_its_affinity(sqlite_data, kind):
    for value in ("'2024-05-17'", "'12.50'", "3", "x'4142'", "NULL"):
        sql = f"SELECT CAST({value} AS {kind}), typeof(CAST({value} AS {kind}))"
        assert rows(sqlite_data, check(sql, GRANT["sqlite"]).sql) == rows(sqlite_data, sql)


def test_json_keys_with_a_dot_stay_keys(duckdb_data, sqlite_data):
    for dialect, connection in (("duckdb", duckdb_data), ("sqlite", sqlite_data)):
        sql = """SELECT '{"a.b": 1, "a": {"b": 2}}' ->> 'a.b'"""
        assert rows(connection, check(sql, GRANT[dialect]).sql) == rows(connection, sql)


DANGEROUS = """
read scan glob file copy attach extension secret setting setval nextval currval variable sleep query execute plan log
parquet http sql_auto checkpoint profiling user database schema version connection transaction_id privilege memory
"""
HARMLESS = {
    "duckdb": {"log", "uuid_extract_version"},
    "sqlite": {"log", "glob"},
    "postgres": {"log", "jsonb_path_query", "jsonb_path_query_array", "jsonb_path_query_first"},
    "mysql": {"log"},
}


@pytest.mark.parametrize("dialect", FUNCTIONS)
def test_no_allowed_function_has_a_name_that_smells_of_files_or_settings(dialect):
    found = {
        name for name in FUNCTIONS[dialect] | TABLE_FUNCTIONS[dialect] if set(name.split("_")) & set(DANGEROUS.split())
    }
    assert found == HARMLESS[dialect]


def test_table_functions_are_allowed_functions():
    for dialect, names in TABLE_FUNCTIONS.items():
        assert names <= FUNCTIONS[dialect]


def test_duckdb_knows_most_of_what_is_allowed(duckdb_data):
    found = duckdb_data.execute("SELECT DISTINCT lower(function_name) FROM duckdb_functions()").fetchall()
    assert len(FUNCTIONS["duckdb"] & {name for (name,) in found}) > 0.9 * len(FUNCTIONS["duckdb"])


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT list(n)[1] FROM v",
        "SELECT list(n ORDER BY n DESC)[1:2] FROM v",
        "SELECT array_agg(n ORDER BY n)[2] FROM v",
        "SELECT map(['a'], [1])['a']",
        "SELECT row(7, 8)[2], struct_pack(a := 3)['a'], [4, 5][1]",
    ],
)
def test_a_subscript_belongs_to_the_call_before_it(sql):
    connection = duckdb.connect()
    connection.execute("CREATE TABLE v AS SELECT * FROM (VALUES (1), (2), (3)) AS v(n)")
    assert rows(connection, check(sql, GRANT["duckdb"]).sql) == rows(connection, sql) is not None
    connection.close()


def test_a_statement_of_which_a_part_would_get_lost_is_refused(reason):
    assert "secret" not in grammar("duckdb").parse("SELECT array(secret)[1]")[0].sql("duckdb"), "sqlglot was mended"
    assert reason("SELECT array(n)[1] FROM v", GRANT["duckdb"]) == "construct_not_allowed"
    assert reason("SELECT ARRAY(SELECT n FROM v)[1]", GRANT["duckdb"]) == "construct_not_allowed"
    assert reason("SELECT ARRAY(SELECT n FROM v)", GRANT["duckdb"]) is None
