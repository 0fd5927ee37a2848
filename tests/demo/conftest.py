"""The demo data of one fixed day, made once, and the engine to look at it with."""

from datetime import date

import duckdb
import pytest

from prosa import demo

TODAY = date(2026, 3, 10)


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    return demo.make(tmp_path_factory.mktemp("demo"), TODAY)


@pytest.fixture(scope="session")
def rows(files):
    """Runs a statement over the demo's tables and gives its rows."""
    con = duckdb.connect()
    for name, path in files.items():
        con.execute(f"CREATE VIEW {name} AS FROM '{path}'")
    yield lambda sql: con.sql(sql).fetchall()
    con.close()
