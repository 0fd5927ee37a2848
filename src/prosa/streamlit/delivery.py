"""Bytes on their way to a browser: held until it has fetched them, then let go.

Streamlit drops a file that no script run has named at the second script run that ends after it was made, of whatever
session: with many sessions that poll, sooner than a browser far away can fetch it.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable

from streamlit import runtime

SECONDS = 60.0
MOST = 256 << 20
"""Bytes; where more is on its way the oldest files are let go before their time, never the last one."""

_numbers = itertools.count()
_held: dict[str, int] = {}
"""The sizes of the files that are held, by their place, oldest first."""
_lock = threading.Lock()


def held(data: bytes, mime: str, name: str) -> None:
    """Keeps a file that is about to be delivered for a minute."""
    if not runtime.exists():
        return
    place = f"prosa-delivery-{next(_numbers) % 10_000}"
    _put(data, mime, place, name)
    with _lock:
        _held[place] = len(data)
        early = _beyond(MOST)
    for old in early:
        _let_go(old)
    later(lambda: _let_go(place))


def _beyond(most: int) -> list[str]:
    """The oldest places, until the rest holds no more than `most` bytes or is one file."""
    places, total = [], sum(_held.values())
    for place, size in list(_held.items())[:-1]:
        if total <= most:
            break
        places.append(place)
        total -= size
    return places


def _let_go(place: str) -> None:
    with _lock:
        if _held.pop(place, None) is None:
            return
    if runtime.exists():
        _put(b"-", "text/plain", place)  # in the place of the file, which nothing names any more
        files = runtime.get_instance().media_file_mgr
        files.remove_orphaned_files()  # the first time only marks it
        later(files.remove_orphaned_files)


def _put(data: bytes, mime: str, place: str, name: str | None = None) -> None:
    """Streamlit warns of every thread that belongs to no script run; this one is meant to belong to none."""
    _quiet.here = True
    try:
        runtime.get_instance().media_file_mgr.add(data, mime, place, name, is_for_static_download=name is not None)
    finally:
        _quiet.here = False


_quiet = threading.local()
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").addFilter(
    lambda record: not getattr(_quiet, "here", False)
)


def later(call: Callable[[], None]) -> None:
    """Calls it a minute from now."""
    timer = threading.Timer(SECONDS, call)
    timer.daemon = True
    timer.start()
