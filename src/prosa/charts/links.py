"""Words of a chart that plotly.js would draw as a link are drawn as the words they are.

A name in somebody's data, `<a href=…>`, would else lead whoever clicks on it out of a chart that looks like ours.
plotly.js turns `&lt;` back into the sign when it draws; files of data are written from the figure as it came.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from prosa.charts.reading import Figure

_LINK = re.compile(r"<(?=/?a\b)", re.IGNORECASE)


def unlinked(figure: Figure) -> Figure:
    """The figure to draw: without links, the rest of its markup as it is."""
    found: Figure = msgspec.structs.replace(
        figure,
        data=tuple(_unlinked(trace) for trace in figure.data),
        layout=_unlinked(figure.layout),
        frames=tuple(_unlinked(frame) for frame in figure.frames),
    )
    return found


def _unlinked(value: Any) -> Any:
    if isinstance(value, str):
        return _LINK.sub("&lt;", value) if "<" in value else value
    if isinstance(value, list):
        return [_unlinked(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _unlinked(inner) for name, inner in value.items()}
    return value
