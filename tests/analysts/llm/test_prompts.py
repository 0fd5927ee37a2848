"""Each prompt is a file that can be filled in and leaves nothing open."""

from importlib import resources

import pytest

from prosa.analysts.llm import prompts

VALUES = {
    "plan": {"today": "2026-01-31", "dialect": "duckdb", "language": "English"},
    "question": {"schema": "S", "more_tables": "", "documents": "D", "history": "", "question": "how many?"},
    "revise": {"schema": "S", "question": "q", "statements": "s", "results": "r"},
    "respond": {"language": "English"},
    "answer": {"question": "q", "reading": "r", "seen": "x"},
    "ready": {},
    "correct": {"language": "English", "wrong": "5"},
}


def test_every_prompt_is_tested():
    files = {file.name.removesuffix(".md") for file in resources.files(prompts).iterdir() if file.name.endswith(".md")}
    assert files == set(VALUES)


@pytest.mark.parametrize("name", VALUES)
def test_a_prompt_is_filled_in_whole(name):
    text = prompts.prompt(name, **VALUES[name])
    assert "$" not in text
    assert all(str(value) in text for value in VALUES[name].values())


def test_a_dollar_in_a_question_stays(tmp_path):
    assert "US$ 5 $schema" in prompts.prompt("question", **{**VALUES["question"], "question": "US$ 5 $schema"})


def test_a_missing_value_is_a_mistake():
    with pytest.raises(KeyError):
        prompts.prompt("plan", today="x")
