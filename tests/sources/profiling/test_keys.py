"""Keys by names: what points at what."""

import pytest

from prosa.sources.profiling.keys import KeyColumn, Targets, foreign_key, matches, primary_key


@pytest.mark.parametrize(
    ("entity", "table", "strength"),
    [
        ("customer", "customers", 3),
        ("category", "Categories", 3),
        ("cliente", "tbl_clientes", 3),
        ("situacao", "situacoes", 3),
        ("person", "people", 3),
        ("order item", "OrderItems", 3),
        ("ship country", "country", 2),
        ("item", "order_items", 1),
        ("customer", "products", 0),
    ],
)
def test_an_entity_names_a_table_in_singular_and_plural(entity, table, strength):
    assert matches(entity.split(), table) == strength


@pytest.mark.parametrize(
    ("table", "columns", "key"),
    [
        ("customers", ["name", "id"], "id"),
        ("customers", ["address_id", "customer_id"], "customer_id"),
        ("Student", ["StuID", "LName"], "StuID"),
        ("clientes", ["cod_cliente", "nome"], "cod_cliente"),
        ("clientes", ["idCliente", "nome"], "idCliente"),
        ("products", ["sku", "title"], "sku"),
        ("products", ["title", "price"], None),
    ],
)
def test_the_primary_key_is_the_unique_column_that_is_called_so(table, columns, key):
    assert primary_key(table, [KeyColumn(table, name, "integer", unique=True) for name in columns]) == key


def test_a_column_that_is_not_unique_is_no_primary_key():
    assert primary_key("customers", [KeyColumn("customers", "id", "integer")]) is None


CUSTOMERS = KeyColumn("customers", "id", "integer", True, distinct=100, min=1, max=100)
COUNTRY = KeyColumn("country", "code", "text", True, distinct=3, min="ARG", max="URY")
EMPLOYEES = KeyColumn("employees", "employee_id", "integer", True, distinct=9, min=1, max=9)
TARGETS = Targets([CUSTOMERS, COUNTRY, EMPLOYEES], [])


@pytest.mark.parametrize(
    ("table", "column", "kind", "low", "high", "target"),
    [
        ("orders", "customer_id", "integer", 1, 50, CUSTOMERS),
        ("orders", "CustomerID", "integer", 1, 50, CUSTOMERS),
        ("orders", "customer", "integer", 1, 50, CUSTOMERS),
        ("orders", "id_customer", "integer", 1, 50, CUSTOMERS),
        ("orders", "customer_id", "integer", 1, 500, None),
        ("orders", "customer_id", "text", "1", "50", None),
        ("orders", "customer_count", "integer", 1, 50, None),
        ("orders", "ship_country_code", "text", "BRA", "BRA", COUNTRY),
        ("orders", "employee_id", "integer", 1, 9, EMPLOYEES),
        ("employees", "manager_id", "integer", 1, 3, EMPLOYEES),
        ("orders", "manager_id", "integer", 1, 3, None),
        ("orders", "id", "integer", 1, 50, None),
    ],
)
def test_a_name_points_at_a_key_of_its_type_and_range(table, column, kind, low, high, target):
    source = KeyColumn(table, column, kind, distinct=3, min=low, max=high)
    assert foreign_key(source, TARGETS, lambda child, parent: True, own=None) == target


def test_only_what_is_included_is_a_key():
    source = KeyColumn("orders", "customer_id", "integer", distinct=3, min=1, max=50)
    assert foreign_key(source, TARGETS, lambda child, parent: False, own=None) is None


def test_a_tables_own_key_points_nowhere():
    other = KeyColumn("customer_archive", "customer_id", "integer", True, distinct=9, min=1, max=9)
    targets = Targets([KeyColumn("customer", "customer_id", "integer", True, distinct=9, min=1, max=9), other], [])
    own = KeyColumn("customer", "customer_id", "integer", True, distinct=9, min=1, max=9)
    assert foreign_key(own, targets, lambda child, parent: True, own="customer_id") is None
    assert foreign_key(other, targets, lambda child, parent: True, own="customer_id").table == "customer"
