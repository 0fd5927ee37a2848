"""DuckDB files: schemas, keys, comments, views, locks; and that a hostile file reaches nothing."""

import subprocess
import sys

import duckdb
import pytest

from prosa.errors import SourceError


def database(path, *statements):
    with duckdb.connect(str(path)) as con:
        for statement in statements:
            con.execute(statement)
    return path


@pytest.fixture
def shop(bench):
    return database(
        bench.folder / "shop.duckdb",
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, name VARCHAR, email VARCHAR UNIQUE)",
        "CREATE TABLE sale (no INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer(id), sold TIMESTAMPTZ, "
        "kind ENUM('a', 'b'), tags VARCHAR[], price DECIMAL(10, 2), d UUID, big HUGEINT)",
        "COMMENT ON TABLE sale IS 'what was sold'",
        "COMMENT ON COLUMN sale.price IS 'in reais'",
        "INSERT INTO customer VALUES (1, 'Ana', 'a@x'), (2, 'Bob', 'b@x')",
        "INSERT INTO sale VALUES (1, 1, '2024-01-05 10:00:00-03', 'a', ['x'], 1.5, uuid(), 3)",
    )


def test_tables_types_keys_and_comments_are_found(bench, shop):
    info = bench.prepare(shop)
    customer, sale = info.tables
    assert (info.kind, info.dialect) == ("duckdb", "duckdb")
    assert [(column.name, column.type) for column in sale.columns] == [
        ("no", "integer"), ("customer", "integer"), ("sold", "timestamp"), ("kind", "text"), ("tags", "list"),
        ("price", "decimal"), ("d", "text"), ("big", "integer"),
    ]  # fmt: skip
    assert (customer.primary_key, sale.primary_key) == (("id",), ("no",))
    key = sale.foreign_keys[0]
    assert (key.columns, key.table, key.references, key.declared) == (("customer",), "customer", ("id",), True)
    assert sale.comment == "what was sold"
    assert sale.column("price").comment == "in reais"
    assert sale.column("sold").min == "2024-01-05T13:00:00"
    assert info.pieces[1].inner == "main.sale"


def test_the_file_is_not_changed(bench, shop):
    before = shop.read_bytes(), shop.stat().st_mtime_ns
    bench.prepare(f"duckdb:///{shop}")
    assert (shop.read_bytes(), shop.stat().st_mtime_ns) == before
    assert [file.name for file in bench.folder.iterdir()] == ["shop.duckdb"]


def test_a_name_in_two_schemas_gets_the_schema_before_it(bench):
    path = database(
        bench.folder / "s.duckdb",
        "CREATE SCHEMA old",
        "CREATE TABLE old.sale (x INT)",
        "CREATE TABLE sale (y INT)",
        "CREATE TABLE old.more (z INT)",
    )
    info = bench.prepare(path)
    assert {piece.table: piece.inner for piece in info.pieces} == {
        "sale": "main.sale", "old_sale": "old.sale", "more": "old.more",
    }  # fmt: skip


def test_views_are_tables_but_reach_no_other_file(bench, shop, notices):
    secret = bench.write("secret.csv", "a\nsecret\n")
    database(
        shop,
        "CREATE VIEW names AS SELECT name FROM customer",
        f"CREATE VIEW leak AS SELECT * FROM read_csv('{secret}')",
    )
    info = bench.prepare(shop)
    assert [table.name for table in info.tables] == ["customer", "names", "sale"]
    assert notices(info)["view_left_out"] == [{"table": "leak"}]
    with duckdb.connect(str(shop), read_only=True) as con:
        assert con.execute("SELECT * FROM leak").fetchall() == [("secret",)]


def test_a_view_without_end_is_left_out(bench, shop, notices, monkeypatch):
    monkeypatch.setattr("prosa.sources.profiling.engines.VIEW_SECONDS", 0.2)
    database(
        shop,
        "CREATE VIEW endless AS SELECT a.range "
        "FROM range(9999999) a, range(9999999) b WHERE hash(a.range, b.range) = 1",
    )
    info = bench.prepare(shop)
    assert "endless" not in [table.name for table in info.tables]
    assert notices(info)["view_left_out"] == [{"table": "endless"}]


def test_a_file_that_another_process_holds_is_refused_with_a_hint(bench, shop):
    code = f"import duckdb, sys; con = duckdb.connect({str(shop)!r}); print('open', flush=True); sys.stdin.read()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as holder:
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(SourceError) as failure:
            bench.prepare(shop)
        holder.stdin.close()
    assert failure.value.code == "source_locked"
    assert "copy" in failure.value.hint("en")
    assert len(bench.prepare(shop).tables) == 2


@pytest.mark.parametrize("damage", ["cut", "noise"])
def test_a_damaged_file_is_refused(bench, shop, damage):
    content = shop.read_bytes()
    shop.write_bytes(
        content[: len(content) // 3] if damage == "cut" else content[:5000] + b"\xff" * (len(content) - 5000)
    )
    with pytest.raises(SourceError) as failure:
        bench.prepare(shop)
    assert failure.value.code == "source_broken"


def test_a_database_without_tables_is_refused(bench):
    with pytest.raises(SourceError) as failure:
        bench.prepare(database(bench.folder / "none.duckdb"))
    assert failure.value.code == "source_no_tables"
