"""Downloads leave memory once they are delivered, however many are clicked, and not before."""

import gc
import logging
from types import SimpleNamespace

import pytest
from streamlit.runtime import Runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from prosa.streamlit import delivery

CLICKS = 300


class Clock:
    """What waits for a minute to pass."""

    def __init__(self):
        self.waiting = []

    def minute(self):
        due, self.waiting = self.waiting, []
        for call in due:
            call()


class Files:
    """Streamlit's own registry of files. `click` does what a browser's click on a download button makes it do."""

    def __init__(self):
        self.storage = MemoryMediaFileStorage("/media")
        self.manager = MediaFileManager(self.storage)

    def click(self, data, name="data.csv", make=None):
        button = self.manager.add_deferred(make or (lambda: delivered(data, name)), "text/csv", f"button-{name}", name)
        return self.manager.execute_deferred(button).rpartition("/")[2]

    def script_run_ends(self):
        self.manager.remove_orphaned_files()

    @property
    def bytes(self):
        return sum(file.content_size for file in self.storage._files_by_id.values())


@pytest.fixture
def files(monkeypatch):
    files = Files()
    monkeypatch.setattr(Runtime, "_instance", SimpleNamespace(media_file_mgr=files.manager))
    monkeypatch.setattr(delivery, "_held", {})
    return files


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(delivery, "later", lambda call: clock.waiting.append(call))
    return clock


def delivered(data, name):
    """What a button's callable does."""
    delivery.held(data, "text/csv", name)
    return data


def living(start):
    """How many byte strings with this beginning are still in memory."""
    gc.collect()
    return sum(1 for kept in gc.get_objects() for part in _parts(kept) if isinstance(part, bytes) and part[:9] == start)


def _parts(kept):
    if isinstance(kept, dict):
        return list(kept.values())
    return kept if isinstance(kept, list | tuple) else ()


def test_a_file_is_there_until_the_browser_had_time_to_fetch_it(files, clock):
    ours = files.click(b"ours")
    theirs = files.click(b"", "other.csv", make=lambda: b"theirs")
    for _ in range(5):
        files.script_run_ends()
    assert files.storage.get_file(ours).content == b"ours"
    with pytest.raises(MediaFileStorageError):
        files.storage.get_file(theirs)


def test_after_many_clicks_nothing_of_them_is_left(files, clock):
    start = b"delivered"
    for number in range(CLICKS):
        files.click(start + bytes(10_000) + b"%d" % number, f"{number}.csv")
    assert files.bytes > CLICKS * 10_000
    assert living(start) >= CLICKS
    clock.minute()
    clock.minute()
    assert files.bytes <= len(b"-")
    assert len(files.storage._files_by_id) == 1
    assert delivery._held == {}
    assert living(start) == 0


def test_who_clicks_again_is_served_again(files, clock):
    first = files.click(b"the same")
    clock.minute()
    again = files.click(b"the same")
    assert again == first
    files.script_run_ends()
    files.script_run_ends()
    assert files.storage.get_file(again).content == b"the same"
    clock.minute()
    clock.minute()
    assert files.bytes <= len(b"-")


def test_what_is_on_its_way_at_once_stays_bounded(files, clock, monkeypatch):
    monkeypatch.setattr(delivery, "MOST", 50_000)
    names = [files.click(b"%d" % number * 10_000, f"{number}.csv") for number in range(9)]
    files.script_run_ends()
    files.script_run_ends()
    assert files.bytes <= 50_001
    assert files.storage.get_file(names[-1]).content == b"8" * 10_000
    large = files.click(b"x" * 90_000, "large.csv")
    files.script_run_ends()
    files.script_run_ends()
    assert files.storage.get_file(large).content_size == 90_000
    clock.minute()
    clock.minute()
    assert files.bytes <= len(b"-")


def test_outside_of_streamlit_nothing_is_held(clock):
    delivery.held(b"data", "text/csv", "data.csv")
    assert clock.waiting == []


def test_a_download_leaves_no_warning_in_the_log(files, clock, caplog):
    logger = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    logger.addHandler(caplog.handler)
    try:
        delivery.held(b"data", "text/csv", "data.csv")
        assert caplog.records == []
        files.manager.add(b"theirs", "text/csv", "elsewhere")
        assert "missing ScriptRunContext" in caplog.text
    finally:
        logger.removeHandler(caplog.handler)
