"""DuckDB behind its lock, without the guard: what a statement can still do when nothing else stops it."""

import json
import os
from pathlib import Path

import duckdb
import pytest

from prosa.errors import MemoryLimit, QueryError, QueryRefused, SourceError
from prosa.sources.base import Piece
from prosa.sources.duckdb import DuckDB
from prosa.sources.engine import Attachment, Interrupted, Resources

CORPUS = Path(__file__).parents[2] / "../shared/data/guard/attacks_dev.jsonl"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a database, Parquet files granted and not, and a text that nobody may read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    with duckdb.connect(str(tmp_path / "a.duckdb")) as con:
        con.execute("CREATE TABLE t (a INT, b VARCHAR)")
        con.execute("INSERT INTO t VALUES (1, 'x'), (2, 'y')")
        con.execute("CREATE TABLE secret AS SELECT 'hidden' AS word")
        con.execute("""CREATE TABLE "odd "" name" AS SELECT 7 AS n""")
        con.execute("COPY t TO 'granted.parquet'")
        con.execute("COPY secret TO 'other.parquet'")
    (tmp_path / "plain.txt").write_text("hidden")
    return tmp_path


@pytest.fixture
def engine(place):
    pieces = (
        Piece("t", "duckdb", (str(place / "a.duckdb"),), "main.t"),
        Piece('other "name"', "duckdb", (str(place / "a.duckdb"),), 'main.odd " name'),
        Piece("p", "parquet", (str(place / "granted.parquet"),)),
    )
    engine = DuckDB(Attachment("duckdb", ("demo",), pieces, "now"), Resources(256 << 20, 1))
    yield engine
    engine.close()


@pytest.fixture
def rows(engine):
    return lambda sql: [tuple(row.values()) for row in engine.query(sql, ()).read_all().to_pylist()]


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_attached_tables_and_granted_files_can_be_read(rows):
    assert rows("SELECT a, b FROM t ORDER BY a") == [(1, "x"), (2, "y")]
    assert rows("SELECT a, b FROM p ORDER BY a") == [(1, "x"), (2, "y")]
    assert rows('SELECT n FROM "other ""name"""') == [(7,)]
    assert rows("SELECT count(*) FROM t JOIN p USING (a)") == [(2,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('plain.txt')",
        "SELECT * FROM 'other.parquet'",
        "SELECT * FROM read_parquet('other.parquet')",
        "SELECT * FROM glob('*')",
        "SELECT * FROM read_csv('https://example.com/x.csv')",
        "SELECT * FROM sniff_csv('plain.txt')",
        "SELECT * FROM parquet_metadata('other.parquet')",
        "SELECT * FROM sqlite_scan('x.sqlite', 't')",
        "SELECT * FROM postgres_scan('host=example.com', 'public', 't')",
    ],
)
def test_no_function_reaches_another_file_or_host(rows, sql):
    with pytest.raises((QueryError, SourceError)):
        rows(sql)
    assert rows("SELECT count(*) FROM p") == [(2,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "SET memory_limit = '100GB'",
        "PRAGMA enable_external_access",
        "ATTACH 'new.duckdb'",
        "COPY t TO 'out.csv'",
        "EXPORT DATABASE 'out'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CREATE TABLE z AS SELECT 1",
        "CREATE TEMP TABLE z AS SELECT 1",
        "INSERT INTO _prosa_0.main.t VALUES (3, 'z')",
        "DROP VIEW t",
        "CALL duckdb_settings()",
        "SELECT 1; SELECT 2",
        "PREPARE q AS SELECT 1",
        "EXPLAIN DELETE FROM _prosa_0.main.t",
        "EXPLAIN ANALYZE INSERT INTO _prosa_0.main.t VALUES (3, 'z')",
        "EXPLAIN EXPLAIN DELETE FROM t",
        "EXPLAIN (ANALYZE) SELECT 1",
        "BEGIN",
        "",
        "-- nothing",
    ],
)
def test_only_a_single_select_is_run(rows, place, sql):
    before = files(place)
    with pytest.raises((QueryRefused, QueryError)):
        rows(sql)
    assert rows("SELECT count(*) FROM t") == [(2,)]
    assert files(place) == before


def test_the_configuration_is_locked_even_for_plain_connections(engine, place):
    for sql in (
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET threads = 64",
        "ATTACH 'x'",
    ):
        with pytest.raises(duckdb.Error):
            engine._connection.execute(sql)
    assert engine._connection.execute("SELECT 1").fetchall() == [(1,)]
    assert not (place / "x").exists()


def test_the_attached_file_cannot_be_written(engine, place):
    before = files(place)
    for sql in (
        "INSERT INTO _prosa_0.main.t VALUES (3, 'z')",
        "DROP TABLE _prosa_0.main.secret",
        "CREATE INDEX i ON _prosa_0.main.t (a)",
    ):
        with pytest.raises(duckdb.Error):
            engine._connection.execute(sql)
    assert engine._connection.execute("SELECT count(*) FROM t").fetchall() == [(2,)]
    assert files(place) == before


@pytest.mark.parametrize(
    ("sql", "cell"),
    [
        ("340282366920938463463374607431768211455::UHUGEINT", "340282366920938463463374607431768211455"),
        ("[340282366920938463463374607431768211455::UHUGEINT]", "[340282366920938463463374607431768211455]"),
        ("'101'::BIT", "101"),
        ("{'a': ['101'::BIT]}", "{'a': [101]}"),
        ("MAP {'a': '10:00:00+02'::TIMETZ}", "{a='10:00:00+02'}"),
        ("[1::BIGNUM]::BIGNUM[1]", "[1]"),
        ("['x'::ENUM('x')]", ["x"]),
        ("[1::HUGEINT]", [1]),
    ],
)
def test_what_arrow_would_change_is_text(rows, sql, cell):
    assert rows(f"SELECT {sql} AS a") == [(cell,)]


def test_python_variables_are_no_tables(rows):
    hidden = duckdb.sql("SELECT 1 AS a").to_arrow_table()
    with pytest.raises(QueryError):
        rows("SELECT * FROM hidden")
    assert hidden.num_rows == 1


def test_an_unread_result_does_not_block_the_next_statement(engine, rows):
    reader = engine.query("SELECT * FROM range(10000000)", ())
    assert reader.read_next_batch().num_rows > 0
    assert rows("SELECT 1") == [(1,)]


def test_a_query_may_be_explained(engine, rows):
    for sql in ("EXPLAIN SELECT a FROM t", "explain analyze SELECT a FROM t;"):
        engine.explain(sql, ())
        assert "t" in str(rows(sql))


def test_explain_compiles_without_running(engine):
    engine.explain("SELECT sum(a) FROM t, range(1000000000000)", ())
    with pytest.raises(QueryError) as caught:
        engine.explain("SELECT nope FROM t", ())
    assert "nope" in caught.value.values["what"]
    with pytest.raises(QueryRefused):
        engine.explain("DELETE FROM t", ())


def test_an_interrupt_before_a_statement_does_not_harm_it(engine, rows):
    engine.interrupt()
    assert rows("SELECT 1") == [(1,)]


def test_an_interrupt_among_the_rows_ends_them(engine, rows):
    reader = engine.query("SELECT * FROM range(100000000)", ())
    reader.read_next_batch()
    engine.interrupt()
    with pytest.raises(Interrupted):
        reader.read_all()
    assert rows("SELECT 1") == [(1,)]


def test_memory_is_bounded(engine, rows):
    with pytest.raises(MemoryLimit):
        rows("SELECT list(i || repeat('x', 1000)) FROM range(1000000) t(i)")
    assert rows("SELECT 1") == [(1,)]


def test_what_does_not_fit_spills_into_the_given_folder_and_no_further(place):
    (place / "scratch").mkdir()
    piece = Piece("t", "duckdb", (str(place / "a.duckdb"),), "main.t")
    engine = DuckDB(Attachment("duckdb", ("demo",), (piece,), "now"), Resources(64 << 20, 1, str(place / "scratch")))
    sorting = "SELECT i, hash(i) AS h, i || 'text' FROM range({}) t(i) ORDER BY h"
    reader = engine.query(sorting.format(3_000_000), ())
    assert sum(batch.num_rows for batch in reader) == 3_000_000
    with pytest.raises(MemoryLimit):
        engine.query(sorting.format(100_000_000), ()).read_all()
    engine.close()
    assert {path.name for path in place.iterdir()} == {
        "a.duckdb", "granted.parquet", "other.parquet", "plain.txt", "scratch",
    }  # fmt: skip


def test_a_file_that_is_no_database_is_named(place):
    piece = Piece("t", "duckdb", (str(place / "plain.txt"),), "main.t")
    with pytest.raises(SourceError) as caught:
        DuckDB(Attachment("duckdb", ("demo",), (piece,), "now"), Resources(64 << 20))
    assert caught.value.values["name"] == "demo"


GUARD_ONLY = {"att-136", "att-139", "att-149", "att-152", "att-153", "att-154", "att-503"}
"""Attacks that the lock lets through, none of which changes or reads a file: settings and catalogs, a log entry in
memory, deep nesting. Only the guard stops them."""


@pytest.mark.corpus
def test_no_attack_changes_a_file_or_reads_another(engine, rows, place):
    if not CORPUS.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs attacks_dev.jsonl beside the checkout")
    before, ran = files(place), set()
    attacks = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
    for attack in attacks:
        if attack["dialect"] == "duckdb":
            try:
                found = rows(attack["sql"])
            except (QueryRefused, QueryError, SourceError, MemoryLimit):
                continue
            ran.add(attack["id"])
            assert "hidden" not in repr(found), attack
            assert files(place) == before, attack
    assert ran <= GUARD_ONLY
    assert files(place) == before
    assert rows("SELECT a, b FROM t ORDER BY a") == [(1, "x"), (2, "y")]
