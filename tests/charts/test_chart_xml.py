"""A chart's data as XML."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prosa.charts import xml
from prosa.errors import FigureError
from prosa.results import Provenance

BAR = {
    "data": [
        {"type": "bar", "name": "Vendas <b>2024</b>", "x": ["São Paulo", None], "y": [1.5, 2]},
        {"type": "bar", "name": 'a"&', "x": ["x"], "y": [3]},
    ],
    "layout": {"title": {"text": "Vendas & <i>mais</i>"}},
}


def test_the_bytes_of_a_bar_chart():
    assert (
        xml.write(BAR)
        == (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<chart title="Vendas &amp; mais" type="bar">\n'
            '<series name="Vendas 2024" type="bar">\n<point x="São Paulo" y="1.5"/>\n<point y="2"/>\n</series>\n'
            '<series name="a&quot;&amp;" type="bar">\n<point x="x" y="3"/>\n</series>\n</chart>\n'
        ).encode()
    )


def test_provenance_stands_in_the_head():
    about = Provenance("Q <1>?", "select\n1", "s", "r", "2026-01-01T00:00:00Z", 3)
    root = ET.fromstring(xml.write(BAR, about))
    assert root.find("provenance/question").text == "Q <1>?"
    assert root.find("provenance/sql").text == "select\n1"
    assert root.find("provenance/complete").text == "true"
    assert len(root.findall("series")) == 2


def test_different_trace_types_make_a_mixed_chart():
    root = ET.fromstring(xml.write({"data": [{"type": "bar", "y": [1]}, {"type": "scatter", "y": [2]}]}))
    assert root.get("type") == "mixed"
    assert [one.get("type") for one in root] == ["bar", "scatter"]


def test_columns_with_free_names_are_values():
    table = {"type": "table", "header": {"values": ["São Paulo", "b"]}, "cells": {"values": [["x"], [1]]}}
    point = ET.fromstring(xml.write({"data": [table]})).find("series/point")
    assert [(value.get("name"), value.text) for value in point] == [("São Paulo", "x"), ("b", "1")]


def test_what_is_no_figure_is_refused():
    with pytest.raises(FigureError):
        xml.write("{")


@given(st.text(), st.text())
def test_any_text_is_well_formed(name, cell):
    root = ET.fromstring(xml.write({"data": [{"type": "pie", "name": name, "labels": [cell], "values": [1]}]}))
    forbidden = str.maketrans(dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF), "�"))
    assert root.find("series/point").get("label") == cell.translate(forbidden)
