"""Previews as typed columns."""

from datetime import date, datetime

import pytest

from prosa.events import Table
from prosa.results import Column
from prosa.streamlit import tables


def table(columns, *rows):
    return Table("t", "q", tuple(columns), rows, len(rows))


def test_cells_keep_their_types():
    made = tables.frame(
        table(
            [Column("n", "integer"), Column("d", "date"), Column("t", "timestamp"), Column("w", "text")],
            (1, "2026-03-09", "2026-03-09T21:05:00", "a"),
            (None, None, None, None),
        )
    )
    assert made.to_pylist()[0] == {"n": 1, "d": date(2026, 3, 9), "t": datetime(2026, 3, 9, 21, 5), "w": "a"}
    assert set(made.to_pylist()[1].values()) == {None}


def test_equal_names_stay_apart():
    assert tables.frame(table([Column("a", "text"), Column("A", "text")], ("x", "y"))).to_pylist() == [
        {"a": "x", "A_2": "y"}
    ]


@pytest.mark.parametrize(
    ("kind", "cells", "shown"),
    [
        ("integer", ("12345678901234567890", 1), ["12345678901234567890", "1"]),
        ("date", ("no date", None), ["no date", None]),
        ("list", ([1, None], None), ["[1,null]", None]),
        ("text", ("a", 5), ["a", "5"]),
    ],
)
def test_what_no_column_holds_is_text(kind, cells, shown):
    made = tables.frame(table([Column("c", kind)], *[(cell,) for cell in cells]))
    assert made.column(0).to_pylist() == shown


def test_identifiers_and_years_are_not_grouped():
    found = tables.column_config(table([Column("order_id", "integer"), Column("y", "integer", "year")]), "en")
    assert {name: config["type_config"]["format"] for name, config in found.items()} == {"order_id": "%d", "y": "%d"}


def test_months_are_written_as_people_of_the_locale_do():
    month = table([Column("m", "date", "month")])
    assert tables.column_config(month, "en")["m"]["type_config"]["format"] == "MMM YYYY"
    assert tables.column_config(month, "pt-BR")["m"]["type_config"]["format"] == "MM/YYYY"
