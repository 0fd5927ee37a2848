"""Which signs of a figure's words the shipped fonts lack, for who must tell it before a picture is drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from prosa.charts.reading import read

_UNSEEN = ("hover", "custom", "meta", "template", "source", "uid")
"""How the names begin whose texts no picture shows."""
_WITHOUT_SHAPE = frozenset({"Cc", "Cf", "Mn"})


def lacking(figure: Any) -> str:
    """Each sign once, in the order of the figure; hidden words count as well. FigureError as `reading.read`."""
    found = read(figure)
    signs = dict.fromkeys(sign for text in _texts([found.layout, *found.data]) for sign in text if ord(sign) > 126)
    return "".join(sign for sign in signs if ord(sign) not in _known() and _has_shape(sign))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if not name.startswith(_UNSEEN):
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _has_shape(sign: str) -> bool:
    return unicodedata.category(sign) not in _WITHOUT_SHAPE


@cache
def _known() -> frozenset[int]:
    """The code points of the plain face and of the symbols behind it, as fonts/metrics.json has them."""
    faces = msgspec.json.decode(resources.files(__package__).joinpath("fonts", "metrics.json").read_bytes())
    runs = [run for name in ("sans", "symbols") for run in faces[name]["runs"]]
    return frozenset(code for start, widths in runs for code in range(start, start + len(widths)))
