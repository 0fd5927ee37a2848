"""An exported interactive chart, opened from disk in a browser that has no network."""

import pytest

from prosa.charts import html

HOSTILE = "</script><img src=https://evil.example/x.png onerror=alert(1)>São João"
TRACES = {
    "basic": {"type": "bar", "x": [HOSTILE, "Rio"], "y": [1, 2], "name": HOSTILE},
    "cartesian": {"type": "heatmap", "z": [[1, 2], [3, 4]]},
    "map": {"type": "choropleth", "locations": ["BRA", "USA"], "z": [1, 2], "name": HOSTILE},
    "full": {"type": "sankey", "node": {"label": ["a", HOSTILE]}, "link": {"source": [0], "target": [1], "value": [3]}},
}


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens a file; gives the page, and everything that must not happen on it."""
    context = chromium.new_context(offline=True, viewport={"width": 900, "height": 600})

    def open_file(data):
        file = tmp_path / "chart.html"
        file.write_bytes(data)
        page, seen = context.new_page(), []
        page.on("request", lambda request: None if request.url.startswith("file:") else seen.append(request.url))
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("dialog", lambda dialog: (seen.append("dialog"), dialog.dismiss()))
        page.goto(file.as_uri())
        return page, seen

    yield open_file
    context.close()


@pytest.mark.parametrize("bundle", TRACES)
def test_a_chart_is_drawn_offline_and_runs_nothing_of_its_data(bundle, opened):
    figure = {"data": [TRACES[bundle]], "layout": {"title": {"text": HOSTILE}}}
    page, seen = opened(html.write(figure, locale="pt-BR", facts=[("question", "Pergunta", HOSTILE)]))
    page.wait_for_selector("#chart .main-svg")
    assert HOSTILE in page.locator("#chart .gtitle").text_content()
    assert page.locator("#chart path").count() > 3
    assert page.evaluate("document.images.length") == 0
    assert seen == []


def test_a_name_that_is_a_link_leads_nowhere(opened):
    link = '<a href="https://evil.example/">Oslo</a>'
    bars = {"type": "bar", "x": [link, "<b>Rio</b>"], "y": [1, 2], "text": [link, link]}
    page, seen = opened(html.write({"data": [bars], "layout": {"title": {"text": link}}}))
    page.wait_for_selector("#chart .main-svg")
    names = page.locator("#chart .xtick text")
    assert names.all_text_contents() == [link, "Rio"]
    assert page.locator("#chart .gtitle").text_content() == link
    assert page.locator("a").count() == 0
    assert seen == []


def test_a_chart_fills_the_window_and_its_buttons_speak_portuguese(opened):
    page, seen = opened(html.write({"data": [TRACES["basic"]]}, locale="pt-BR"))
    page.wait_for_selector("#chart .main-svg")
    assert page.locator("#chart .main-svg").first.bounding_box()["width"] == 900
    assert page.locator("[data-title='Fazer download do gráfico como imagem (PNG)']").count() == 1
    assert seen == []
