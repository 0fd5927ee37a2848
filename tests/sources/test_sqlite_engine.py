"""SQLite behind its lock, without the guard: granted tables can be read, and nothing else happens."""

import json
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from prosa.errors import MemoryLimit, QueryError, QueryRefused, SourceError
from prosa.sources.base import Piece
from prosa.sources.engine import Attachment, Interrupted, Resources
from prosa.sources.guard.functions import FUNCTIONS as GUARDED
from prosa.sources.guard.functions import TABLE_FUNCTIONS as GUARDED_TABLES
from prosa.sources.sqlite import SQLite
from prosa.sources.sqlite_lock import FUNCTIONS, TABLE_FUNCTIONS

CORPUS = Path(__file__).parents[2] / "../shared/data/guard/attacks_dev.jsonl"

SCHEMA = """
CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'x'), (2, 'y');
CREATE TABLE secret (word, rank); INSERT INTO secret VALUES ('hidden', 1), ('more', 0);
CREATE VIEW top AS SELECT rank FROM secret WHERE rank > 0;
CREATE VIEW above AS SELECT * FROM top;
CREATE VIEW broken AS SELECT * FROM nowhere;
CREATE VIRTUAL TABLE docs USING fts5(body); INSERT INTO docs VALUES ('hello');
CREATE TABLE "odd ""name" (n); INSERT INTO "odd ""name" VALUES (7);
"""
TABLES = ("t", "secret", "top", "above", "broken", "docs", 'odd "name')


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with sqlite3.connect(tmp_path / "a.sqlite") as con:
        con.executescript(SCHEMA)
    con.close()
    (tmp_path / "plain.txt").write_text("hidden")
    return tmp_path


@pytest.fixture
def opened():
    engines = []

    def open_file(path, memory=256 << 20):
        pieces = tuple(Piece(table, "sqlite", (str(path),), f"main.{table}") for table in TABLES)
        engines.append(SQLite(Attachment("sqlite", ("demo",), pieces, "now"), Resources(memory)))
        return engines[-1]

    yield open_file
    for engine in engines:
        engine.close()


@pytest.fixture
def engine(opened, place):
    return opened(place / "a.sqlite")


@pytest.fixture
def rows(engine):
    def run(sql, *tables):
        return [tuple(row.values()) for row in engine.query(sql, tables or ("t",)).read_all().to_pylist()]

    return run


def files(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_granted_tables_can_be_read(rows):
    assert rows("SELECT a, b FROM t") == [(1, "x"), (2, "y")]
    assert rows("SELECT count(*) FROM T") == [(2,)]
    assert rows("SELECT rowid FROM main.t LIMIT 1") == [(1,)]
    assert rows('SELECT * FROM "odd ""name"', 'odd "name') == [(7,)]
    assert rows("WITH x AS (SELECT a FROM t) SELECT count(*) FROM x") == [(2,)]
    assert rows("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 3) SELECT count(*) FROM r") == [
        (3,)
    ]
    assert rows("SELECT value FROM json_each('[5, 6]')") == [(5,), (6,)]
    assert rows("SELECT row_number() OVER (ORDER BY a DESC), upper(b) FROM t") == [(1, "Y"), (2, "X")]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM secret",
        "SELECT count(*) FROM secret",
        "SELECT (SELECT word FROM secret) FROM t",
        "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM secret WHERE word LIKE 'h%')",
        "SELECT a FROM t UNION SELECT word FROM secret",
        "WITH t AS (SELECT word FROM secret) SELECT * FROM t",
        "WITH t AS (SELECT count(*) FROM secret) SELECT * FROM t",
        "SELECT * FROM top",
        "SELECT * FROM sqlite_master",
        "SELECT count(*) FROM sqlite_schema",
        "SELECT * FROM docs",
        "SELECT * FROM docs_content",
        "SELECT * FROM pragma_table_info('t')",
        "SELECT * FROM pragma_database_list",
        "SELECT * FROM dbstat",
    ],
)
def test_what_was_not_granted_cannot_be_read(rows, sql):
    with pytest.raises((QueryRefused, QueryError)):
        rows(sql)
    assert rows("SELECT count(*) FROM t") == [(2,)]


def test_a_granted_view_reads_what_it_was_made_of(rows):
    assert rows("SELECT * FROM top", "top") == [(1,)]
    assert rows("SELECT * FROM above", "above") == [(1,)]
    with pytest.raises(QueryRefused):
        rows("SELECT word FROM secret", "above")
    with pytest.raises(QueryRefused):
        rows("WITH top AS (SELECT word FROM secret) SELECT * FROM top", "top")
    with pytest.raises(QueryError):
        rows("SELECT * FROM broken", "broken")


def test_a_full_text_table_can_be_read(rows):
    assert rows("SELECT body FROM docs", "docs") == [("hello",)]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t VALUES (3, 'z')",
        "UPDATE t SET a = 0",
        "DELETE FROM t",
        "DROP TABLE t",
        "CREATE TABLE z (a)",
        "CREATE TEMP TABLE z (a)",
        "ATTACH 'new.sqlite' AS n",
        "VACUUM INTO 'copy.sqlite'",
        "PRAGMA query_only = OFF",
        "PRAGMA table_info(t)",
        "REINDEX",
        "ANALYZE",
        "BEGIN",
        "SAVEPOINT s",
        "SELECT load_extension('x')",
        "SELECT fts3_tokenizer('simple')",
        "SELECT readfile('plain.txt')",
        "SELECT writefile('x', 'y')",
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
    ],
)
def test_nothing_but_reading_is_done(rows, place, sql):
    before = files(place)
    with pytest.raises((QueryRefused, QueryError)):
        rows(sql)
    assert files(place) == before
    assert rows("SELECT count(*) FROM t") == [(2,)]


def test_the_lock_holds_for_the_plain_connection(engine, place):
    before = files(place)
    for sql in ("PRAGMA query_only = OFF", "INSERT INTO t VALUES (3, 'z')", "ATTACH 'x' AS x", "SELECT * FROM secret"):
        with pytest.raises(sqlite3.DatabaseError):
            engine._connection.execute(sql)
    engine._connection.set_authorizer(None)
    with pytest.raises(sqlite3.OperationalError):
        engine._connection.execute("INSERT INTO t VALUES (3, 'z')")
    with pytest.raises(sqlite3.OperationalError):
        engine._connection.execute("ATTACH 'x' AS x")
    assert engine._connection.execute("SELECT count(*) FROM t").fetchall() == [(2,)]
    assert files(place) == before


def test_every_function_of_the_guard_is_known_here():
    with sqlite3.connect(":memory:") as con:
        there = {name for (name,) in con.execute("SELECT name FROM pragma_function_list")}
        tables = {name for (name,) in con.execute("SELECT name FROM pragma_module_list")}
    con.close()
    assert GUARDED["sqlite"] & there <= FUNCTIONS
    assert GUARDED_TABLES["sqlite"] & tables <= set(TABLE_FUNCTIONS)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT zeroblob(900000000)",
        "SELECT replace(hex(zeroblob(30000)), '0', hex(zeroblob(30000)))",
        "SELECT 1" + " + 1" * 5000,
        "SELECT 'x' LIKE '" + "%a" * 2000 + "'",
    ],
)
def test_single_values_and_statements_are_bounded(rows, sql):
    with pytest.raises((QueryError, MemoryLimit)):
        rows(sql)
    assert rows("SELECT 1") == [(1,)]


@pytest.mark.parametrize("what", ["count(*)", "n"])
def test_an_interrupt_ends_an_endless_statement(engine, what):
    endless = f"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT {what} FROM r"
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(engine.query, endless, ())
        while not running.done():
            engine.interrupt()
            wait([running], timeout=0.01)
    with pytest.raises(Interrupted):
        running.result()
    assert engine.query("SELECT 1 AS a", ()).read_all().to_pylist() == [{"a": 1}]


@pytest.mark.parametrize("place", ["first", "late"])
def test_text_that_is_not_utf_8_is_read_with_marks(tmp_path, opened, place):
    path, size = tmp_path / "latin.sqlite", 120_000 if place == "late" else 3
    with sqlite3.connect(path) as con:
        con.execute("CREATE TABLE t (a, b)")
        con.executemany("INSERT INTO t VALUES (?, 'x')", ((number,) for number in range(size)))
        con.execute("UPDATE t SET b = CAST(x'e76f' AS TEXT) WHERE a = ?", (size - 1,))
    con.close()
    found = opened(path).query("SELECT a, b FROM t ORDER BY a", ("t",)).read_all()
    assert found.column("a").to_pylist() == list(range(size))
    assert found.column("b").to_pylist() == ["x"] * (size - 1) + ["\ufffdo"]


def test_a_query_may_be_explained(engine):
    sql = "EXPLAIN QUERY PLAN SELECT a FROM t"
    engine.explain(sql, ("t",))
    assert "SCAN t" in str(engine.query(sql, ("t",)).read_all().to_pylist())


def test_explain_compiles_without_running(engine):
    engine.explain("SELECT sum(a) FROM t", ("t",))
    with pytest.raises(QueryError):
        engine.explain("SELECT nope FROM t", ("t",))
    with pytest.raises(QueryRefused):
        engine.explain("SELECT word FROM secret", ("t",))


def test_a_write_ahead_database_is_read_without_a_trace(tmp_path, opened):
    path = tmp_path / "wal.sqlite"
    con = sqlite3.connect(path)
    con.execute("PRAGMA journal_mode = WAL")
    con.executescript("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'x')")
    con.close()
    before = files(tmp_path)
    assert opened(path).query("SELECT a FROM t", ("t",)).read_all().to_pylist() == [{"a": 1}]
    assert files(tmp_path) == before


def test_a_write_ahead_database_in_use_shows_its_newest_rows(tmp_path, opened):
    path = tmp_path / "wal.sqlite"
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("PRAGMA journal_mode = WAL")
    con.execute("CREATE TABLE t (a, b)")
    con.execute("INSERT INTO t VALUES (1, 'x')")
    assert opened(path).query("SELECT a FROM t", ("t",)).read_all().to_pylist() == [{"a": 1}]
    con.close()


def test_a_hostile_schema_runs_nothing(tmp_path, opened):
    path = tmp_path / "hostile.sqlite"
    con = sqlite3.connect(path)
    con.executescript("CREATE TABLE t (a, b); CREATE VIEW top AS SELECT load_extension('x.so') AS a")
    con.close()
    with pytest.raises((QueryRefused, QueryError)):
        opened(path).query("SELECT * FROM top", ("top",))
    assert opened(path).query("SELECT * FROM t", ("t",)).read_all().num_rows == 0


def test_a_file_that_is_no_database_is_named(place, opened):
    with pytest.raises(SourceError) as caught:
        opened(place / "plain.txt").query("SELECT 1", ())
    assert caught.value.values["name"] == "demo"


@pytest.mark.corpus
def test_no_attack_changes_a_file_or_reads_what_was_not_granted(rows, place):
    if not CORPUS.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs attacks_dev.jsonl beside the checkout")
    before, ran = files(place), set()
    for attack in map(json.loads, CORPUS.read_text("utf-8").splitlines()):
        if attack["dialect"] == "sqlite":
            try:
                found = rows(attack["sql"])
            except (QueryRefused, QueryError, MemoryLimit):
                continue
            ran.add(attack["id"])
            assert "hidden" not in repr(found), attack
            assert files(place) == before, attack
    assert ran <= {"att-236"}, "a comment that is never closed is harmless to SQLite; all others are stopped"
    assert files(place) == before
    assert rows("SELECT a, b FROM t") == [(1, "x"), (2, "y")]
