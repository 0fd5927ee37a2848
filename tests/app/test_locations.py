"""Whatever names data becomes pairs of a name and a location."""

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pytest

from prosa.app.locations import named
from prosa.errors import UsageError


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def names(source):
    return [name for name, _ in named(source)]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("sales.csv", "sales"),
        (Path("data/Vendas 2024.xlsx"), "vendas_2024"),
        ("data/sales/*.parquet", "sales"),
        ("data/2024-*/x.csv", "x"),
        ("folder", "folder"),
        ("https://example.org/a/Sales%20data.csv?x=1", "sales_data"),
        ("https://example.org", "example_org"),
    ],
)
def test_a_place_names_itself(source, name):
    assert named(source)[0][0] == name


def test_a_relative_path_becomes_absolute():
    here = os.getcwd()
    assert named("a.csv") == (("a", str(Path(here, "a.csv"))),)
    os.chdir("/")
    assert named("~/a.csv")[0][1] == str(Path.home() / "a.csv")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///shop.db", "shop.db"),
        ("sqlite:////srv/shop.db", "/srv/shop.db"),
        ("duckdb:///a%20b.duckdb", "a b.duckdb"),
        ("file:///srv/x.csv", "/srv/x.csv"),
    ],
)
def test_a_file_url_is_its_path(url, path):
    assert named(url)[0][1] == str(Path(path).absolute())


def test_a_mapping_gives_names():
    assert named({"this year": "a.csv", "last": "b.csv"})[0][0] == "this year"


def test_equal_names_get_numbers():
    assert names(["a/x.csv", "b/x.csv", {"y": "c/x.csv"}]) == ["x", "x_2", "y"]


def test_a_frame_becomes_a_file(tmp_path):
    pairs = named({"sales": pa.table({"a": [1]}), "stores": "stores.csv"}, tmp_path)
    assert pairs[0][0] == "sales"
    assert Path(pairs[0][1]).parent == tmp_path
    assert Path(pairs[0][1]).exists()


@pytest.mark.parametrize(
    ("source", "code"),
    [([], "source_none"), ({}, "source_none"), (3, "source_kind"), (b"x.csv", "source_kind"), ([3], "source_kind")],
)
def test_what_is_no_source_is_refused(source, code):
    with pytest.raises(UsageError) as caught:
        named(source)
    assert caught.value.code == code


def test_two_names_alike_are_refused():
    with pytest.raises(UsageError) as caught:
        named([{"x": "a.csv"}, {"x": "b.csv"}])
    assert caught.value.code == "source_names"


def test_what_lies_behind_an_address_becomes_a_file(tmp_path):
    (tmp_path / "Sales 2024.csv").write_text("a\n1\n")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/Sales%202024.csv"
        ((name, location),) = named(url, tmp_path / "private")
        server.shutdown()
        thread.join()
    assert name == "sales_2024"
    assert Path(location).read_text() == "a\n1\n"
    assert Path(location).is_relative_to(tmp_path / "private")
