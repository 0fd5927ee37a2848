"""Every trace type of Plotly as rows, whichever way the figure is given."""

import base64
import json
import struct
from datetime import date, datetime
from decimal import Decimal

import msgspec
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plotly import graph_objects as go

from prosa.charts import figures
from prosa.charts.reading import read
from prosa.errors import FigureError


def rows(*traces, **layout):
    table = figures.table({"data": list(traces), "layout": layout})
    return table.column_names, [tuple(row.values()) for row in table.to_pylist()]


TRACES = {
    "bar": (
        {"name": "A", "x": ["São Paulo", "Rio"], "y": [1, 2.5]},
        ["series", "x", "y"],
        [("A", "São Paulo", 1), ("A", "Rio", 2.5)],
    ),
    "scatter": (
        {"name": "A", "x": [1, 2], "y": [3, None], "text": ["a", "b"], "marker": {"size": [5, 6], "color": "red"}},
        ["series", "x", "y", "text", "size"],
        [("A", 1, 3, "a", 5), ("A", 2, None, "b", 6)],
    ),
    "pie": (
        {"labels": ["a", "b"], "values": [1, 2]},
        ["series", "label", "value"],
        [("trace 0", "a", 1), ("trace 0", "b", 2)],
    ),
    "histogram": ({"x": [1, 1, 2]}, ["series", "x"], [("trace 0", 1), ("trace 0", 1), ("trace 0", 2)]),
    "box": ({"name": "B", "y": [1, 2], "x": ["p", "q"]}, ["series", "x", "y"], [("B", "p", 1), ("B", "q", 2)]),
    "violin": ({"name": "V", "y": [1, 2]}, ["series", "y"], [("V", 1), ("V", 2)]),
    "heatmap": (
        {"z": [[1, 2], [3, None]], "x": ["a", "b"]},
        ["series", "x", "y", "z"],
        [("trace 0", "a", 0, 1), ("trace 0", "b", 0, 2), ("trace 0", "a", 1, 3), ("trace 0", "b", 1, None)],
    ),
    "contour": (
        {"z": [[1, 2]], "x0": 10, "dx": 5, "y": ["r"]},
        ["series", "x", "y", "z"],
        [("trace 0", 10, "r", 1), ("trace 0", 15, "r", 2)],
    ),
    "funnel": ({"x": [9, 3], "y": ["a", "b"]}, ["series", "x", "y"], [("trace 0", 9, "a"), ("trace 0", 3, "b")]),
    "waterfall": (
        {"x": ["a", "b"], "y": [9, 3], "measure": ["relative", "total"]},
        ["series", "x", "y", "measure"],
        [("trace 0", "a", 9, "relative"), ("trace 0", "b", 3, "total")],
    ),
    "treemap": (
        {"labels": ["all", "a"], "parents": ["", "all"], "values": [3, 2]},
        ["series", "label", "parent", "value"],
        [("trace 0", "all", "", 3), ("trace 0", "a", "all", 2)],
    ),
    "sunburst": (
        {"ids": ["1", "2"], "labels": ["a", "a"], "parents": ["", "1"], "values": [3, 2]},
        ["series", "id", "label", "parent", "value"],
        [("trace 0", "1", "a", "", 3), ("trace 0", "2", "a", "1", 2)],
    ),
    "sankey": (
        {"node": {"label": ["a", "b"]}, "link": {"source": [0, 7], "target": [1, 1], "value": [4, 5]}},
        ["series", "source", "target", "value"],
        [("trace 0", "a", "b", 4), ("trace 0", "7", "b", 5)],
    ),
    "candlestick": (
        {"x": ["2024-01-02"], "open": [1], "high": [4], "low": [0], "close": [2]},
        ["series", "x", "open", "high", "low", "close"],
        [("trace 0", date(2024, 1, 2), 1, 4, 0, 2)],
    ),
    "ohlc": (
        {"open": [1, 2], "high": [4, 5], "low": [0, 1], "close": [2, 3]},
        ["series", "x", "open", "high", "low", "close"],
        [("trace 0", 0, 1, 4, 0, 2), ("trace 0", 1, 2, 5, 1, 3)],
    ),
    "table": (
        {"header": {"values": ["<b>Loja</b>", ["a", "b"]]}, "cells": {"values": [["x", "y"], [1]]}},
        ["Loja", "a / b"],
        [("x", 1), ("y", None)],
    ),
    "indicator": (
        {"value": 3, "title": {"text": "KPI"}, "delta": {"reference": 2}},
        ["series", "title", "value", "reference"],
        [("trace 0", "KPI", 3, 2)],
    ),
    "scatterpolar": (
        {"r": [1, 2], "theta": ["N", "S"]},
        ["series", "r", "theta"],
        [("trace 0", 1, "N"), ("trace 0", 2, "S")],
    ),
    "scatter3d": ({"x": [1], "y": [2], "z": [3]}, ["series", "x", "y", "z"], [("trace 0", 1, 2, 3)]),
    "scattergeo": (
        {"lat": [-23.5], "lon": [-46.6], "text": ["SP"]},
        ["series", "lat", "lon", "text"],
        [("trace 0", -23.5, -46.6, "SP")],
    ),
    "choropleth": ({"locations": ["BR"], "z": [1]}, ["series", "locations", "z"], [("trace 0", "BR", 1)]),
    "parcoords": (
        {"dimensions": [{"label": "A", "values": [1, 2]}, {"label": "A", "values": [3, 4]}]},
        ["series", "A", "A_2"],
        [("trace 0", 1, 3), ("trace 0", 2, 4)],
    ),
    "somethingnew": (
        {"u": [1, 2], "v": ["a", "b"], "short": [1], "nested": [[1], [2]]},
        ["series", "u", "v"],
        [("trace 0", 1, "a"), ("trace 0", 2, "b")],
    ),
}


@pytest.mark.parametrize("kind", TRACES)
def test_trace(
    kind,
):
    trace, names, expected = TRACES[kind]
    assert rows({"type": kind, **trace}) == (names, expected)
    assert figures.count({"data": [{"type": kind, **trace}]}) == len(expected)


def test_several_series_stand_below_each_other_with_their_names():
    names, found = rows(
        {"type": "bar", "name": "2024<br>real", "x": ["a"], "y": [1]}, {"x": ["a"], "y": [2], "text": ["t"]}
    )
    assert names == ["series", "x", "y", "text"]
    assert found == [("2024 real", "a", 1, None), ("trace 1", "a", 2, "t")]


def test_a_lone_series_without_a_name_goes_by_its_axis():
    assert rows({"type": "bar", "x": ["a"], "y": [1]}, yaxis={"title": {"text": "Receita"}})[1][0][0] == "Receita"
    lying = {"type": "bar", "orientation": "h", "x": [1], "y": ["a"]}
    assert rows(lying, xaxis={"title": "Receita"})[1][0][0] == "Receita"


def test_a_missing_side_is_counted():
    assert rows({"y": [5, 6], "x0": 2, "dx": 2})[1] == [("trace 0", 2, 5), ("trace 0", 4, 6)]


def test_levels_of_an_axis_become_one_label():
    found = rows({"type": "bar", "x": [["A", "A", "B"], [1, 2, None]], "y": [1, 2, 3]})[1]
    assert [row[1] for row in found] == ["A / 1", "A / 2", "B / "]


def test_precomputed_boxes_give_their_figures():
    names, found = rows({"type": "box", "x": ["a"], "q1": [1], "median": [2], "q3": [3], "lowerfence": [0]})
    assert names == ["series", "x", "lowerfence", "q1", "median", "q3"]
    assert found == [("trace 0", "a", 0, 1, 2, 3)]


def test_a_transposed_heatmap_is_read_as_it_is_drawn():
    assert [row[3] for row in rows({"type": "heatmap", "z": [[1, 2], [3, 4]], "transpose": True})[1]] == [1, 3, 2, 4]


def bdata(code, *numbers, **more):
    return {
        "dtype": more.pop("dtype"),
        "bdata": base64.b64encode(struct.pack(f"<{len(numbers)}{code}", *numbers)).decode(),
        **more,
    }


def test_binary_arrays_are_read_with_their_shape():
    found = rows(
        {
            "type": "heatmap",
            "z": bdata("d", 1, 2, float("nan"), 4, dtype="f8", shape="2, 2"),
            "x": bdata("h", 7, 8, dtype="i2"),
        }
    )[1]
    assert found == [("trace 0", 7, 0, 1), ("trace 0", 8, 0, 2), ("trace 0", 7, 1, None), ("trace 0", 8, 1, 4)]


@pytest.mark.parametrize(
    ("dtype", "code", "number"),
    [("i1", "b", -5), ("u1", "B", 200), ("i4", "i", -9), ("u4", "I", 2**31), ("f4", "f", 0.5), ("float64", "d", 1e300)],
)
def test_binary_arrays_of_every_type(dtype, code, number):
    assert rows({"y": bdata(code, number, dtype=dtype)})[1] == [("trace 0", 0, number)]


@pytest.mark.parametrize(
    "array",
    [
        {"dtype": "x9", "bdata": ""},
        {"dtype": "f8", "bdata": "!!"},
        {"dtype": "f8", "bdata": "AAA="},
        bdata("d", 1, 2, 3, dtype="f8", shape="2, 2"),
    ],
)
def test_a_broken_binary_array_is_named(array):
    with pytest.raises(FigureError) as caught:
        figures.table({"data": [{"y": array}]})
    assert caught.value.code == "figure_array"


def test_a_figure_object_its_json_and_its_dict_give_the_same_rows():
    figure = go.Figure(go.Scatter(x=pd.date_range("2024-01-30", periods=3), y=[1.5, None, 2], name="A"))
    expected = figures.table(figure).to_pylist()
    assert [row["x"] for row in expected] == [date(2024, 1, 30), date(2024, 1, 31), date(2024, 2, 1)]
    assert figures.table(figure.to_json()).to_pylist() == expected
    assert figures.table(figure.to_json().encode()).to_pylist() == expected
    assert figures.table(figure.to_dict()).to_pylist() == expected


def test_values_of_python_and_pandas_are_read():
    frame = pd.DataFrame({"x": pd.to_datetime(["2024-01-01 10:00", None]), "y": [Decimal("1.5"), None]})
    found = rows({"x": frame["x"], "y": tuple(frame["y"])})[1]
    assert found == [("trace 0", datetime(2024, 1, 1, 10), 1.5), ("trace 0", None, None)]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([1, 2], "int64"), ([1, 2.5], "double"), ([True, None], "bool"), (["2024-01-31", None], "date32[day]"),
        (["2024-01-31T10:00:00.123456789"], "timestamp[us]"), (["2024-13-45"], "string"), (["2024-01"], "string"),
        ([1, "a"], "string"), ([None], "null"), ([2**70], "string"), (["2024-01-31", "x"], "string"),
        (["2024-01-01T10:00:00Z"], "string"), ([[1], 2], "string"),
    ],
)  # fmt: skip
def test_columns_have_the_narrowest_type_that_keeps_them(cells, kind):
    assert str(figures.table({"data": [{"type": "violin", "y": cells}]})["y"].type) == kind


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        ("{", "figure_json"), ("", "figure_json"), ("[" * 100_000, "figure_json"), (b"\xff", "figure_json"),
        ("3", "figure_shape"), ('{"layout": {}}', "figure_shape"), ({"data": {}}, "figure_shape"),
        ({"data": [3]}, "figure_shape"), ({"data": [{}], "layout": 3}, "figure_shape"), (None, "figure_shape"),
        ({"data": []}, "figure_empty"), ('{"data": [], "layout": {}}', "figure_empty"),
    ],
)  # fmt: skip
def test_what_is_no_figure_is_refused_in_both_languages(figure, code):
    with pytest.raises(FigureError) as caught:
        read(figure)
    assert caught.value.code == code
    for text in (caught.value.sentence, caught.value.hint):
        assert text("pt-BR") != text("en")


def test_a_value_nested_without_end_is_refused():
    endless = {}
    endless["a"] = endless
    with pytest.raises(FigureError):
        read({"data": [endless]})


def test_a_trace_without_data_gives_no_rows_but_a_column():
    assert rows({"type": "bar"}) == (["series"], [])


def test_lone_surrogates_in_json_are_replaced():
    assert rows(json.loads('{"name": "\\ud800a", "y": ["\\udfff"]}'))[1] == [("?a", 0, "?")]


def test_a_figures_rows_as_a_result_hold_everything():
    result = figures.result({"data": [{"type": "bar", "name": "A", "x": ["a"] * 1500, "y": [1, None] * 750}]}, "r1")
    assert (result.id, result.total, len(result.head), result.held) == ("r1", 1500, 1000, True)
    assert [column.type for column in result.columns] == ["text", "text", "integer"]
    assert (result.stats[2].nulls, result.stats[2].sum, result.stats[2].mean) == (750, 750, 1.0)


CELLS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
)
VALUES = st.recursive(
    CELLS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
NAMES = st.sampled_from(
    [
        "x",
        "y",
        "z",
        "labels",
        "values",
        "name",
        "node",
        "link",
        "header",
        "cells",
        "dimensions",
        "q1",
        "open",
        "marker",
        "x0",
        "transpose",
        "error_y",
        "text",
    ]
)


@given(st.sampled_from(sorted(TRACES)), st.dictionaries(NAMES, VALUES, max_size=6))
def test_a_figure_with_anything_in_its_traces_gives_a_table(kind, trace):
    table = figures.table({"data": [{"type": kind, **trace}]})
    assert table.num_columns >= 0
    assert figures.result({"data": [{"type": kind, **trace}]}, "r").total == table.num_rows


@pytest.mark.parametrize(
    ("trace", "names"),
    [
        ({"type": "table", "header": {"values": ["a_2", "a", "a"]}, "cells": {"values": [[1], [2], [3]]}},
         ["a_2", "a", "a_3"]),
        ({"type": "splom", "dimensions": [{"label": name, "values": [1]} for name in ("series", "series_name")]},
         ["series_name_2", "series", "series_name"]),
    ],
)  # fmt: skip
def test_no_column_takes_the_name_of_another(trace, names):
    assert rows(trace)[0] == names


def test_numbers_of_numpy_are_numbers_wherever_they_stand():
    figure = {"data": [{"y": [np.float64(1.5), np.int64(2), np.nan], "name": np.str_("n"), "visible": np.bool_(True)}]}
    assert msgspec.json.decode(msgspec.json.encode(read(figure).data)) == [
        {"y": [1.5, 2, None], "name": "n", "visible": True}
    ]


def test_frames_that_are_none_are_left_out():
    assert read({"data": [{"y": [1]}], "frames": 5}).frames == ()
