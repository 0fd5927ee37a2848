"""The vocabulary and the log line that every wire and page is made from."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prosa import events as e
from prosa.results import Column

EVERY_EVENT = [
    e.Started("Quantas vendas?", "c1", "rules", "pt-BR", "r0"),
    e.StageStarted("classify"),
    e.StageProgress("select", 0.5, 5, 10, 1200, "reading"),
    e.StageCompleted("plan", 3.25, "one query"),
    e.Interpreted("The number of sales.", (e.Word("foo", 3, 6),), 0.93),
    e.Sql("q1", "SELECT 1", "duckdb", "sales"),
    e.QueryFailed("q1", "time_limit", "It took too long."),
    e.Table("t1", "q1", (Column("total", "integer"),), ((1,), (None,)), 2),
    e.Chart("k1", "t1", {"data": [], "layout": {}}),
    e.FileReady("f1", "a.csv", "text/csv", "/api/files/f1", 10, 1),
    e.ToolCalled("x1", "search", {"q": "a"}),
    e.ToolReturned("x1", "search", [1, 2]),
    e.Sources((e.Passage("policy.pdf", "Returns are …", 3, 1.5),)),
    e.Text(0, "There are 2 sales."),
    e.Checked(0, (e.Span(10, 11, True),)),
    e.Notice("clock_from_data", "Counted from the last day."),
    e.Clarification("Which one?", (e.Option("A", "count a"), e.Option("B", "count b", "SELECT 2"))),
    e.Completed("answered", 12.5, {"plan": 3.25}),
    e.Failed("query_failed", "The query failed.", "Try again.", "execute"),
    e.Cancelled("statement", 12.0),
    e.Snapshot(7, {"run_id": "r1"}),
]


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: type(event).__name__)
def test_every_event_survives_the_wire_and_carries_its_name_and_place(event):
    entry = e.Entry("r1", 7, 1700000000.5, event)
    line = entry.line
    assert b"\n" not in line
    flat = msgspec.json.decode(line)
    assert (flat["run_id"], flat["seq"], flat["at"]) == ("r1", 7, 1700000000.5)
    assert flat["event"] == event.__struct_config__.tag
    assert e.decode(line) == entry


def test_the_list_above_holds_every_event_of_the_vocabulary():
    assert {type(event) for event in EVERY_EVENT} == set(e.Event.__args__)


def test_no_event_has_a_field_that_would_shadow_the_entrys_own():
    for kind in e.Event.__args__:
        assert not {"run_id", "seq", "at", "event"} & set(kind.__struct_fields__)


def test_only_completed_failed_and_cancelled_end_a_log():
    assert {type(event) for event in EVERY_EVENT if e.Entry("r", 1, 0.0, event).terminal} == set(e.TERMINAL)


def test_an_entrys_id_names_its_run_and_place():
    assert e.Entry("run-9", 42, 0.0, e.StageStarted("plan")).id == "run-9-42"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_lacks_become_null(value):
    line = e.Entry("r", 1, 0.0, e.Chart("k", "t", {"data": [{"y": [value]}]})).line
    assert msgspec.json.decode(line)["figure"]["data"][0]["y"] == [None]


@given(st.text())
def test_any_text_crosses_the_wire_on_one_line(words):
    entry = e.Entry("r", 1, 0.0, e.Text(0, words))
    line = entry.line
    assert b"\n" not in line
    assert b"\r" not in line
    assert e.decode(line) == entry


def test_a_line_that_is_no_entry_is_refused():
    with pytest.raises(msgspec.DecodeError):
        e.decode(b'{"event": "sql"')
    with pytest.raises(msgspec.ValidationError):
        e.decode(b'{"run_id":"r","seq":1,"at":0,"event":"no_such_event"}')
