"""Pictures of charts against kaleido: warm, cold, and pixel by pixel for 15 trace types.

Usage: uv run python bench/images.py [--times 20]      Needs Chromium, which kaleido draws with; Prosa needs none.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import prosa.charts.images as images

FONTS = Path(images.__file__).parent / "fonts"
SIZE = {"width": 900, "height": 600}
COLD = {
    "prosa": "import asyncio, json, sys\nfrom prosa.charts.images.pictures import Pictures\n"
    "asyncio.run(Pictures().draw(json.load(sys.stdin), 'png', 900, 600, 2))",
    "kaleido": "import json, sys, kaleido\n"
    "kaleido.calc_fig_sync(json.load(sys.stdin), opts={'format': 'png', 'width': 900, 'height': 600, 'scale': 2})",
}


def gallery():
    """A figure for each of 15 trace types."""
    draw = random.Random(3)
    normal = lambda count: [draw.gauss(0, 1) for _ in range(count)]  # noqa: E731
    cities = ["São Paulo", "Brasília", "Goiânia", "Maceió", "Belém"]
    tree = {"labels": ["Total", *cities], "parents": ["", *["Total"] * 5], "values": [0, 5, 4, 3, 2, 1]}
    wave = [[math.sin(x / 3) * math.cos(y / 4) for x in range(20)] for y in range(20)]
    days = [f"2026-01-{day:02}" for day in range(1, 11)]
    prices = {"open": [*range(10, 20)], "high": [*range(13, 23)], "low": [*range(8, 18)], "close": [*range(11, 21)]}
    flow = {"source": [0, 0, 1, 2], "target": [2, 3, 3, 4], "value": [3, 2, 4, 3]}
    traces = {
        "bar": {"x": cities, "y": [3, -1, 2, 4, 1]},
        "scatter": {"x": normal(200), "y": normal(200), "mode": "markers"},
        "pie": {"labels": cities, "values": [5, 3, 2, 1, 1]},
        "histogram": {"x": normal(1000)},
        "box": {"y": normal(100)},
        "violin": {"y": normal(100)},
        "heatmap": {"z": [normal(12) for _ in range(8)]},
        "contour": {"z": wave, "contours": {"showlabels": True}},
        "funnel": {"y": cities, "x": [100, 70, 50, 30, 10]},
        "waterfall": {"x": cities, "y": [10, -3, 5, -8, 2]},
        "treemap": tree,
        "sunburst": tree,
        "sankey": {"node": {"label": cities}, "link": flow},
        "candlestick": {"x": days, **prices},
        "indicator": {"mode": "gauge+number", "value": 42},
    }
    layout = {"title": {"text": "Vendas por região – ação"}}
    return {name: {"data": [{"type": name, **trace}], "layout": layout} for name, trace in traces.items()}


async def warm(times):
    """Median seconds of a PNG of 900 × 600 at two, of both, in turn; and the pictures of all types at one."""
    import kaleido

    from prosa.charts.images.pictures import Pictures

    ours, seconds, pairs = Pictures(), {"prosa": [], "kaleido": []}, {}
    figures = gallery()
    async with kaleido.Kaleido(n=1) as server:

        async def both(figure, scale):
            begun = time.perf_counter()
            one = (await ours.draw(figure, "png", 900, 600, scale)).data
            middle = time.perf_counter()
            other = await server.calc_fig(figure, opts={"format": "png", "scale": scale, **SIZE})
            return one, other, middle - begun, time.perf_counter() - middle

        await both(figures["bar"], 2)
        for _ in range(times):
            *_, one, other = await both(figures["bar"], 2)
            seconds["prosa"].append(one)
            seconds["kaleido"].append(other)
        for name, figure in figures.items():
            pairs[name] = (await both(figure, 1))[:2]
    ours.close()
    return {name: statistics.median(list_) for name, list_ in seconds.items()}, pairs


def cold(name):
    """Seconds from nothing to a picture in a process of its own."""
    begun = time.perf_counter()
    figure = json.dumps(gallery()["bar"]).encode()
    subprocess.run([sys.executable, "-c", COLD[name]], input=figure, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def differing(one, other):
    """The share of pixels that differ by more than 32 of 255 in some colour."""
    from PIL import Image, ImageChops

    first, second = (Image.open(io.BytesIO(data)).convert("RGB") for data in (one, other))
    red, green, blue = ImageChops.difference(first, second).split()
    counts = ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()
    return sum(counts[33:]) / sum(counts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder, "fonts.conf")
        places = f"<dir>{FONTS}</dir><cachedir>{folder}</cachedir>"
        settings.write_text(f'<?xml version="1.0"?><fontconfig>{places}</fontconfig>', "utf-8")
        os.environ["FONTCONFIG_FILE"] = str(settings)  # so that both draw with the same fonts
        seconds, pairs = asyncio.run(warm(times))
        print(f"warm PNG 900x600 at 2x: prosa {seconds['prosa']:.3f} s, kaleido {seconds['kaleido']:.3f} s, ", end="")
        print(f"ratio {seconds['prosa'] / seconds['kaleido']:.2f} (at most 0.7)")
        starts = {name: min(cold(name) for _ in range(3)) for name in COLD}
        print(f"cold: prosa {starts['prosa']:.2f} s, kaleido {starts['kaleido']:.2f} s, ", end="")
        print(f"ratio {starts['prosa'] / starts['kaleido']:.2f} (at most 0.65)")
        for name, (one, other) in pairs.items():
            print(f"{name:12} {differing(one, other):.2%} of pixels differ")


if __name__ == "__main__":
    main()
