"""Which chart fits a result: a table of rules, and figures as plain dicts."""

import json
import sys

import pytest

from prosa.charts.draw import unique
from prosa.charts.recommend import kind as kind_of
from prosa.charts.recommend import recommend
from prosa.charts.style import COLOURS, ChartWish, Template
from prosa.results import Column, Recipe, Result, Stats

RECIPE = Recipe("SELECT 1", "duckdb", ("x",), "f")


def result(*columns: Column, rows: list[tuple], total: int | None = None, truncated: bool = False) -> Result:
    return Result(
        "r",
        columns,
        tuple(rows),
        len(rows) if total is None else total,
        tuple(Stats() for _ in columns),
        RECIPE,
        truncated,
    )


NAME, MONTH, YEAR = Column("Store", "text"), Column("Month", "date", "month"), Column("Year", "integer", "year")
REVENUE, SHARE, COUNT = (
    Column("Revenue", "float", "currency"),
    Column("Share", "float", "percent"),
    Column("Orders", "integer"),
)
MONTHS = [(f"2025-{month:02}-01", 100.0 * month) for month in range(1, 7)]


def drawn(made: Result, wish: str = "", locale: str = "en") -> dict:
    figure = recommend(made, title="Title", wish=ChartWish(wish), locale=locale)
    assert figure is not None
    json.dumps(figure)
    return figure


@pytest.mark.parametrize(
    ("made", "kind", "more"),
    [
        (result(MONTH, REVENUE, rows=MONTHS), "scatter", {"mode": "lines+markers"}),
        (result(MONTH, REVENUE, rows=MONTHS[:2]), "bar", {}),
        (result(YEAR, REVENUE, rows=[(2023, 1.0), (2024, 2.0), (2025, 3.0)]), "scatter", {}),
        (result(NAME, REVENUE, rows=[("A", 1.0), ("B", 2.0)]), "bar", {"x": ["A", "B"]}),
        (result(NAME, REVENUE, rows=[("A long name of a store", 1.0), ("B", 2.0)]), "bar", {"orientation": "h"}),
        (result(NAME, SHARE, rows=[("A", 0.25), ("B", 0.75)]), "pie", {"labels": ["A", "B"]}),
        (result(NAME, SHARE, rows=[("A", 0.25), ("B", 0.5)]), "bar", {}),
        (result(REVENUE, COUNT, rows=[(1.0 * n, n) for n in range(9)]), "scatter", {"mode": "markers"}),
    ],
)
def test_the_first_rule_that_fits_draws(made, kind, more):
    trace = drawn(made)["data"][0]
    assert trace["type"] == kind
    assert {key: trace.get(key) for key in more} == more


@pytest.mark.parametrize(
    "made",
    [
        result(REVENUE, rows=[(1.0,)]),
        result(NAME, rows=[("A",), ("B",)]),
        result(NAME, REVENUE, rows=[]),
        result(Column("order_id", "integer"), NAME, rows=[(1, "A"), (2, "B")]),
        result(MONTH, REVENUE, rows=MONTHS, total=9000),
    ],
)
def test_what_a_sentence_or_the_table_tells_better_has_no_chart(made):
    assert recommend(made, title="x") is None


def test_a_line_for_each_category_over_time():
    rows = [(f"2025-0{month}-01", name, 1.0) for month in range(1, 4) for name in ("A", "B")]
    figure = drawn(result(MONTH, NAME, REVENUE, rows=rows))
    assert [trace["name"] for trace in figure["data"]] == ["A", "B"]
    assert figure["layout"]["showlegend"] is True


def test_two_categories_stand_side_by_side():
    rows = [(store, kind, 1.0) for store in ("A", "B") for kind in ("x", "y")]
    assert [trace["type"] for trace in drawn(result(NAME, Column("Kind", "text"), REVENUE, rows=rows))["data"]] == [
        "bar",
        "bar",
    ]


def test_many_bars_are_the_first_thirty_and_the_figure_says_so():
    figure = drawn(result(NAME, REVENUE, rows=[(f"store {number}", float(number)) for number in range(80)]))
    assert len(figure["data"][0]["y"]) == 30
    assert figure["layout"]["annotations"][0]["text"] == "first 30 of 80"


def test_measures_of_very_different_size_do_not_share_an_axis():
    far = result(NAME, REVENUE, COUNT, rows=[("A", 1e6, 2), ("B", 2e6, 3)])
    near = result(NAME, COUNT, Column("Returns", "integer"), rows=[("A", 5, 2), ("B", 6, 3)])
    assert (len(drawn(far)["data"]), len(drawn(near)["data"])) == (1, 2)


@pytest.mark.parametrize(
    ("wish", "kind"),
    [
        ("pie", "pie"),
        ("line", "scatter"),
        ("bar", "bar"),
        ("histogram", "histogram"),
        ("sunburst", "bar"),
        ("scatter", "bar"),
    ],
)
def test_a_wish_is_followed_where_the_data_can_be_drawn_so(wish, kind):
    assert drawn(result(NAME, REVENUE, rows=[("A", 1.0), ("B", 2.0)]), wish)["data"][0]["type"] == kind


def test_numbers_and_dates_are_written_as_the_locale_writes_them():
    layout = drawn(result(MONTH, REVENUE, rows=MONTHS), locale="pt-BR")["layout"]
    assert layout["separators"] == ",."
    assert layout["xaxis"]["tickformat"] == "%m/%Y"
    assert drawn(result(MONTH, REVENUE, rows=MONTHS))["layout"]["separators"] == ".,"


def test_percentages_have_percent_ticks_and_years_are_never_grouped():
    assert drawn(result(NAME, SHARE, rows=[("A", 0.2), ("B", 0.1)]))["layout"]["yaxis"]["tickformat"] == ".0%"
    assert drawn(result(YEAR, REVENUE, rows=[(2023, 1.0), (2024, 2.0)]))["layout"]["xaxis"]["type"] == "category"


def test_colours_are_those_that_colour_blind_people_tell_apart():
    assert drawn(result(NAME, REVENUE, rows=[("A", 1.0), ("B", 2.0)]))["data"][0]["marker"]["color"] == COLOURS[0]


def test_equal_labels_stay_apart_and_long_ones_are_cut():
    trace = drawn(
        result(NAME, COUNT, Column("Kind", "text"), rows=[("A", 1, "x"), ("A", 2, "y"), ("B" * 90, 3, "z")]), "bar"
    )["data"]
    assert json.dumps(trace).count("B" * 90) == 0


@pytest.mark.parametrize("wish", ["", "line"])
def test_categories_that_begin_alike_stay_apart(wish):
    ends = ("x" * 80 + "a", "x" * 80 + "b")
    over_time = result(MONTH, NAME, REVENUE, rows=[(month, end, 1.0) for month, _ in MONTHS[:3] for end in ends])
    assert len(drawn(over_time, wish)["data"]) == 2
    beside = result(NAME, Column("Kind", "text"), REVENUE, rows=[(end, kind, 1.0) for end in ends for kind in "pq"])
    assert all(len(set(trace["x"])) == 2 for trace in drawn(beside)["data"])


def test_a_label_with_a_number_is_not_taken_for_a_counted_one():
    assert list(unique(["a", "a", "a (2)", "a"])) == ["a", "a (2)", "a (2) (2)", "a (3)"]


def test_plotly_is_not_imported():
    code = "import prosa.charts.recommend, sys; sys.exit('plotly' in sys.modules)"
    import subprocess

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def wished(made: Result, wish: ChartWish, template: Template | None = None) -> dict:
    figure = recommend(made, title="Title", wish=wish, template=template)
    assert figure is not None
    return figure


BARS = result(NAME, REVENUE, rows=[("A", 1.0), ("B", 2.0)])
BY_MONTH_AND_STORE = result(
    MONTH, NAME, REVENUE, rows=[(month, store, value) for month, value in MONTHS[:3] for store in ("A", "B")]
)


def test_bars_lie_or_stand_where_that_was_wished():
    lying = wished(BARS, ChartWish("bar", lying=True))
    assert lying["data"][0] | {"x": [1.0, 2.0], "y": ["A", "B"], "orientation": "h"} == lying["data"][0]
    long = result(NAME, REVENUE, rows=[("A long name of a store", 1.0), ("B", 2.0)])
    assert "orientation" not in wished(long, ChartWish("bar", lying=False))["data"][0]
    months = wished(result(MONTH, REVENUE, rows=MONTHS), ChartWish("bar", lying=True))
    assert months["layout"]["yaxis"]["type"] == "date"


def test_a_logarithmic_axis_is_the_axis_of_the_values():
    assert wished(BARS, ChartWish(log=True))["layout"]["yaxis"]["type"] == "log"
    assert wished(BARS, ChartWish(log=True, lying=True))["layout"]["xaxis"]["type"] == "log"


def test_dark_charts_have_light_words_and_no_black():
    layout = wished(BARS, ChartWish(dark=True))["layout"]
    assert layout["paper_bgcolor"] != "#ffffff"
    assert "font" in layout
    assert "#000000" not in layout["colorway"]


def test_a_title_of_ones_own():
    assert wished(BARS, ChartWish(title="Mine"))["layout"]["title"]["text"] == "Mine"


@pytest.mark.parametrize(
    ("wish", "kind", "traces"), [("bar", "bar", 2), ("area", "area", 2), ("line", "line", 2), ("pie", "line", 2)]
)
def test_a_measure_over_time_by_category_in_other_kinds(wish, kind, traces):
    figure = wished(BY_MONTH_AND_STORE, ChartWish(wish))
    assert (kind_of(figure), len(figure["data"])) == (kind, traces)


def test_periods_are_slices_with_names_for_people():
    figure = wished(result(MONTH, REVENUE, rows=MONTHS[:2]), ChartWish("pie"))
    assert figure["data"][0]["labels"] == ["Jan 2025", "Feb 2025"]


def test_the_house_template():
    template = Template(("#112233", "teal"), "Inter, sans-serif", "ACME & <Co>")
    figure = wished(BARS, ChartWish(), template)
    assert figure["data"][0]["marker"]["color"] == "#112233"
    assert figure["layout"]["colorway"] == ["#112233", "teal", *COLOURS]
    assert figure["layout"]["font"] == {"family": "Inter, sans-serif"}
    assert figure["layout"]["annotations"][0]["text"] == "ACME &amp; &lt;Co&gt;"


def test_later_wishes_stand_above_earlier_ones():
    before = ChartWish("pie", "Mine", dark=True)
    assert ChartWish("bar", lying=True, dark=False).over(before) == ChartWish("bar", "Mine", True, None, False)
