"""Documents over HTTP: uploads, the list, passages, sharing, and whose they are."""

from hashlib import sha256
from pathlib import Path

import pytest

from prosa.config import User

DEMO = Path(__file__).parents[2] / "src/prosa/demo/documents"
POLICY = (DEMO / "returns-policy.pdf").read_bytes()
QUESTION = "How long is the warranty on electric equipment?"


def upload(client, name, content, **more):
    return client.post("/api/uploads", files={"file": (name, content)}, **more)


def ask(client, question=QUESTION, **more):
    return client.post("/api/ask", json={"question": question, **more}, headers={"accept": "application/json"})


def names(client):
    return [document["name"] for document in client.get("/api/documents").json()]


@pytest.fixture(scope="module")
def server(serving):
    """A server with the real pipeline and nothing to ask yet."""
    with serving(real=True) as server:
        yield server


@pytest.fixture
def policy(ana):
    """An uploaded document of ana; removed again."""
    reply = upload(ana, "Política (2025).pdf", POLICY)
    assert reply.status_code == 201, reply.text
    yield reply.json()
    ana.delete(f"/api/documents/{reply.json()['id']}")


def test_an_uploaded_document_is_listed_and_asked(ana, policy):
    assert policy["name"] == "Política_2025.pdf"
    assert (policy["kind"], policy["pages"], policy["language"], policy["mine"]) == ("pdf", 2, "en", True)
    assert ana.get("/api/documents").json() == [policy]
    assert ana.get(f"/api/documents/{policy['id']}").json() == policy
    assert ana.get("/api/sources").json() == []
    answer = ask(ana).json()
    assert answer["status"] == "answered"
    assert "24 months" in answer["text"]
    [passage] = [one for one in answer["passages"] if "warranty" in one["passage"]]
    assert (passage["document_id"], passage["page"]) == (policy["id"], 1)


def test_the_upload_says_where_the_document_is(ana):
    reply = upload(ana, "policy.pdf", POLICY)
    assert ana.get(reply.headers["location"]).json()["name"] == "policy.pdf"
    assert ana.delete(reply.headers["location"]).status_code == 204


def test_a_citation_opens_its_passage(ana, policy):
    [cited, *_] = ask(ana).json()["passages"]
    found = ana.get(f"/api/documents/{cited['document_id']}/passages/{cited.get('place', 0)}").json()
    assert (found["passage"], found["page"], found["heading"]) == (cited["passage"], 1, cited["heading"])
    assert "Card refunds" in found["before"]
    assert found["after"].startswith("Parcels are sent back")
    first = ana.get(f"/api/documents/{policy['id']}/passages/0").json()
    assert first["before"] == ""
    for place in (-1, 99, 10**30):
        assert ana.get(f"/api/documents/{policy['id']}/passages/{place}").status_code in (404, 422)


def test_another_persons_document_is_not_there(ana, bia, policy):
    assert names(bia) == []
    place = f"/api/documents/{policy['id']}"
    for reply in (
        bia.get(place), bia.get(f"{place}/passages/0"), bia.delete(place), bia.patch(place, json={"group": ""}),
        ask(bia, documents=[policy["id"]]),
    ):  # fmt: skip
        assert reply.status_code == 404, reply.text
        assert reply.headers["content-type"] == "application/problem+json"
    assert ask(bia).json()["status"] == "failed"
    assert names(ana) == ["Política_2025.pdf"]


def test_an_unknown_document_is_refused_before_a_run(ana, policy):
    for where in ("/api/ask", f"/api/conversations/{ana.post('/api/conversations', json={}).json()['id']}/runs"):
        reply = ana.post(where, json={"question": "x", "documents": ["nothing.pdf"]})
        assert (reply.status_code, reply.json()["code"]) == (404, "document_unknown")


def test_a_removed_document_is_gone_from_disk_and_index(server, ana):
    document = upload(ana, "policy.pdf", POLICY).json()
    assert "24 months" in ask(ana).json()["text"]
    assert ana.delete(f"/api/documents/{document['id']}").status_code == 204
    assert ana.get(f"/api/documents/{document['id']}/passages/0").status_code == 404
    assert list(server.app._state.uploads.folder.glob("*/*")) == []
    assert server.desk.documents._index.size() == 0


def test_the_same_file_twice_is_cited_once(ana, policy):
    other = upload(ana, "copy.pdf", POLICY).json()
    passages = [one["passage"] for one in ask(ana).json()["passages"]]
    assert len(passages) == len(set(passages))
    ana.delete(f"/api/documents/{other['id']}")


def test_the_same_file_under_the_same_name_is_the_same_document(server, ana, bia):
    first = upload(ana, "policy.pdf", POLICY).json()
    again = upload(ana, "policy.pdf", POLICY)
    assert (again.status_code, again.json()["id"]) == (201, first["id"])
    assert names(ana) == ["policy.pdf"]
    assert len(list(server.app._state.uploads.folder.glob("*/*"))) == 1
    changed = upload(ana, "policy.pdf", (DEMO / "contrato-de-fornecimento.pdf").read_bytes()).json()
    theirs = upload(bia, "policy.pdf", POLICY).json()
    assert len({first["id"], changed["id"], theirs["id"]}) == 3
    for client, document in ((ana, first), (ana, changed), (bia, theirs)):
        assert client.delete(f"/api/documents/{document['id']}").status_code == 204


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("empty.pdf", b"", "document_empty"), ("cut.pdf", b"%PDF-1.7\n", "document_broken"),
     ("cut.docx", b"PK\x03\x04broken", "document_broken"), ("old.doc", b"\xd0\xcf\x11\xe0" * 200, "document_foreign"),
     ("blank.html", b"<html><script>x</script></html>", "document_empty")],
)  # fmt: skip
def test_a_document_that_can_not_be_read_is_refused_and_leaves_nothing(server, ana, name, content, code):
    reply = upload(ana, name, content, headers={"accept-language": "pt-BR"})
    assert (reply.status_code, reply.json()["code"]) == (422, code)
    assert reply.json()["hint"]
    assert names(ana) == []
    assert list(server.app._state.uploads.folder.glob("*/*")) == []


def test_the_content_decides_what_a_document_is(ana):
    document = upload(ana, "policy.csv", POLICY, headers={"accept-language": "en"}).json()
    assert document["kind"] == "pdf"
    assert names(ana) == ["policy.csv"]
    ana.delete(f"/api/documents/{document['id']}")


def test_scripts_of_a_page_never_come_out(ana):
    page = b"<html><body><h1>Fees</h1><p>The late fee is 12 euros.</p><script>alert(1)</script></body></html>"
    document = upload(ana, "fees.html", page).json()
    answer = ask(ana, "What is the late fee?")
    assert "12 euros" in answer.json()["text"]
    assert "alert" not in answer.text
    ana.delete(f"/api/documents/{document['id']}")


def test_data_and_documents_answer_together(ana, policy):
    source = upload(ana, "returns.csv", b"return_id,reason\n1,damaged\n2,late\n").json()
    answer = ask(ana, "What does the returns policy say about drinks, and how many returns are there?").json()
    assert answer["tables"][0]["rows"] == [[2]]
    assert "Drinks that were made at the bar" in answer["text"]
    assert ask(ana, "How many returns are there?", sources=[source["id"]]).json()["tables"][0]["rows"] == [[2]]
    assert ask(ana, documents=[policy["id"]]).json()["passages"]
    ana.delete(f"/api/sources/{source['id']}")


def test_a_saved_answer_keeps_its_citations(ana, policy, start_run):
    run = start_run(ana, QUESTION)
    ana.get(f"/api/runs/{run}/events")
    place = next(
        f"/api/conversations/{one['id']}" for one in ana.get("/api/conversations").json() if one["title"] == QUESTION
    )
    [turn] = ana.get(place).json()["items"]
    assert "warranty" in turn["answer"]["passages"][0]["passage"]
    written = ana.get(f"{place}/export?format=md").text
    assert "**Política_2025.pdf**, page 1: “Electric equipment has a warranty of 24 months" in written
    assert "> If a product arrived damaged or proves defective" in written
    assert "Política_2025.pdf, page 1 · Returns Policy › 4. Damaged" in written
    ana.delete(place)


def test_documents_are_found_again_after_a_restart(serving, make_settings):
    settings = make_settings()
    with serving(settings=settings, real=True) as server, server.client() as client:
        first = upload(client, "kept.pdf", POLICY).json()
    with serving(settings=settings, real=True) as server, server.client() as client, server.client("bia") as other:
        assert [document["id"] for document in client.get("/api/documents").json()] == [first["id"]]
        assert "24 months" in ask(client).json()["text"]
        assert names(other) == []


def test_a_document_is_shared_with_a_group(serving, make_settings):
    tokens = {name: f"{name}-token-0123456789" for name in ("ana", "bia", "caio")}
    users = tuple(
        User(name, sha256(token.encode()).hexdigest(), ("sales",) if name != "caio" else ())
        for name, token in tokens.items()
    )
    settings = make_settings(users=users)
    head = {name: {"authorization": f"Bearer {token}"} for name, token in tokens.items()}

    def seen(client, name):
        return [one["name"] for one in client.get("/api/documents", headers=head[name]).json()]

    with serving(settings=settings, real=True) as server, server.client(None) as client:
        document = upload(client, "policy.pdf", POLICY, headers=head["ana"]).json()
        place = f"/api/documents/{document['id']}"
        refused = client.patch(place, json={"group": "board"}, headers=head["ana"])
        assert (refused.status_code, refused.json()["code"]) == (422, "group_unknown")
        assert client.patch(place, json={"group": "sales"}, headers=head["ana"]).json()["group"] == "sales"
        assert (seen(client, "bia"), seen(client, "caio")) == (["policy.pdf"], [])
        assert client.delete(place, headers=head["bia"]).status_code == 403
        shared = client.get(place, headers=head["bia"]).json()
        assert (shared["mine"], shared["group"]) == (False, "sales")
    with serving(settings=settings, real=True) as server, server.client(None) as client:
        assert (seen(client, "bia"), seen(client, "caio")) == (["policy.pdf"], [])
        client.patch(place, json={"group": ""}, headers=head["ana"])
        assert seen(client, "bia") == []


def test_configured_documents_and_folders_are_everybodys(serving):
    with (
        serving(sources=[("papers", str(DEMO))], real=True) as server,
        server.client() as ana,
        server.client("bia") as bia,
    ):
        assert len(names(ana)) == 6
        assert names(ana) == names(bia)
        assert ana.get("/api/sources").json() == []
        document = ana.get("/api/documents").json()[0]
        assert document["mine"] is False
        assert ana.delete(f"/api/documents/{document['id']}").status_code == 403
        assert "Lacerda" in ask(bia, "Quem é a presidente na ata da diretoria?").json()["text"]


def test_a_document_that_can_not_be_read_says_why(serving, tmp_path):
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "fine.txt").write_text("Fees\n\nThe late fee is 12 euros.\n")
    with serving(sources=[("papers", str(tmp_path))], real=True) as server, server.client() as client:
        listed = {one["name"]: one["problem"] for one in client.get("/api/documents").json()}
        assert listed == {"fine.txt": "", "broken.pdf": "broken.pdf is damaged and can't be read."}
        assert "12 euros" in ask(client, "What is the late fee?").json()["text"]
