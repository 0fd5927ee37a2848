"""Streams that a test feeds by hand, and people."""

import queue

import pytest

from prosa import events as e
from prosa.identity import Principal


class Fed:
    """A stream whose entries the test gives one by one. After a wish to stop it ends as a real run does, unless it is
    `stubborn`."""

    def __init__(self, *, stubborn=False):
        self.stubborn, self.stopped = stubborn, False
        self._entries = queue.Queue()
        self._seq = 0

    def say(self, *events):
        for event in events:
            self._seq += 1
            self._entries.put(e.Entry("run", self._seq, 100.0 + self._seq, event))

    def end(self):
        """Ends without a terminal entry."""
        self._entries.put(None)

    def fail(self, error):
        self._entries.put(error)

    def stop(self):
        self.stopped = True
        if not self.stubborn:
            self.say(e.Cancelled("respond", 1.0))

    def __iter__(self):
        while (entry := self._entries.get()) is not None:
            if isinstance(entry, BaseException):
                raise entry
            yield entry


DONE = e.Completed("answered", 5.0)


@pytest.fixture
def fed():
    return Fed


@pytest.fixture
def done():
    return DONE


@pytest.fixture
def ana():
    return Principal("ana")


@pytest.fixture
def bia():
    return Principal("bia")
