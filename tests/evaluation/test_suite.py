"""Suites are read in every form that is documented, and what is wrong in one is said with its place."""

from datetime import date

import pytest

from prosa.errors import UsageError
from prosa.evaluation import suite

COUNT = {"id": "a", "database": "shop.sqlite", "question": "How many stores?", "query": "SELECT count(*) FROM stores"}


@pytest.mark.parametrize("lines", [False, True])
def test_json_and_lines_say_the_same(lines, suite_file, shop):
    cases = suite.read(suite_file(COUNT, {**COUNT, "id": 7}, lines=lines), shop)
    assert [case.turns[0].id for case in cases] == ["a", "7"]
    assert cases[0].database == shop / "shop.sqlite"
    assert cases[0].turns[0].golds == ("SELECT count(*) FROM stores",)


def test_all_fields_are_read(suite_file, shop):
    item = {
        "database": "shop.sqlite",
        "question": "Which stores?",
        "gold_sql": "SELECT name, city FROM stores",
        "alternatives": ["SELECT city, name FROM stores"],
        "as_of": "2025-06-30",
        "ordered": True,
        "required_cols": ["name"],
        "gold_trivial": False,
        "somebody_elses": {"field": 1},
    }
    case = suite.read(suite_file(item), shop)[0]
    assert case.as_of == date(2025, 6, 30)
    assert case.turns == (
        suite.Turn("1", "Which stores?", (item["gold_sql"], *item["alternatives"]), False, True, ("name",), False),
    )


def test_turns_are_numbered_within_their_item(suite_file, shop):
    turns = [{"question": "Stores?", "query": "SELECT 1"}, {"question": "And there?", "query": "SELECT 2"}]
    case = suite.read(suite_file({"id": "talk", "database": "shop.sqlite", "turns": turns}), shop)[0]
    assert [(turn.id, turn.question) for turn in case.turns] == [("talk#1", "Stores?"), ("talk#2", "And there?")]


def test_another_field_may_hold_the_question(suite_file, shop):
    file = suite_file(COUNT, {**COUNT, "id": "b", "question_pt": "Quantas lojas?"})
    cases = suite.read(file, shop, "question_pt")
    assert [(case.turns[0].id, case.turns[0].question) for case in cases] == [("b", "Quantas lojas?")]


def test_what_cannot_be_answered_needs_no_gold(suite_file, shop):
    item = {"database": "shop.sqlite", "question": "Will it rain?", "unanswerable": True}
    turn = suite.read(suite_file(item), shop)[0].turns[0]
    assert (turn.unanswerable, turn.golds) == (True, ())


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({**COUNT, "question": 5}, "eval_item"),
        ({**COUNT, "as_of": "soon"}, "eval_item"),
        ({**COUNT, "alternatives": "SELECT 1"}, "eval_item"),
        ({**COUNT, "database": "nowhere.sqlite"}, "eval_database"),
        ({**COUNT, "database": ""}, "eval_database"),
        ({"database": "shop.sqlite", "question": "What?"}, "eval_no_gold"),
        ({"database": "shop.sqlite", "query": "SELECT 1"}, "eval_no_questions"),
    ],
)
def test_a_mistake_is_named(item, code, suite_file, shop):
    with pytest.raises(UsageError) as error:
        suite.read(suite_file(item), shop)
    assert error.value.code == code
    assert "suite.json" in error.value.sentence("pt-BR")


@pytest.mark.parametrize("text", ["{", "[1]", "nothing", '[{"id": 1}', '"a"'])
def test_what_is_no_json_is_named(text, tmp_path):
    (tmp_path / "suite.json").write_text(text, "utf-8")
    with pytest.raises(UsageError) as error:
        suite.read(tmp_path / "suite.json", tmp_path)
    assert error.value.code == "eval_not_json"


def test_a_missing_or_binary_file_is_named(tmp_path):
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00\xd8")
    for name in ("missing.json", "binary.json"):
        with pytest.raises(UsageError) as error:
            suite.read(tmp_path / name, tmp_path)
        assert error.value.code == "eval_unreadable"
