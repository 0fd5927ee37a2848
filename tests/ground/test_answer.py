"""The one reducer: what a log adds up to."""

import msgspec
import pytest

from prosa import events as e
from prosa.answer import Answer
from prosa.errors import UsageError
from prosa.results import Column

TABLE = e.Table("t1", "q1", (Column("store", "text"), Column("sales", "integer")), (("A & B", 3), (None, 2)), 2)

LOG = [
    e.Started("sales by store", "c1", "rules", "en"),
    e.StageStarted("plan"),
    e.StageProgress("plan", 0.5, eta_ms=10),
    e.Interpreted("Sales, for each store.", (), 0.9),
    e.Sql("q0", "SELECT nothing", "duckdb", "demo"),
    e.QueryFailed("q0", "query_failed", "no such column"),
    e.Sql("q1", "SELECT store, sales FROM s", "duckdb", "demo"),
    e.StageCompleted("plan", 4.0, "ready"),
    TABLE,
    e.Chart("k1", "t1", {"data": [{"type": "bar", "x": ["A"], "y": [3]}], "layout": {}}),
    e.ToolCalled("x", "search"),
    e.ToolReturned("x", "search", "found"),
    e.Text(0, "A & B sold "),
    e.Text(0, "3."),
    e.Checked(0, (e.Span(11, 12, True),)),
    e.Text(1, "That is most."),
    e.Notice("note", "Words."),
    e.Completed("answered", 20.0, {"plan": 4.0}),
]


def entries(events, run_id="r1"):
    return [e.Entry(run_id, seq, 100.0 + seq, event) for seq, event in enumerate(events, 1)]


def test_a_log_folds_into_everything_that_was_said():
    answer = Answer.fold(entries(LOG))
    assert answer.status == "answered"
    assert answer.text == "A & B sold 3.\n\nThat is most."
    assert answer.sql == "SELECT store, sales FROM s"
    assert answer.table == TABLE
    assert answer.queries[0].error == "no such column"
    assert answer.blocks[0].spans == (e.Span(11, 12, True),)
    assert (answer.stages[0].duration_ms, answer.stages[0].eta_ms) == (4.0, None)
    assert answer.tools[0].result == "found"
    assert (answer.run_id, answer.seq, answer.started_at) == ("r1", len(LOG), 101.0)


@pytest.mark.parametrize("cut", range(len(LOG) + 1))
def test_folding_in_two_parts_gives_the_same_as_in_one(cut):
    log = entries(LOG)
    assert Answer.fold(log[cut:], Answer.fold(log[:cut])) == Answer.fold(log)


@pytest.mark.parametrize("cut", range(1, len(LOG) + 1))
def test_a_snapshot_stands_in_for_every_entry_up_to_it(cut):
    log = entries(LOG)
    early = msgspec.json.decode(msgspec.json.encode(Answer.fold(log[:cut])))
    snapshot = e.Entry("r1", cut, 0.0, e.Snapshot(cut, early))
    late = e.decode(snapshot.line)
    assert Answer.fold([late, *log[cut:]]) == Answer.fold(log)


def test_entries_seen_twice_change_nothing():
    log = entries(LOG)
    assert Answer.fold([*log, *log]) == Answer.fold(log)


def test_two_answers_never_share_their_lists():
    first, second = Answer.fold(entries(LOG)), Answer()
    assert second.tables == []
    assert first.tables is not second.tables


@pytest.mark.parametrize(
    ("last", "status"),
    [
        (e.Failed("query_failed", "It failed.", stage="execute"), "failed"),
        (e.Cancelled("statement", 5.0), "cancelled"),
        (e.Completed("clarify", 5.0), "clarify"),
        (e.Completed("refused", 5.0), "refused"),
    ],
)
def test_the_terminal_event_decides_the_status(last, status):
    assert Answer.fold(entries([*LOG[:3], last])).status == status
    assert Answer.fold(entries(LOG[:3])).status == "running"


def test_a_notebook_shows_words_table_and_sql_with_the_data_escaped():
    shown = Answer.fold(entries(LOG))._repr_html_()
    assert "<td>A &amp; B</td><td>3</td>" in shown
    assert "SELECT store, sales FROM s" in shown
    assert "A & B" not in shown


def test_the_figure_is_plotlys_own():
    figure = Answer.fold(entries(LOG)).figure
    assert figure.data[0].type == "bar"
    assert Answer().figure is None


def test_rows_that_are_not_there_are_said_to_be_missing():
    with pytest.raises(UsageError, match="no table"):
        Answer().to_pandas()
    with pytest.raises(UsageError, match="no longer at hand"):
        Answer.fold(entries(LOG)).export("csv")


def test_an_attached_way_to_the_rows_is_used_for_the_last_table():
    class Rows:
        def arrow(self, result_id):
            return ("arrow", result_id)

        def export(self, result_id, format, **options):
            return f"{result_id}.{format}{options}".encode()

    answer = Answer.fold(entries(LOG)).attach(Rows())
    assert answer.to_arrow() == ("arrow", "t1")
    assert answer.export("csv", bom=True) == b"t1.csv{'bom': True}"
