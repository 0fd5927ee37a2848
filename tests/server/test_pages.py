"""The page and what belongs to it: words, settings, scripts, the reference of the API."""

import gzip
import re
from importlib import metadata

import pytest

from prosa import locales


def test_the_page_loads_nothing_from_elsewhere_and_no_script_in_line(nobody):
    reply = nobody.get("/")
    assert reply.headers["content-type"].startswith("text/html")
    places = re.findall(r'(?:src|href)="([^"]+)"', reply.text)
    assert places
    for place in places:
        assert not re.match(r"[a-z]+:|//|/", place), place
        assert place == "." or nobody.get(f"/{place}").status_code == 200, place
    assert re.findall(r"<script(?![^>]*src=)", reply.text) == []
    assert re.findall(r"\son\w+=", reply.text) == []


@pytest.mark.parametrize("locale", locales.LOCALES)
def test_the_pages_words_come_in_both_languages(nobody, locale):
    assert nobody.get("/api/messages", params={"locale": locale}).json() == locales.messages(locale, "page")


def test_the_page_learns_what_it_needs_before_anybody_has_signed_in(nobody):
    found = nobody.get("/api/settings").json()
    assert (found["version"], found["locales"]) == (metadata.version("prosa"), ["en", "pt-BR"])
    assert found["max_upload"] == 200 << 20
    assert found["model_sees"] == ""
    assert not {"token", "users", "sources", "data_dir"} & set(found)


def test_plotly_has_the_version_of_the_figures_and_is_kept_for_good(nobody):
    way = nobody.get("/static/plotly.min.js")
    version = metadata.version("plotly")
    assert (way.status_code, way.headers["location"]) == (302, f"plotly.min.js?v={version}")
    whole = nobody.get("/static/plotly.min.js", params={"v": version}, headers={"accept-encoding": "identity"})
    assert "immutable" in whole.headers["cache-control"]
    with nobody.stream("GET", "/static/plotly.min.js", params={"v": version}) as reply:
        packed = b"".join(reply.iter_raw())
    assert reply.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == whole.content
    assert len(packed) * 3 < len(whole.content)


def test_the_page_is_asked_again_only_for_what_has_changed(nobody):
    first = nobody.get("/static/prosa-chat.js")
    again = nobody.get("/static/prosa-chat.js", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_the_reference_of_the_api_stands_alone(nobody):
    text = nobody.get("/docs").text
    assert "//" not in re.sub(r"<!doctype html>", "", text)
    for name in re.findall(r'(?:src|href)="(docs/[^"]+)"', text):
        assert nobody.get(f"/{name}").status_code == 200
    assert nobody.get("/docs/nowhere.js").status_code == 404
    assert nobody.get("/redoc").status_code == 404


def test_nothing_else_lies_in_the_folder_of_the_page(nobody):
    for path in ("/static/", "/static/__init__.py", "/static/%2e%2e/auth.py", "/static/..%2fauth.py"):
        assert nobody.get(path).status_code == 404
