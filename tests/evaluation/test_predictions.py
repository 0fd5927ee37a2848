"""Predictions are written whole and read back."""

import pytest

from prosa.errors import StorageError, UsageError
from prosa.evaluation import predictions
from prosa.evaluation.predictions import Prediction


def test_predictions_come_back_as_they_were(tmp_path):
    some = [
        Prediction("a", "answered", "SELECT 'ção\u2028\x85\n'", 0.9, 12.5),
        Prediction("b", "clarify"),
        Prediction("c", "error"),
    ]
    predictions.write(tmp_path / "out.jsonl", some)
    assert list(predictions.read(tmp_path / "out.jsonl").values()) == some
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_line_has_the_documented_fields(tmp_path):
    predictions.write(tmp_path / "out.jsonl", [Prediction("a", "refused", ms=3.5)])
    line = (tmp_path / "out.jsonl").read_text("utf-8")
    assert line == '{"id":"a","status":"refused","sql":null,"confidence":null,"ms":3.5}\n'


def test_predictions_of_other_tools_may_have_further_fields(tmp_path):
    (tmp_path / "in.jsonl").write_text(
        '\n{"id": "a", "status": "answered", "sql": "SELECT 1", "model": "x"}\n', "utf-8"
    )
    assert predictions.read(tmp_path / "in.jsonl")["a"].sql == "SELECT 1"


@pytest.mark.parametrize("line", ["{", '{"id": "a"}', '{"id": "a", "status": "perhaps"}', "5"])
def test_a_broken_line_is_named(line, tmp_path):
    (tmp_path / "in.jsonl").write_text(f'{{"id": "a", "status": "error"}}\n{line}\n', "utf-8")
    with pytest.raises(UsageError) as error:
        predictions.read(tmp_path / "in.jsonl")
    assert (error.value.code, error.value.values["place"]) == ("eval_item", 2)


def test_a_name_that_no_file_can_have_is_an_error(tmp_path):
    with pytest.raises(StorageError):
        predictions.save(tmp_path / ("x" * 300), b"")


def test_a_folder_that_is_not_there_is_an_error_and_leaves_nothing(tmp_path):
    with pytest.raises(StorageError):
        predictions.write(tmp_path / "nowhere" / "out.jsonl", [])
    assert list(tmp_path.iterdir()) == []
