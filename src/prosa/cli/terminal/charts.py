"""Small charts of blocks for a terminal, drawn from Plotly figures: bars, and values over time. Others have none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from prosa.cli.terminal.cells import clean, period_texts, value_text

MOST_BARS = 15
MOST_SERIES = 8
HEIGHT = 6
_LABEL = 28
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LEVELS = " ▁▂▃▄▅▆▇█"

Figure = dict[str, Any]
Point = tuple[str, float]


def draw(figure: Figure, width: int, locale: str) -> list[str]:
    """The lines of a chart, at most `width` columns wide; none where its kind can't be drawn with blocks."""
    traces = [trace for trace in figure.get("data", []) if isinstance(trace, dict)]
    share = "%" in str(_axis_format(figure, traces))
    if len(traces) == 1:
        return _one(traces[0], max(width, 30), locale, share)
    if 1 < len(traces) <= MOST_SERIES and all(trace.get("type") in ("bar", "scatter") for trace in traces):
        return _sparklines(traces, max(width, 30), locale, share)
    return []


def _axis_format(figure: Figure, traces: Sequence[Figure]) -> Any:
    lying = bool(traces) and traces[0].get("orientation") == "h"
    axis = figure.get("layout", {}).get("xaxis" if lying else "yaxis", {})
    return axis.get("tickformat", "")


def _one(trace: Figure, width: int, locale: str, share: bool) -> list[str]:
    kind, points = trace.get("type"), _points(trace)
    if not points:
        return []
    if kind in ("bar", "pie"):
        return _bars(points, width, locale, share)
    if kind == "scatter" and "lines" in trace.get("mode", "lines") and len(points) > 1:
        return _area(points, width, locale, share)
    return []


def _points(trace: Figure) -> list[Point]:
    """Labels and finite numbers of a trace; points without a number are left out."""
    if trace.get("type") == "pie":
        labels, values = trace.get("labels"), trace.get("values")
    elif trace.get("orientation") == "h":
        labels, values = trace.get("y"), trace.get("x")
    else:
        labels, values = trace.get("x"), trace.get("y")
    if not isinstance(labels, list | tuple) or not isinstance(values, list | tuple):
        return []
    pairs = zip(labels, (_number(value) for value in values), strict=False)
    return [(clean(str(label)), value) for label, value in pairs if value is not None]


def _number(value: Any) -> float | None:
    try:
        return None if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def _bars(points: Sequence[Point], width: int, locale: str, share: bool) -> list[str]:
    shown = points[:MOST_BARS]
    labels = [_cut(label) for label, _ in shown]
    texts = [value_text(value, locale, share=share) for _, value in shown]
    side = max(map(_columns, labels))
    room = max(width - side - max(map(len, texts)) - 4, 8)
    lowest, highest = min(0.0, *(v for _, v in shown)), max(0.0, *(v for _, v in shown))
    scale = room / ((highest - lowest) or 1.0)
    left = round(-lowest * scale)
    return [
        f"{_pad(label, side)}  {_bar(value, scale, left)} {text}"
        for label, (_, value), text in zip(labels, shown, texts, strict=True)
    ]


def _bar(value: float, scale: float, left: int) -> str:
    """A bar to the right of the zero line, or to its left for a negative value."""
    if value < 0:
        length = min(max(round(-value * scale), 1), left)
        return " " * (left - length) + "█" * length
    whole, part = divmod(round(value * scale * 8), 8)
    return " " * left + "█" * whole + _EIGHTHS[part].strip()


def _area(points: Sequence[Point], width: int, locale: str, share: bool) -> list[str]:
    values = [value for _, value in points]
    low, high = min(0.0, *values), max(0.0, *values)
    marks = [value_text(high, locale, share=share), value_text(low, locale, share=share)]
    side = max(map(len, marks))
    heights = _stretched(_resampled(values, width - side - 2), width - side - 2)
    filled = [(value - low) / ((high - low) or 1.0) * HEIGHT for value in heights]
    margins = [marks[0].rjust(side), *[" " * side] * (HEIGHT - 2), marks[1].rjust(side)]
    rows = [
        f"{margin} ┤{''.join(_level(height - floor) for height in filled)}".rstrip()
        for margin, floor in zip(margins, range(HEIGHT - 1, -1, -1), strict=True)
    ]
    first, last = period_texts([points[0][0], points[-1][0]], locale)
    return [*rows, " " * (side + 2) + _ends(first, last, len(heights))]


def _sparklines(traces: Sequence[Figure], width: int, locale: str, share: bool) -> list[str]:
    named = [(_cut(clean(str(trace.get("name", "")))), _points(trace)) for trace in traces]
    series = [(name, [value for _, value in points]) for name, points in named if len(points) > 1]
    if not series:
        return []
    low, high = (pick(pick(values) for _, values in series) for pick in (min, max))
    low = min(low, 0.0)
    side = max(_columns(name) for name, _ in series)
    room = max(width - side - 2 - 24, 8)
    return [_sparkline(name, values, (low, high), (side, room), (locale, share)) for name, values in series]


def _sparkline(
    name: str, values: Sequence[float], span: tuple[float, float], columns: tuple[int, int], form: tuple[str, bool]
) -> str:
    low, high = span
    side, room = columns
    drawn = "".join(_level((value - low) / ((high - low) or 1.0)) for value in _resampled(values, room))
    first, last = (value_text(value, form[0], share=form[1]) for value in (values[0], values[-1]))
    return f"{_pad(name, side)}  {drawn} {first} → {last}"


def _level(share: float) -> str:
    """The block that fills a share (0 to 1, cut off beyond) of one character's height."""
    return _LEVELS[round(min(max(share, 0.0), 1.0) * 8)]


def _resampled(values: Sequence[float], most: int) -> list[float]:
    """At most `most` values: neighbours are averaged."""
    if len(values) <= most:
        return list(values)
    edges = [place * len(values) // most for place in range(most + 1)]
    return [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]


def _stretched(values: Sequence[float], room: int) -> list[float]:
    """Each value as several columns, so that few values still make a picture; at most 6 columns each."""
    times = max(1, min(6, room // len(values)))
    return [value for value in values for _ in range(times)]


def _ends(first: str, last: str, width: int) -> str:
    gap = width - _columns(first) - _columns(last)
    return f"{first}{' ' * gap}{last}" if gap > 0 else f"{first} … {last}"


def _cut(label: str) -> str:
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"


def _pad(label: str, width: int) -> str:
    return label + " " * (width - _columns(label))


def _columns(text: str) -> int:
    """How many terminal columns a text takes; East Asian letters take two."""
    from rich.cells import cell_len

    return cell_len(text)
