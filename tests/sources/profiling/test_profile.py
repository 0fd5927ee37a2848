"""What the profile finds in tables: figures, values, roles, keys, display columns."""

import duckdb
import pytest

from prosa.sources.reading.workspace import watched

SHOP = {
    "customers": "id,name,email,city,birth_date,active\n"
    + "".join(
        f"{n},Person {n},p{n}@x.org,{'Recife' if n % 3 else 'Natal'},19{50 + n % 50}-01-05,{'yes' if n % 2 else 'no'}\n"
        for n in range(1, 101)
    ),
    "products": "product_id,title,category,price\n"
    + "".join(f"{n},Product {n},{'tea' if n % 2 else 'coffee'},{n}.50\n" for n in range(1, 21)),
    "orders": "id,customer_id,ordered_at,status\n"
    + "".join(f"{n},{1 + n % 100},2024-01-{1 + n % 28:02} 10:30:00,{'paid' if n % 5 else 'open'}\n"
              for n in range(1, 501)),
    "order_items": "order_id,product_id,quantity,unit_price\n"
    + "".join(f"{1 + n % 500},{1 + n % 20},{1 + n % 4},{n % 7}.25\n" for n in range(1000)),
}  # fmt: skip


@pytest.fixture
def shop(bench):
    for name, text in SHOP.items():
        bench.write(f"{name}.csv", text)
    return bench.prepare(bench.folder, name="shop")


def table(info, name):
    return next(found for found in info.tables if found.name == name)


def test_roles_come_from_names_types_and_values(shop):
    roles = {found.name: {column.name: column.role for column in found.columns} for found in shop.tables}
    assert roles == {
        "customers": {"id": "id", "name": "name", "email": "text", "city": "category", "birth_date": "date",
                      "active": "flag"},
        "products": {"product_id": "id", "title": "name", "category": "category", "price": "measure"},
        "orders": {"id": "id", "customer_id": "id", "ordered_at": "date", "status": "category"},
        "order_items": {"order_id": "id", "product_id": "id", "quantity": "measure", "unit_price": "measure"},
    }  # fmt: skip


def test_keys_are_inferred_by_names_and_inclusion(shop):
    assert {found.name: found.primary_key for found in shop.tables} == {
        "customers": ("id",), "products": ("product_id",), "orders": ("id",), "order_items": (),
    }  # fmt: skip
    keys = {
        (found.name, key.columns[0]): (key.table, key.references[0], key.declared)
        for found in shop.tables
        for key in found.foreign_keys
    }
    assert keys == {
        ("orders", "customer_id"): ("customers", "id", False),
        ("order_items", "order_id"): ("orders", "id", False),
        ("order_items", "product_id"): ("products", "product_id", False),
    }


def test_a_value_that_is_not_there_is_no_key(bench):
    bench.write("customers.csv", "id,name\n1,Ana\n2,Bob\n")
    bench.write("orders.csv", "id,customer_id\n1,1\n2,3\n")
    assert table(bench.prepare(bench.folder), "orders").foreign_keys == ()


def test_display_columns_name_a_row(shop):
    assert {found.name: found.display for found in shop.tables} == {
        "customers": "name", "products": "title", "orders": None, "order_items": None,
    }  # fmt: skip


def test_figures_are_exact(shop):
    price = table(shop, "products").column("price")
    assert (price.nulls, price.distinct, price.min, price.max) == (0, 20, 1.5, 20.5)
    assert price.samples == (1.5, 2.5, 3.5)
    birth = table(shop, "customers").column("birth_date")
    assert (birth.min, birth.max) == ("1950-01-05", "1999-01-05")


def test_texts_are_kept_most_frequent_first(shop):
    city = table(shop, "customers").column("city")
    assert (city.values, city.all_values) == (("Recife", "Natal"), True)


def test_long_texts_are_not_kept(bench):
    info = bench.read("id,story\n1," + "x" * 300 + "\n2,short\n3," + "y" * 300 + "\n")
    story = info.tables[0].columns[1]
    assert (story.values, story.all_values) == ((), False)
    assert all(len(sample) <= 100 for sample in story.samples)


def test_the_most_frequent_are_kept_of_many(bench):
    rows = "".join(f"name {n}\n" for n in range(5_000)) + "twice\ntwice\n"
    column = bench.read("name\n" + rows).tables[0].columns[0]
    assert (len(column.values), column.values[0], column.all_values) == (2_000, "twice", False)
    assert column.distinct == 5_001


def test_a_source_has_room_for_the_values_of_all_its_tables(bench, monkeypatch):
    monkeypatch.setattr("prosa.sources.profiling.profile.ALL_VALUES", 1_000)
    for n in range(4):
        bench.write(f"t{n}.csv", "a,b\n" + "".join(f"a{i},b{i}\n" for i in range(400)))
    info = bench.prepare(bench.folder)
    kept = [len(column.values) for found in info.tables for column in found.columns]
    assert 800 <= sum(kept) <= 1_000
    assert min(kept) >= 100


def test_what_is_missing_is_counted(bench):
    column = bench.read("a,b\n1,x\n,y\nNA,z\n").tables[0].columns[0]
    assert (column.nulls, column.distinct) == (2, 1)


def test_types_without_an_order_do_no_harm(bench):
    path = bench.folder / "x.parquet"
    sql = "SELECT [1] AS l, {'a': 1} AS s, 'x'::BLOB AS b, INTERVAL 1 DAY AS i, now() AS z, NULL AS n, true AS f"
    duckdb.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    columns = bench.prepare(path).tables[0].columns
    assert [column.nulls for column in columns] == [0, 0, 0, 0, 0, 1, 0]
    assert columns[6].role == "flag"


def test_large_tables_are_estimated_but_keys_counted(bench, monkeypatch):
    monkeypatch.setattr("prosa.sources.profiling.duckdb_figures.EXACT_ROWS", 100)
    found = bench.read("id,kind\n" + "".join(f"{n},{n % 7}\n" for n in range(5_000))).tables[0]
    assert found.primary_key == ("id",)
    assert found.columns[0].distinct == 5_000
    assert abs(found.columns[1].distinct - 7) <= 1


def test_large_sqlite_tables_are_sampled_but_keys_counted(bench, monkeypatch):
    import sqlite3
    from contextlib import closing

    monkeypatch.setattr("prosa.sources.profiling.sqlite_figures.EXACT_ROWS", 100)
    path = bench.folder / "x.db"
    with closing(sqlite3.connect(path)) as con:
        con.execute("CREATE TABLE t (item_id INT, kind TEXT, note TEXT)")
        con.executemany("INSERT INTO t VALUES (?, ?, ?)", [(n, f"kind {n % 7}", f"note {n}") for n in range(5_000)])
        con.commit()
    found = bench.prepare(path).tables[0]
    assert (found.rows, found.primary_key) == (5_000, ("item_id",))
    item, kind, note = found.columns
    assert (item.distinct, item.min, item.max) == (5_000, 0, 4_999)
    assert (kind.distinct, sorted(kind.values)) == (7, [f"kind {n}" for n in range(7)])
    assert abs(note.distinct - 5_000) < 100


def test_a_watched_statement_is_interrupted_by_what_its_watcher_raises():
    def stop():
        raise KeyboardInterrupt

    with duckdb.connect() as con, pytest.raises(KeyboardInterrupt):
        watched(con, lambda: con.execute("SELECT count(*) FROM range(10000000) a, range(10000000) b").fetchall(), stop)
