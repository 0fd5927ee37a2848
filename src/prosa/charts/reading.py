"""Any Plotly figure (dict, JSON text, `graph_objects.Figure`) as plain traces and layout. Plotly is not imported."""

from __future__ import annotations

import base64
import binascii
import json
import re
import sys
from array import array
from collections.abc import Iterable
from typing import Any

import msgspec

from prosa.errors import FigureError
from prosa.results import plain

Trace = dict[str, Any]

TYPECODES = {
    "i1": "b", "u1": "B", "u1c": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "i8": "q", "u8": "Q",
    "f4": "f", "f8": "d", "int8": "b", "uint8": "B", "uint8c": "B", "int16": "h", "uint16": "H", "int32": "i",
    "uint32": "I", "int64": "q", "uint64": "Q", "float32": "f", "float64": "d",
}  # fmt: skip
"""The typed arrays of plotly.js (`src/lib/array.js`), which are little-endian, as codes of Python's `array`."""

_TAG = re.compile(r"<br\s*/?>|</?(?:b|i|u|s|em|strong|sub|sup|a|span)(?:\s[^<>]*)?>", re.IGNORECASE)
_DEEPEST = 60


class Figure(msgspec.Struct, frozen=True):
    """Traces and layout of plain JSON values; binary arrays are lists, NaN and infinities None."""

    data: tuple[Trace, ...]
    layout: dict[str, Any]
    frames: tuple[dict[str, Any], ...] = ()

    @property
    def title(self) -> str:
        """The title in words alone; empty where there is none."""
        return words(self.layout.get("title"))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The different trace types, in the order they come."""
        return tuple(dict.fromkeys(kind(trace) for trace in self.data))


def read(figure: Any) -> Figure:
    """A figure as plain values. FigureError: `figure_json`, `figure_shape`, `figure_empty`, `figure_array`."""
    if isinstance(figure, Figure):
        return figure
    raw = _raw(figure)
    if not isinstance(raw, dict) or not _is_listed(raw.get("data")):
        raise FigureError("figure_shape")
    layout = raw.get("layout") or {}
    if not isinstance(layout, dict) or not all(isinstance(trace, dict) for trace in raw["data"]):
        raise FigureError("figure_shape")
    if not raw["data"]:
        raise FigureError("figure_empty")
    frames: Any = raw.get("frames")
    try:
        return Figure(
            tuple(_value(trace) for trace in raw["data"]),
            _value(layout),
            tuple(_value(frame) for frame in frames if isinstance(frame, dict)) if _is_listed(frames) else (),
        )
    except RecursionError:
        raise FigureError("figure_shape") from None


def _is_listed(value: Any) -> bool:
    return isinstance(value, list | tuple)


def kind(trace: Trace) -> str:
    """A trace's type; Plotly's own default is scatter."""
    found = trace.get("type")
    return found if isinstance(found, str) and found else "scatter"


def words(title: Any) -> str:
    """A title, name or label, given as text or as `{"text": …}`, without Plotly's tags."""
    if isinstance(title, dict):
        title = title.get("text")
    if not isinstance(title, str | int | float):
        return ""
    return " ".join(_TAG.sub(lambda tag: " " if tag[0].lower().startswith("<br") else "", str(title)).split())


def _raw(figure: Any) -> Any:
    if isinstance(figure, dict):
        return figure
    if hasattr(figure, "to_json") and hasattr(figure, "to_plotly_json"):
        figure = figure.to_json()
    if not isinstance(figure, str | bytes | bytearray):
        raise FigureError("figure_shape")
    try:
        return json.loads(figure)
    except (ValueError, RecursionError) as error:
        raise FigureError("figure_json") from error


def _value(value: Any, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise FigureError("figure_shape")
    if isinstance(value, dict):
        if "bdata" in value and "dtype" in value:
            return _decoded(value)
        return {str(plain(name)): _value(inner, depth + 1) for name, inner in value.items()}
    # Before plain values: numpy's float64 is a float for Python, but not for whoever writes JSON.
    if hasattr(value, "tolist"):  # numpy and pandas
        value = value.tolist()
    elif hasattr(value, "to_list"):  # polars
        value = value.to_list()
    if isinstance(value, str | int | float | None):
        return plain(value)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray | memoryview | dict):
        return [_value(inner, depth + 1) for inner in value]
    missing = value != value  # NaN's kind: pandas' NaT
    return None if missing is True else plain(value)


def _decoded(value: dict[str, Any]) -> list[Any]:
    code = TYPECODES.get(str(value["dtype"]).lstrip("<|="))
    if code is None:
        raise FigureError("figure_array", what=plain(str(value["dtype"])))
    numbers = array(code)
    try:
        numbers.frombytes(base64.b64decode(str(value["bdata"]), validate=True))
    except (binascii.Error, ValueError) as error:
        raise FigureError("figure_array", what="bdata") from error
    if sys.byteorder == "big":
        numbers.byteswap()
    return _shaped([plain(number) for number in numbers], value.get("shape"))


def _shaped(cells: list[Any], shape: Any) -> list[Any]:
    sizes = [int(size) for size in re.findall(r"\d+", str(shape))] if shape is not None else []
    for size in reversed(sizes[1:]):
        if size < 1 or len(cells) % size:
            raise FigureError("figure_array", what="shape")
        cells = [cells[start : start + size] for start in range(0, len(cells), size)]
    return cells
