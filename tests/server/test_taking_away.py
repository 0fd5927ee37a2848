"""Files of a conversation over HTTP: wishes in words, bundles, batches of charts; each to its owner alone."""

import hashlib
import io
import json
import socket
import zipfile
from urllib.parse import unquote

import pytest

FIGURE = {"data": [{"type": "bar", "x": ["a", "b"], "y": [1, 2]}], "layout": {"title": {"text": "São Paulo"}}}


@pytest.fixture(scope="module")
def server(serving, tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "sales.csv"
    rows = [f"{('Norte', 'Sul', 'Leste')[number % 3]},{number}" for number in range(60)]
    path.write_text("\n".join(["loja,receita", *rows]), encoding="utf-8")
    with serving(real=True, sources=[("sales", str(path))]) as server:
        yield server


@pytest.fixture
def talk(ana):
    """Asks in one conversation; the answers."""
    conversation = ana.post("/api/conversations").json()["id"]

    def ask(question, client=ana):
        started = client.post(f"/api/conversations/{conversation}/runs", json={"question": question}).json()
        client.get(started["events_url"])
        return client.get(f"/api/runs/{started['run_id']}").json()

    ask.conversation = conversation
    return ask


def unzipped(reply):
    assert reply.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(reply.content))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def test_a_wish_gives_a_file_that_only_its_owner_reaches(ana, bia, talk):
    talk("receita por loja")
    answer = talk("exporta isso em CSV e Excel")
    assert [file["name"].rpartition(".")[2] for file in answer["files"]] == ["csv", "xlsx"]
    assert all(file["name"] in answer["text"] for file in answer["files"])
    url = answer["files"][0]["url"]
    reply = ana.get(url)
    assert reply.content.decode("utf-8-sig").splitlines()[0] == "Loja,Soma de receita" or "oja" in reply.text
    assert len(reply.content) == answer["files"][0]["size"]
    assert reply.headers["prosa-rows"] == "3"
    assert bia.get(url).status_code == 404


def test_a_chart_is_drawn_anew_from_the_last_result_and_taken_as_a_page(ana, talk):
    first = talk("receita por loja")
    pie = talk('em gráfico de pizza, com o título "Minhas lojas"')
    assert pie["charts"][0]["figure"]["data"][0]["type"] == "pie"
    assert pie["charts"][0]["figure"]["layout"]["title"]["text"] == "Minhas lojas"
    assert pie["charts"][0]["result_id"] == first["charts"][0]["result_id"]
    page = talk("quero um gráfico interativo em HTML")
    reply = ana.get(page["files"][0]["url"])
    assert reply.headers["content-security-policy"].startswith("sandbox")
    assert "Minhas lojas" in reply.text
    assert page["files"][0]["name"].startswith("Minhas_lojas_")


def test_everything_is_a_zip_that_explains_itself(ana, bia, talk):
    answer = talk("receita por loja")
    taken = talk("baixa tudo")
    files = unzipped(ana.get(taken["files"][0]["url"]))
    about = json.loads(files["about.json"])
    assert set(files) >= {"answer.md", "query.sql", "data.csv", "data.parquet", "chart.html", "about.json"}
    assert {file["name"]: file["sha256"] for file in about["files"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "about.json"
    }
    assert (about["question"], about["queries"]) == ("receita por loja", [answer["sql"]])
    direct = f"/api/runs/{answer['run_id']}/bundle.zip"
    assert set(unzipped(ana.get(direct))) == set(files)
    assert bia.get(direct).status_code == 404


def test_a_conversation_is_a_zip_of_its_answers(ana, bia, talk):
    talk("receita por loja")
    answer = talk("baixa a conversa em zip")
    files = unzipped(ana.get(answer["files"][0]["url"]))
    assert {"conversation.md", "conversation.txt", "conversation.json", "about.json"} < set(files)
    assert "01_receita_por_loja/data.csv" in files
    about = json.loads(files["about.json"])
    assert [one["question"] for one in about["answers"]] == ["receita por loja", "baixa a conversa em zip"]
    assert bia.get(f"/api/conversations/{talk.conversation}/bundle.zip").status_code == 404


def test_charts_of_anybody_are_files_in_one_zip(ana):
    reply = ana.post("/api/charts/export", json={"charts": [FIGURE, FIGURE], "formats": ["csv", "html"]})
    files = unzipped(reply)
    assert set(files) == {
        "São_Paulo.csv", "São_Paulo_2.csv", "São_Paulo.html", "São_Paulo_2.html", "about.json"
    }  # fmt: skip
    assert [chart["title"] for chart in json.loads(files["about.json"])["charts"]] == ["São Paulo"] * 4


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"charts": [FIGURE], "formats": ["docx"]}, "export_format"),
        ({"charts": [{"data": []}], "formats": ["csv"]}, "figure_empty"),
        ({"charts": [], "formats": ["csv"]}, "request_invalid"),
    ],
)
def test_charts_that_are_none_are_refused(ana, body, code):
    reply = ana.post("/api/charts/export", json=body)
    assert (reply.status_code, reply.json()["code"]) == (422, code)


def test_charts_of_an_answer_come_together(ana, talk):
    answer = talk("receita por loja")
    files = unzipped(ana.get(f"/api/runs/{answer['run_id']}/charts.zip", params={"format": "html,json"}))
    assert sorted(name.rpartition(".")[2] for name in files) == ["html", "json", "json"]


def test_a_chart_of_an_answer_is_a_picture_of_the_size_that_was_asked_for(ana, talk):
    answer = talk("receita por loja")
    address = f"/api/runs/{answer['run_id']}/charts/{answer['charts'][0]['chart_id']}"
    reply = ana.get(address, params={"format": "png", "width": 400, "height": 300, "scale": 1})
    assert reply.headers["content-type"] == "image/png"
    assert reply.headers["content-disposition"].startswith("attachment")
    assert reply.content[16:24] == (400).to_bytes(4) + (300).to_bytes(4)
    refused = ana.get(address, params={"format": "png", "width": 90_000})
    assert (refused.status_code, refused.json()["code"]) == (422, "picture_size")


def test_signs_that_the_fonts_of_a_picture_lack_are_named_in_a_header(ana, talk):
    plain = talk("receita por loja")
    answer = talk('com o título "売上 de 2026"')
    address = f"/api/runs/{answer['run_id']}/charts/{answer['charts'][0]['chart_id']}"
    reply = ana.get(address, params={"format": "png"})
    assert unquote(reply.headers["prosa-missing-signs"]) == "売上"
    assert "prosa-missing-signs" not in ana.get(address, params={"format": "csv"}).headers
    address = f"/api/runs/{plain['run_id']}/charts/{plain['charts'][0]['chart_id']}"
    assert "prosa-missing-signs" not in ana.get(address, params={"format": "png"}).headers
    about = json.loads(unzipped(ana.get(f"/api/runs/{answer['run_id']}/bundle.zip"))["about.json"])
    assert {file["name"]: file.get("missing_signs") for file in about["files"]}["chart.png"] == "売上"


def test_a_chart_of_an_answer_is_a_table_in_the_form_that_was_asked_for(ana, talk):
    answer = talk("receita por loja")
    address = f"/api/runs/{answer['run_id']}/charts/{answer['charts'][0]['chart_id']}"
    usual = ana.get(address, params={"format": "csv", "locale": "en"}).content
    other = ana.get(address, params={"format": "csv", "locale": "en", "delimiter": "|", "bom": "false"}).content
    assert usual.startswith(b"\xef\xbb\xbf")
    assert other.replace(b"|", b",") == usual.removeprefix(b"\xef\xbb\xbf")
    refused = ana.get(address, params={"format": "csv", "delimiters": "|"})
    assert (refused.status_code, refused.json()["code"]) == (422, "export_option_unknown")


def test_a_long_export_ends_with_its_digest(ana, server, talk):
    run = ana.post("/api/query", json={"sql": "SELECT a.receita, b.loja FROM sales a, sales b, sales c"}).json()
    ana.get(run["events_url"])
    [table] = ana.get(f"/api/runs/{run['run_id']}").json()["tables"]
    head, body, trailer = raw(server.port, ana, f"/api/results/{table['result_id']}/export?format=csv")
    assert b"trailer: Prosa-SHA256" in head
    assert trailer.decode().strip() == f"prosa-sha256: {hashlib.sha256(body).hexdigest()}"
    # An ordinary client reads the same body, and the connection lives on.
    assert ana.get(f"/api/results/{table['result_id']}/export").content == body
    assert ana.get("/api/sources").status_code == 200


def raw(port, client, path):
    """A response as it stands on the wire: head, body, trailer."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        token = client.headers["authorization"]
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Authorization: {token}", "Connection: close"]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        data = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    head, _, rest = data.partition(b"\r\n\r\n")
    body = b""
    while True:
        size, _, rest = rest.partition(b"\r\n")
        if int(size, 16) == 0:
            return head, body, rest
        body += rest[: int(size, 16)]
        rest = rest[int(size, 16) + 2 :]
