"""Bytes on their way to a browser: held until it has fetched them, then let go.

Streamlit drops a file that no script run has named at the second script run that ends after it was made, of whatever
session: with many sessions that poll, sooner than a browser far away can fetch it.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

from streamlit import runtime

SECONDS = 60.0

_PLACES = itertools.cycle(f"prosa-delivery-{number}" for number in range(10_000))


def held(data: bytes, mime: str, name: str) -> None:
    """Keeps a file that is about to be delivered for a minute."""
    if not runtime.exists():
        return
    place = next(_PLACES)
    runtime.get_instance().media_file_mgr.add(data, mime, place, name, is_for_static_download=True)
    _later(lambda: _let_go(place))


def _let_go(place: str) -> None:
    if runtime.exists():
        files = runtime.get_instance().media_file_mgr
        files.add(b"-", "text/plain", place)  # in the place of the file, which nothing names any more
        files.remove_orphaned_files()  # the first time only marks it
        _later(files.remove_orphaned_files)


def _later(call: Callable[[], None]) -> None:
    timer = threading.Timer(SECONDS, call)
    timer.daemon = True
    timer.start()
