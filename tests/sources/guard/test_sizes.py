"""Lengths that make a value too big to be stopped are refused; ordinary ones pass."""

import pytest

from prosa.sources import Grant

DUCKDB = [
    "SELECT lpad(b, 10, '0'), rpad(b, 5), repeat('=', 80) FROM t",
    "SELECT repeat('x', 10000), repeat(repeat('x', 100), 100)",
    "SELECT repeat('*', least(a, 50)), lpad(b, 20 - length(b), ' ') FROM t",
    "SELECT printf('%5d %-10s %.2f %%', a, b, x), printf('Year 20240101: %d', a) FROM t",
    "SELECT format('{} {:>10} {:.2f} {:,}', a, b, x, a) FROM t",
    "SELECT format('Total 123456: {}', a) FROM t",
    "SELECT range(1000), generate_series(1, 1000), unnest(range(a)) FROM t",
    "SELECT * FROM range(100000000000)",
    "SELECT b LIKE '%a%b%', b ILIKE 'x%', b LIKE '%' || b || '%' FROM t",
    "SELECT list_resize([1], 10), bitstring('101', 32)",
]
SQLITE = [
    "SELECT printf('%.2f', x), printf('%,d', a), printf('%05d', a), format('%s-%s', a, b) FROM t",
    "SELECT hex(randomblob(16)), zeroblob(100)",
    "SELECT b LIKE '%a%' OR b GLOB '*a*' FROM t",
]


@pytest.mark.parametrize("sql", DUCKDB)
def test_ordinary_lengths_pass_in_duckdb(sql, reason):
    assert reason(sql, Grant.of("duckdb", ["t"])) is None


@pytest.mark.parametrize("sql", SQLITE)
def test_ordinary_lengths_pass_in_sqlite(sql, reason):
    assert reason(sql, Grant.of("sqlite", ["t"])) is None


def test_mysql_format_is_about_numbers(reason):
    assert reason("SELECT FORMAT(a, 2) FROM t", Grant.of("mysql", ["t"])) is None
