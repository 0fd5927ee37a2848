"""A reply to what was asked back chooses by its number, on the wires whose clients know nothing but words."""

import json

import pytest


@pytest.fixture(scope="module")
def real(serving, recorder, tmp_path_factory):
    file = tmp_path_factory.mktemp("sales") / "sales.csv"
    file.write_text(recorder.sales(), "utf-8")
    with serving(real=True, sources=[("sales", str(file))]) as server:
        yield server


def pipeline(client, words, session):
    frame = client.post("/pipeline", json={"request": words, "session_id": session}).json()
    return frame["message"], frame["sql"]


def chat(client, words, session):
    reply = client.post("/api/vanna/v2/chat_sse", json={"message": words, "conversation_id": session})
    frame = json.loads(reply.text.rstrip().rpartition("data: ")[2])
    return frame["answer"], frame["sql"]


@pytest.mark.parametrize("say", [pipeline, chat])
def test_a_number_chooses_an_option(real, say):
    with real.client("ana") as client:
        asked, sql = say(client, "total amount by store", f"s-{say.__name__}")
        assert sql is None
        assert "\n1. Gross amount for each store\n2. Net amount for each store" in asked
        _, sql = say(client, "2", f"s-{say.__name__}")
        assert "net_amount" in sql
        assert "gross_amount" not in sql


@pytest.mark.parametrize("say", [pipeline, chat])
def test_a_number_that_nothing_was_asked_before_is_a_question_of_its_own(real, say):
    with real.client("ana") as client:
        _, sql = say(client, "2", f"fresh-{say.__name__}")
    assert sql is None or "net_amount" not in sql
