"""The golden logs that pages and wires are tested with: whole, and what the pipeline says today."""

import importlib.util
from pathlib import Path

import pytest

from prosa import events as e
from prosa.answer import Answer

HERE = Path(__file__).parent
NAMES = ("answered", "clarification", "failed_in_execute")


def recorded(name):
    return [e.decode(line) for line in (HERE / "logs" / f"{name}.jsonl").read_bytes().splitlines()]


@pytest.fixture(scope="module")
def recorder():
    spec = importlib.util.spec_from_file_location("golden_record", HERE / "record.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_log_is_whole(name):
    entries = recorded(name)
    assert [entry.seq for entry in entries] == [*range(1, len(entries) + 1)]
    assert isinstance(entries[0].event, e.Started)
    assert [entry.terminal for entry in entries] == [*[False] * (len(entries) - 1), True]
    lines = (HERE / "logs" / f"{name}.jsonl").read_bytes().splitlines()
    assert [entry.line for entry in entries] == lines


def test_the_answered_log_has_table_chart_and_checked_words():
    answer = Answer.fold(recorded("answered"))
    assert answer.status == "answered"
    assert answer.table.rows[0] == ("Ipanema", 6310)
    assert answer.charts[0].result_id == answer.table.result_id
    assert all(span.confirmed for block in answer.blocks for span in block.spans)
    assert [state.stage for state in answer.stages] == list(e.STAGES)


def test_the_clarification_log_offers_two_ways_on():
    answer = Answer.fold(recorded("clarification"))
    assert answer.status == "clarify"
    assert len(answer.clarification.options) == 2
    assert answer.queries == []


def test_the_failed_log_says_where_and_what():
    answer = Answer.fold(recorded("failed_in_execute"))
    assert answer.status == "failed"
    assert (answer.failure.stage, answer.failure.code) == ("execute", "query_failed")
    assert answer.queries[0].code == "query_failed"


async def test_the_pipeline_still_says_what_was_recorded(recorder, tmp_path):
    again = await recorder.record(tmp_path)
    for name in NAMES:
        assert again[name] == recorded(name), f"{name} has changed: record it again and look at the difference"
