"""The native wire: every entry as one server-sent event, named, numbered and flattened.

Format: WHATWG HTML, "Server-sent events", https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

from collections.abc import Iterable

from prosa.events import Entry


class NativeWire:
    """`event:` the event's name, `id:` `<run_id>-<seq>`, `data:` the flattened entry. It has no state."""

    def encode(self, entry: Entry) -> Iterable[bytes]:
        tag = entry.event.__struct_config__.tag
        yield f"event: {tag}\nid: {entry.id}\ndata: ".encode() + entry.line + b"\n\n"
