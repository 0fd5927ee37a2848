"""Files on the web, from a server of this test."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from prosa.errors import SourceError
from prosa.sources.reading import download

CSV = b"id,name\n1,Ana\n2,Bob\n"


class Site(ThreadingHTTPServer):
    """Serves what `pages` maps a path to: (status, headers, body)."""

    def __init__(self):
        self.pages = {}
        self.asked = []
        super().__init__(("127.0.0.1", 0), Handler)

    def url(self, path):
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(dict(self.headers))
        status, headers, body = self.server.pages.get(self.path.partition("?")[0], (404, {}, b""))
        if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = 304, b""
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def code_of(bench, url):
    with pytest.raises(SourceError) as failure:
        bench.prepare(url)
    return failure.value.code


def test_a_file_is_fetched_and_read(bench, site):
    site.pages["/data/people.csv"] = (200, {}, CSV)
    info = bench.prepare(site.url("/data/people.csv?key=secret"), name="people")
    assert [(table.name, table.rows) for table in info.tables] == [("people", 2)]


def test_a_file_that_has_not_changed_is_not_fetched_again(bench, site):
    site.pages["/x.csv"] = (200, {"ETag": '"1"'}, CSV)
    first = bench.prepare(site.url("/x.csv"))
    assert bench.prepare(site.url("/x.csv")).fingerprint == first.fingerprint
    assert site.asked[1]["If-None-Match"] == '"1"'
    site.pages["/x.csv"] = (200, {"ETag": '"2"'}, CSV + b"3,Eva\n")
    assert bench.prepare(site.url("/x.csv")).tables[0].rows == 3


def test_the_last_copy_serves_while_the_server_is_away(bench, site):
    site.pages["/x.csv"] = (200, {"ETag": '"1"'}, CSV)
    url = site.url("/x.csv")
    bench.prepare(url)
    site.server_close()
    site.socket.close()
    assert bench.prepare(url).tables[0].rows == 2


def test_a_name_told_by_the_server_is_only_a_name(bench, site):
    site.pages["/get"] = (200, {"Content-Disposition": 'attachment; filename="../../evil/x.csv"'}, CSV)
    info = bench.prepare(site.url("/get"))
    assert info.tables[0].rows == 2
    assert not [path for path in bench.cache.parent.rglob("*.csv") if bench.cache not in path.parents]


def test_redirects_are_followed_on_the_web_alone(bench, site):
    secret = bench.write("secret.csv", "a\n1\n")
    site.pages["/ok"] = (302, {"Location": "/x.csv"}, b"")
    site.pages["/file"] = (302, {"Location": secret.as_uri()}, b"")
    site.pages["/x.csv"] = (200, {}, CSV)
    assert bench.prepare(site.url("/ok")).tables[0].rows == 2
    assert code_of(bench, site.url("/file")) == "download_refused"


def test_a_refusal_and_a_cut_transfer_are_told(bench, site):
    site.pages["/cut.csv"] = (200, {"Content-Length": "1000"}, CSV)
    assert code_of(bench, site.url("/nothing.csv")) == "download_refused"
    assert code_of(bench, site.url("/cut.csv")) == "download_failed"
    assert code_of(bench, "http://127.0.0.1:1/x.csv") == "download_failed"
    assert code_of(bench, "http://[x/y.csv") == "download_failed"
    assert code_of(bench, "http:///y.csv") == "download_failed"


def test_a_transfer_that_breaks_off_leaves_nothing_half_written(bench, site):
    site.pages["/cut.csv"] = (200, {"Content-Length": "1000"}, CSV)
    assert code_of(bench, site.url("/cut.csv")) == "download_failed"
    assert [path for path in (bench.cache / "downloads").rglob("*") if path.is_file()] == []


def test_a_file_beyond_the_limit_is_not_fetched(bench, site, monkeypatch):
    monkeypatch.setattr(download, "MOST_BYTES", 10)
    site.pages["/told.csv"] = (200, {}, CSV)
    assert code_of(bench, site.url("/told.csv")) == "download_too_large"


def test_a_secret_in_the_address_is_not_repeated(bench, site):
    with pytest.raises(SourceError) as failure:
        bench.prepare(site.url("/x.csv?token=secret").replace("http://", "http://user:pass@"))
    assert not {"secret", "pass"} & set(str(failure.value))
    assert "secret" not in str(failure.value)
    assert "pass" not in str(failure.value)
