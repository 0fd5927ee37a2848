"""Plotly figures as plain dicts, one function a kind of chart. Which one to draw is decided in `recommend`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape
from typing import Any

from prosa import locales
from prosa.charts.shape import Shape
from prosa.charts.style import COLOURS, Style
from prosa.results import Cell, Column

Figure = dict[str, Any]

MOST_BARS = 30
_LONG_LABEL = 12
_MANY_BARS = 8
_LABEL_LETTERS = 60
_SEPARATORS = {"en": ".,", "pt-BR": ",."}
_PERIOD_LABELS = {"month": "LLL yyyy", "quarter": "QQQ yyyy"}
_PERIOD_TICKS = {
    ("month", "en"): "%b %Y",
    ("month", "pt-BR"): "%m/%Y",
    ("day", "en"): "%b %-d, %Y",
    ("day", "pt-BR"): "%d/%m/%Y",
    ("week", "en"): "%b %-d, %Y",
    ("week", "pt-BR"): "%d/%m/%Y",
    ("quarter", "en"): "Q%q %Y",
    ("quarter", "pt-BR"): "T%q %Y",
}


def lines(form: Shape, style: Style) -> Figure:
    """Measures over time."""
    return _over_time(form, style, {"type": "scatter", "mode": _mode(form)})


def areas(form: Shape, style: Style) -> Figure:
    """Measures over time, filled."""
    return _over_time(form, style, {"type": "scatter", "mode": "lines", "fill": "tozeroy"})


def period_bars(form: Shape, style: Style) -> Figure:
    """Measures of a few periods."""
    return _over_time(form, style, {"type": "bar"})


def category_lines(form: Shape, style: Style) -> Figure:
    """Measures along categories, joined because that was asked for."""
    labels = _labels(form, form.categories[0])
    x = [labels[cell] for cell in form.values(form.categories[0])]
    traces = [_trace(form, place, {"type": "scatter", "mode": "lines+markers"}, x) for place in form.measures]
    return figure(traces, form, style, x=form.categories[0])


def lines_by_category(form: Shape, style: Style) -> Figure:
    """One measure over time, a line for each category."""
    return _by_category(form, style, {"type": "scatter", "mode": "lines"})


def areas_by_category(form: Shape, style: Style) -> Figure:
    """One measure over time, the categories stacked."""
    return _by_category(form, style, {"type": "scatter", "mode": "lines", "stackgroup": "all"})


def bars_by_category(form: Shape, style: Style) -> Figure:
    """One measure over time, side by side for each category."""
    return _by_category(form, style, {"type": "bar"})


def _by_category(form: Shape, style: Style, kind: Figure) -> Figure:
    traces = [{**kind, "name": name, "x": x, "y": y} for name, x, y in _split(form, form.time[0], form.categories[0])]
    return figure(traces, form, style, x=form.time[0], legend=True)


def bars(form: Shape, style: Style) -> Figure:
    """One bar a category, lying where labels are long or many; the first 30 where there are more."""
    rows = form.rows[:MOST_BARS]
    labels = [*unique(label(row[form.categories[0]]) for row in rows)]
    # Lying bars leave room for labels and read from the top, as the table does.
    lying = style.wish.lying
    if lying is None:
        lying = len(rows) > _MANY_BARS or max(map(len, labels)) > _LONG_LABEL
    measures = _alike(form)
    traces = [
        {"type": "bar", "name": form.columns[place].name, "x": labels, "y": [row[place] for row in rows]}
        for place in measures
    ]
    drawn = figure(traces, form, style, x=form.categories[0], lying=lying, legend=len(measures) > 1)
    if len(form.rows) > len(rows):
        _footnote(drawn, locales.text("charts.first_of", style.locale, shown=len(rows), total=len(form.rows)))
    return drawn


def grouped_bars(form: Shape, style: Style) -> Figure:
    """Bars of one category, side by side for the other."""
    labels = _labels(form, form.categories[0])
    traces = [
        {"type": "bar", "name": name, "x": [labels[cell] for cell in x], "y": y}
        for name, x, y in _split(form, form.categories[0], form.categories[1])
    ]
    return figure(traces, form, style, x=form.categories[0], legend=True)


def pie(form: Shape, style: Style) -> Figure:
    """Parts of a whole, by a category or else by period."""
    place = form.measures[0]
    if form.categories:
        names = [label(cell) for cell in form.values(form.categories[0])]
    else:
        names = [_period(cell, form.columns[form.time[0]], style) for cell in form.values(form.time[0])]
    trace = {
        "type": "pie",
        "labels": [*unique(names)],
        "values": form.values(place),
        "hole": 0.45,
        "sort": False,
        "direction": "clockwise",
    }
    return figure([trace], form, style, x=None, legend=True)


def scatter(form: Shape, style: Style) -> Figure:
    """One point a row, two measures."""
    across, up = form.measures[:2]
    trace: dict[str, Any] = {"type": "scatter", "mode": "markers", "x": form.values(across), "y": form.values(up)}
    if form.categories:
        trace["text"] = [label(cell) for cell in form.values(form.categories[0])]
    drawn = figure([trace], form, style, x=across)
    drawn["layout"]["yaxis"]["title"] = {"text": form.columns[up].name}
    return drawn


def histogram(form: Shape, style: Style) -> Figure:
    """How often values of a measure come."""
    place = form.measures[-1]
    drawn = figure([{"type": "histogram", "x": form.values(place)}], form, style, x=place)
    drawn["layout"]["yaxis"]["title"] = {"text": ""}
    return drawn


def figure(
    traces: list[Figure], form: Shape, style: Style, *, x: int | None, lying: bool = False, legend: bool = False
) -> Figure:
    """Traces with the house's colours and a layout that fits them. Bars lie where that was wished or where `lying`."""
    lying = x is not None and (lying if style.wish.lying is None else style.wish.lying)
    turned = [_lying(trace) if lying and trace["type"] == "bar" else trace for trace in traces]
    lying = any("orientation" in trace for trace in turned)
    coloured = [{**trace, **_colour(trace, place, style)} for place, trace in enumerate(turned)]
    layout = _layout(style) | {"showlegend": legend}
    if x is not None:
        layout |= _axes(form, style, x, lying)
        layout["barmode"] = "group"
    return {"data": coloured, "layout": layout}


def _layout(style: Style) -> Figure:
    font = {"family": style.template.font} if style.template.font else {}
    layout: dict[str, Any] = {
        "title": {"text": style.title, "x": 0, "xanchor": "left", "xref": "paper"},
        "separators": _SEPARATORS[locales.normalise(style.locale)],
        "colorway": list(style.colours),
        "margin": {"l": 56, "r": 24, "t": 56, "b": 48},
        "paper_bgcolor": style.ink.paper,
        "plot_bgcolor": style.ink.paper,
        "hovermode": "closest",
    }
    if style.wish.dark:
        font["color"] = style.ink.text
    if font:
        layout["font"] = font
    if style.template.logo:
        layout["annotations"] = [_logo(style)]
    return layout


def _logo(style: Style) -> Figure:
    """A line of text above the right corner; its `<` is no markup."""
    return {
        "text": escape(style.template.logo, quote=False), "name": "logo", "xref": "paper", "yref": "paper",
        "x": 1, "y": 1, "xanchor": "right", "yanchor": "bottom", "yshift": 24, "showarrow": False,
        "font": {"size": 12, "color": style.ink.quiet},
    }  # fmt: skip


def _lying(trace: Figure) -> Figure:
    return {**trace, "x": trace["y"], "y": trace["x"], "orientation": "h"}


def _period(cell: Cell, column: Column, style: Style) -> str:
    """A period as a label: `Jan 2025`."""
    try:
        return locales.day(
            date.fromisoformat(str(cell)[:10]), style.locale, style=_PERIOD_LABELS.get(column.format, "medium")
        )
    except ValueError:
        return label(cell)


def label(cell: Cell) -> str:
    """A category as the axis shows it."""
    text = "–" if cell is None else str(cell)
    return text if len(text) <= _LABEL_LETTERS else text[: _LABEL_LETTERS - 1] + "…"


def unique(labels: Iterable[str]) -> Iterator[str]:
    """Labels made different by a counter, since Plotly draws equal ones on top of each other."""
    taken: set[str] = set()
    for text in labels:
        candidate, number = text, 1
        while candidate in taken:
            number += 1
            candidate = f"{text} ({number})"
        taken.add(candidate)
        yield candidate


def _over_time(form: Shape, style: Style, kind: Figure) -> Figure:
    place = form.time[0]
    x = [None if cell is None else str(cell) for cell in form.values(place)]
    measures = _alike(form)
    traces = [_trace(form, measure, kind, x) for measure in measures]
    return figure(traces, form, style, x=place, legend=len(measures) > 1)


def _trace(form: Shape, place: int, kind: Figure, x: list[Any]) -> Figure:
    return {**kind, "name": form.columns[place].name, "x": x, "y": form.values(place)}


def _mode(form: Shape) -> str:
    return "lines+markers" if len(form.rows) <= 40 else "lines"


def _alike(form: Shape) -> tuple[int, ...]:
    """The measures that can share an axis: those of the first one's format, within a factor of 50."""
    first = form.measures[0]
    largest = _largest(form, first)
    same = [
        place
        for place in form.measures
        if form.columns[place].format == form.columns[first].format and _near(_largest(form, place), largest)
    ]
    return tuple(same[: len(COLOURS)])


def _largest(form: Shape, place: int) -> float:
    return max((abs(cell) for cell in form.values(place) if isinstance(cell, int | float)), default=0.0)


def _near(one: float, other: float) -> bool:
    return one == other or (min(one, other) > 0 and max(one, other) / min(one, other) <= 50)


def _split(form: Shape, across: int, by: int) -> list[tuple[str, list[Cell], list[Cell]]]:
    series: dict[Cell, tuple[list[Cell], list[Cell]]] = {}
    for row in form.rows:
        x, y = series.setdefault(row[by], ([], []))
        x.append(row[across])
        y.append(row[form.measures[0]])
    labels = _labels(form, by)
    return [(labels[cell], x, y) for cell, (x, y) in series.items()]


def _labels(form: Shape, place: int) -> dict[Cell, str]:
    """A label for each category: two long ones that begin alike stay two."""
    cells = form.distinct(place)
    return dict(zip(cells, unique(map(label, cells)), strict=True))


def _colour(trace: Figure, place: int, style: Style) -> Figure:
    if trace["type"] == "pie":
        return {"marker": {"colors": list(style.colours)}}
    colour = style.colours[place % len(style.colours)]
    return {"line": {"color": colour}} if "lines" in trace.get("mode", "") else {"marker": {"color": colour}}


def _axes(form: Shape, style: Style, x: int, lying: bool) -> Figure:
    measure = form.columns[form.measures[0]]
    along = {"title": {"text": form.columns[x].name}, "automargin": True, **_ticks(form.columns[x], form, style)}
    values = {
        "title": {"text": measure.name if len(_alike(form)) == 1 else ""},
        "automargin": True,
        "gridcolor": style.ink.grid,
        "zerolinecolor": style.ink.zero,
        "tickformat": _number_ticks(measure),
    }
    if style.wish.log:
        values["type"] = "log"
    if lying:
        return {"xaxis": values, "yaxis": {**along, "autorange": "reversed"}}
    return {"xaxis": along, "yaxis": values}


def _ticks(column: Column, form: Shape, style: Style) -> Figure:
    if column.format == "year":
        return {"type": "category"}
    if column.format in ("month", "quarter", "week", "day") or column.type in ("date", "timestamp"):
        pattern = _PERIOD_TICKS.get((column.format or "day", locales.normalise(style.locale)))
        return {"type": "date", "tickformat": pattern} if _all_dates(form) else {"type": "category"}
    return {} if column.type in ("integer", "decimal", "float") else {"type": "category"}


def _all_dates(form: Shape) -> bool:
    cells = form.values(form.time[0]) if form.time else []
    return all(cell is None or (isinstance(cell, str) and cell[4:5] == "-") for cell in cells)


def _number_ticks(column: Column) -> str:
    return ".0%" if column.format == "percent" else ",~f" if column.type == "integer" else ",~r"


def _footnote(drawn: Figure, words: str) -> None:
    drawn["layout"].setdefault("annotations", []).append(
        {"text": words, "xref": "paper", "yref": "paper", "x": 1, "y": 1.02, "xanchor": "right", "showarrow": False}
    )
