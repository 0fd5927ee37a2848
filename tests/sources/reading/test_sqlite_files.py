"""SQLite files: declared and real types, keys, write-ahead files, views, copies."""

import sqlite3
from contextlib import closing
from datetime import date, datetime

import pytest

from prosa.errors import SourceError

SCHEMA = """
CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE person (Id INTEGER PRIMARY KEY, name TEXT, born DATE, seen DATETIME, city_id INT REFERENCES CITY,
                     balance NUMERIC, active BOOLEAN, code TEXT UNIQUE);
INSERT INTO city VALUES (1, 'Recife'), (2, 'São Paulo');
INSERT INTO person VALUES (1, 'Ana', '1990-01-05', '2024-01-05 10:30:00', 1, 10.5, 1, 'x'),
                          (2, 'Bob', NULL, '2024-01-06 11:00:00', NULL, 3, 0, 'y');
"""


def database(path, script):
    with closing(sqlite3.connect(path)) as con:
        con.executescript(script)
    return path


@pytest.fixture
def people(bench):
    return database(bench.folder / "people.sqlite", SCHEMA)


def test_tables_columns_and_keys_are_found(bench, people):
    info = bench.prepare(people)
    city, person = info.tables
    assert (info.kind, info.dialect) == ("sqlite", "sqlite")
    assert [(column.name, column.type) for column in person.columns] == [
        ("Id", "integer"), ("name", "text"), ("born", "date"), ("seen", "timestamp"), ("city_id", "integer"),
        ("balance", "float"), ("active", "integer"), ("code", "text"),
    ]  # fmt: skip
    assert (city.primary_key, person.primary_key) == (("id",), ("Id",))
    key = person.foreign_keys[0]
    assert (key.columns, key.table, key.references, key.declared) == (("city_id",), "city", ("id",), True)
    assert {piece.kind for piece in info.pieces} == {"sqlite"}
    assert info.pieces[0].paths == (str(people),)


@pytest.mark.parametrize("prefix", ["sqlite:///", "file://"])
def test_a_url_names_the_file(bench, people, prefix):
    assert len(bench.prepare(f"{prefix}{people}").tables) == 2


def test_a_copy_has_the_same_tables_with_real_types(bench, people):
    info = bench.prepare(people, copy_sqlite=True)
    assert (info.kind, info.dialect) == ("sqlite", "duckdb")
    assert [(c.name, c.native) for c in info.tables[1].columns][2:6] == [
        ("born", "DATE"), ("seen", "TIMESTAMP"), ("city_id", "BIGINT"), ("balance", "DOUBLE"),
    ]  # fmt: skip
    assert bench.rows(info, "person") == [
        (1, "Ana", date(1990, 1, 5), datetime(2024, 1, 5, 10, 30), 1, 10.5, 1, "x"),
        (2, "Bob", None, datetime(2024, 1, 6, 11), None, 3.0, 0, "y"),
    ]
    assert info.tables[1].foreign_keys == bench.prepare(people).tables[1].foreign_keys


def test_cells_of_several_types_become_text_and_are_told(bench, notices):
    path = database(
        bench.folder / "m.db", "CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1), ('two'), (NULL), (3.5);"
    )
    info = bench.prepare(path, copy_sqlite=True)
    assert info.tables[0].columns[0].type == "text"
    assert bench.rows(info) == [("1",), ("two",), (None,), ("3.5",)]
    assert notices(info)["mixed_types"] == [{"table": "t", "column": "x"}]


@pytest.mark.parametrize("copy", [False, True])
def test_generated_columns_are_columns(bench, copy):
    script = (
        "CREATE TABLE sale (price INT, n INT, total INT GENERATED ALWAYS AS (price * n) STORED, word AS ('x' || n));"
    )
    path = database(bench.folder / "x.sqlite", script + "INSERT INTO sale VALUES (3, 2)")
    info = bench.prepare(path, copy_sqlite=copy)
    assert [(column.name, column.type) for column in info.tables[0].columns] == [
        ("price", "integer"), ("n", "integer"), ("total", "integer"), ("word", "text"),
    ]  # fmt: skip
    assert copy or info.tables[0].columns[2].native == "INT"


@pytest.mark.parametrize("copy", [False, True])
@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (["2020-01-01", "2020-02-29", "", None], "date"),
        (["2020-01-01", "2020-02-30"], "text"),
        (["2020-01-01 10:00", "2020-01-01T10:00:30", "2020-01-01 10:00:30.5", ""], "timestamp"),
        (["2020-02-30 10:00"], "text"),
        (["2020-01-01 25:00"], "text"),
    ],
)
def test_texts_are_days_or_moments_where_all_of_them_are_in_the_calendar(bench, cells, type_, copy):
    path = database(bench.folder / "x.sqlite", "CREATE TABLE t (c TEXT)")
    with closing(sqlite3.connect(path)) as con, con:
        con.executemany("INSERT INTO t VALUES (?)", [(cell,) for cell in cells])
    info = bench.prepare(path, copy_sqlite=copy)
    assert info.tables[0].columns[0].type == type_
    assert info.tables[0].rows == len(cells)


def test_a_column_without_a_name_gets_one_where_it_is_copied(bench):
    path = database(bench.folder / "x.sqlite", 'CREATE TABLE t ("" INT, b INT); INSERT INTO t VALUES (1, 2)')
    info = bench.prepare(path, copy_sqlite=True)
    assert [column.name for column in info.tables[0].columns] == ["column_1", "b"]
    assert bench.rows(info) == [(1, 2)]


def test_blank_texts_among_numbers_are_missing_values(bench):
    path = database(bench.folder / "m.db", "CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1), (''), (3);")
    info = bench.prepare(path, copy_sqlite=True)
    assert info.tables[0].columns[0].type == "integer"
    assert bench.rows(info) == [(1,), (None,), (3,)]


def test_a_file_in_write_ahead_mode_is_read_with_its_log_and_left_as_it_is(bench):
    path = bench.folder / "wal.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("CREATE TABLE t (x)")
        con.execute("INSERT INTO t VALUES (1), (2)")
        assert bench.prepare(path).tables[0].rows == 2
    before = sorted(file.name for file in bench.folder.iterdir())
    assert bench.prepare(path).tables[0].rows == 2
    assert sorted(file.name for file in bench.folder.iterdir()) == before == ["wal.db"]


def test_a_change_in_the_write_ahead_log_alone_is_seen(bench):
    path = bench.folder / "wal.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("CREATE TABLE t (x)")
        con.execute("INSERT INTO t VALUES (1)")
        first = bench.prepare(path)
        con.execute("INSERT INTO t VALUES (2)")
        second = bench.prepare(path)
    assert (first.tables[0].rows, second.tables[0].rows) == (1, 2)
    assert first.fingerprint != second.fingerprint


def test_views_are_tables_and_broken_ones_are_left_out_and_told(bench, people, notices):
    database(people, "CREATE VIEW ok AS SELECT name FROM city; CREATE VIEW bad AS SELECT missing FROM city;")
    info = bench.prepare(people)
    assert [table.name for table in info.tables] == ["city", "person", "ok"]
    assert notices(info)["view_left_out"] == [{"table": "bad"}]


def test_a_view_without_end_is_left_out(bench, people, notices, monkeypatch):
    monkeypatch.setattr("prosa.sources.reading.sqlite_files.VIEW_SECONDS", 0.2)
    database(
        people, "CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    )
    info = bench.prepare(people)
    assert [table.name for table in info.tables] == ["city", "person"]
    assert notices(info)["view_left_out"] == [{"table": "endless"}]


def test_inner_tables_are_not_shown(bench):
    script = "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, x); INSERT INTO t (x) VALUES (1);"
    path = database(bench.folder / "fts.db", script + "CREATE VIRTUAL TABLE docs USING fts5(body);")
    assert [table.name for table in bench.prepare(path).tables] == ["t"]


def test_strange_names_are_kept(bench):
    path = database(bench.folder / "s.db", 'CREATE TABLE "order ""x""" ("select" INT, "a b" TEXT); ')
    info = bench.prepare(path, copy_sqlite=True)
    assert info.tables[0].name == 'order "x"'
    assert [column.name for column in info.tables[0].columns] == ["select", "a b"]


def test_text_in_a_wrong_encoding_is_still_read(bench):
    path = database(bench.folder / "e.db", "CREATE TABLE t (x TEXT); INSERT INTO t VALUES (CAST(x'53e36f' AS TEXT));")
    assert bench.prepare(path).tables[0].columns[0].values == ("S\ufffdo",)


def test_a_database_without_tables_is_refused(bench):
    path = database(bench.folder / "none.db", "CREATE TABLE t (x); DROP TABLE t;")
    with pytest.raises(SourceError) as failure:
        bench.prepare(path)
    assert failure.value.code == "source_no_tables"


def test_a_damaged_database_is_refused(bench, people):
    content = people.read_bytes()
    people.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(SourceError) as failure:
        bench.prepare(people)
    assert failure.value.code == "source_broken"


def test_a_database_that_a_writer_holds_is_refused_with_a_hint(bench, people):
    with closing(sqlite3.connect(people, isolation_level=None)) as con:
        con.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SourceError) as failure:
            bench.prepare(people)
    assert failure.value.code == "source_locked"
    assert failure.value.hint("pt-BR")


def test_stopping_ends_a_long_statement(bench):
    path = database(
        bench.folder / "long.db",
        "CREATE TABLE t (x); WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000) "
        "INSERT INTO t SELECT x FROM n;",
    )
    calls = []

    def stop(done, total):
        calls.append(done)
        if len(calls) > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.prepare(path, progress=stop)
