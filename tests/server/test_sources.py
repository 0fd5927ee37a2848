"""Sources over HTTP, and files that people bring."""

import stat

import pytest


def upload(client, name, content, **more):
    return client.post("/api/uploads", files={"file": (name, content)}, **more)


@pytest.fixture
def own_csv(ana):
    """An uploaded source of ana; removed again."""
    source = upload(ana, "minhas vendas.csv", "loja;valor\nSão João;1,5\nCentro;2,5\n".encode("latin-1")).json()
    yield source
    ana.delete(f"/api/sources/{source['id']}")


def names(client):
    return [source["name"] for source in client.get("/api/sources").json()]


def test_sources_are_listed_with_their_tables(ana):
    [source] = ana.get("/api/sources").json()
    assert (source["name"], source["kind"], source["mine"]) == ("shops", "csv", False)
    assert source["tables"] == [{"name": "shops", "rows": 2}]


def test_a_catalog_has_columns_and_samples(ana):
    source_id = ana.get("/api/sources").json()[0]["id"]
    [table] = ana.get(f"/api/sources/{source_id}/catalog").json()["tables"]
    assert [column["name"] for column in table["columns"]] == ["shop", "sales"]
    assert ana.get("/api/sources/shops/catalog").json()["tables"] == [table]


def test_a_file_is_a_source_for_whoever_brought_it(ana, bia, own_csv):
    assert (own_csv["kind"], own_csv["mine"], own_csv["tables"][0]["rows"]) == ("csv", True, 2)
    assert own_csv["name"] in names(ana)
    assert own_csv["name"] not in names(bia)
    assert bia.get(f"/api/sources/{own_csv['id']}/catalog").status_code == 404
    assert bia.delete(f"/api/sources/{own_csv['id']}").status_code == 404
    assert own_csv["name"] in names(ana)


def test_a_source_that_everybody_has_can_not_be_removed(ana):
    source_id = ana.get("/api/sources").json()[0]["id"]
    assert ana.delete(f"/api/sources/{source_id}").status_code == 403
    assert "shops" in names(ana)


def test_a_removed_file_is_gone_from_the_disk(server, ana):
    source = upload(ana, "x.csv", b"a,b\n1,2\n").json()
    assert ana.delete(f"/api/sources/{source['id']}").status_code == 204
    assert list(server.app._state.uploads.folder.glob("*/*")) == []
    assert names(ana) == ["shops"]


def test_a_removed_file_is_gone_from_the_disk_though_it_could_not_be_read_any_more(server, ana):
    source = upload(ana, "x.csv", b"a,b\n1,2\n").json()
    [file] = server.app._state.uploads.folder.glob("*/*/x.csv")
    file.write_bytes(b"")
    assert ana.delete(f"/api/sources/{source['id']}").status_code == 204
    assert list(server.app._state.uploads.folder.glob("*/*")) == []


def test_files_lie_where_only_the_server_may_look(server, own_csv):
    folder = server.app._state.uploads.folder
    for place in (folder, *folder.glob("*"), *folder.glob("*/*")):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert "ana" not in str(list(folder.rglob("*")))


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("data.txt", b"a,b\n1,2\n3,4\n", "csv"),
        ("no ending", b'[{"a": 1}, {"a": 2}]', "json"),
        ("../../../etc/passwd", b"a,b\n1,2\n", "csv"),
        ("C:\\Users\\ana\\x.csv", b"a,b\n1,2\n", "csv"),
        ("нет.csv", b"a,b\n1,2\n", "csv"),
        ("con.csv", b"a,b\n1,2\n", "csv"),
        (".csv", b"a,b\n1,2\n", "csv"),
    ],
)
def test_the_content_decides_what_a_file_is_and_its_name_does_no_harm(server, ana, name, content, kind):
    source = upload(ana, name, content)
    assert source.status_code == 201, source.text
    assert source.json()["kind"] == kind
    folder = server.app._state.uploads.folder
    assert all(path.is_relative_to(folder) for path in folder.rglob("*"))
    [file] = [path for path in folder.rglob("*") if path.is_file() and path.name != "about.json"]
    assert file.read_bytes() == content
    ana.delete(f"/api/sources/{source.json()['id']}")


@pytest.mark.parametrize(
    ("name", "content"), [("empty.csv", b""), ("x.xlsx", b"PK\x03\x04broken"), ("y.bin", bytes(range(256)) * 10)]
)
def test_a_file_that_can_not_be_read_is_refused_and_leaves_nothing(server, ana, name, content):
    reply = upload(ana, name, content)
    assert reply.status_code == 422
    assert reply.json()["detail"]
    assert names(ana) == ["shops"]
    assert list(server.app._state.uploads.folder.glob("*/*")) == []


@pytest.mark.parametrize(
    "request_",
    [
        {"content": b"a,b\n1,2\n", "headers": {"content-type": "text/csv"}},
        {"content": b"", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"--x\r\ngarbage", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"nothing", "headers": {"content-type": "multipart/form-data"}},
        {"files": {"other": ("x.csv", b"a\n1\n")}},
        {"data": {"file": "a,b"}, "files": {"x": ""}},
        {"files": [("file", ("a.csv", b"a\n1\n")), ("file", ("b.csv", b"a\n1\n"))]},
    ],
    ids=["csv", "empty", "garbage", "no boundary", "other name", "no file", "two files"],
)
def test_an_upload_that_is_none_is_refused(server, ana, request_):
    reply = ana.post("/api/uploads", **request_)
    assert (reply.status_code, reply.json()["code"]) == (422, "request_invalid")
    assert list(server.app._state.uploads.folder.glob("*/*")) == []


def test_a_file_that_is_too_large_is_refused_while_it_comes(serving):
    with serving(max_upload=200_000) as server, server.client() as client:
        for size, status in ((100_000, 201), (300_000, 413)):
            content = b"a\n" + b"1\n" * (size // 2)
            assert upload(client, "x.csv", content).status_code == status
        pieces = (b"x" * 50_000 for _ in range(10))
        kind = {"content-type": "multipart/form-data; boundary=x"}
        assert client.post("/api/uploads", content=pieces, headers=kind).status_code in (413, 422)
        assert len(list(server.app._state.uploads.folder.glob("*/*"))) == 1


def test_nobody_uploads_without_a_sign_in(server, nobody):
    assert upload(nobody, "x.csv", b"a\n1\n").status_code == 401
    assert list(server.app._state.uploads.folder.glob("*/*")) == []


def test_a_client_who_leaves_in_the_middle_leaves_nothing(server, ana, raw, request_bytes):
    head = request_bytes(
        "POST", "/api/uploads", Content_Type="multipart/form-data; boundary=x", Content_Length="100000"
    )
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\na,b\n1,2\n'
    with raw(server, head + part):
        while not list(server.app._state.uploads.folder.rglob("x.csv")):
            ana.get("/healthz")
    while list(server.app._state.uploads.folder.glob("*/*")):
        ana.get("/healthz")
    assert names(ana) == ["shops"]


def test_files_are_found_again_after_a_restart(serving, make_settings):
    settings = make_settings()
    with serving(settings=settings) as server, server.client() as client:
        first = upload(client, "kept.csv", b"a,b\n1,2\n").json()
    with serving(settings=settings) as server, server.client() as client, server.client("bia") as other:
        assert [source["id"] for source in client.get("/api/sources").json()] == [first["id"]]
        assert other.get("/api/sources").json() == []
        assert client.delete(f"/api/sources/{first['id']}").status_code == 204
    with serving(settings=settings) as server, server.client() as client:
        assert client.get("/api/sources").json() == []


def test_a_source_that_can_not_be_read_says_why(serving, tmp_path):
    with serving(sources=[("lost", str(tmp_path / "lost.csv"))]) as server, server.client() as client:
        [source] = client.get("/api/sources").json()
        assert (source["name"], source["tables"]) == ("lost", [])
        assert "lost" in source["problem"]


@pytest.mark.parametrize(("tag", "words"), [("en", "two columns are called a"), ("pt-BR", "duas colunas se chamam a")])
def test_notices_of_a_file_are_in_the_readers_language(ana, tag, words):
    source = upload(ana, "m.csv", b"a;a;\n1;2;3\n", headers={"accept-language": tag}).json()
    assert words in source["notices"][0]
    ana.delete(f"/api/sources/{source['id']}")
