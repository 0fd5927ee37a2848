"""Several sources as one database."""

import subprocess
import sys

import msgspec
import pytest

from prosa.sources.base import SourceInfo
from prosa.sources.databases import combine


@pytest.fixture
def source(bench):
    def source(name, text, **options):
        return bench.read(text, f"{name}.csv", name=name, **options)

    return source


def test_one_source_is_a_database_as_it_is(source):
    info = source("sales", "id,price\n1,2.5\n")
    database = combine([info])
    assert (database.dialect, database.sources) == ("duckdb", ("sales",))
    assert database.catalog.tables == info.tables
    assert database.pieces == info.pieces


def test_a_sqlite_file_alone_keeps_its_dialect(bench):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(bench.folder / "a.db")) as con:
        con.execute("CREATE TABLE t (x)")
    alone, copied = (bench.prepare(bench.folder / "a.db", copy_sqlite=copy) for copy in (False, True))
    other = bench.read("a\n1\n", name="other")
    assert combine([alone]).dialect == "sqlite"
    assert combine([copied]).dialect == "duckdb"
    assert combine([copied, other]).dialect == "duckdb"
    with pytest.raises(ValueError, match="copy_sqlite"):
        combine([alone, other])


def test_tables_of_one_name_get_the_sources_name_before_them(bench):
    infos = []
    for place in ("north", "south"):
        bench.write(f"{place}/orders.csv", "id,customer_id\n1,1\n")
        bench.write(f"{place}/customers.csv", "id,name\n1,Ana\n")
        infos.append(bench.prepare(bench.folder / place, name=place))
    database = combine(infos)
    names = [table.name for table in database.catalog.tables]
    assert sorted(names) == ["north_customers", "north_orders", "south_customers", "south_orders"]
    assert [piece.table for piece in database.pieces] == names
    orders = database.catalog.table("south_orders")
    assert orders.foreign_keys[0].table == "south_customers"
    assert orders.source == "south"


def test_a_source_that_is_called_like_its_table_keeps_the_name(bench, source):
    sales = source("sales", "id\n1\n")
    bench.write("archive/sales.csv", "id\n1\n")
    bench.write("archive/more.csv", "id\n1\n")
    archive = bench.prepare(bench.folder / "archive", name="archive")
    names = {table.name for table in combine([sales, archive]).catalog.tables}
    assert names == {"sales", "archive_sales", "more"}


def test_keys_are_found_across_sources(source):
    customers = source("customers", "id,name\n1,Ana\n2,Bob\n3,Eva\n")
    orders = source("orders", "id,customer_id,country\n1,1,BR\n2,3,BR\n")
    countries = source("countries", "country_code,name\nBR,Brazil\nAR,Argentina\n")
    visits = source("visits", "visit_id,customer_id,country_code\n1,9,BR\n2,8,UY\n")
    catalog = combine([customers, orders, countries, visits]).catalog
    keys = {(table.name, key.columns, key.table) for table in catalog.tables for key in table.foreign_keys}
    assert keys == {("orders", ("customer_id",), "customers"), ("orders", ("country",), "countries")}


def test_the_fingerprint_changes_with_any_source(source):
    one, two = source("a", "x\n1\n"), source("b", "y\n1\n")
    changed = msgspec.structs.replace(two, fingerprint="other")
    prints = {combine(infos).fingerprint for infos in ([one, two], [two, one], [one], [one, changed])}
    assert len(prints) == 4
    assert combine([one, two]).fingerprint == combine([one, two]).fingerprint


def test_a_source_crosses_processes_unchanged(source):
    info = source("a", "x,y\n1,2024-01-05\n")
    assert msgspec.json.decode(msgspec.json.encode(info), type=SourceInfo) == info


def test_no_engine_is_needed():
    code = "import sys, prosa.sources.databases; print([name for name in ('duckdb', 'pyarrow') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
