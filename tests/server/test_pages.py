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
    tag = first.headers["etag"]
    again = [
        nobody.get("/static/prosa-chat.js", headers={"if-none-match": known}).status_code
        for known in (tag, f'"other", W/{tag}', '"other"')
    ]
    assert (first.status_code, again) == (200, [304, 304, 200])
    assert first.headers["cache-control"] == "no-cache"


def test_the_page_comes_packed_to_who_unpacks_it(nobody):
    whole = nobody.get("/static/prosa-chat.js", headers={"accept-encoding": "identity"})
    with nobody.stream("GET", "/static/prosa-chat.js", headers={"accept-encoding": "br, gzip"}) as reply:
        packed = b"".join(reply.iter_raw())
    assert "content-encoding" not in whole.headers
    assert reply.headers["content-encoding"] == "gzip"
    assert reply.headers["etag"] != whole.headers["etag"]
    assert {reply.headers["vary"].lower(), whole.headers["vary"].lower()} == {"accept-encoding"}
    assert gzip.decompress(packed) == whole.content
    assert len(packed) < 150 << 10


def test_the_page_learns_who_answers_and_what_a_model_would_see(serving):
    def told(**settings):
        with serving(**settings) as server, server.client(None) as client:
            found = client.get("/api/settings").json()
            return found["analysts"], found["analyst"], found["model_sees"]

    assert told(real=True) == (["rules"], "rules", "")
    model = {"model": "openai:gpt-5", "model_sees": "schema"}
    assert told(real=True, **model) == (["auto", "rules", "llm"], "auto", "schema")
    assert told(real=True, analyst="llm", **model)[1] == "llm"
    assert told(**model) == ([], "", ""), "an answerer of the server's own"


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
