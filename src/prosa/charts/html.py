"""A figure as one interactive HTML file that works offline: plotly.js travels inside, compressed.

The smallest bundle that draws the figure's traces is taken. The two small ones are ours (`bundles/`, made by
`scripts/plotly_bundles.py`), the full one is the plotly package's own.
"""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib import resources
from typing import Any

import msgspec

from prosa import locales
from prosa.charts import maps
from prosa.charts.links import unlinked
from prosa.charts.reading import Figure, read
from prosa.errors import FigureError
from prosa.results import plain

FULL = "full"
CHART_ID = "chart"

_FILES = resources.files(__package__).joinpath("bundles")
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
_HALF_BRIGHT = 3 * 128
_STYLE = (
    "html,body{height:100%;margin:0}body{display:flex;flex-direction:column;font:15px/1.45 system-ui,sans-serif;"
    "color:#1a1a1a;background:#fff}#chart{flex:1 0 24rem}footer{font-size:.85rem;color:#555;padding:.5rem 1rem}"
    "summary{cursor:pointer}dt{font-weight:600}dd{margin:0 0 .5rem;white-space:pre-wrap}"
    ".code{font-family:ui-monospace,monospace}"
    ".dark body{background:#16181d;color:#e6e8ec}.dark footer{color:#9aa1ad}"
)
_START = """
(async () => {
  const read = (id) => document.getElementById(id).textContent;
  const unpacked = (text) => {
    const packed = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  };
  const figure = JSON.parse(read("figure")), place = document.getElementById("chart");
  try {
    const script = document.createElement("script");
    script.textContent = await unpacked(read("plotly"));
    document.head.append(script);
    for (const part of figure.outlines) Object.assign(PlotlyGeoAssets.topojson, JSON.parse(await unpacked(part)));
  } catch (error) {
    place.textContent = figure.sorry;
    return;
  }
  if (figure.words) Plotly.register(figure.words);
  await Plotly.newPlot(place, figure.data, figure.layout, figure.config);
  if (figure.frames.length) await Plotly.addFrames(place, figure.frames);
})();
"""


def write(
    figure: Any, *, title: str = "", locale: str = "en", facts: Sequence[tuple[str, str, str | int]] = ()
) -> bytes:
    """The page. `facts` (name, label, value) go into its footer; `title` heads the browser's tab, else the figure's
    own. FigureError as `reading.read`, and `chart_tiles` where a map's ground is the network's."""
    found = read(figure)
    if tiled := maps.tiled(found):
        raise FigureError("chart_tiles", types=", ".join(tiled))
    language = locales.normalise(locale)
    heading = _words(title or found.title or locales.text("charts.chart", language))
    head = (
        f'<!DOCTYPE html>\n<html lang="{language}"{" class=dark" if _dark(found) else ""}><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{heading}</title><style>{_STYLE}</style></head>\n<body>"
        f'<div id="{CHART_ID}"><noscript>{_words(locales.text("charts.no_script", language))}</noscript></div>\n'
        f'{_footer(facts, language)}<script type="application/json" id="figure">{_embedded(found, language)}</script>\n'
        '<script type="application/octet-stream" id="plotly">'
    ).encode()
    return b"".join(
        (head, packed(bundle(found)), b"</script>\n<script>", _START.encode(), b"</script></body></html>\n")
    )


def _dark(figure: Figure) -> bool:
    """Whether the figure's own paper is dark (`#rrggbb`), so that the page around it should be."""
    paper = re.fullmatch("#([0-9a-fA-F]{6})", str(figure.layout.get("paper_bgcolor")))
    return paper is not None and sum(bytes.fromhex(paper[1])) < _HALF_BRIGHT


def bundle(figure: Figure) -> str:
    """The name of the smallest bundle that draws all traces of the figure."""
    wanted = set(figure.kinds)
    return next((name for name, traces in _contents().items() if wanted <= traces), FULL)


@cache
def packed(name: str) -> bytes:
    """A bundle as base64 of its gzip, compressed once a process."""
    if name == FULL:
        script = resources.files("plotly").joinpath("package_data/plotly.min.js").read_bytes()
        # Without a time, so that the same figure is the same file.
        return base64.b64encode(gzip.compress(script, 6, mtime=0))
    return base64.b64encode(_FILES.joinpath(f"{name}.js.gz").read_bytes())


@cache
def _contents() -> dict[str, frozenset[str]]:
    """The partial bundles and the trace types that each draws, the smallest first."""
    described = msgspec.json.decode(_FILES.joinpath("bundles.json").read_bytes())
    return {name: frozenset(traces) for name, traces in described["traces"].items()}


def _embedded(figure: Figure, language: str) -> str:
    """What the page's script reads, as JSON in which nothing ends or opens a tag."""
    drawn = unlinked(figure)
    values = {
        "data": drawn.data,
        "layout": {"autosize": True, **maps.coarse(drawn)},
        "frames": drawn.frames,
        "config": {"responsive": True, "displaylogo": False, "locale": language},
        "words": msgspec.json.decode(_FILES.joinpath("pt-br.json").read_bytes()) if language == locales.PT else None,
        "outlines": [base64.b64encode(part).decode("ascii") for part in maps.outlines_of(figure)],
        "sorry": locales.text("charts.old_browser", language),
    }
    text = msgspec.json.encode(values).decode("utf-8")
    for sign, escaped in _IN_SCRIPT.items():
        text = text.replace(sign, escaped)
    return text


def _footer(facts: Sequence[tuple[str, str, str | int]], language: str) -> str:
    if not facts:
        return ""
    listed = "".join(
        f"<dt>{_words(label)}</dt><dd{' class=code' if name == 'sql' else ''}>{_words(value)}</dd>"
        for name, label, value in facts
    )
    about = locales.text("charts.about", language)
    return f"<footer><details><summary>{about}</summary><dl>{listed}</dl></details></footer>\n"


def _words(value: str | int) -> str:
    return escape(str(plain(value))).replace("\0", "�")
