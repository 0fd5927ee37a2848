"""Makes the fonts that pictures are drawn with: subsets of Open Sans and DejaVu, and their advance widths.

Usage: uv run --with fonttools,fontpkg-open-sans,matplotlib python scripts/fonts.py
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

TARGET = Path(__file__).parent.parent / "src" / "prosa" / "charts" / "images" / "fonts"
SANS = resources.files("fontpkg_open_sans")
DEJAVU = resources.files("matplotlib").joinpath("mpl-data/fonts/ttf")

SIGNS = [*range(0x2010, 0x2028), *range(0x2030, 0x205F), *range(0x20A0, 0x20C1)]
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x250), *SIGNS]
LETTERS = [*LATIN, *range(0x250, 0x530), *range(0x1D00, 0x2000)]
SYMBOLS = [*range(0x2000, 0x2C00), 0xFFFD]
"""Punctuation, currency, arrows, mathematics, shapes and dingbats."""


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    metrics = {}
    for name, (font, codes) in faces().items():
        subset(font, codes)
        rename(font, name)
        font.save(TARGET / f"{name}.ttf")
        metrics[name] = measured(font)
    (TARGET / "metrics.json").write_text(json.dumps(metrics, separators=(",", ":")) + "\n", "utf-8")
    (TARGET / "LICENSE-OpenSans.txt").write_bytes(SANS.joinpath("LICENSE").read_bytes())
    (TARGET / "LICENSE-DejaVu.txt").write_bytes(DEJAVU.joinpath("LICENSE_DEJAVU").read_bytes())


def faces() -> dict[str, tuple[TTFont, Iterable[int]]]:
    sans = set(open_sans(400, "").getBestCmap())
    rest = [code for code in (*LETTERS, *SYMBOLS) if code not in sans]
    return {
        "sans": (open_sans(400, ""), LETTERS + SYMBOLS),
        "sans-bold": (open_sans(700, ""), LETTERS + SYMBOLS),
        "sans-italic": (open_sans(400, "-Italic"), LETTERS + SYMBOLS),
        "sans-bold-italic": (open_sans(700, "-Italic"), LETTERS + SYMBOLS),
        "mono": (dejavu("DejaVuSansMono"), LATIN),
        "mono-bold": (dejavu("DejaVuSansMono-Bold"), LATIN),
        "symbols": (dejavu("DejaVuSans"), rest),
        "symbols-bold": (dejavu("DejaVuSans-Bold"), rest),
    }


def open_sans(weight: int, style: str) -> TTFont:
    font = TTFont(str(SANS.joinpath("files", f"OpenSans{style}[wdth,wght].ttf")))
    return instantiateVariableFont(font, {"wght": weight, "wdth": 100})


def dejavu(name: str) -> TTFont:
    return TTFont(str(DEJAVU.joinpath(f"{name}.ttf")))


def subset(font: TTFont, codes: Iterable[int]) -> None:
    """Outlines and advances alone: no ligature and no kerning may make a text other than it was measured."""
    options = Options(hinting=False, layout_features=["mark", "mkmk", "ccmp"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    options.drop_tables += ["STAT", "DSIG", "GDEF", "MATH", "kern", "FFTM"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)


def rename(font: TTFont, name: str) -> None:
    """Family and style as CSS finds them."""
    family = {"sans": "Open Sans", "mono": "Prosa Mono", "symbols": "Prosa Symbols"}[name.split("-")[0]]
    bold, italic = "bold" in name, "italic" in name
    style = " ".join(word for word, on in (("Bold", bold), ("Italic", italic)) if on) or "Regular"
    table: Any = font["name"]
    for number, text in ((1, family), (2, style), (4, f"{family} {style}"), (6, f"{family}-{style}".replace(" ", ""))):
        table.setName(text, number, 3, 1, 0x409)
        table.setName(text, number, 1, 0, 0)
    font["OS/2"].usWeightClass = 700 if bold else 400
    font["OS/2"].fsSelection = (bold << 5) | italic | ((not bold and not italic) << 6)
    font["head"].macStyle = bold | (italic << 1)


def measured(font: TTFont) -> dict[str, Any]:
    """Ascent, descent and advance widths in thousandths of an em, as runs of code points that follow each other."""
    em = font["head"].unitsPerEm
    widths = {code: round(font["hmtx"][glyph][0] * 1000 / em, 1) for code, glyph in font.getBestCmap().items()}
    runs: list[tuple[int, list[float]]] = []
    for code in sorted(widths):
        if not runs or code != runs[-1][0] + len(runs[-1][1]):
            runs.append((code, []))
        runs[-1][1].append(widths[code])
    return {"ascent": round(font["hhea"].ascent / em, 4), "descent": round(-font["hhea"].descent / em, 4), "runs": runs}


if __name__ == "__main__":
    main()
