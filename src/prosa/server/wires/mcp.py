"""The MCP wire: how the tools `ask` and `run_sql` tell of a run, as progress notifications and one result.

Format: https://modelcontextprotocol.io/specification (tools, progress; JSON-RPC 2.0)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec

from prosa import events as e
from prosa.answer import Answer
from prosa.app import staged
from prosa.events import STAGES, Entry, Event, json_line
from prosa.locales import text
from prosa.server.wires import EventWire, fields
from prosa.tools.ask import spoken

FILES = "prosa://files/{file_id}"
CHARTS = "prosa://runs/{run_id}/charts/{chart_id}"
FIGURE = "application/vnd.plotly.v1+json"


class McpWire(EventWire):
    """JSON-RPC messages, one a line, for one call of a tool by its `request_id`; progress under its own `token`."""

    media_type: ClassVar[str] = "application/json"
    ping: ClassVar[bytes] = b""

    def __init__(self, request_id: int = 1, token: str = "1") -> None:  # noqa: S107
        super().__init__()
        self._request_id, self._token = request_id, token

    def frames(self, entry: Entry) -> Iterable[bytes]:
        told = progress(entry.event, self.answer.locale)
        if told is not None:
            yield _line({"method": "notifications/progress", "params": {"progressToken": self._token, **told}})
        if entry.terminal:
            yield _line({"id": self._request_id, "result": result(self.answer)})


def progress(event: Event, locale: str) -> dict[str, Any] | None:
    """How far a run is, of its five stages; a part of a stage only where that was counted."""
    if isinstance(event, e.StageStarted):
        message = staged.started(event.stage, locale)["message"]
        return {"progress": STAGES.index(event.stage), "total": len(STAGES), "message": message}
    if isinstance(event, e.StageProgress) and event.fraction is not None:
        done = STAGES.index(event.stage) + event.fraction
        return {"progress": done, "total": len(STAGES), **({"message": event.message} if event.message else {})}
    return None


def result(answer: Answer) -> dict[str, Any]:
    """What a run came to, as the result of a tool: words for the model, values for programs, links to what is large."""
    content = [{"type": "text", "text": _words(answer)}, *_charts(answer), *map(file_link, answer.files)]
    bad = answer.failure is not None or answer.cancelled is not None
    return {"content": content, "structuredContent": _values(answer), "isError": bad}


def _words(answer: Answer) -> str:
    if answer.failure is not None:
        return f"{answer.failure.message}\n{answer.failure.hint}".rstrip()
    # A model would else take half an answer for a whole one.
    stopped = [text("errors.cancelled", answer.locale)] if answer.cancelled is not None else []
    return "\n\n".join([*stopped, spoken(answer)])


def file_link(file: e.FileReady) -> dict[str, Any]:
    """A link to a file, which `resources/read` gives."""
    size = {"size": file.size} if file.size is not None else {}
    uri = FILES.format(file_id=file.file_id)
    return {"type": "resource_link", "uri": uri, "name": file.name, "mimeType": file.mime, **size}


def _charts(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "type": "resource_link",
            "uri": CHARTS.format(run_id=answer.run_id, chart_id=chart.chart_id),
            "name": f"chart-{number}",
            "mimeType": FIGURE,
        }
        for number, chart in enumerate(answer.charts, 1)
    ]


def _values(answer: Answer) -> dict[str, Any]:
    """What the answer has, without what it lacks."""
    spans = [span.confirmed for block in answer.blocks for span in block.spans]
    told = {
        "run_id": answer.run_id,
        "outcome": answer.status,
        "reading": answer.reading,
        "unknown": [word.text for word in answer.unknown],
        "queries": msgspec.to_builtins(answer.queries),
        "tables": [fields(table) for table in answer.tables],
        "checked": {"confirmed": sum(spans), "unconfirmed": len(spans) - sum(spans)} if spans else None,
        "sources": msgspec.to_builtins(answer.passages),
        "notices": [fields(notice) for notice in answer.notices],
        "clarification": fields(answer.clarification) if answer.clarification is not None else None,
        "failure": fields(answer.failure) if answer.failure is not None else None,
        "duration_ms": answer.duration_ms,
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _line(message: dict[str, Any]) -> bytes:
    return json_line({"jsonrpc": "2.0", **message}) + b"\n"
