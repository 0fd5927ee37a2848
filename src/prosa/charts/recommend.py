"""Which chart fits a result, by a table of rules, as a Plotly figure (a dict of `data` and `layout`).

Nothing is rendered and plotly is not imported; a result that a table or a sentence tells better gives None.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from prosa.charts import draw
from prosa.charts.shape import Shape, shape
from prosa.charts.style import ChartWish, Style, Template
from prosa.results import Result

MOST_SERIES = 8
MOST_SLICES = 6
MOST_PERIODS = 24

Figure = dict[str, Any]


class Rule(NamedTuple):
    """`fits` looks at the shape alone; the first rule that fits draws."""

    kind: str
    fits: Callable[[Shape], bool]
    draws: Callable[[Shape, Style], Figure]


def _share(form: Shape) -> bool:
    """Few parts of one whole: percentages that add up to 1."""
    if not (_one_category(form) and form.columns[form.measures[0]].format == "percent"):
        return False
    parts = [cell for cell in form.values(form.measures[0]) if isinstance(cell, int | float)]
    return form.complete and len(parts) <= MOST_SLICES and abs(sum(parts) - 1) < 0.005 and min(parts) >= 0


def _over_time(form: Shape) -> bool:
    return len(form.time) == 1 and not form.categories and form.complete and len(form.rows) >= 3


def _few_periods(form: Shape) -> bool:
    return len(form.time) == 1 and not form.categories and form.complete


def _few_slices(form: Shape) -> bool:
    return _few_periods(form) and bool(form.measures) and len(form.rows) <= MOST_PERIODS


def _lines(form: Shape) -> bool:
    return len(form.time) == 1 and len(form.categories) == 1 and form.complete and _series(form) <= MOST_SERIES


def _one_category(form: Shape) -> bool:
    return len(form.categories) == 1 and not form.time and bool(form.measures) and _tells_apart(form)


def _two_categories(form: Shape) -> bool:
    few = len(form.categories) == 2 and not form.time and form.complete
    return few and len(form.distinct(form.categories[1])) <= MOST_SERIES and len(form.rows) <= 200


def _scatter(form: Shape) -> bool:
    return len(form.measures) == 2 and not form.time and len(form.rows) >= 5 and len(form.categories) <= 1


def _series(form: Shape) -> int:
    return len(form.distinct(form.categories[0]))


def _tells_apart(form: Shape) -> bool:
    return len(form.distinct(form.categories[0])) == len(form.rows)


RULES: tuple[Rule, ...] = (
    Rule("pie", _share, draw.pie),
    Rule("line", _over_time, draw.lines),
    Rule("bar", _few_periods, draw.period_bars),
    Rule("line", _lines, draw.lines_by_category),
    Rule("bar", _one_category, draw.bars),
    Rule("bar", _two_categories, draw.grouped_bars),
    Rule("scatter", _scatter, draw.scatter),
)

WISHES: dict[str, tuple[Rule, ...]] = {
    "pie": (Rule("pie", _one_category, draw.pie), Rule("pie", _few_slices, draw.pie)),
    "bar": (Rule("bar", _few_periods, draw.period_bars), Rule("bar", _lines, draw.bars_by_category)),
    "line": (Rule("line", _few_periods, draw.lines), Rule("line", _one_category, draw.category_lines)),
    "area": (Rule("area", _few_periods, draw.areas), Rule("area", _lines, draw.areas_by_category)),
    "scatter": (Rule("scatter", lambda form: len(form.measures) >= 2, draw.scatter),),
    "histogram": (Rule("histogram", lambda form: bool(form.measures), draw.histogram),),
}


def recommend(
    result: Result,
    *,
    title: str,
    wish: ChartWish | None = None,
    locale: str = "en",
    template: Template | None = None,
) -> Figure | None:
    """The figure for a result, or None. Where the data can't be drawn as the wish's kind (bar, line, pie, area,
    scatter, histogram), the table of rules decides."""
    if result.total < 2:
        return None
    form = shape(result)
    if not form.measures:
        return None
    wished = wish or ChartWish()
    style = Style(wished.title or title, locale, wished, template or Template())
    rules = WISHES.get(wished.kind, ()) + RULES
    rule = next((rule for rule in rules if rule.fits(form)), None)
    return rule.draws(form, style) if rule else None


def kind(figure: Figure) -> str:
    """What a figure of ours is, in the words of a wish."""
    trace = figure["data"][0]
    if trace["type"] != "scatter":
        return str(trace["type"])
    filled = "fill" in trace or "stackgroup" in trace
    return "area" if filled else "scatter" if trace["mode"] == "markers" else "line"
