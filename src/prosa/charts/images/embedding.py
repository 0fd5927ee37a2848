"""The shipped fonts inside an SVG, cut down to the signs that it draws, so that it looks the same on every machine."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

_FONTS = resources.files(__package__).joinpath("fonts")
_FAMILIES = {"sans": "Open Sans", "mono": "Prosa Mono", "symbols": "Prosa Symbols"}
_KEPT_NAMES = [0, 1, 2]
"""Copyright, family, style."""


def style(signs: Mapping[str, str]) -> str:
    """A `<style>` with a rule for each face; `signs` are what it draws. Without signs it is empty."""
    rules = "".join(_rule(face, drawn) for face, drawn in sorted(signs.items()) if drawn.strip())
    return f"<style>{rules}</style>" if rules else ""


def _rule(face: str, drawn: str) -> str:
    """https://www.w3.org/TR/css-fonts-4/#font-face-rule"""
    data = base64.b64encode(_subset(face, drawn)).decode("ascii")
    weight = "bold" if "bold" in face else "normal"
    slant = "italic" if "italic" in face else "normal"
    return (
        f"@font-face{{font-family:'{_FAMILIES[face.partition('-')[0]]}';font-weight:{weight};font-style:{slant};"
        f"src:url(data:font/woff;base64,{data})format('woff')}}"
    )


@lru_cache(maxsize=64)
def _subset(face: str, drawn: str) -> bytes:
    """The face with these signs alone, as WOFF: https://www.w3.org/TR/WOFF/"""
    # The time of today would give the same figure other bytes tomorrow.
    font = TTFont(io.BytesIO(_FONTS.joinpath(f"{face}.ttf").read_bytes()), recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=["*"], name_IDs=_KEPT_NAMES))
    subsetter.populate(text=drawn)
    subsetter.subset(font)
    font.flavor = "woff"
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()
