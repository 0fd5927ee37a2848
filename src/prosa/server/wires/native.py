"""The native wire: every entry as one server-sent event, named, numbered and flattened.

Format: WHATWG HTML, "Server-sent events", https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from prosa.events import Entry
from prosa.server.wires import EVENT_STREAM


class NativeWire:
    """`event:` the event's name, `id:` `<run_id>-<seq>`, `data:` the flattened entry. It has no state."""

    media_type: ClassVar[str] = EVENT_STREAM
    ping: ClassVar[bytes] = b": ping\n\n"
    resumes: ClassVar[bool] = True

    def encode(self, entry: Entry) -> Iterable[bytes]:
        return (entry.frame,)
