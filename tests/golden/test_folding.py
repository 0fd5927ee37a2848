"""The answers that the page's reducer is compared with are what `Answer.fold` makes today."""

import importlib.util
from pathlib import Path

import pytest

from prosa import events as e

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def folding():
    spec = importlib.util.spec_from_file_location("golden_folding", HERE / "folding.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_recorded_answers_are_those_of_today(folding):
    assert folding.FILE.read_bytes() == folding.written(), "run: uv run python tests/golden/folding.py"


def test_every_event_is_among_the_recorded_ones(folding):
    told = {type(event) for event in (*folding.EVERYTHING, *folding.ENDS)} | {e.Snapshot}
    assert told == set(e.Event.__args__)
