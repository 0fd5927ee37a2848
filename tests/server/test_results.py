"""Results by the real pipeline: pages of rows, exports whole or broken off, each to its owner alone."""

import csv
import hashlib
import io

import pytest

ROWS = 3_000


@pytest.fixture(scope="module")
def server(serving, tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "sales.csv"
    lines = [f"{number},Loja {'ÁBCDE'[number % 5]},{number * 3}" for number in range(ROWS)]
    path.write_text("\n".join(["id,loja,valor", *lines]), encoding="utf-8")
    with serving(real=True, sources=[("sales", str(path))], snapshot_cap=100_000) as server:
        yield server


@pytest.fixture
def query():
    """Runs a statement; its answer."""

    def run(client, sql):
        run_id = client.post("/api/query", json={"sql": sql}).json()["run_id"]
        client.get(f"/api/runs/{run_id}/events")
        return client.get(f"/api/runs/{run_id}").json()

    return run


@pytest.fixture
def result(ana, query):
    """The result of all sales, by number."""
    [table] = query(ana, "SELECT id, loja, valor FROM sales ORDER BY id")["tables"]
    assert table["total"] == ROWS
    return f"/api/results/{table['result_id']}"


def test_a_question_in_words_has_an_answer_from_the_data(ana):
    answer = ana.post("/api/ask", json={"question": "how many sales?"}, headers={"accept": "application/json"}).json()
    assert answer["status"] == "answered"
    assert "3,000" in answer["text"]
    assert answer["sql"]


def test_a_result_is_read_page_by_page(ana, result):
    first = ana.get(result).json()
    assert (len(first["rows"]), first["offset"], first["total"], first["rows_in_all"]) == (100, 0, ROWS, ROWS)
    assert [column["name"] for column in first["columns"]] == ["id", "loja", "valor"]
    last = ana.get(result, params={"offset": ROWS - 1, "limit": 50}).json()
    assert last["rows"] == [[ROWS - 1, "Loja E", (ROWS - 1) * 3]]
    assert ana.get(result, params={"offset": ROWS}).json()["rows"] == []


def test_pages_are_sorted_and_filtered_over_all_rows(ana, result):
    top = ana.get(result, params={"sort": "-valor", "limit": 2}).json()
    assert [row[0] for row in top["rows"]] == [ROWS - 1, ROWS - 2]
    found = ana.get(result, params={"filter": "loja á", "sort": "id", "limit": 2}).json()
    assert (found["total"], [row[0] for row in found["rows"]]) == (ROWS // 5, [0, 5])
    assert ana.get(result, params={"filter": "loja a", "limit": 1}).json()["total"] == ROWS // 5


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"sort": "nowhere"}, "sort_unknown"),
        ({"sort": 'id"; DROP TABLE sales'}, "sort_unknown"),
        ({"offset": -1}, "request_invalid"),
        ({"limit": 10_001}, "request_invalid"),
    ],
)
def test_a_page_that_is_none_is_refused(ana, result, params, code):
    reply = ana.get(result, params=params)
    assert (reply.status_code, reply.json()["code"]) == (422, code)


def rows_of(reply, **options):
    return list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig")), **options))


def test_an_export_has_every_row_and_says_so(ana, result):
    reply = ana.get(f"{result}/export", params={"format": "csv"})
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    rows = rows_of(reply)
    assert rows[0] == ["id", "loja", "valor"]
    assert len(rows) == ROWS + 1
    assert rows[-1] == [str(ROWS - 1), "Loja E", str((ROWS - 1) * 3)]
    facts = {name: reply.headers[f"prosa-{name}"] for name in ("rows", "complete", "snapshot", "sha256")}
    digest = hashlib.sha256(reply.content).hexdigest()
    assert facts == {"rows": str(ROWS), "complete": "true", "snapshot": "held", "sha256": digest}
    assert int(reply.headers["content-length"]) == len(reply.content)


def test_a_file_for_a_person_opens_in_excel(ana, result):
    plain = ana.get(f"{result}/export").content
    english = ana.get(f"{result}/export", params={"locale": "en"})
    brazilian = ana.get(f"{result}/export", params={"locale": "pt-BR"})
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert english.content.startswith(b"\xef\xbb\xbfid,loja")
    assert brazilian.content.startswith(b"\xef\xbb\xbfid;loja")
    assert rows_of(brazilian, delimiter=";")[2] == ["1", "Loja B", "3"]


def test_an_export_is_a_file_that_does_nothing_in_a_browser(ana, result):
    headers = ana.get(f"{result}/export").headers
    assert headers["content-disposition"].startswith("attachment; filename=")
    assert headers["content-security-policy"].startswith("sandbox")
    assert headers["x-content-type-options"] == "nosniff"


def test_a_large_result_flows_from_its_recipe(ana, query):
    wide = "SELECT a.id, b.loja, a.valor * b.valor AS product FROM sales a, sales b WHERE b.id < 100"
    [table] = query(ana, wide)["tables"]
    with ana.stream("GET", f"/api/results/{table['result_id']}/export") as reply:
        lines = sum(chunk.count(b"\n") for chunk in reply.iter_raw())
    assert reply.headers["prosa-snapshot"] == "rerun"
    assert "content-length" not in reply.headers
    assert lines == ROWS * 100 + 1 == table["total"] + 1


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"format": "exe"}, "export_format"),
        ({"format": "csv", "delimitr": ";"}, "export_option_unknown"),
        ({"format": "csv", "bom": "perhaps"}, "export_option"),
        ({"format": "csv", "delimiter": ",", "decimal": ","}, "export_same_marks"),
    ],
)
def test_an_export_that_can_not_be_made_is_refused_before_it_begins(ana, result, params, code):
    reply = ana.get(f"{result}/export", params=params)
    assert (reply.status_code, reply.json()["code"]) == (422, code)


def test_what_a_file_says_of_itself_can_not_be_set_from_outside(ana, result):
    forged = ana.get(f"{result}/export", params={"format": "json", "provenance": '{"question": "forged"}'})
    assert forged.status_code == 200
    assert "forged" not in forged.text


def test_a_failure_on_the_way_never_looks_like_success(ana, query, raw, request_bytes, server, kill_workers):
    endless = "SELECT a.id, b.valor FROM sales a, sales b"
    result_id = query(ana, endless)["tables"][0]["result_id"]
    with raw(server, request_bytes("GET", f"/api/results/{result_id}/export")) as connection:
        reply = connection.recv(65536)
        kill_workers()
        while chunk := connection.recv(1 << 20):
            reply = (reply + chunk)[-65536:]
    assert not reply.endswith(b"0\r\n\r\n")
    # Until the pool has noticed, the next one to ask may still meet a child that was killed.
    assert any(query(ana, "SELECT count(*) FROM sales")["tables"] for _ in range(50))


def test_a_client_who_leaves_stops_the_statement(server, ana, query, raw, request_bytes):
    endless = "SELECT a.id, b.valor FROM sales a, sales b"
    result_id = query(ana, endless)["tables"][0]["result_id"]
    with raw(server, request_bytes("GET", f"/api/results/{result_id}/export")) as connection:
        assert connection.recv(1024).startswith(b"HTTP/1.1 200")
    assert ana.get(f"/api/results/{result_id}", params={"limit": 1}).status_code == 200


def test_cancel_stops_a_statement_that_would_run_for_hours(ana):
    endless = "SELECT sum(a.valor * b.valor % c.valor) FROM sales a, sales b, sales c WHERE c.valor > 0"
    run_id = ana.post("/api/query", json={"sql": endless}).json()["run_id"]
    with ana.stream("GET", f"/api/runs/{run_id}/events") as reply:
        text = ""
        for chunk in reply.iter_text():
            if '"stage":"execute"' in chunk and '"stage":"execute"' not in text:
                ana.post(f"/api/runs/{run_id}/cancel")
            text += chunk
    assert text.count("event: cancelled") == 1
    assert '"stopped":"execute"' in text
    assert ana.get("/api/sources").status_code == 200


def test_a_refused_statement_is_a_refusal(ana, query):
    answer = query(ana, "DELETE FROM sales")
    assert answer["status"] in ("refused", "failed")
    assert answer["tables"] == []


def test_what_has_expired_says_so(server, ana, result):
    from prosa.identity import Principal

    server.desk.results.remove(Principal("ana"), result.rpartition("/")[2])
    for path in (result, f"{result}/export"):
        reply = ana.get(path, headers={"accept-language": "pt-BR"})
        assert (reply.status_code, reply.json()["code"]) == (404, "file_gone")
        assert reply.json()["detail"] == "Este arquivo expirou. Exporte de novo."


def test_a_finished_file_is_sent_as_it_is(server, ana):
    from prosa.exports.store import StoredFile
    from prosa.identity import Principal

    file = StoredFile("vendas é.html", "text/html", b"<script>alert(1)</script>", rows=7, complete=False)
    file_id = server.desk.results.put_file(Principal("ana"), file)
    reply = ana.get(f"/api/files/{file_id}")
    assert reply.content == file.data
    assert reply.headers["content-type"].startswith("text/html")
    assert (reply.headers["prosa-rows"], reply.headers["prosa-complete"]) == ("7", "false")
    assert reply.headers["content-disposition"].startswith('attachment; filename="vendas_e.html"')
    assert reply.headers["content-security-policy"].startswith("sandbox")
