"""Documents on the command line: asked alone and beside data, cited, listed, and refused with words."""

import json
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "src/prosa/demo/documents"
POLICY = DEMO / "returns-policy.pdf"


@pytest.fixture
def returns(tmp_path):
    path = tmp_path / "returns.csv"
    path.write_text("return_id,reason\n1,damaged\n2,late\n")
    return path


def test_an_answer_is_quoted_with_document_and_page_and_its_passage_follows(prosa):
    done = prosa("ask", POLICY, "Who decides on returns up to R$ 500?")
    assert done.returncode == 0, done.stderr
    assert "returns-policy.pdf, page 2: “The shift lead decides on returns up to R$ 500.”" in done.stdout
    assert "[1] returns-policy.pdf, page 2 · Returns Policy › 6. Who decides" in done.stdout
    assert "Customer care answers questions" in done.stdout


def test_what_the_documents_do_not_say_ends_with_the_code_of_a_refusal(prosa):
    done = prosa("ask", DEMO, "Qual é a senha do wifi?")
    assert done.returncode == 3
    assert "Os documentos não dizem. Procurei em 6 documentos." in done.stdout


def test_data_and_documents_are_asked_together(prosa, returns):
    question = "What does the returns policy say about drinks, and how many returns are there?"
    done = prosa("ask", returns, POLICY, question)
    assert done.returncode == 0, done.stderr
    assert "Drinks that were made at the bar" in done.stdout
    assert "Number of returns: 2." in done.stdout


def test_entries_as_json_carry_the_passages(prosa):
    done = prosa("ask", POLICY, "--json", "Who decides on returns up to R$ 500?")
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    [cited] = [entry for entry in entries if entry["event"] == "sources"]
    passage = cited["passages"][0]
    assert passage["passage"][: passage["end"]] == "The shift lead decides on returns up to R$ 500."


def test_sources_lists_documents_beside_data(prosa, returns):
    done = prosa("sources", returns, POLICY)
    assert "returns-policy.pdf  pdf" in done.stdout
    assert "2 pages, 9 passages" in done.stdout
    assert "reason" in done.stdout
    listed = json.loads(prosa("sources", POLICY, "--json").stdout)
    assert [(one["name"], one["pages"]) for one in listed] == [("returns-policy.pdf", 2)]


@pytest.mark.parametrize("command", [("ask", "x"), ("sources",)])
def test_a_document_that_can_not_be_read_is_told_in_words(prosa, tmp_path, command):
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.7")
    name, *question = command
    done = prosa(name, path, *question)
    assert done.returncode == 4
    assert "scan.pdf is damaged" in done.stderr
    assert "Traceback" not in done.stderr
