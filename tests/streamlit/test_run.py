"""A run has a thread and a buffer of its own, and always ends exactly once."""

import threading

import pytest

from prosa import events as e
from prosa.errors import BusyError
from prosa.streamlit.run import GRACE, LiveRun


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def started(fed):
    """Starts a run over a stream; gives both, and the answers that its end was told with."""

    def start(stream=None, opened=None, **more):
        stream = stream or fed()
        ends = []
        run = LiveRun("why?", opened or (lambda: stream), lambda run: ends.append(run.answer()), **more)
        run.start()
        return run, stream, ends

    return start


def seen(run, text):
    """Waits until the buffer has these words."""
    gate = threading.Event()
    while run.answer().text != text:
        gate.wait(0.005)


def test_words_are_in_the_buffer_while_the_run_goes_on(started, done):
    run, stream, ends = started()
    stream.say(e.Started("why?"), e.Text(0, "Because "))
    seen(run, "Because ")
    assert run.active
    assert ends == []
    stream.say(e.Text(0, "so."), done)
    assert run.wait(10)
    assert (run.answer().text, run.answer().status, run.active) == ("Because so.", "answered", False)
    assert [answer.text for answer in ends] == ["Because so."]


def test_what_was_read_from_the_buffer_does_not_change_any_more(started, done):
    run, stream, _ = started()
    stream.say(e.StageStarted("plan"), e.Text(0, "a"))
    seen(run, "a")
    before = run.answer()
    stream.say(e.StageCompleted("plan", 3.0), e.Text(0, "b"), done)
    run.wait(10)
    assert (before.text, before.stages[0].duration_ms) == ("a", None)
    assert (run.answer().text, run.answer().stages[0].duration_ms) == ("ab", 3.0)


def test_stop_keeps_the_words_that_came(started):
    run, stream, ends = started()
    stream.say(e.Text(0, "Half"))
    seen(run, "Half")
    run.stop()
    run.stop()
    assert run.wait(10)
    assert (ends[0].text, ends[0].status) == ("Half", "cancelled")
    assert len(ends) == 1


def test_a_wish_to_stop_before_the_work_has_begun_is_not_lost(started, fed):
    gate, stream = threading.Event(), fed()

    def opened():
        gate.wait(10)
        return stream

    run, _, ends = started(opened=opened)
    run.stop()
    gate.set()
    assert run.wait(10)
    assert stream.stopped
    assert ends[0].status == "cancelled"


def test_a_run_that_goes_on_after_it_was_stopped_is_left_behind(started, fed):
    clock = Clock()
    run, stream, ends = started(fed(stubborn=True), clock=clock)
    stream.say(e.Text(0, "Half"))
    seen(run, "Half")
    run.stop()
    clock.now = GRACE - 0.1
    assert run.active
    clock.now = GRACE + 0.1
    assert not run.active
    stream.say(e.Text(0, " too late"))
    assert [(answer.text, answer.status) for answer in ends] == [("Half", "cancelled")]
    assert run.answer().text == "Half"
    stream.end()


def test_a_run_that_never_ends_is_given_up(started):
    clock = Clock()
    run, stream, ends = started(clock=clock, seconds=60.0)
    clock.now = 59.0
    assert run.active
    clock.now = 61.0
    assert not run.active
    assert ends[0].failure.code == "time_limit"
    stream.end()


@pytest.mark.parametrize(
    ("error", "code"),
    [(BusyError(retry_after=3), "busy"), (RuntimeError("secret"), "internal"), (KeyError(), "internal")],
)
def test_an_error_in_the_middle_keeps_the_words_and_is_told_without_its_details(started, error, code):
    run, stream, ends = started()
    stream.say(e.Text(0, "Half"))
    stream.fail(error)
    assert run.wait(10)
    assert (ends[0].text, ends[0].status, ends[0].failure.code) == ("Half", "failed", code)
    assert "secret" not in ends[0].failure.message
    assert not run.active


def test_an_error_at_the_start_is_told_as_well(started):
    def opened():
        raise BusyError(retry_after=3)

    run, _, ends = started(opened=opened, locale="pt-BR")
    assert run.wait(10)
    assert ends[0].failure.message == BusyError(retry_after=3).sentence("pt-BR")


def test_a_stream_that_breaks_off_is_a_failure(started):
    run, stream, ends = started()
    stream.say(e.Text(0, "Half"))
    stream.end()
    assert run.wait(10)
    assert (ends[0].status, ends[0].text) == ("failed", "Half")


def test_a_listener_that_fails_locks_nobody_out(fed, done):
    def on_end(run):
        raise RuntimeError("nobody listens")

    stream = fed()
    run = LiveRun("why?", lambda: stream, on_end)
    stream.say(done)
    failures = []
    before, threading.excepthook = threading.excepthook, failures.append
    try:
        run.start()
        assert run.wait(10)
    finally:
        threading.excepthook = before
    assert not run.active


def test_ids_are_unguessable(started):
    runs = [started() for _ in range(20)]
    assert len({run.id for run, _, _ in runs}) == 20
    assert all(len(run.id) == 32 for run, _, _ in runs)
    for _, stream, _ in runs:
        stream.end()
