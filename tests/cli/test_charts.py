"""Charts of blocks: true to the figures, within the width, and none where blocks would mislead."""

import pytest

from prosa.cli.terminal.charts import MOST_BARS, draw


def figure(*traces, **layout):
    return {"data": list(traces), "layout": layout}


def test_bars_are_as_long_as_their_values():
    lines = draw(figure({"type": "bar", "x": ["a", "bb"], "y": [100, 50]}), 60, "en")
    assert lines[0].count("█") // 2 == lines[1].count("█") > 20
    assert lines[0].startswith("a   █")
    assert lines[1].endswith(" 50")


def test_lying_bars_are_read_along_the_other_axis():
    lines = draw(figure({"type": "bar", "orientation": "h", "y": ["north"], "x": [7]}), 60, "en")
    assert lines[0].startswith("north")
    assert lines[0].endswith(" 7")


def test_negative_bars_go_the_other_way():
    above, below = draw(figure({"type": "bar", "x": ["up", "down"], "y": [10, -10]}), 60, "en")
    assert above.index("█") > below.index("█")
    assert above.count("█") == below.count("█")


def test_a_pie_is_drawn_as_bars():
    assert len(draw(figure({"type": "pie", "labels": ["a", "b"], "values": [1, 3]}), 60, "en")) == 2


def test_only_the_first_bars_are_drawn():
    many = {"type": "bar", "x": [str(n) for n in range(40)], "y": list(range(40))}
    assert len(draw(figure(many), 60, "en")) == MOST_BARS


def test_values_over_time_fill_an_area():
    months = [f"2025-{month:02d}-01" for month in range(1, 13)]
    lines = draw(figure({"type": "scatter", "mode": "lines", "x": months, "y": list(range(1, 13))}), 60, "en")
    assert lines[0].startswith("12 ┤")
    assert lines[-2].startswith(" 0 ┤")
    assert lines[-1].strip().startswith("Jan 2025 ")
    assert lines[-1].endswith("Dec 2025")
    assert lines[0].count("█") < lines[3].count("█") < lines[5].count("█")


def test_days_and_words_under_an_area_stay_what_they_are():
    days = {"type": "scatter", "mode": "lines", "x": ["2025-01-31", "2025-02-01T00:00:00"], "y": [1, 2]}
    assert draw(figure(days), 60, "pt-BR")[-1].split() == ["31/01/2025", "…", "01/02/2025"]
    words = {"type": "scatter", "mode": "lines", "x": ["a", "b"], "y": [1, 2]}
    assert draw(figure(words), 60, "en")[-1].split() == ["a", "b"]


def test_several_series_are_one_line_each():
    series = [
        {"type": "scatter", "mode": "lines", "name": name, "x": [1, 2], "y": y}
        for name, y in (("a", [1, 4]), ("b", [4, 1]))
    ]
    first, second = draw(figure(*series), 60, "en")
    assert first.startswith("a  ▂█ 1 → 4")
    assert second.startswith("b  █▂ 4 → 1")


def test_numbers_and_shares_follow_the_locale():
    line = draw(figure({"type": "bar", "x": ["a"], "y": [0.256]}, yaxis={"tickformat": ".0%"}), 60, "pt-BR")[0]
    assert line.endswith(" 25,6%")
    assert draw(figure({"type": "bar", "x": ["a"], "y": [1234.5]}), 60, "pt-BR")[0].endswith(" 1.234,50")


@pytest.mark.parametrize("width", [10, 40, 80, 200])
def test_nothing_is_wider_than_it_may_be(width):
    traces = [
        {"type": "bar", "x": ["a very long label of a bar that goes on and on", "b"], "y": [1234567.25, -3]},
        {"type": "scatter", "mode": "lines", "x": [str(n) for n in range(500)], "y": [n % 17 for n in range(500)]},
    ]
    for trace in traces:
        assert max(map(len, draw(figure(trace), width, "en"))) <= max(width, 60)


@pytest.mark.parametrize(
    "drawn",
    [
        {},
        figure(),
        figure({"type": "histogram", "x": [1, 2]}),
        figure({"type": "scatter", "mode": "markers", "x": [1, 2], "y": [3, 4]}),
        figure({"type": "bar", "x": [], "y": []}),
        figure({"type": "bar", "x": ["a"], "y": [None]}),
        figure({"type": "bar", "x": {"bdata": "x"}, "y": {"bdata": "x"}}),
        figure("nonsense"),
    ],
)
def test_what_blocks_can_not_show_is_left_to_the_table(drawn):
    assert draw(drawn, 60, "en") == []


def test_labels_do_not_steer_the_terminal():
    assert "\x1b" not in draw(figure({"type": "bar", "x": ["\x1b[31m"], "y": [1]}), 60, "en")[0]


def test_wide_letters_keep_the_bars_in_line():
    japanese, latin = draw(figure({"type": "bar", "x": ["東京", "Rome"], "y": [1, 1]}), 60, "en")
    assert japanese.startswith("東京  █")
    assert latin.startswith("Rome  █")
