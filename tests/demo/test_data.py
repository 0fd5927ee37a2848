"""The demo data itself: whole keys, sums that add up, and the shapes of a real chain."""

from datetime import date

import pytest

from prosa import demo


def test_there_are_more_than_200_000_rows_in_november_2026(tmp_path):
    from pyarrow import parquet

    files = demo.make(tmp_path, date(2026, 11, 20))
    counts = {name: parquet.read_metadata(path).num_rows for name, path in files.items()}
    assert sum(counts.values()) > 200_000
    assert max(counts, key=counts.get) == "order_items"


@pytest.mark.parametrize(
    ("child", "key", "parent", "optional"),
    [
        ("products", "category_id", "categories", False),
        ("orders", "store_id", "stores", False),
        ("orders", "customer_id", "customers", True),
        ("order_items", "order_id", "orders", False),
        ("order_items", "product_id", "products", False),
        ("returns", "order_item_id", "order_items", False),
        ("targets", "store_id", "stores", False),
    ],
)
def test_every_key_points_at_a_row(rows, child, key, parent, optional):
    missing = rows(f"SELECT count(*) FROM {child} ANTI JOIN {parent} USING ({key}) WHERE {key} IS NOT NULL")
    assert missing == [(0,)]
    assert (rows(f"SELECT count(*) FROM {child} WHERE {key} IS NULL")[0][0] > 0) is optional


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("stores", "store_id"),
        ("categories", "category_id"),
        ("products", "product_id"),
        ("customers", "customer_id"),
        ("orders", "order_id"),
        ("order_items", "order_item_id"),
        ("returns", "return_id"),
        ("targets", "(store_id, month)"),
    ],
)
def test_every_row_has_a_key_of_its_own(rows, table, key):
    assert rows(f"SELECT count(*) - count(DISTINCT {key}) FROM {table}") == [(0,)]


def test_the_lines_of_an_order_add_up_to_its_total(rows):
    assert rows("SELECT count(*) FROM order_items WHERE amount <> quantity * unit_price - discount") == [(0,)]
    assert rows(
        "SELECT count(*) FROM orders LEFT JOIN (SELECT order_id, sum(amount) AS lines FROM order_items GROUP BY 1)"
        " USING (order_id) WHERE lines IS DISTINCT FROM total"
    ) == [(0,)]


def test_no_more_is_refunded_or_comes_back_than_was_bought(rows):
    assert rows(
        "SELECT count(*) FROM returns r JOIN order_items i USING (order_item_id) JOIN orders o USING (order_id)"
        " WHERE r.refund > i.amount OR r.quantity > i.quantity OR r.returned_on <= o.ordered_at::DATE"
        " OR o.status <> 'completed'"
    ) == [(0,)]


def test_days_run_from_the_first_of_2024_to_today_without_a_gap(rows):
    first, last, days = rows(
        "SELECT min(ordered_at)::DATE, max(ordered_at)::DATE, count(DISTINCT ordered_at::DATE) FROM orders"
    )[0]
    assert (first, last) == (date(2024, 1, 1), date(2026, 3, 10))
    assert days == (last - first).days + 1


def test_nothing_is_sold_before_it_exists_or_after_it_ends(rows):
    assert rows(
        "SELECT count(*) FROM order_items JOIN orders USING (order_id) JOIN products p USING (product_id)"
        " JOIN stores s USING (store_id) WHERE ordered_at::DATE < launched_on OR ordered_at::DATE > discontinued_on"
        " OR ordered_at::DATE < opened_on"
    ) == [(0,)]
    assert rows(
        "SELECT count(*) FROM orders JOIN customers USING (customer_id) WHERE ordered_at::DATE < signed_up_on"
    ) == [(0,)]


def test_what_has_not_happened_yet_is_not_listed(rows):
    assert rows("SELECT count(*) FROM stores WHERE opened_on > '2026-03-10'") == [(0,)]
    assert rows("SELECT max(month) FROM targets") == [(date(2026, 3, 1),)]
    assert rows("SELECT max(returned_on) <= '2026-03-10' FROM returns") == [(True,)]
    assert rows("SELECT name, discontinued_on FROM products WHERE discontinued_on IS NOT NULL ORDER BY ALL") == [
        ("French Press", date(2025, 12, 31)),
        ("Nitro Cold Brew", date(2025, 3, 31)),
    ]


def test_trade_grows_and_follows_week_and_year(rows):
    years = dict(rows("SELECT year(ordered_at), count(*) FROM orders GROUP BY ALL"))
    assert years[2025] > years[2024] * 1.1
    week = dict(rows("SELECT isodow(ordered_at), count(*) FROM orders GROUP BY ALL"))
    assert week[6] > week[2] * 1.1
    months = dict(
        rows("SELECT month(ordered_at), sum(total)::DOUBLE FROM orders WHERE year(ordered_at) = 2025 GROUP BY ALL")
    )
    assert months[12] > months[1] * 1.1


def test_stores_differ_and_targets_are_within_reach(rows):
    share = rows(
        "SELECT store_id, sum(total) / any_value(target) FROM orders JOIN targets USING (store_id)"
        " WHERE month = '2025-10-01' AND date_trunc('month', ordered_at) = '2025-10-01' GROUP BY ALL"
    )
    assert len(share) > 20
    assert all(0.6 < float(reached) < 1.6 for _, reached in share)
    sizes = rows("SELECT sum(total) FROM orders WHERE year(ordered_at) = 2025 GROUP BY store_id ORDER BY 1")
    assert sizes[-1][0] > sizes[0][0] * 4


def test_gaps_are_where_people_leave_them(rows):
    for table, column in [
        ("customers", "birthday"),
        ("customers", "email"),
        ("orders", "comment"),
        ("returns", "reason"),
    ]:
        filled, of = rows(f"SELECT count({column}), count(*) FROM {table}")[0]
        assert 0 < filled < of, column


def test_names_keep_their_accents(rows):
    cities = {city for (city,) in rows("SELECT DISTINCT city FROM stores")}
    assert {"São Paulo", "Belo Horizonte", "Curitiba", "Lisboa", "London", "München"} <= cities
    assert rows("SELECT count(*) > 500 FROM customers WHERE name <> strip_accents(name)") == [(True,)]
    assert rows("SELECT count(*) FROM customers WHERE name <> nfc_normalize(name) OR name LIKE '%  %'") == [(0,)]


def test_types_are_what_columns_mean(rows):
    types = {(table, column): kind for table, column, kind in rows(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
    )}  # fmt: skip
    assert types["orders", "ordered_at"] == "TIMESTAMP"
    assert types["orders", "total"] == "DECIMAL(12,2)"
    assert types["customers", "birthday"] == "DATE"
    assert types["customers", "is_member"] == "BOOLEAN"
    assert types["targets", "month"] == "DATE"
