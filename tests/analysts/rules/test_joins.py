"""Joins over one or more keys, and the guard against counting rows twice."""

import pytest

from prosa.analysts.rules.joins import Graph, grain, rooted, trusted
from prosa.sources.base import Catalog, ColumnInfo, ForeignKey, TableInfo


def table(name: str, *columns: str, keys: tuple[ForeignKey, ...] = (), rows: int = 10) -> TableInfo:
    infos = tuple(ColumnInfo(column, "integer", "id") for column in columns)
    return TableInfo(name, "x", infos, rows, (columns[0],), keys)


SALES = Catalog(
    "duckdb",
    (
        table("regions", "region_id"),
        table("shops", "shop_id", "region_id", keys=(ForeignKey(("region_id",), "regions", ("region_id",), True),)),
        table("sales", "sale_id", "shop_id", keys=(ForeignKey(("shop_id",), "shops", ("shop_id",), True),)),
        table("visits", "visit_id", "shop_id", keys=(ForeignKey(("shop_id",), "shops", ("shop_id",), True),)),
        table("moon", "moon_id"),
    ),
    "sales",
)


def test_the_smallest_tree_goes_through_the_tables_between():
    edges = Graph(SALES).connect(["sales", "regions"])
    assert edges is not None
    assert [edge.many for edge in edges] == ["sales", "shops"]


def test_tables_that_do_not_hang_together_have_no_tree():
    assert Graph(SALES).connect(["sales", "moon"]) is None
    assert Graph(SALES).connect(["sales", "shops"]) is not None


def test_the_root_is_the_table_whose_rows_nothing_multiplies():
    edges = Graph(SALES).connect(["regions", "sales"])
    assert edges is not None
    tree = grain(["regions", "sales"], edges)
    assert tree is not None
    assert tree.root == "sales"
    assert rooted("regions", edges).fans_out


def test_two_tables_that_multiply_each_other_have_no_root():
    edges = Graph(SALES).connect(["sales", "visits"])
    assert edges is not None
    assert grain(["sales", "visits"], edges) is None


def test_an_inferred_key_must_point_at_a_key():
    country = ForeignKey(("country",), "shops", ("country",))
    shop = ForeignKey(("shop",), "shops", ("shop_id",))
    assert not trusted(country, SALES.tables[1])
    assert trusted(shop, SALES.tables[1])
    assert trusted(ForeignKey(("country",), "shops", ("country",), True), SALES.tables[1])


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("returns per category", [("Tea", 2)]),
        ("devoluções por categoria", [("Tea", 2)]),
        ("orders per customer", [("Ana Souza", 3), ("Bruno Lima", 2), ("Carla Nunes", 2), ("David Smith", 1)]),
        ("customers who bought Kettle", [("Ana Souza",), ("Carla Nunes",)]),
        ("clientes que compraram Kettle", [("Ana Souza",), ("Carla Nunes",)]),
        ("products and their categories", None),
    ],
)
def test_tables_are_joined_by_their_keys(shop, question, rows):
    found = shop.rows(question)
    assert found == rows if rows is not None else len(found) == 6


def test_customers_with_several_matching_orders_are_listed_once(shop):
    assert shop.rows("customers who bought Espresso Blend") == [("Ana Souza",), ("Bruno Lima",)]


def test_counting_over_many_rows_counts_each_thing_once(shop):
    rows = dict(shop.rows("number of stores per product"))
    assert rows["Green Tea"] == 2
    assert rows["Espresso Blend"] == 1


def test_a_sum_over_rows_that_a_join_repeats_takes_each_row_once(shop):
    assert dict(shop.rows("total price of products by store"))["Centro"] == 350


def test_a_condition_on_the_many_side_does_not_multiply_a_sum(shop):
    assert shop.rows("how many customers ordered in 2025?") == [(4,)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("revenue and target by store", [("Centro", 690, 220), ("Camden", 300, None), ("Ribeira", 196, 150)]),
        ("faturamento e metas por loja", [("Centro", 690, 220), ("Camden", 300, None), ("Ribeira", 196, 150)]),
        ("number of orders and returns by store", [("Centro", 5, None), ("Ribeira", 2, 2), ("Camden", 1, None)]),
        ("pedidos e devoluções por loja", [("Centro", 5, None), ("Ribeira", 2, 2), ("Camden", 1, None)]),
        ("total revenue and number of orders", [(1186, 8)]),
    ],
)
def test_numbers_of_two_tables_stand_side_by_side_each_over_its_own_rows(shop, question, rows):
    assert shop.rows(question) == rows


def test_what_would_be_counted_several_times_is_refused(shop, refused):
    assert refused(shop.plan("orders, returns and targets by store")).code == "fans_out"
    assert shop.rows("orders and returns by store")[0] == ("Centro", 5, None)
