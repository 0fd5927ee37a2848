"""What outcomes add up to, and how two runs compare."""

import json

import pytest

from prosa.evaluation import comparing, report
from prosa.evaluation.predictions import Prediction
from prosa.evaluation.report import Bin
from prosa.evaluation.running import Outcome
from prosa.evaluation.score import Verdict
from prosa.evaluation.suite import Turn


def outcome(name, status="answered", right=False, extra=False, confidence=None, ms=None, unanswerable=False, **more):
    turn = Turn(name, f"Question {name}?", () if unanswerable else ("SELECT 1",), unanswerable)
    prediction = Prediction(name, status, "SELECT 2" if status == "answered" else None, confidence, ms)
    return Outcome(turn, "shop.sqlite", prediction, Verdict(right, right or extra), **more)


RUN = [
    outcome("a", right=True, confidence=0.95, ms=10.0),
    outcome("b", confidence=0.95, ms=20.0),
    outcome("c", extra=True, confidence=1.0, ms=30.0),
    outcome("d", "clarify", ms=5.0),
    outcome("e", "refused", ms=5.0),
    outcome("f", "error", note="time_limit"),
    outcome("g", right=True, confidence=0.6, ms=400.0),
    outcome("h", skipped="trivial", right=True),
    outcome("i", skipped="gold_failed", note="query_failed"),
    outcome("j", "refused", unanswerable=True),
    outcome("k", "answered", unanswerable=True),
    outcome("l", "clarify", unanswerable=True),
]


def test_counts_and_shares():
    found = report.summarise(RUN)
    assert (found.asked, found.scored, found.right, found.right_with_extra) == (12, 7, 2, 3)
    assert (found.answered, found.clarify, found.refused, found.error) == (4, 1, 1, 1)
    assert (found.trivial, found.gold_failed) == (1, 1)
    assert found.accuracy == pytest.approx(2 / 7)
    assert found.share_answered == pytest.approx(4 / 7)
    assert (found.precision, found.precision_with_extra) == (0.5, 0.75)
    assert (found.unanswerable, found.unanswerable_held) == (3, 2)
    assert found.calibration == (Bin(0.5, 0.7, 1, 1), Bin(0.9, 1.0, 3, 1))
    assert (found.median_ms, found.p95_ms) == (15.0, 400.0)


def test_nothing_to_count_is_no_zero():
    found = report.summarise([outcome("h", skipped="trivial")])
    assert (found.accuracy, found.precision, found.share_answered, found.held, found.median_ms) == (None,) * 5
    assert "–" in report.text([outcome("h", skipped="trivial")], "en")


def test_people_read_it_in_their_language():
    english, portuguese = report.text(RUN, "en"), report.text(RUN, "pt-BR")
    assert "28.6 % (2 of 7)" in english
    assert "28,6 % (2 de 7)" in portuguese
    assert "12 questions" in english
    assert "15,0 ms na mediana" in portuguese


def test_the_report_lists_what_is_not_right():
    page = report.markdown(RUN, "en")
    assert "**b** (shop.sqlite, answered, 0.95) Question b?" in page
    assert "gold: `SELECT 1`" in page
    assert "`time_limit`" in page
    assert "**k**" in page
    for right_or_skipped in ("**a**", "**h**", "**j**"):
        assert right_or_skipped not in page


def test_a_backtick_or_line_break_in_a_statement_leaves_the_report_in_shape():
    turn = Turn("q", "a\n# b `c`?", ("SELECT\n`x`",))
    page = report.markdown([Outcome(turn, "d", Prediction("q", "refused"))], "en")
    assert "a # b 'c'?" in page
    assert "gold: `SELECT 'x'`" in page


def test_programs_read_it_as_json():
    found = json.loads(report.json(RUN))
    assert found["summary"]["right"] == 2
    assert found["questions"][1]["id"] == "b"
    assert found["questions"][1]["right"] is False


def test_two_runs_show_what_was_gained_and_lost():
    before = [
        outcome("a", right=True),
        outcome("b"),
        outcome("c"),
        outcome("d", skipped="trivial"),
        outcome("x", right=True),
    ]
    after = [outcome("a", "refused"), outcome("b", right=True), outcome("c"), outcome("d", right=True)]
    found = comparing.compare(before, after)
    assert [change.after.turn.id for change in found.gained] == ["b"]
    assert [change.after.turn.id for change in found.lost] == ["a"]
    assert found.judged == 3
    shown = comparing.text(before, after, "en")
    assert "Gained: 1\n  b  answered → answered  Question b?" in shown
    assert "Lost: 1\n  a  answered → refused  Question a?" in shown


def test_holding_back_from_the_unanswerable_counts_as_right_in_a_comparison():
    found = comparing.compare(
        [outcome("a", "answered", unanswerable=True)], [outcome("a", "refused", unanswerable=True)]
    )
    assert [change.after.turn.id for change in found.gained] == ["a"]
