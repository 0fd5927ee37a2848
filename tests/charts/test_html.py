"""A figure as one HTML file: the right bundle inside, nothing of the input outside of its place."""

import base64
import gzip
import json
import re
from importlib import resources

import pytest
from plotly import graph_objects as go

from prosa.charts import html
from prosa.charts.reading import read
from prosa.errors import FigureError
from prosa.results import MAX_SAFE_INTEGER

HOSTILE = "</script><script>alert(1)</script><!--<script>'\"&\u2028"
BAR = {"data": [{"type": "bar", "x": ["a"], "y": [1]}], "layout": {"title": {"text": "T"}}}


def page(figure, **options):
    return html.write(figure, **options).decode("utf-8")


def figure_in(document):
    return json.loads(re.search(r'<script type="application/json" id="figure">(.*?)</script>', document)[1])


def script_in(document):
    found = re.search(r'id="plotly">(.*?)</script>', document)[1]
    return gzip.decompress(base64.b64decode(found)).decode("utf-8")


def installed():
    return resources.files("plotly").joinpath("package_data/plotly.min.js").read_text("utf-8")


@pytest.mark.parametrize(
    ("kinds", "bundle"),
    [
        (["bar", "pie"], "basic"), (["scatter"], "basic"), ([None], "basic"), (["histogram"], "cartesian"),
        (["bar", "box", "heatmap"], "cartesian"), (["sankey"], "full"), (["bar", "scattergl"], "full"),
    ],
)  # fmt: skip
def test_the_smallest_bundle_that_draws_all_traces_is_taken(kinds, bundle):
    figure = {"data": [{"type": kind, "y": [1]} if kind else {"y": [1]} for kind in kinds]}
    assert html.bundle(read(figure)) == bundle


def test_the_bundles_are_of_the_version_that_is_installed():
    version = re.search(r"plotly\.js v([\d.]+)", installed()[:200])[1]
    for name, head in (("basic", "plotly.js (basic - minified)"), ("cartesian", "plotly.js (cartesian - minified)")):
        script = gzip.decompress(base64.b64decode(html.packed(name))).decode("utf-8")
        assert f"{head} v{version}" in script[:200], "run scripts/plotly_bundles.py"


def test_a_bar_chart_is_small_and_holds_what_draws_it():
    document = page(BAR)
    assert len(document) < 600_000
    assert "plotly.js (basic" in script_in(document)[:100]
    assert script_in(page({"data": [{"type": "treemap"}]})) == installed()


def test_hostile_words_stay_words():
    figure = {
        "data": [{"type": "bar", "name": HOSTILE, "x": [HOSTILE], "y": [1]}],
        "layout": {"title": {"text": HOSTILE}},
    }
    document = page(figure, title=HOSTILE, facts=[("question", "Question", HOSTILE), ("rows", "Rows", 3)])
    assert document.count("<script") == 3
    assert document.count("</script>") == 3
    assert figure_in(document)["data"][0]["x"] == [HOSTILE]
    assert figure_in(document)["layout"]["title"]["text"] == HOSTILE


def test_nothing_of_the_input_names_an_element():
    figure = {**BAR, "div_id": "evil", "layout": {"title": {"text": "evil"}, "uid": "evil"}}
    assert re.findall(r'\sid="([^"]*)"', page(figure)) == ["chart", "figure", "plotly"]


@pytest.mark.parametrize(
    ("trace", "geo", "name"),
    [
        ({"type": "scattergeo", "lon": [1], "lat": [1]}, {}, "world_110m"),
        ({"type": "choropleth", "locations": ["BRA"], "z": [1]}, {"scope": "south america"}, "south-america_110m"),
        ({"type": "choropleth", "locations": ["CA"], "z": [1]}, {"projection": {"type": "albers usa"}}, "usa_110m"),
        ({"type": "choropleth", "locations": ["CA"], "z": [1]}, {"scope": "../../secret"}, "world_110m"),
        ({"type": "choropleth", "locations": ["CA"], "z": [1]}, {"scope": ["world"]}, "world_110m"),
    ],
)
def test_a_map_brings_the_outlines_that_it_lies_on(trace, geo, name):
    inside = figure_in(page({"data": [trace], "layout": {"geo": {**geo, "resolution": 50}}}))
    (outlines,) = inside["outlines"]
    assert list(json.loads(gzip.decompress(base64.b64decode(outlines)))) == [name]
    assert inside["layout"]["geo"]["resolution"] == 110


def test_each_of_several_maps_has_its_outlines():
    traces = [{"type": "scattergeo", "geo": geo, "lon": [1], "lat": [1]} for geo in ("geo", "geo2", "geo3")]
    layout = {"geo2": {"scope": "asia"}, "geo3": {"scope": "asia"}}
    assert len(figure_in(page({"data": traces, "layout": layout}))["outlines"]) == 2


def test_what_is_no_map_brings_none():
    assert figure_in(page(BAR))["outlines"] == []


def test_a_map_on_tiles_is_refused_by_name():
    trace = {"type": "scattermap", "lon": [1], "lat": [1]}
    with pytest.raises(FigureError, match="scattermap"):
        page({"data": [trace], "layout": {}})
    assert page({"data": [trace], "layout": {"map": {"style": "white-bg"}}})


def test_the_page_may_load_nothing():
    document = page({**BAR, "layout": {"images": [{"source": "https://evil.example/x.png"}]}})
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', document)[1]
    assert policy.startswith("default-src &#x27;none&#x27;")
    assert "http" not in policy
    assert not re.search(r'(?:src|href)="http', document)


def test_values_that_json_lacks_and_frames_arrive():
    figure = go.Figure(go.Bar(x=[1, 2], y=[1.5, float("nan")]), frames=[go.Frame(data=[go.Bar(y=[2, 3])])])
    found = figure_in(page(figure))
    assert found["data"][0]["y"] == [1.5, None]
    assert found["frames"][0]["data"][0]["y"] == [2, 3]


def test_the_page_speaks_the_readers_language():
    portuguese = figure_in(page(BAR, locale="pt-BR"))
    assert portuguese["config"]["locale"] == portuguese["words"]["name"] == "pt-BR"
    assert portuguese["words"]["format"]["decimal"] == ","
    assert figure_in(page(BAR))["words"] is None
    assert '<html lang="pt-BR">' in page(BAR, locale="pt-BR")


def test_provenance_stands_in_the_footer():
    assert "<dd class=code>select &lt;1&gt;</dd>" in page(BAR, facts=[("sql", "SQL", "select <1>")])
    assert "<footer>" not in page(BAR)


def test_what_is_no_figure_is_refused():
    with pytest.raises(FigureError):
        html.write({"data": []})


def test_numbers_too_big_for_a_browser_are_text():
    assert figure_in(page({"data": [{"y": [MAX_SAFE_INTEGER + 1]}]}))["data"][0]["y"] == [str(MAX_SAFE_INTEGER + 1)]


def test_a_dark_figure_has_a_dark_page():
    dark, light = (
        {"data": [{"type": "bar", "y": [1]}], "layout": {"paper_bgcolor": paper}} for paper in ("#16181d", "#fff")
    )
    assert b'<html lang="en" class=dark>' in html.write(dark)
    assert b'<html lang="en">' in html.write(light)
