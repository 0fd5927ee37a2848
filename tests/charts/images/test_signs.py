"""Signs that the fonts lack, told before a picture is drawn: as the picture itself tells them."""

import pytest

from prosa.charts.images.signs import lacking
from prosa.errors import FigureError

pytestmark = pytest.mark.anyio

FIGURES = [
    ({"data": [{"type": "bar", "x": ["ação → ✓", "Łódź"], "y": [1, 2]}]}, ""),
    ({"data": [{"type": "bar", "x": ["日本", "日"], "y": [1, 2]}], "layout": {"title": {"text": "😀 ok"}}}, "😀日本"),
    ({"data": [{"type": "pie", "labels": ["שלום"], "values": [1]}]}, "שלום"),
    ({"data": [{"type": "bar", "x": ["a\u200d\ufe0f\u0301"], "y": [1]}]}, ""),
]


@pytest.mark.parametrize(("figure", "signs"), FIGURES)
async def test_they_are_those_that_the_picture_names(pictures, figure, signs):
    assert lacking(figure) == signs
    assert set((await pictures.draw(figure, "svg")).missing) == set(signs)


def test_what_no_picture_shows_does_not_count():
    assert lacking({"data": [{"y": [1], "hovertext": "日", "customdata": [["日"]], "meta": {"a": "日"}}]}) == ""


def test_what_is_no_figure_is_refused():
    with pytest.raises(FigureError):
        lacking("日")
