"""The child's side of a job without a process around it: what is told, and what an interrupt reaches."""

import threading
from pathlib import Path

import pytest

from prosa.errors import QueryError
from prosa.sources.base import SourceInfo
from prosa.sources.engine import Interrupted
from prosa.workers import protocol
from prosa.workers.serving import CurrentJob, _failed

SECRET = "customer Ana Souza"


class Heard:
    """A channel that keeps what was sent."""

    def __init__(self):
        self.messages = []

    def send(self, message, payload=b""):
        self.messages.append((message, bytes(payload)))


class Engine:
    """Counts interrupts, and says so."""

    def __init__(self):
        self.interrupts = 0
        self.reached = threading.Event()

    def interrupt(self):
        self.interrupts += 1
        self.reached.set()

    def progress(self):
        return 0.25


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def job(heard):
    operation = protocol.Prepare("demo", "/x.csv", "/cache", False, None)
    current = CurrentJob(protocol.Job(7, operation), b"", heard)
    yield current
    current.end()


def failure(job, error):
    try:
        raise error
    except type(error) as raised:
        return _failed(job, raised)


def test_an_unexpected_error_tells_where_and_never_what(job):
    answer = failure(job, ValueError(SECRET))
    assert (answer.kind, answer.code, answer.values) == ("ProsaError", "internal", {})
    assert answer.trace.startswith("ValueError ")
    assert Path(__file__).name in answer.trace
    assert SECRET not in repr(answer)


def test_an_error_of_ours_crosses_with_values_that_can_be_written(job):
    answer = failure(job, QueryError("query_failed", what="a\ud800b", path=Path("x")))
    assert (answer.kind, answer.values) == ("QueryError", {"what": "a?b", "path": "x"})
    assert protocol.frame(answer)


def test_running_out_of_memory_is_a_limit(job):
    assert failure(job, MemoryError()).kind == "MemoryLimit"


def test_whatever_a_stopped_job_raises_it_was_stopped(job):
    job.interrupt()
    assert failure(job, ValueError("engine upset")).code == "cancelled"


def test_a_stopped_job_goes_no_further(job, heard):
    job.chunk(b"before")
    job.interrupt()
    for step in (job.check, lambda: job.chunk(b"after"), lambda: job.progress(1, 2)):
        with pytest.raises(Interrupted):
            step()
    assert heard.messages == [(protocol.Chunk(7), b"before")]


def test_an_interrupt_reaches_a_statement_that_starts_after_it(job):
    engine = Engine()
    job.interrupt()
    with job.watching(engine):
        assert engine.reached.wait(10)


def test_an_interrupt_reaches_everything_that_runs(job):
    outer, inner = Engine(), Engine()
    with job.watching(outer), job.watching(inner):
        job.interrupt()
        assert outer.reached.wait(10)
        assert inner.reached.wait(10)


def test_no_interrupt_comes_after_the_end(job):
    engine = Engine()
    with job.watching(engine):
        job.interrupt()
        assert engine.reached.wait(10)
        job.end()
        count = engine.interrupts
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and "_insist" in thread.name:
                thread.join(10)
        assert engine.interrupts == count


def test_progress_is_throttled_but_its_end_is_told(job, heard):
    for done in range(1, 1001):
        job.progress(done, 1000)
    told = [message.done for message, _ in heard.messages]
    assert told[0] == 1
    assert told[-1] == 1000
    assert len(told) < 100


def test_progress_of_an_engine_is_told_until_the_end(job, heard):
    with job.watching(Engine()):
        teller = threading.Thread(target=job.tell_progress)
        teller.start()
        while not heard.messages:
            job.done.wait(0.01)
        job.end()
        teller.join(10)
    assert heard.messages[0] == (protocol.Progress(7, 250, 1000), b"")


def test_a_source_crosses_with_all_that_was_found():
    info = SourceInfo("id", "n", "csv", "/x", "f", "duckdb", (), (), (("odd", {"dates": [1, None]}),), "ana")
    ((message, _),) = protocol.Unframer().feed(b"".join(map(bytes, protocol.frame(protocol.Prepared(1, info)))))
    assert message.info == info
