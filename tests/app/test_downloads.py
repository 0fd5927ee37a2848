"""Files behind URLs are fetched once, and again when they have changed."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from prosa.app.downloads import fetch
from prosa.app.locations import named
from prosa.errors import SourceError


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked.append((self.path, self.headers.get("If-None-Match")))
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
        elif self.path.startswith("/gone"):
            self.send_error(404)
        elif self.headers.get("If-None-Match") == server.tag:
            self.send_response(304)
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("ETag", server.tag)
            self.send_header("Content-Length", str(len(server.body) + server.missing))
            self.end_headers()
            self.wfile.write(server.body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked, server.tag, server.body, server.missing = [], '"1"', b"a,b\n1,2\n", 0
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_file_is_fetched_under_its_own_name(server, tmp_path):
    path = fetch(f"{server.url}/data/Sales%202024.csv?key=1", tmp_path)
    assert path.name == "sales_2024.csv"
    assert path.read_bytes() == server.body


def test_it_is_fetched_again_only_when_it_has_changed(server, tmp_path):
    url = f"{server.url}/x.csv"
    first = fetch(url, tmp_path)
    server.body = b"never sent"
    assert fetch(url, tmp_path) == first
    assert first.read_bytes() == b"a,b\n1,2\n"
    server.tag = '"2"'
    assert fetch(url, tmp_path).read_bytes() == b"never sent"
    assert [tag for _, tag in server.asked] == [None, '"1"', '"1"']


def test_a_url_is_a_source(server, tmp_path):
    ((name, location),) = named(f"{server.url}/x.csv", tmp_path)
    assert name == "x"
    assert location.startswith(str(tmp_path))


@pytest.mark.parametrize("path", ["/gone.csv", "/away.csv"])
def test_what_can_not_be_fetched_is_an_error_without_secrets(server, tmp_path, path):
    with pytest.raises(SourceError) as caught:
        fetch(f"{server.url.replace('//', '//user:pass@')}{path}?token=secret", tmp_path)
    assert caught.value.code == "url_unreachable"
    assert "secret" not in str(caught.value)
    assert "pass" not in str(caught.value)


def test_a_file_that_breaks_off_leaves_nothing_half_written(server, tmp_path):
    server.missing = 100
    with pytest.raises(SourceError):
        fetch(f"{server.url}/x.csv", tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_nobody_listening_is_an_error(tmp_path):
    with pytest.raises(SourceError):
        fetch("http://127.0.0.1:9/x.csv", tmp_path)
