"""Fonts inside an SVG: the signs that it draws and no others, and a browser without those fonts draws it alike."""

import base64
import io
import os
import re

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops

from prosa.charts.images import embedding

pytestmark = pytest.mark.anyio

RULE = re.compile(
    r"font-family:'([\w ]+)';font-weight:(\w+);font-style:(\w+);src:url\(data:font/woff;base64,([\w+/=]+)\)"
)
FIGURE = {
    "data": [{"type": "bar", "x": ["ação → ✓", "<b>Łódź</b>", "<i>Ελλάδα</i>"], "y": [1, 2, 3]}],
    "layout": {"title": {"text": "Código", "font": {"family": "Courier New"}}},
}


def fonts(svg):
    """By family, weight and slant: the signs that the font inside has."""
    return {
        (family, weight, slant): {chr(code) for code in TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()}
        for family, weight, slant, data in RULE.findall(svg.decode("utf-8"))
    }


async def test_each_face_holds_the_signs_that_it_draws(pictures):
    found = fonts((await pictures.draw(FIGURE, "svg")).data)
    assert set("ação0") <= found["Open Sans", "normal", "normal"]
    assert found["Open Sans", "bold", "normal"] == set("Łódź")
    assert found["Open Sans", "normal", "italic"] == set("Ελλάδα")
    assert found["Prosa Mono", "normal", "normal"] == set("Código")
    assert found["Prosa Symbols", "normal", "normal"] == set("→✓")
    assert "z" not in found["Open Sans", "normal", "normal"]


async def test_the_fonts_weigh_little(pictures):
    bars = {"data": [{"type": "bar", "x": ["São Paulo", "Belém"], "y": [3, -1]}]}
    assert len((await pictures.draw(bars, "svg")).data) < 20_000


@pytest.mark.parametrize("signs", [{}, {"sans": " "}])
def test_no_signs_need_no_fonts(signs):
    assert embedding.style(signs) == ""


def test_signs_that_a_face_lacks_do_no_harm():
    assert "font-face" in embedding.style({"mono": "a日\u202e"})


@pytest.mark.browser
async def test_a_browser_without_the_fonts_draws_it_alike(pictures, tmp_path):
    from playwright.async_api import async_playwright

    from prosa.charts.images import browser

    if browser.path() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs Chromium")
    file = tmp_path / "chart.svg"
    file.write_bytes((await pictures.draw(FIGURE, "svg", 500, 400)).data)
    (tmp_path / "fonts.conf").write_text('<?xml version="1.0"?><fontconfig></fontconfig>', "utf-8")
    environment = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    async with async_playwright() as engine:
        chromium = await engine.chromium.launch(
            executable_path=browser.path(), args=["--no-sandbox", "--disable-dev-shm-usage"], env=environment
        )
        page = await chromium.new_page(viewport={"width": 500, "height": 400})
        await page.goto(file.as_uri())
        seen = await page.screenshot()
        await chromium.close()
    ours = (await pictures.draw(FIGURE, "png", 500, 400, 1)).data
    assert differing(seen, ours) < 0.02


def differing(one, other):
    """The share of pixels that differ clearly."""
    first, second = (Image.open(io.BytesIO(data)).convert("RGB") for data in (one, other))
    counts = ImageChops.difference(first, second).convert("L").histogram()
    return sum(counts[65:]) / sum(counts)
