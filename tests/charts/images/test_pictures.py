"""Any figure as PNG, SVG and PDF: opened by real readers, with where it comes from inside."""

import asyncio
import io
import json
import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest
from PIL import Image
from plotly import graph_objects as go
from pypdf import PdfReader

from prosa.charts.images import browser
from prosa.errors import FigureError, UsageError

pytestmark = pytest.mark.anyio

SVG = "{http://www.w3.org/2000/svg}"
BARS = {"data": [{"type": "bar", "x": ["São Paulo", "Belém"], "y": [3, -1]}], "layout": {"title": {"text": "Açaí"}}}
ABOUT = {"question": "Quanto vendemos?", "sql": "SELECT 1", "complete": True}


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def colours(data):
    """How many pixels a picture has of each colour."""
    return {colour: count for count, colour in opened(data).convert("RGB").getcolors(1 << 24)}


def texts(data):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(data).iter(f"{SVG}text")]


async def drawn(pictures, data, layout=None, format="svg", **options):
    return (await pictures.draw({"data": data, "layout": layout or {}}, format, **options)).data


async def test_a_png_has_the_size_times_its_scale(pictures):
    picture = await pictures.draw(BARS, "png", 900, 600, 2)
    assert opened(picture.data).size == (1800, 1200)


async def test_the_figures_own_size_counts_where_none_is_given(pictures):
    data = await drawn(pictures, BARS["data"], {"width": 300, "height": 200}, "png", scale=1)
    assert opened(data).size == (300, 200)


async def test_without_any_size_it_is_900_by_600_at_two(pictures):
    assert opened((await pictures.draw(BARS)).data).size == (1800, 1200)


async def test_a_png_tells_where_it_comes_from(pictures):
    picture = await pictures.draw(BARS, "png", title="Açaí", about=ABOUT)
    found = opened(picture.data).text
    assert found["Title"] == "Açaí"
    assert json.loads(found["Description"]) == ABOUT


async def test_a_title_beyond_latin_1_reaches_the_png_whole(pictures):
    picture = await pictures.draw(BARS, "png", title="売上 → 2026")
    assert opened(picture.data).text["Title"] == "売上 → 2026"


async def test_an_svg_tells_where_it_comes_from(pictures):
    picture = await pictures.draw(BARS, "svg", title="a < b & c", about=ABOUT)
    root = ElementTree.fromstring(picture.data)
    assert root.find(f"{SVG}title").text == "a < b & c"
    assert json.loads(root.find(f"{SVG}metadata").text) == ABOUT


async def test_a_pdf_is_one_page_with_its_text_its_own_fonts_and_where_it_comes_from(pictures):
    picture = await pictures.draw(BARS, "pdf", 900, 600, title="Açaí", about=ABOUT)
    reader = PdfReader(io.BytesIO(picture.data))
    (page,) = reader.pages
    assert (page.mediabox.width, page.mediabox.height) == (675, 450)
    assert "São Paulo" in page.extract_text()
    assert reader.metadata.title == "Açaí"
    assert json.loads(reader.metadata.subject) == ABOUT
    names = set(re.findall(rb"/BaseFont\s*/\w+\+([\w-]+)", picture.data))
    assert names == {b"OpenSans-Regular"}


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm")
async def test_a_pdf_is_drawn_by_another_program_as_well(pictures, tmp_path):
    picture = await pictures.draw(BARS, "pdf", 900, 600)
    command = ["pdftoppm", "-r", "96", "-png", "-singlefile", "-", str(tmp_path / "page")]
    await asyncio.to_thread(subprocess.run, command, input=picture.data, check=True)
    assert colours((tmp_path / "page.png").read_bytes())[(0x1F, 0x77, 0xB4)] > 50_000


async def test_the_bars_of_a_png_have_their_colour(pictures):
    data = await drawn(pictures, [{"type": "bar", "y": [1, 2], "marker": {"color": "#0072B2"}}], {}, "png", scale=1)
    assert colours(data)[(0, 0x72, 0xB2)] > 50_000


async def test_the_same_figure_gives_the_same_bytes(pictures):
    for format in ("png", "svg", "pdf"):
        first, second = [(await pictures.draw(BARS, format)).data for _ in range(2)]
        assert first == second


async def test_accents_and_signs_reach_the_picture(pictures):
    x = ["ação", "Łódź", "Ελλάδα", "Москва", "€ 5 → ✓"]
    assert set(x) <= set(texts(await drawn(pictures, [{"type": "bar", "x": x, "y": [1, 2, 3, 4, 5]}])))


async def test_signs_that_the_fonts_lack_are_named(pictures):
    picture = await pictures.draw({"data": [{"type": "bar", "x": ["日本", "é ✓ →"], "y": [1, 2]}]}, "png")
    assert set(picture.missing) == {"日", "本"}


async def test_they_are_named_each_time_and_a_box_stands_for_them(pictures):
    figure = {"data": [{"type": "bar", "x": ["a 日 → b"], "y": [1]}]}
    for _ in range(2):
        picture = await pictures.draw(figure, "pdf")
        assert picture.missing == "日"
        assert "a □ → b" in PdfReader(io.BytesIO(picture.data)).pages[0].extract_text()


async def test_no_sign_is_named_where_all_are_there(pictures):
    assert (await pictures.draw(BARS, "png")).missing == ""


@pytest.mark.parametrize("count", [1, 50_000])
async def test_every_point_is_drawn(pictures, count):
    trace = {"type": "scatter", "mode": "markers", "x": list(range(count)), "y": [n * 7 % 101 for n in range(count)]}
    assert (await drawn(pictures, [trace])).count(b'class="point"') == count


@pytest.mark.parametrize(("locale", "words"), [("en", "No data"), ("pt-BR", "Sem dados")])
async def test_a_chart_without_points_says_so(pictures, locale, words):
    assert words in texts(await drawn(pictures, [{"type": "scatter", "x": [], "y": []}], locale=locale))


async def test_a_chart_with_points_does_not_say_that_it_has_none(pictures):
    assert "No data" not in texts(await drawn(pictures, BARS["data"]))


async def test_numbers_follow_the_language(pictures):
    data, layout = [{"type": "bar", "x": ["2026-02-01", "2026-04-01"], "y": [1, 2]}], {"xaxis": {"tickformat": "%B"}}
    assert "fevereiro" in " ".join(texts(await drawn(pictures, data, layout, locale="pt-BR"))).lower()


async def test_a_template_may_be_given_by_name(pictures):
    data = await drawn(pictures, BARS["data"], {"template": "plotly_dark"}, "png", scale=1)
    assert max(colours(data), key=colours(data).get) == (17, 17, 17)


@pytest.mark.parametrize("template", ["no_such", "../templates/plotly", 5])
async def test_an_unknown_template_is_plain(pictures, template):
    assert await drawn(pictures, BARS["data"], {"template": template})


@pytest.mark.parametrize(("given", "mode"), [("scattergl", "scatter"), ("scatterpolargl", "scatterpolar")])
async def test_a_webgl_trace_is_its_svg_twin(pictures, given, mode):
    def figure(kind):
        points = {"r": [1, 2, 3], "theta": [0, 60, 120]} if "polar" in kind else {"x": [1, 2, 3], "y": [3, 1, 2]}
        return [{"type": kind, "mode": "markers", "marker": {"size": 20, "color": "#0072B2"}, **points}]

    one, other = await drawn(pictures, figure(given), format="png"), await drawn(pictures, figure(mode), format="png")
    assert colours(one)[(0, 0x72, 0xB2)] > 1_000
    assert opened(one).tobytes() == opened(other).tobytes()


@pytest.mark.parametrize("kind", ["scatter3d", "surface", "mesh3d", "cone", "isosurface", "parcoords", "splom"])
async def test_without_a_browser_what_can_not_be_drawn_is_named(pictures, kind, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    with pytest.raises(FigureError) as caught:
        await drawn(pictures, [*BARS["data"], {"type": kind}])
    assert caught.value.code == "picture_trace"
    assert kind in caught.value.sentence("en")
    assert str(kind) in caught.value.sentence("pt-BR")


async def test_a_map_on_a_blank_ground_needs_a_browser(pictures, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    with pytest.raises(FigureError) as caught:
        await drawn(pictures, [{"type": "scattermap", "lon": [1], "lat": [1]}], {"map": {"style": "white-bg"}})
    assert caught.value.code == "picture_trace"


@pytest.mark.parametrize("kind", ["scattermap", "choroplethmap", "densitymap"])
@pytest.mark.parametrize("style", [None, "basic", "https://tiles.example/style.json"])
async def test_a_map_on_tiles_is_named(pictures, kind, style):
    with pytest.raises(FigureError) as caught:
        await drawn(pictures, [{"type": kind, "lon": [1], "lat": [1]}], {"map": {"style": style}})
    assert caught.value.code == "chart_tiles"
    assert kind in caught.value.sentence("en")
    assert "white-bg" in caught.value.hint("pt-BR")


CITIES = {"type": "scattergeo", "mode": "markers+text", "lon": [-46, 139], "lat": [-23, 35], "text": ["SP", "Tóquio"]}


@pytest.mark.parametrize(
    ("trace", "geo", "shapes"),
    [
        (CITIES, {}, 1),
        ({"type": "choropleth", "locations": ["BRA", "USA"], "z": [1, 2]}, {"resolution": 50}, 2),
        ({"type": "choropleth", "locationmode": "country names", "locations": ["Chile"], "z": [1]},
         {"scope": "south america"}, 1),
        ({"type": "choropleth", "locationmode": "USA-states", "locations": ["CA", "TX"], "z": [1, 2]},
         {"scope": "usa"}, 2),
    ],
)  # fmt: skip
async def test_a_map_of_countries_is_drawn_on_shipped_outlines(pictures, trace, geo, shapes):
    data = await drawn(pictures, [trace], {"geo": geo})
    outlined = re.findall(rb'<path class="js-fill[^>]*|class="layer [a-z]*"', data)
    assert outlined
    found = len(re.findall(rb'class="choroplethlocation"[^>]*d="M', data))
    assert found == (shapes if trace["type"] == "choropleth" else 0)
    assert ("Tóquio" in texts(data)) == (trace is CITIES)
    assert len(data) > 20_000  # the outlines


async def test_a_map_without_a_known_place_is_no_picture(pictures):
    with pytest.raises(FigureError) as caught:
        await drawn(pictures, [{"type": "choropleth", "locations": ["Nowhere"], "z": [1]}])
    assert caught.value.code == "picture_empty"


@pytest.mark.parametrize("address", ["https://example.com/a.json", "file:///etc/passwd"])
async def test_shapes_of_a_map_are_not_fetched(pictures, address):
    with pytest.raises(FigureError) as caught:
        await drawn(pictures, [{"type": "choropleth", "geojson": address, "locations": ["a"], "z": [1]}])
    assert caught.value.code == "picture_failed"


@pytest.mark.browser
async def test_with_a_browser_three_dimensions_are_drawn(pictures):
    if browser.path() is None:
        pytest.skip("needs Chromium")
    surface = go.Figure(go.Surface(z=[[1, 2, 3], [2, 3, 4], [3, 4, 9]], showscale=False))
    picture = await pictures.draw(surface, "png", 400, 300, 1, title="Surface")
    assert opened(picture.data).size == (400, 300)
    assert len(colours(picture.data)) > 500
    assert opened(picture.data).text["Title"] == "Surface"


@pytest.mark.browser
async def test_the_browser_asks_nobody_for_what_a_figure_names(pictures, tmp_path):
    if browser.path() is None:
        pytest.skip("needs Chromium")
    asked = []

    async def answer(reader, writer):
        asked.append(await reader.readline())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/a.png"
    Image.new("RGB", (9, 9), "#ff00ff").save(tmp_path / "secret.png")
    places = {"x": 0, "y": 1, "sizex": 1, "sizey": 1}
    images = [{"source": source, **places} for source in (address, (tmp_path / "secret.png").as_uri())]
    trace = {"type": "parcoords", "dimensions": [{"label": "a", "values": [1, 2]}, {"label": "b", "values": [2, 1]}]}
    data = await drawn(pictures, [trace], {"images": images}, "png", width=300, height=300, scale=1)
    server.close()
    assert asked == []
    assert (255, 0, 255) not in colours(data)
    assert len(colours(data)) > 10


@pytest.mark.parametrize("kind", ["scattermapbox", "heatmapgl", "no_such", 5])
async def test_a_type_that_plotly_does_not_know_is_named(pictures, kind):
    with pytest.raises(FigureError) as caught:
        await drawn(pictures, [*BARS["data"], {"type": kind, "z": [[1]]}])
    assert caught.value.code == "picture_unknown"
    assert str(kind) in caught.value.sentence("pt-BR")


async def test_an_image_from_the_network_gives_no_empty_picture(pictures):
    with pytest.raises(FigureError) as caught:
        await drawn(pictures, [{"type": "image", "source": "https://example.com/a.png", "z": [[1]]}])
    assert caught.value.code in ("picture_empty", "picture_failed")


async def test_no_address_of_the_figure_reaches_the_picture(pictures):
    images = [
        {"source": source, "x": 0, "y": 1, "sizex": 1, "sizey": 1}
        for source in ("https://x.example/a.png", "file:///etc/passwd")
    ]
    data = await drawn(pictures, BARS["data"], {"images": images})
    assert b"x.example" not in data
    assert b"passwd" not in data


async def test_markup_in_a_label_stays_text(pictures):
    data = await drawn(pictures, [{"type": "bar", "x": ["<script>alert(1)</script>", "a & b"], "y": [1, 2]}])
    assert not list(ElementTree.fromstring(data).iter(f"{SVG}script"))
    assert "a & b" in texts(data)


async def test_a_name_that_is_a_link_leads_nowhere(pictures):
    link = '<a href="https://evil.example/">Oslo</a>'
    data = await drawn(pictures, [{"type": "bar", "x": [link, "<b>Rio</b>"], "y": [1, 2]}])
    assert not list(ElementTree.fromstring(data).iter(f"{SVG}a"))
    assert {link, "Rio"} <= set(texts(data))


async def test_control_signs_and_half_surrogates_break_no_file(pictures):
    figure = json.dumps({"data": [{"type": "bar", "x": ["a\u0001b", "c\ud800d"], "y": [1, 2]}]})
    assert ElementTree.fromstring((await pictures.draw(figure, "svg", title="t\0\ud800")).data) is not None
    assert opened((await pictures.draw(figure, "png", title="t\0\ud800")).data).size == (1800, 1200)


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [
        (0, 600, 1),
        (900, -5, 1),
        (float("nan"), 600, 1),
        (float("inf"), 600, 1),
        (5_000, 600, 1),
        (900, 600, 5),
        (900, 600, 0),
    ],
)
async def test_absurd_sizes_are_refused(pictures, width, height, scale):
    with pytest.raises(UsageError) as caught:
        await pictures.draw(BARS, "png", width, height, scale)
    assert caught.value.code == "picture_size"
    assert "4" in caught.value.hint("pt-BR")


async def test_the_largest_size_is_drawn(pictures):
    assert opened((await pictures.draw(BARS, "png", 2_000, 2_000, 2)).data).size == (4_000, 4_000)


async def test_a_size_in_the_figure_that_is_none_is_refused(pictures):
    with pytest.raises(UsageError, match="can't be drawn"):
        await drawn(pictures, BARS["data"], {"width": "wide"})


@pytest.mark.parametrize(
    ("figure", "code"), [("no json", "figure_json"), ({"layout": {}}, "figure_shape"), ({"data": []}, "figure_empty")]
)
async def test_what_is_no_figure_is_refused(pictures, figure, code):
    with pytest.raises(FigureError) as caught:
        await pictures.draw(figure)
    assert caught.value.code == code


async def test_an_unknown_format_names_those_that_exist(pictures):
    with pytest.raises(UsageError, match="png, svg, pdf"):
        await pictures.draw(BARS, "jpeg")
